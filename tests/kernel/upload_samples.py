"""Builders of honest and hostile files, made byte by byte so that none needs to be stored."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024
END_RECORD_BYTES = 22


def picture(kind="JPEG", size=(64, 48), color=(200, 30, 30), mode="RGB", **saving):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **saving)
    return out.getvalue()


def located_photo():
    """A JPEG lying on its side, with a camera name and a place in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size=(64, 48), exif=exif, comment=b"taken at home")


def animated(kind):
    frames = [Image.new("RGB", (8, 8), (n, 0, 0)) for n in (0, 120, 240)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def png_chunk(tag, body):
    return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))


def png_of(width, height, extra=b""):
    """A PNG header of any size with hardly any data: a pixel bomb."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + header + extra + data + png_chunk(b"IEND", b"")


def zipped(members, *, method=zipfile.ZIP_DEFLATED, comment=b""):
    """A zip of (name or ZipInfo, text or bytes) pairs, in order, duplicates allowed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in members:
            archive.writestr(name, body)
        archive.comment = comment
    return out.getvalue()


def content_types(main, *more):
    overrides = "".join(
        f'<Override PartName="/p{n}" ContentType="{t}"/>' for n, t in enumerate(more)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/main.xml" ContentType="{main}"/>{overrides}</Types>'
    )


def paragraphs(*texts):
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def relation(kind, target, mode=""):
    mode = f' TargetMode="{mode}"' if mode else ""
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def docx(*more, body="", types=(), document=None, **zip_options):
    """A minimal Word file; ``more`` are further members, ``body`` is XML inside w:body."""
    document = document or (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}">'
        f"<w:body>{paragraphs('关于用电问题的诉求')}{body}</w:body></w:document>"
    )
    members = [
        ("[Content_Types].xml", content_types(DOCX_MAIN, *types)),
        ("word/document.xml", document),
        *more,
    ]
    return zipped(members, **zip_options)


def docx_relation(kind, target, mode="External"):
    return docx(("word/_rels/document.xml.rels", relation(kind, target, mode)))


def xlsx(*more, strings=("企业名称", "联系人"), sheet="", names=("名册",), types=()):
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    sheets = "".join(f'<sheet name="{name}" sheetId="1"/>' for name in names)
    members = [
        ("[Content_Types].xml", content_types(XLSX_MAIN, *types)),
        ("xl/workbook.xml", f'<workbook xmlns="{SHEET}"><sheets>{sheets}</sheets></workbook>'),
        ("xl/sharedStrings.xml", f'<sst xmlns="{SHEET}">{items}</sst>'),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{SHEET}"><sheetData/>{sheet}</worksheet>'),
        *more,
    ]
    return zipped(members)


def with_lying_size(data, name):
    """Overwrite the unpacked size of a member with 10 in both headers."""
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(name)
    true_size = struct.pack("<I", info.file_size)
    return data.replace(true_size, struct.pack("<I", 10))


def pdf(*texts, catalog="", extra_objects=(), tail=b""):
    """A hand-made PDF, one page a text (ASCII), with optional catalogue entries and objects."""
    count = len(texts) or 1
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(texts or ("",)):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    objects.extend(extra_objects)
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer + tail


def chinese_pdf(text):
    """A PDF whose page shows Chinese through a ToUnicode map, as printers to PDF write it."""
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    pairs = "\n".join(f"<{ord(c):04X}> <{ord(c):04X}>" for c in text)
    cmap = DecodedStreamObject()
    cmap.set_data(
        f"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <0000> <FFFF> "
        f"endcodespacerange\n{len(text)} beginbfchar\n{pairs}\nendbfchar endcmap end".encode()
    )
    descendant = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType2"),
            NameObject("/BaseFont"): NameObject("/SimSun"),
        }
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/SimSun"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/DescendantFonts"): ArrayObject([writer._add_object(descendant)]),
            NameObject("/ToUnicode"): writer._add_object(cmap),
        }
    )
    content = DecodedStreamObject()
    shown = "".join(f"{ord(c):04X}" for c in text)
    content.set_data(f"BT /F1 16 Tf 72 720 Td <{shown}> Tj ET".encode())
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content)
    return _written(writer)


def pdf_with_hidden_script():
    """JavaScript inside a compressed object stream: invisible to a search of the raw bytes."""
    action = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    inner = b"7 0 " + action
    packed = zlib.compress(inner)
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return _with_xref_stream(_stream(entries, packed))


def encrypted_pdf():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("", "owner", algorithm="AES-256")
    return _written(writer)


def pdf_with_attachment():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("a.txt", b"x")
    return _written(writer)


def _with_xref_stream(object_stream):
    """A PDF 1.5 file whose object 6 is the object stream holding object 7, with its index."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 7 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length 0 >>\nstream\n\nendstream",
        b"<< >>",
        object_stream,
    ]
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = [(0, 0, 65535), *((1, offset, 0) for offset in offsets), (2, 6, 0), (1, len(out), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    index = _stream(b"/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R", table)
    return out + b"8 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (index, len(out))


def _stream(entries, body):
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(body), body)


def _written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
