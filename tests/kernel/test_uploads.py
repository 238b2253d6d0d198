"""Hostile uploads are refused with a code and a Chinese answer; honest ones come out clean."""

import io
import struct
import zipfile

import pytest
from PIL import Image

from lianqi.kernel.crypto import sm3
from lianqi.kernel.uploads import (
    APPEAL_EVIDENCE,
    IMPORT_FILE,
    ROSTER_FILE,
    UploadRefused,
    UploadRule,
    clean_name,
    inspect_upload,
)
from lianqi.kernel.uploads.rules import CONTENT_TYPES
from tests.kernel.hostile_files import BOMB, HOSTILE
from tests.kernel.upload_samples import (
    END_RECORD_BYTES,
    chinese_pdf,
    docx,
    docx_relation,
    located_photo,
    paragraphs,
    pdf,
    picture,
    with_lying_size,
    xlsx,
)

EVERYTHING = UploadRule(
    "测试附件",
    frozenset({"jpeg", "png", "webp", "pdf", "docx", "xlsx", "txt", "csv"}),
    max_bytes=20 * 1024 * 1024,
    max_files=2,
)


@pytest.mark.parametrize(
    ("name", "content", "code"), HOSTILE, ids=[f"{n}-{row[2]}" for n, row in enumerate(HOSTILE)]
)
def test_a_hostile_file_is_refused_for_the_right_reason(name, content, code):
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(name, content, accept=EVERYTHING)

    assert caught.value.code == code
    assert caught.value.message[: len(name) + 5] == f"文件“{name}”："
    assert caught.value.message[-1] == "。"


HONEST = [
    ("照片.jpg", picture(), "image/jpeg"),
    ("照片.JPEG", picture(), "image/jpeg"),
    ("灰度.jpg", picture(mode="L", color=7), "image/jpeg"),
    ("印刷.jpg", picture(mode="CMYK", color=(1, 2, 3, 4)), "image/jpeg"),
    ("视频照片.jpg", picture() + b"\0\0\0\x18ftypmp42" + b"\x07" * 500, "image/jpeg"),
    ("截图.png", picture("PNG"), "image/png"),
    ("透明.png", picture("PNG", mode="RGBA", color=(1, 2, 3, 4)), "image/png"),
    ("调色板.png", picture("PNG", mode="P", color=3), "image/png"),
    ("单色.png", picture("PNG", mode="1", color=1), "image/png"),
    ("灰阶.png", picture("PNG", mode="LA", color=(1, 2)), "image/png"),
    ("深灰.png", picture("PNG", mode="I;16", color=500), "image/png"),
    ("图.webp", picture("WEBP"), "image/webp"),
    ("合同.pdf", pdf("Contract"), "application/pdf"),
    ("合同.pdf", pdf("x", catalog="/OpenAction [4 0 R /Fit]", tail=b"\r\n\0"), "application/pdf"),
    ("说明.docx", docx(), CONTENT_TYPES["docx"]),
    ("名册.xlsx", xlsx(), CONTENT_TYPES["xlsx"]),
    ("说明.txt", "用电问题".encode(), "text/plain"),
    ("名册.csv", "BM,名称\r\n1,甲公司\r\n-5,乙|丙\r\n".encode("gb18030"), "text/csv"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "content_type"), HONEST)
def test_an_honest_file_is_taken(name, content, content_type):
    clean = inspect_upload(name, content, accept=EVERYTHING)

    assert (clean.name, clean.content_type) == (name, content_type)
    assert (clean.size, clean.sm3) == (len(clean.content), sm3(clean.content))


@pytest.mark.parametrize(
    "content",
    [
        docx(("word/media/image1.png", picture("PNG")), ("word/fonts/f.odttf", b"\1" * 99)),
        docx_relation("hyperlink", "https://www.example.com/a?b=1"),
        docx_relation("hyperlink", "mailto:a@example.com"),
        docx_relation("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm"),
        docx_relation("image", "media/image1.png", ""),
        docx(body='<w:p><w:r><w:instrText> PAGE \\* MERGEFORMAT </w:instrText></w:r></w:p>'),
        docx(("word/big.xml", f"<a>{'企业' * 400_000}</a>"), method=zipfile.ZIP_STORED),
    ],
)  # fmt: skip
def test_what_office_really_writes_is_taken_unchanged(content):
    assert inspect_upload("文.docx", content, accept=EVERYTHING).content == content


def test_a_picture_comes_out_upright_without_place_camera_or_comment():
    clean = inspect_upload("照片.jpg", located_photo(), accept=APPEAL_EVIDENCE)

    with Image.open(io.BytesIO(clean.content)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (48, 64), 0)
        assert {"exif", "comment", "icc_profile"} & set(image.info) == set()
    assert b"SecretCamera" not in clean.content
    assert clean.notes == ("图片已重新编码，拍摄地点等附加信息已去除。",)


def test_data_behind_a_photograph_is_dropped():
    clean = inspect_upload("照片.jpg", picture() + b"MOTIONPHOTO" * 9, accept=APPEAL_EVIDENCE)

    assert b"MOTIONPHOTO" not in clean.content


@pytest.mark.parametrize(
    ("kind", "name", "size", "after"),
    [
        ("PNG", "图.png", (5000, 1000), (4096, 819)),
        ("JPEG", "图.jpg", (8192, 6144), (4096, 3072)),
    ],
)
def test_a_large_picture_is_made_smaller_and_the_note_says_so(kind, name, size, after):
    clean = inspect_upload(name, picture(kind, size), accept=EVERYTHING)

    with Image.open(io.BytesIO(clean.content)) as image:
        assert image.size == after
    shrunk = f"图片已由 {size[0]}×{size[1]} 缩小为 {after[0]}×{after[1]} 像素。"
    assert clean.notes[1:] == (shrunk,)


@pytest.mark.parametrize(
    ("content", "codec", "note"),
    [
        ("企业".encode(), "utf-8", "文字编码：UTF-8。"),
        ("企业".encode("utf-8-sig"), "utf-8-sig", "文字编码：UTF-8（带 BOM）。"),
        ("企业".encode("gb18030"), "gb18030", "文字编码：GB18030。"),
    ],
)
def test_the_encoding_of_a_text_is_named_and_its_bytes_kept(content, codec, note):
    clean = inspect_upload("名册.txt", content, accept=ROSTER_FILE)

    assert (clean.content, clean.encoding, clean.notes) == (content, codec, (note,))


def test_a_scanned_pdf_is_taken_with_a_note_that_its_words_are_unchecked():
    clean = inspect_upload("扫描.pdf", pdf(""), accept=EVERYTHING)

    assert [note[:7] for note in clean.notes] == ["未能检查文字："]


def test_a_pdf_with_broken_text_is_taken_with_the_same_note():
    broken = pdf("x").replace(b"/Type /Pages", b"/Type /Nopes").replace(b"/Kids", b"/Kodd")

    clean = inspect_upload("坏字.pdf", broken, accept=EVERYTHING)

    assert [note[:7] for note in clean.notes] == ["未能检查文字："]


class Tap:
    """An endless upload that counts what was taken from it."""

    def __init__(self, size=None):
        self.taken = 0
        if size is not None:
            self.size = size

    def read(self, size=-1):
        self.taken += size
        return b"x" * size


@pytest.mark.parametrize(
    ("declared", "taken"),
    [(1024**3, 0), (None, IMPORT_FILE.max_bytes + 1), (10, IMPORT_FILE.max_bytes + 1)],
)
def test_a_gigabyte_is_refused_without_being_read(declared, taken):
    tap = Tap(declared)

    with pytest.raises(UploadRefused) as caught:
        inspect_upload("名册.csv", tap, accept=IMPORT_FILE)

    assert (caught.value.code, tap.taken) == ("too_large", taken)
    assert caught.value.message == (
        "文件“名册.csv”：超过 20 MB（导入文件的上限），请压缩或拆分后再上传。"
    )


def test_a_stream_is_read_like_bytes():
    content = "甲公司".encode()

    clean = inspect_upload("名册.txt", io.BytesIO(content), accept=ROSTER_FILE)

    assert clean.content == content


def test_a_header_that_lies_about_the_unpacked_size_does_not_help_a_bomb():
    lying = with_lying_size(BOMB, "word/media/zeros.dat")

    with pytest.raises(UploadRefused) as caught:
        inspect_upload("炸弹.docx", lying, accept=EVERYTHING)

    assert caught.value.code in {"bomb", "damaged"}


def test_a_password_protected_zip_member_is_refused():
    data = bytearray(docx())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(UploadRefused) as caught:
        inspect_upload("密.docx", bytes(data), accept=EVERYTHING)

    assert caught.value.code == "encrypted"


def test_an_archive_directory_that_points_elsewhere_is_refused():
    data = bytearray(docx())
    struct.pack_into("<I", data, len(data) - END_RECORD_BYTES + 16, 5)

    with pytest.raises(UploadRefused) as caught:
        inspect_upload("坏.docx", bytes(data), accept=EVERYTHING)

    assert caught.value.code in {"damaged", "polyglot"}


@pytest.mark.parametrize(
    ("name", "rule", "answer"),
    [
        (
            "名册.pdf",
            ROSTER_FILE,
            "文件“名册.pdf”：名册文件不收“.pdf”文件，可以上传：Excel（xlsx）、文本（txt）、CSV。",
        ),
        (
            "证据.csv",
            APPEAL_EVIDENCE,
            "文件“证据.csv”：诉求附件不收“.csv”文件，可以上传：JPG 图片、PNG 图片、WebP 图片、PDF、"
            "Word（docx）、Excel（xlsx）、文本（txt）。",
        ),
    ],
)
def test_each_feature_takes_only_its_own_kinds_and_says_which(name, rule, answer):
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(name, b"abc", accept=rule)

    assert caught.value.message == answer


def test_too_many_files_are_refused_and_just_enough_are_not():
    EVERYTHING.check_count(2)

    with pytest.raises(UploadRefused) as caught:
        EVERYTHING.check_count(3)

    assert caught.value.code == "too_many"
    assert caught.value.message == "测试附件一次最多 2 个文件，现有 3 个，请删减后再提交。"


def test_a_rule_with_an_unknown_kind_cannot_be_made():
    with pytest.raises(ValueError, match="未知的文件类型：exe"):
        UploadRule("坏规则", frozenset({"exe"}), max_bytes=1)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\证据.jpg", "证据.jpg"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("零\u200b宽\ufeff.pdf", "零宽.pdf"),
        ("a   b\t c.pdf", "a b c.pdf"),
        ('x<y>"z|?*:.png', "x_y__z____.png"),
        ("  .隐藏.txt. ", "隐藏.txt"),
        ("CON.txt", "_CON.txt"),
        ("", "未命名"),
        (".pdf", "pdf"),
        ("\ud800坏.txt", "坏.txt"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
    ],
)
def test_file_names_are_made_fit_to_show(sent, shown):
    assert clean_name(sent) == shown


def test_text_in_chinese_pdf_files_is_read():
    clean = inspect_upload("说明.pdf", chinese_pdf("用电问题说明"), accept=EVERYTHING)

    assert clean.notes == ()


def test_paragraphs_are_kept_apart_for_the_head_line_rule():
    content = docx(body=paragraphs("秘密", "花园"))

    with pytest.raises(UploadRefused) as caught:
        inspect_upload("文.docx", content, accept=EVERYTHING)

    assert caught.value.code == "classified"
