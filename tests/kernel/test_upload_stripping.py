"""A released copy of a file says nothing about its makers, and still opens."""

import io
import zipfile

import pytest
import xlsxwriter
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload, read_texts, without_makers
from tests.kernel.upload_samples import picture

MAKER = "CanaryMaker"


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def word_file():
    out, paper = io.BytesIO(), Document()
    about = paper.core_properties
    about.author = about.last_modified_by = about.title = about.comments = MAKER
    paragraph = paper.add_paragraph("停电三次。")
    paper.add_comment(paragraph.runs, text="请看", author=MAKER, initials=MAKER)
    paper.add_picture(io.BytesIO(picture(size=(8, 8), comment=MAKER.encode())))
    paper.save(out)
    return out.getvalue()


def sheet_file():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": MAKER, "company": MAKER, "manager": MAKER, "title": MAKER})
        book.set_custom_property("Client", MAKER)
        sheet = book.add_worksheet("情况")
        sheet.write_string("A1", "停电三次。")
        sheet.write_comment("A1", "请看", {"author": MAKER})
    return out.getvalue()


def pdf_file():
    out, paper = io.BytesIO(), PdfWriter()
    paper.add_blank_page(200, 200)
    paper.add_metadata({"/Author": MAKER, "/Producer": MAKER})
    told = DecodedStreamObject()
    told.set_data(f"<x:xmpmeta>{MAKER}</x:xmpmeta>".encode())
    paper.root_object[NameObject("/Metadata")] = paper._add_object(told)
    paper.write(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.docx", word_file), ("a.xlsx", sheet_file)])
def test_an_office_file_loses_its_makers_in_every_member(name, make):
    before = make()
    assert any(MAKER.encode() in body for body in members(before).values())

    after = without_makers(name, before)

    assert [part for part, body in members(after).items() if MAKER.encode() in body] == []
    assert inspect_upload(name, after, accept=APPEAL_EVIDENCE).content == after


def test_what_is_written_in_an_office_file_stays():
    paper = Document(io.BytesIO(without_makers("a.docx", word_file())))
    texts, _readable = read_texts("a.xlsx", without_makers("a.xlsx", sheet_file()))

    assert (paper.paragraphs[0].text, len(paper.inline_shapes)) == ("停电三次。", 1)
    assert {"停电三次。", "请看", "情况"} <= set("\n".join(texts).split("\n"))


def test_a_pdf_loses_its_author_and_its_xmp_and_keeps_its_pages():
    before = pdf_file()
    assert MAKER.encode() in before

    after = without_makers("a.pdf", before)

    assert MAKER.encode() not in after
    assert len(PdfReader(io.BytesIO(after)).pages) == 1


def test_plain_text_and_pictures_come_back_as_they_are():
    assert without_makers("a.txt", "停电。".encode()) == "停电。".encode()
    assert without_makers("a.png", picture("PNG")) == picture("PNG")


def test_texts_are_read_where_they_can_be():
    assert read_texts("a.txt", "停电。".encode()) == (("停电。",), True)
    assert read_texts("a.jpg", picture()) == ((), False)
    texts, readable = read_texts("a.docx", word_file())
    assert ("停电三次。" in "".join(texts), readable) == (True, True)
