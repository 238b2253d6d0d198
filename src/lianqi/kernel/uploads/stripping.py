"""A file without what it says about its makers: document properties, authors, paths, previews."""

import io
import re
import zipfile
from collections.abc import Iterable

from pypdf import PdfReader, PdfWriter, apply_configuration
from pypdf.generic import DictionaryObject

from lianqi.kernel.uploads.archives import Archive
from lianqi.kernel.uploads.names import extension
from lianqi.kernel.uploads.pdfs import LIMITS
from lianqi.kernel.uploads.pictures import check_picture

_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM = _APP.replace(b"extended-properties", b"custom-properties")
_EMPTIED = {"docprops/core.xml": _CORE, "docprops/app.xml": _APP, "docprops/custom.xml": _CUSTOM}
_MAKER = re.compile(
    rb"((?:\w+:)?(?:author|initials|userId|providerId|displayName|userName|lastEditedUser|lastModifiedBy)\s*=\s*)"
    rb"(?:\"[^\"]*\"|'[^']*')"
)
_AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
_PATHS = re.compile(rb"<(?:\w+:)?absPath\b[^>]*/>|<w:docVars>.*?</w:docVars>", re.DOTALL)
_RELATION = re.compile(rb"<Relationship\b[^>]*?/>")
_TARGET = re.compile(rb"Target\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_PICTURES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png"}
# Keys of PDF objects that tell who made them, and when.
_PDF_MAKERS = ("/Metadata", "/PieceInfo", "/LastModified")


def without_makers(name: str, content: bytes) -> bytes:
    """Return the content of an inspected file without its makers' names.

    Pictures and plain texts come back as they are: the former were drawn anew when they came in, the
    latter have no properties. What is written or painted in the file stays.

    Raises:
        UploadRefused: a picture inside cannot be read.
    """
    kind = extension(name)
    if kind in ("docx", "xlsx"):
        return _office_without_makers(content)
    return _pdf_without_makers(content) if kind == "pdf" else content


def _office_without_makers(content: bytes) -> bytes:
    archive, out = Archive(content), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for info in archive.members:
            if info.filename.lower().startswith("docprops/thumbnail"):
                continue
            data = _member_without_makers(info.filename.lower(), archive.chunks(info))
            # A date of its own would tell when it was written; zip's first day tells nothing.
            book.writestr(
                zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _member_without_makers(name: str, chunks: Iterable[bytes]) -> bytes:
    data = b"".join(chunks)
    suffix = name.rpartition(".")[2]
    if name in _EMPTIED:
        return _EMPTIED[name]
    if suffix == "rels":
        return _RELATION.sub(_relation_without_makers, data)
    if suffix in _PICTURES:
        return check_picture(data, _PICTURES[suffix]).content
    if "/printersettings/" in name:
        return bytes(len(data))
    if suffix != "xml":
        return data
    return _PATHS.sub(b"", _AUTHOR.sub(rb"\1\2", _MAKER.sub(rb'\1""', data)))


def _relation_without_makers(found: re.Match[bytes]) -> bytes:
    relation = found[0]
    if b"/thumbnail" in relation:
        return b""
    # Word names its author's own template by its path, which holds the name of the account.
    return (
        _TARGET.sub(b'Target="Normal.dotm"', relation)
        if b"attachedTemplate" in relation
        else relation
    )


def _pdf_without_makers(content: bytes) -> bytes:
    with apply_configuration(LIMITS):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content), strict=False))
        writer.metadata = None
        for entry in writer._objects:
            if isinstance(entry, DictionaryObject):
                _forget_makers(entry)
        # What nothing points to any more would still be written, and read.
        writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
        out = io.BytesIO()
        writer.write(out)
    return out.getvalue()


def _forget_makers(entry: DictionaryObject) -> None:
    for key in _PDF_MAKERS:
        entry.pop(key, None)
    # A note's title is its author; a form field's is its name, which the form needs.
    if "/Subtype" in entry and entry.get("/Subtype") not in ("/Widget", None) and "/Rect" in entry:
        entry.pop("/T", None)
