"""Classification marks are found wherever they stand, and ordinary sentences pass."""

import pytest

from lianqi.kernel.uploads import (
    APPEAL_EVIDENCE,
    IMPORT_FILE,
    ROSTER_FILE,
    UploadRefused,
    classification_mark,
    inspect_upload,
    mark_in_name,
)
from tests.kernel.upload_samples import WORD, chinese_pdf, docx, paragraphs, xlsx


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("秘密★1年", "秘密★1年"),
        ("机密 ★ 10 年", "机密★10年"),
        ("机　密　★　１０　年", "机密★10年"),
        ("绝密★启用前", "绝密★启用前"),
        ("绝密★长期", "绝密★长期"),
        ("秘密★", "秘密★"),
        ("密级：秘密★", "秘密★"),
        ("机密☆5年", "机密☆5年"),
        ("机密*6个月", "机密*6个月"),
        ("機密★十年", "机密★十年"),
        ("秘\u200b密★1年", "秘密★1年"),
        ("000001\n机密★1年\n特急", "机密★1年"),
        ("机\n密\n★\n1\n年", "机密★1年"),
        ("某某会议纪要\n" * 500 + "附件：机密★5年", "机密★5年"),
        ("机密\n关于某事的报告", "机密"),
        ("  【秘密】  \n报告", "秘密"),
        ("★绝密★\n报告", "绝密★"),
        ("000123 机密 特急\n报告", "机密"),
        ("机密文件\n请勿外传", "机密"),
        ("密级：机密  保密期限：10年\n报告", "机密"),
    ],
)
def test_marks_are_found(text, mark):
    assert classification_mark(text) == mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "商业秘密保护",
        "保守国家秘密，人人有责。",
        "《中华人民共和国保守国家秘密法》",
        "本公司商业秘密★3年内不得泄露",
        "服务评价：商业秘密★★★☆☆",
        "企业秘密\n技术秘密",
        "请对机密文件妥善保管。",
        "机密性、完整性、可用性",
        "密级：秘密级以上的文件不得在本系统处理",
        "他有一个秘密",
        "★★★★★ 好评",
        "正文一行\n" * 30 + "秘密\n",
    ],
)
def test_ordinary_sentences_do_not_fire(text):
    assert classification_mark(text) is None


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("【机密】方案.docx", "机密"),
        ("秘密-会议纪要.pdf", "秘密"),
        ("方案（绝密）.docx", "绝密"),
        ("通知_秘密★1年.docx", "秘密★1年"),
        ("商业秘密保护办法.docx", None),
        ("国家秘密法宣传.pdf", None),
        ("秘密花园.txt", None),
    ],
)
def test_marks_in_file_names_are_found(name, mark):
    assert mark_in_name(name) == mark


WATERMARK = (
    f'<w:hdr xmlns:w="{WORD}" xmlns:v="urn:schemas-microsoft-com:vml">'
    '<w:p><v:textpath string="机密"/></w:p></w:hdr>'
)
HEADER = f'<w:hdr xmlns:w="{WORD}">{paragraphs("秘密★1年")}</w:hdr>'
FOOTER = HEADER.replace("w:hdr", "w:ftr")
SPLIT_RUNS = "<w:p><w:r><w:t>机</w:t></w:r><w:r><w:t>密★</w:t></w:r><w:r><w:t>3年</w:t></w:r></w:p>"
PRINT_HEADER = (
    "<headerFooter><oddHeader>&amp;L名册&amp;C&amp;&quot;黑体,Bold&quot;&amp;14机密"
    "</oddHeader></headerFooter>"
)
INLINE = '<sheetData><row><c t="inlineStr"><is><t>秘密★2年</t></is></c></row></sheetData>'

MARKED = [
    ("文.docx", docx(body=paragraphs("机密★1年")), "机密★1年"),
    ("文.docx", docx(body=SPLIT_RUNS), "机密★3年"),
    ("文.docx", docx(("word/header1.xml", HEADER)), "秘密★1年"),
    ("文.docx", docx(("word/footer2.xml", FOOTER)), "秘密★1年"),
    ("文.docx", docx(("word/header1.xml", WATERMARK)), "机密"),
    ("文.docx", docx(("docProps/core.xml", "<c><title>绝密★启用前</title></c>")), "绝密★启用前"),
    ("表.xlsx", xlsx(strings=("秘密★1年", "企业名称")), "秘密★1年"),
    ("表.xlsx", xlsx(strings=("机密", "企业名称")), "机密"),
    ("表.xlsx", xlsx(sheet=PRINT_HEADER), "机密"),
    ("表.xlsx", xlsx(sheet=INLINE), "秘密★2年"),
    ("表.xlsx", xlsx(names=("名册", "机密★")), "机密★"),
    ("文.txt", "机密★1年\n正文".encode("gb18030"), "机密★1年"),
    ("文.pdf", chinese_pdf("机密★10年"), "机密★10年"),
]


@pytest.mark.parametrize(("name", "content", "mark"), MARKED)
def test_a_marked_file_is_refused_wherever_the_mark_stands(name, content, mark):
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(name, content, accept=APPEAL_EVIDENCE)

    assert caught.value.code == "classified"
    assert caught.value.message == (
        f"文件“{name}”：正文中有密级标志“{mark}”。涉密材料不得上传本系统，请按保密规定另行报送。"
    )


def test_a_marked_file_name_is_enough_for_a_refusal():
    with pytest.raises(UploadRefused) as caught:
        inspect_upload("秘密★1年.txt", b"hello", accept=APPEAL_EVIDENCE)

    assert caught.value.message == (
        "文件“秘密★1年.txt”：文件名中有密级标志“秘密★1年”。"
        "涉密材料不得上传本系统，请按保密规定另行报送。"
    )


@pytest.mark.parametrize("rule", [ROSTER_FILE, IMPORT_FILE])
def test_marked_csv_files_are_refused_too(rule):
    with pytest.raises(UploadRefused) as caught:
        inspect_upload("名册.csv", "秘密★1年,\n企业,电话\n".encode(), accept=rule)

    assert caught.value.message == (
        "文件“名册.csv”：正文中有密级标志“秘密★1年”。涉密材料不得上传本系统，请按保密规定另行报送。"
    )


def test_files_about_secrets_are_taken():
    content = docx(body=paragraphs("商业秘密保护指引", "保守国家秘密是公民义务。"))

    assert inspect_upload("商业秘密保护.docx", content, accept=APPEAL_EVIDENCE).content == content
