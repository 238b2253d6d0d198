"""The kinds of documents: made from plain data, refused in a wrong form, laid out as they should."""

import io
import json
import subprocess
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
import time_machine
from docx.oxml.ns import qn
from pypdf import PdfReader

from lianqi.engines.officialdoc import (
    FORMS,
    KINDS,
    ContentRefused,
    Layout,
    check_document,
    same_content,
    watermark,
    write_document,
)
from lianqi.engines.officialdoc.pages import reckon_pages
from tests.engines.paper_samples import CONTENTS, OFFICE, WORD

COLOURS = {"blue": "BDD7EE", "orange": "F8CBAD", "red": "FF9999"}
# Pages, and words of head, text and foot that must stand on them.
LAID_OUT = {
    "meeting_notice": (2, ["新高民联办会通〔2026〕3号", "会议时间", "抄送：区党工委办公室。", "2026年11月4日印发"]),
    "topic_approval": (1, ["议题审批单", "召集人意见", "建议明确施工期限。（已采纳）"]),
    "consultation": (1, [OFFICE, "新高民联办征函〔2026〕3号", "各成员单位：", "2.意见反馈表"]),
    "attendance_sheet": (1, ["签到表", "市场监督管理局", "代会"]),
    "minutes": (2, ["联席会议纪要", "出席：甲某某", "请假：戊某某", "列席：己某某", "分送：联席会议召集人"]),
    "assignment": (1, ["编号：新高民联办交办〔2026〕3号", "任务来源", "2026年11月6日前签收"]),
    "supervision": (1, ["橙色督办单（警示）", "已逾期6个工作日", "2026年11月13日"]),
    "statement": (1, ["编号：新高民联办对账〔2026〕3号", "不一致", "共2项。"]),
    "notice": (2, ["新高民联办通〔2026〕3号", "附件：1.2026年民营经济工作要点", "抄送：区党工委办公室、区纪工委。"]),
    "circular": (2, ["新高民联办通报〔2026〕3号", "诉求办理情况的通报", "2026年11月4日印发"]),
    "report": (2, ["签发人：甲某某", "特此报告。", "2026年11月4日印发"]),
    "request": (2, ["签发人：甲某某", "妥否，请批示。", "抄送：区管委会办公室。"]),
    "letter": (1, [OFFICE, "新高民联办函〔2026〕3号", "区人民法院高新区法庭："]),
    "bulletin": (2, ["民营经济工作简报", "2026年第3期", "报：区党工委、管委会领导", "发：各成员单位"]),
}  # fmt: skip


def made(kind, content=None, *, serial=3, **change):
    """Return the document of a kind from its sample with changes."""
    form = KINDS[kind]
    number = form.number_text(WORD, 2026, serial) if form.numbered else ""
    return form.document({**(content or CONTENTS[kind]), **change}, number=number)


def words_of(content):
    """Return the words of a .docx, those of its tables included."""
    word = docx.Document(io.BytesIO(content))
    return "".join(node.text or "" for node in word.element.body.iter(qn("w:t")))


def test_there_is_a_kind_for_every_form_and_an_example_of_each():
    assert set(KINDS) == set(FORMS) == set(CONTENTS) == set(LAID_OUT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_passes_the_checker(kind):
    assert check_document(write_document(made(kind))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_frozen_as_json_makes_the_same_file_on_another_day(kind):
    form = KINDS[kind]
    with time_machine.travel(datetime(2026, 11, 4, tzinfo=UTC)):
        first = write_document(made(kind))
    frozen = json.loads(json.dumps(form.freeze(CONTENTS[kind])))

    with time_machine.travel(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)):
        assert write_document(made(kind, frozen)) == first


@pytest.mark.parametrize("kind", KINDS)
def test_each_required_field_is_asked_for_by_its_name(kind):
    form = KINDS[kind]
    refused = []
    for name in form.required:
        with pytest.raises(ContentRefused) as problem:
            form.freeze({**CONTENTS[kind], name: ""})
        refused.append(problem.value.field)
        assert str(problem.value).startswith(f"{form.label}要写明")

    assert refused == list(form.required)


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("request", {"recipients": ["区党工委", "管委会"]}, "请示只能有一个主送机关，需同时送其他机关的用抄送。"),
        ("request", {"recipients": ["区党工委、管委会"]}, "请示只能有一个主送机关，需同时送其他机关的用抄送。"),
        ("request", {"signer": " "}, "请示要写明签发人。"),
        ("report", {"signer": None}, "报告要写明签发人。"),
        ("report", {"text": "情况如上，请批复。"}, "报告不得夹带请示事项；需要上级答复的请改用请示。"),
        ("notice", {"signer": "甲某某"}, "本文种不是上行文，不标注签发人。"),
        ("letter", {"signer": "甲某某"}, "本文种不是上行文，不标注签发人。"),
        ("minutes", {"recipients": ["各成员单位"]}, "纪要不写主送机关，发放范围写在分送。"),
        ("minutes", {"sealed": True}, "纪要不加盖印章。"),
        ("bulletin", {"recipients": ["各成员单位"]}, "简报不写主送机关，用“报、送、发”写明发放范围。"),
        ("notice", {"title": "关于开会"}, "标题末尾应写明文种“通知”。"),
        ("notice", {"dated": "昨天"}, "通知的成文日期看不懂。"),
        ("notice", {"text": 5}, "通知的正文看不懂。"),
        ("supervision", {"colour": "green"}, "督办单的督办级别看不懂。"),
        ("notice", {"secret": "x"}, "通知没有“secret”这一项。"),
    ],
)  # fmt: skip
def test_what_the_legal_form_forbids_is_refused_in_a_sentence(kind, change, sentence):
    with pytest.raises(ContentRefused) as refused:
        made(kind, **change)

    assert str(refused.value) == sentence


def test_a_report_may_tell_of_a_request_made_elsewhere():
    document = made("report", text="已报请批准的事项正在办理，企业申请批准手续3件。")

    assert document.blocks[0].words.startswith("已报请批准")


def test_a_number_is_needed_unless_it_is_a_draft():
    form = KINDS["notice"]
    with pytest.raises(ContentRefused) as refused:
        form.document(CONTENTS["notice"])

    assert refused.value.field == "number"
    draft = form.document(CONTENTS["notice"], number=form.number_text(WORD, 2026, None), draft=True)
    assert draft.number == "新高民联办通〔2026〕　号"


def test_the_ending_of_an_upward_paper_is_written_once():
    ended = made("request", text="拟召开会议。\n以上意见妥否，请批示。")
    open_ended = made("request", text="拟召开会议。")

    assert [len(document.blocks) for document in (ended, open_ended)] == [2, 2]
    assert open_ended.blocks[-1].words == "妥否，请批示。"


@pytest.mark.parametrize("colour", COLOURS)
def test_a_slip_says_its_colour_in_words_and_on_its_ground(colour):
    content = write_document(made("supervision", colour=colour))

    fills = {
        shade.get(qn("w:fill"))
        for shade in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:shd"))
    }
    assert fills == {COLOURS[colour]}
    word = {
        "blue": "蓝色督办单（提醒）",
        "orange": "橙色督办单（警示）",
        "red": "红色督办单（限期办结）",
    }
    assert word[colour] in words_of(content)


def test_moments_with_a_zone_are_written_in_chinese_time():
    moment = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)

    assert "2026年11月30日（星期一）9:00" in words_of(
        write_document(made("meeting_notice", held_at=moment))
    )


def test_a_long_mark_is_set_narrow_in_one_line():
    word = docx.Document(io.BytesIO(write_document(made("notice"))))
    [mark] = [one for one in word.paragraphs if one.text == f"{OFFICE}文件"]
    [run] = mark.runs

    narrow = int(run._r.rPr.find(qn("w:w")).get(qn("w:val")))
    assert run.font.size.pt == 36
    assert len(mark.text) * run.font.size.pt * narrow / 100 <= 442.3


def test_a_long_printing_organ_leaves_the_date_in_its_row():
    printer = "新乡高新技术产业开发区民营经济工作联席会议办公室"
    word = docx.Document(io.BytesIO(write_document(made("notice", printer=printer))))

    [line] = [one for one in word.paragraphs if one.text.startswith(printer)]
    width = int(line.runs[0]._r.rPr.find(qn("w:w")).get(qn("w:val")))
    assert line.text.endswith("\t2026年11月4日印发")
    date_width = 7 * 7 + 5 * 14
    assert 24 * 14 * width / 100 + date_width < 400


# --- watermarks


def test_a_watermark_stands_on_every_page_and_leaves_the_words_alone():
    original = write_document(made("consultation"))

    marked = watermark(original, "甲某某 2026-11-04 9:30")

    section = docx.Document(io.BytesIO(marked)).sections[0]
    headers = (section.header, section.even_page_header, section.first_page_header)
    strings = [header._element.xpath("//*[local-name()='textpath']/@string") for header in headers]
    assert strings == [["甲某某 2026-11-04 9:30"]] * 3
    assert words_of(marked) == words_of(original)
    assert check_document(marked) == []
    assert not same_content(marked, original)


def test_names_that_look_like_markup_do_no_harm_in_a_watermark():
    marked = watermark(write_document(made("notice")), '<甲>&"乙"')

    [string] = (
        docx.Document(io.BytesIO(marked))
        .sections[0]
        .header._element.xpath("//*[local-name()='textpath']/@string")
    )
    assert string == '<甲>&"乙"'


def test_what_is_no_archive_has_no_content_in_common():
    assert not same_content(b"", write_document(made("notice")))


# --- laid out


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """Every kind, and notices of one to twelve paragraphs, as the pages that LibreOffice makes."""
    folder = tmp_path_factory.mktemp("公文")
    for kind in KINDS:
        (folder / f"{kind}.docx").write_bytes(write_document(made(kind)))
    for count in range(1, 13):
        text = "\n".join(
            ["各成员单位要明确一名联络员，负责日常联系，按时报送2026年工作进展。"] * count
        )
        (folder / f"long{count}.docx").write_bytes(write_document(made("notice", text=text)))
    marked = watermark((folder / "notice.docx").read_bytes(), "甲某某 2026-11-04 9:30")
    (folder / "marked.docx").write_bytes(marked)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder]
    subprocess.run(  # noqa: S603 our own files
        [*command, *sorted(folder.glob("*.docx"))], check=True, capture_output=True, timeout=300
    )
    return {
        file.stem: ["".join(page.extract_text().split()) for page in PdfReader(file).pages]
        for file in folder.glob("*.pdf")
    }


@pytest.mark.parametrize("kind", LAID_OUT)
def test_a_rendered_document_keeps_its_head_its_text_and_its_foot(laid_out, kind):
    pages, words = LAID_OUT[kind]
    text = "".join(laid_out[kind])

    assert len(laid_out[kind]) == pages
    assert [part for part in words if part not in text] == []


@pytest.mark.parametrize(
    "kind", [key for key, kind in KINDS.items() if kind.layout != Layout.LETTER]
)
def test_pages_are_numbered_from_one(laid_out, kind):
    numbers = [f"—{number}—" for number in range(1, len(laid_out[kind]) + 1)]

    assert [
        number for number, page in zip(numbers, laid_out[kind], strict=True) if number not in page
    ] == []


@pytest.mark.parametrize("kind", ["letter", "consultation"])
def test_a_letters_first_page_bears_no_number_and_its_foot_no_printer(laid_out, kind):
    [page] = laid_out[kind]

    assert "—1—" not in page
    assert "印发" not in page


@pytest.mark.parametrize(
    "name", ["notice", "bulletin", *(f"long{count}" for count in range(1, 13))]
)
def test_the_foot_stands_on_an_even_page(laid_out, name):
    [place] = [
        number for number, page in enumerate(laid_out[name], 1) if "2026年11月4日印发" in page
    ]

    # A blank page before the foot is not exported, and then the foot's page has no number.
    assert place == len(laid_out[name])
    assert place % 2 == 0 or f"—{place}—" not in laid_out[name][-1]


def test_a_marked_copy_has_the_pages_of_the_original(laid_out):
    assert len(laid_out["marked"]) == len(laid_out["notice"])


def test_pages_are_reckoned_as_they_are_laid_out():
    text = "\n".join(["各成员单位要明确一名联络员，负责日常联系。"] * 60)
    word = docx.Document(io.BytesIO(write_document(made("letter", text=text))))

    pages, filled = reckon_pages(word)

    assert pages == 4
    assert 0 < filled < 638


def test_a_date_may_be_a_date():
    assert made("notice", dated=date(2026, 11, 4) + timedelta(1)).dated == date(2026, 11, 5)
