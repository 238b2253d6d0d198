"""Documents in Word: written by the standard, read back by the checker, refused in a wrong form."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.shared import Mm, Pt

from lianqi.engines.officialdoc import (
    FORMS,
    Attendance,
    DocumentUnreadable,
    Grid,
    Layout,
    OfficialDocument,
    Text,
    check_document,
    form_problems,
    write_document,
)
from lianqi.engines.officialdoc.wording import heading_and_rest, level_of, title_lines

DAY = date(2026, 11, 4)
BODY = (
    Text("为切实解决企业反映的突出问题，经研究，现将有关事项通知如下。"),
    Text("一、总体要求"),
    Text("（一）压实责任。各成员单位要明确一名科室主要负责同志作为联络员。"),
    Text("1.建立台账。明确牵头部门、责任单位、办理时限。"),
    Text("（1）动态管理、对账销号。"),
)
NOTICE = OfficialDocument(
    form="notice",
    title="新乡高新区民营经济工作联席会议办公室关于印发《2026年民营经济工作要点》的通知",
    blocks=BODY,
    mark="新乡高新区管理委员会文件",
    number="新开〔2026〕28号",
    recipients="各部门，关堤乡、振中街道，驻区各单位",
    attachments=("2026年民营经济工作要点", "任务分解表"),
    organs=("新乡高新区管委会",),
    dated=DAY,
    copies="区党工委办公室",
    printer="新乡高新区管委会办公室",
    printed_on=DAY,
)
GRID = Grid(["序号", "事项"], [["1", "开展银企对接"], ["2", "清理拖欠账款"]], [1, 4])


def of(form: str, **more) -> OfficialDocument:
    """Return a document of a form, with what its layout needs."""
    kind = FORMS[form]
    title = {"consultation": "关于征求意见的函", "letter": "关于商请协助的函"}.get(
        form, f"关于有关事项的{kind.name}"
    )
    return replace(
        NOTICE,
        form=form,
        layout=kind.layout,
        title=title,
        number=NOTICE.number if kind.numbered else "",
        signer="张某某" if kind.upward else "",
        recipients="区党工委" if kind.needs_recipient else "",
        blocks=(*BODY, GRID),
        attendance=(Attendance("出席", "甲某某，乙某某"),) if form == "minutes" else (),
        mark="" if kind.layout == Layout.SHEET else NOTICE.mark,
        **more,
    )


# --- written and read back


@pytest.mark.parametrize(
    "form", [key for key, form in FORMS.items() if form.layout != Layout.SHEET]
)
def test_what_we_write_has_no_deviation_from_the_standard(form):
    assert check_document(write_document(of(form))) == []
    assert form_problems(of(form)) == []


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize(
    "organ", ["财政局", "新乡高新区民营经济工作联席会议办公室和某某局", "新乡高新区管委会"]
)
def test_any_signature_stays_within_the_type_area(organ, sealed):
    written = docx.Document(
        io.BytesIO(write_document(replace(NOTICE, organs=(organ,), sealed=sealed)))
    )

    [line] = [paragraph for paragraph in written.paragraphs if paragraph.text == organ]
    form = line.paragraph_format
    assert form.right_indent.pt >= 0
    assert form.left_indent.pt >= 0


def test_the_same_document_is_the_same_file_at_any_time():
    assert write_document(NOTICE) == write_document(NOTICE)


def test_a_document_says_nothing_about_who_made_the_file():
    written = docx.Document(io.BytesIO(write_document(NOTICE)))

    about = written.core_properties
    assert (about.author, about.comments, about.last_modified_by) == (
        "新乡高新区管委会",
        "",
        "新乡高新区管委会",
    )


# --- the checker


def changed(change) -> list[tuple[str, str]]:
    """Return clause and place of what the checker finds after a change to our own document."""
    word = docx.Document(io.BytesIO(write_document(NOTICE)))
    change(word)
    file = io.BytesIO()
    word.save(file)
    return [(found.clause, found.place) for found in check_document(file.getvalue())]


def paragraph_with(word, words):
    """Return the first paragraph that begins with the words."""
    return next(paragraph for paragraph in word.paragraphs if paragraph.text.startswith(words))


def widen_left(word):
    word.sections[0].left_margin = Mm(32)


def letter_paper(word):
    word.sections[0].page_width = Mm(216)


def shrink_title(word):
    paragraph_with(word, "新乡高新区民营").runs[0].font.size = Pt(18)


def zero_number(word):
    paragraph_with(word, "新开〔2026〕").runs[0].text = "新开[2026]第028号"


def small_text(word):
    paragraph_with(word, "为切实").runs[0].font.size = Pt(14)


def tight_lines(word):
    paragraph_with(word, "为切实").paragraph_format.line_spacing = Pt(20)


def wrong_heading_face(word):
    run = paragraph_with(word, "一、总体").runs[0]
    run._r.rPr.rFonts.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", "宋体"
    )


def padded_day(word):
    paragraph_with(word, "2026年11月4日").runs[0].text = "2026年11月04日"


def attachment_with_stop(word):
    paragraph_with(word, "附件：").runs[0].text = "附件：1.2026年民营经济工作要点。"


def no_page_number(word):
    for footer in (word.sections[0].footer, word.sections[0].even_page_footer):
        for run in footer.paragraphs[0].runs:
            run._r.getparent().remove(run._r)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (widen_left, [("5.2.1", "订口（左白边）"), ("5.2.1", "版心")]),
        (letter_paper, [("5.1", "纸张")]),
        (shrink_title, [("7.3.1", "标题")]),
        (zero_number, [("7.2.5", "发文字号")] * 3),
        (small_text, [("5.2.2", "“为切实解决企业反映的突出”")]),
        (tight_lines, [("5.2.3", "“为切实解决企业反映的突出”")]),
        (wrong_heading_face, [("7.3.3", "“一、总体要求”")]),
        (padded_day, [("7.3.5.4", "成文日期")]),
        (attachment_with_stop, [("7.3.4", "附件说明")]),
        (no_page_number, [("7.5", "页码")]),
    ],
)
def test_each_deviation_is_found_with_its_clause(change, expected):
    assert changed(change) == expected


def test_an_ordinary_word_file_fails_in_many_places():
    word = docx.Document()
    word.add_paragraph("关于开会的通知")
    word.add_paragraph("请准时参加。")
    file = io.BytesIO()
    word.save(file)

    clauses = {found.clause for found in check_document(file.getvalue())}

    assert clauses == {"5.1", "5.2.2", "7.3.1", "7.5"}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "不是 Word 文件"),
        (b"PK\x03\x04broken", "不是 Word 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或加密"),
    ],
)
def test_what_is_no_word_file_is_refused_with_a_remedy(content, word):
    with pytest.raises(DocumentUnreadable) as refused:
        check_document(content)

    assert word in str(refused.value)


# --- the legal form


@pytest.mark.parametrize(
    ("form", "wrong", "field"),
    [
        ("request", {"recipients": "区党工委、管委会"}, "recipients"),
        ("request", {"signer": ""}, "signer"),
        ("notice", {"signer": "张某某"}, "signer"),
        ("notice", {"number": "新开〔26〕28号"}, "number"),
        ("notice", {"number": "新开〔2026〕第28号"}, "number"),
        ("notice", {"number": "新开〔2026〕028号"}, "number"),
        ("notice", {"number": ""}, "number"),
        ("bulletin", {"number": "新开〔2026〕28号"}, "number"),
        ("notice", {"recipients": ""}, "recipients"),
        ("notice", {"organs": ()}, "organs"),
        ("notice", {"dated": None}, "dated"),
        ("notice", {"title": ""}, "title"),
        ("notice", {"blocks": ()}, "blocks"),
        ("report", {"blocks": (Text("妥否，请批示。"),)}, "blocks"),
        ("notice", {"title": "关于开会的事"}, "title"),
    ],
)
def test_a_wrong_form_is_named_by_its_field(form, wrong, field):
    fields = [problem.field for problem in form_problems(replace(of(form), **wrong))]

    assert field in fields


def test_a_report_that_asks_is_a_warning_and_a_request_to_two_an_error():
    asking = form_problems(replace(of("report"), blocks=(Text("妥否，请批示。"),)))
    twice = form_problems(replace(of("request"), recipients="区党工委、管委会"))

    assert [problem.error for problem in asking] == [False]
    assert [problem.error for problem in twice] == [True]


# --- wording


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("一、总体要求", 1),
        ("（一）压实责任。", 2),
        ("1.建立台账", 3),
        ("（1）动态", 4),
        ("2026年", 0),
        ("1.5万元", 0),
    ],
)
def test_the_level_of_a_paragraph_is_read_from_its_number(words, level):
    assert level_of(words) == level


def test_only_the_heading_of_a_paragraph_is_set_as_one():
    assert heading_and_rest("（一）压实责任。各单位要明确联络员。") == (
        "（一）压实责任。",
        "各单位要明确联络员。",
    )


def test_a_title_is_broken_where_its_words_allow():
    assert title_lines("关于开会的通知", 20) == ["关于开会的通知"]
    assert title_lines(NOTICE.title, 20) == [
        "新乡高新区民营经济工作联席会议办公室关于",
        "印发《2026年民营经济工作要点》的通知",
    ]
