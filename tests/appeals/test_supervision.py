"""监督: figures that open their rows, and the facts of one case as Word and PDF."""

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from lianqi.appeals import actions
from lianqi.appeals.exports import pack_pdf, pack_word
from lianqi.appeals.models import FactsPack
from lianqi.appeals.queries.facts_pack import CLOSING_WORDS, CaseFile, Part, case_file
from lianqi.demo.filling import fill
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.models import User
from tests.appeals.stage import MORNING, Stage
from tests.kernel.visitors import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.time_machine(MORNING)
def test_supervision_counts_what_happened(client):
    stage = Stage.at("escalated")
    stage.go(
        "instruct", "nudge", "request_closing", "return_draft", "request_closing", "return_draft"
    )
    client.force_login(stage.who["discipline"])

    page = client.get("/appeals/supervision/", {"period": "year"})

    shown = {figure.label: figure.value for figure in page.context["supervision"].district.figures}
    assert shown == {
        "现在逾期": 0,
        "退单退稿两次以上": 1,
        "两次以上不满意": 1,
        "延期未获批": 0,
        "企业催办过": 1,
        "没有联系记录": 0,
        "超时联系": 0,
    }


def test_every_supervised_figure_opens_that_many_rows(client):
    fill()
    client.force_login(User.objects.get(username="discipline"))
    page = client.get("/appeals/supervision/", {"period": "year"}).context["supervision"]
    figures = [one for line in [page.district, *page.units] for one in line.figures]

    def rows(figure):
        context = client.get(figure.url).context
        return context["count"] if "count" in context else len(context["page"].rows)

    assert [rows(figure) for figure in figures] == [figure.value for figure in figures]
    assert any(figure.value for figure in page.district.figures)


@pytest.mark.time_machine(MORNING)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("discipline", 200), ("office", 200), ("head", 200), ("convener", 403),
        ("conference", 403), ("liaison", 403), ("helper", 403), ("firm", 403), ("auditor", 403),
    ],
)  # fmt: skip
def test_supervision_is_for_those_who_supervise(client, role, status):
    client.force_login(Stage.at("handling").who[role])

    assert client.get("/appeals/supervision/").status_code == status


# --- the facts of a case


@pytest.fixture
def case(time_machine):
    """Return a stage whose appeal was redone, and a pack of its facts."""
    time_machine.move_to(MORNING)
    stage = Stage.at("dissatisfied")
    stage.go("redo")
    pack = actions.make_facts_pack(
        stage.appeal, actor=stage.who["discipline"], purpose="核查差评重办情况"
    )
    return stage, pack


def part(file, title):
    [found] = [one for one in file.parts if one.title == title]
    return found


def test_a_pack_says_who_and_why_and_leaves_its_line_apart_from_the_case(case):
    stage, pack = case

    [line] = JournalEntry.objects.about(pack)
    assert (line.verb, line.actor, line.text) == (
        "facts_pack.make",
        stage.who["discipline"],
        f"{stage.appeal.number}：核查差评重办情况",
    )
    assert not JournalEntry.objects.about(stage.appeal).filter(verb__contains="pack").exists()
    assert verify_journal().broken == ""


@pytest.mark.parametrize("role", ["liaison", "leader", "convener", "conference", "firm", "auditor"])
def test_only_supervisors_make_a_pack(case, role):
    stage, _ = case

    with pytest.raises(NotPermitted):
        actions.make_facts_pack(stage.appeal, actor=stage.who[role], purpose="想看看全部材料")

    assert FactsPack.objects.count() == 1


def test_a_pack_needs_its_purpose(case):
    stage, _ = case

    with pytest.raises(RuleBroken) as refusal:
        actions.make_facts_pack(stage.appeal, actor=stage.who["office"], purpose=" 看 ")

    assert (refusal.value.field, FactsPack.objects.count()) == ("purpose", 1)


def test_packs_spend_the_budget_of_exports_and_a_refused_one_leaves_nothing(case, settings):
    settings.LIANQI_RATE_LIMITS = {**settings.LIANQI_RATE_LIMITS, "export": "2/h"}
    stage, _ = case
    client, path = signed_in(stage.who["office"]), f"/appeals/{stage.appeal.number}/facts/"
    sent = {"purpose": "核查差评重办情况", "form": "docx"}

    answers = [
        client.post(path, {**sent, **more})
        for more in ({"purpose": ""}, {}, {}, {}, {"form": "pdf"})
    ]

    assert [answer.status_code for answer in answers] == [422, 200, 200, 429, 429]
    assert (answers[3].has_header("Retry-After"), FactsPack.objects.count()) == (True, 3)
    assert signed_in(stage.who["discipline"]).post(path, sent).status_code == 200


def test_the_facts_are_complete_masked_and_without_verdict(case):
    stage, pack = case

    file = case_file(stage.who["discipline"], pack)

    assert [one.title for one in file.parts] == [
        "基本情况", "诉求和答复原文", "责任和时限", "时限算法", "退单和裁定", "延期", "回访", "企业评价", "剔除申请",
        "办理过程", "附件清单", "办理记录校验",
    ]  # fmt: skip
    assert ("联系电话（掩码）", "138****8000") in part(file, "基本情况").pairs
    assert "13800138000" not in repr(file)
    assert [row[2] for row in part(file, "企业评价").rows] == ["非常不满意"]
    assert [row[1] for row in part(file, "办理过程").rows][-2:] == ["评价", "重办"]
    lines = JournalEntry.objects.about(stage.appeal).count()
    assert part(file, "办理记录校验").lines == [f"记录链完整，共{lines}行，逐行校验一致。"]
    assert file.end == CLOSING_WORDS


def test_a_broken_chain_is_told_in_the_pack(case):
    stage, pack = case
    JournalEntry.objects.about(stage.appeal).filter(seq=2).update(text="改过")

    [said] = part(case_file(stage.who["discipline"], pack), "办理记录校验").lines

    assert (said.startswith("记录链完整"), "2" in said) == (False, True)


def words_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_word_and_pdf_say_the_same(case):
    stage, pack = case
    file = case_file(stage.who["discipline"], pack)

    told = words_of(Document(pack_word(file)))
    read = "".join(page.extract_text() for page in PdfReader(pack_pdf(file)).pages)

    for said in (
        "诉求事实材料",
        stage.appeal.number,
        "核查差评重办情况",
        "138****8000",
        "1. 基本情况",
    ):
        assert (said in told, said in read) == (True, True)
    assert (CLOSING_WORDS in told, CLOSING_WORDS in read) == (True, True)


def test_markup_long_cells_and_empty_parts_are_only_text_in_the_pdf():
    long = "长" * 5000 + "\n" * 200 + "<b>&末"
    file = CaseFile("CL1", "<font>&", [("用途", "<para>")], [
        Part("表", head=["一", "二"], rows=[["短", long]]),
        Part("空"),
        Part("行", lines=["<i>不是标签</i>"]),
    ])  # fmt: skip

    content = pack_pdf(file).read()

    assert content.startswith(b"%PDF-")
    assert words_of(Document(BytesIO(pack_word(file).read()))).count("<b>&末") == 1


def test_the_page_gives_the_file_once_it_knows_what_for(case, client):
    stage, _ = case
    path = f"/appeals/{stage.appeal.number}/facts/"
    client.force_login(stage.who["discipline"])

    page = client.get(path)
    bare = client.post(path, {"purpose": "", "form": "pdf"})
    word = client.post(path, {"purpose": "核查超时原因", "form": "docx"})
    pdf = client.post(path, {"purpose": "核查超时原因", "form": "pdf"})

    assert (page.status_code, bare.status_code, word.status_code) == (200, 422, 200)
    assert word["Content-Type"].endswith("wordprocessingml.document")
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "no-store")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert FactsPack.objects.count() == 3
    client.force_login(stage.who["liaison"])
    assert client.get(path).status_code == 403
    client.force_login(stage.who["stranger"])
    assert client.get(path).status_code == 404
