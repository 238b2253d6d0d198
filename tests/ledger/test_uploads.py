"""Tables in and out: what a unit reports by xlsx, an existing ledger; each row whole or not at all."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.engines.tabular import read_table
from lianqi.kernel.errors import StepUnfit
from lianqi.ledger.actions import report_progress
from lianqi.ledger.actions.uploads import enter_upload
from lianqi.ledger.models import Item, ProgressReport, Upload
from tests.kernel.threads import together
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
REPORTS, IMPORT = "/ledger/reports/upload/", "/ledger/import/"
HEAD = ["编号", "本期进度", "本期进展"]
LEDGER_HEAD = ["时限", "事项", "责任单位", "来源", "牵头单位", "进度"]


@pytest.fixture
def stage():
    with at(TODAY):
        yield Stage()


def workbook(*rows, merged=()):
    """Return an upload of these rows; text that begins with = is written as a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for place in merged:
            sheet.merge_range(place, "合并")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("表.xlsx", file.getvalue())


def uploaded(client, url, file, **more):
    """Upload a table; return what was kept of it."""
    page = client.post(url, {"file": file, **more})
    assert page.status_code == 302, page.context["form"].errors
    return Upload.objects.latest("pk")


def problems(upload):
    return [(error["line"], error["problems"]) for error in upload.errors]


def test_the_report_form_lists_what_the_unit_has_in_hand(stage, client):
    item, _drafted = stage.underway(), stage.drafted()
    client.force_login(stage.liaison)

    answer = client.get("/ledger/reports/form/")

    table = read_table("a.xlsx", b"".join(answer.streaming_content))
    assert table.rows == [
        ["编号", "事项", "时限", "现进度（%）", "本期进度（%）", "本期进展"],
        [item.number, "完善企业名录", "2026-12-15", "0", "", ""],
    ]


def test_the_filled_form_is_looked_at_first_and_then_reported_row_by_row(stage, client):
    first, second = stage.underway(), stage.underway()
    client.force_login(stage.liaison)
    upload = uploaded(
        client, REPORTS, workbook(HEAD, [first.number, 40, "完成初稿。"], [second.number, "", ""])
    )
    before = ProgressReport.objects.count()

    client.post(f"{upload.get_absolute_url()}enter/")

    upload.refresh_from_db()
    first.refresh_from_db()
    assert (before, first.percent, ProgressReport.objects.get().text) == (0, 40, "完成初稿。")
    assert [(row["number"], row["done"]) for row in upload.results] == [(first.number, True)]


def test_each_wrong_row_says_what_is_wrong(stage, client):
    item, reported, drafted = stage.underway(), stage.underway(), stage.drafted()
    foreign = stage.underway(lead_unit=stage.lead, units=[])
    report_progress(reported, actor=stage.liaison, percent=10, text="已报。")
    client.force_login(stage.liaison)
    rows = [
        ["DB2026-9999", 10, "查无此项"],
        [drafted.number, 10, "还没立项"],
        [item.number, 140, "超过一百"],
        [item.number, "六成", ""],
        [reported.number, 20, "再报一次"],
        [foreign.number, "=40+2", "公式"],
    ]

    upload = uploaded(client, REPORTS, workbook(HEAD, *rows))

    unknown = "没有这个编号，或不是本单位的事项。"
    assert (upload.rows, problems(upload)) == (
        [],
        [
            (2, [unknown]),
            (3, [unknown]),
            (4, ["“本期进度”应为0至100的整数，现在是“140”。"]),
            (5, ["“本期进度”应为0至100的整数，现在是“六成”。", "没有写“本期进展”。", "这个编号在表里出现了两次。"]),
            (6, ["本期已经报送过。"]),
            (7, ["“本期进度”是公式，请改成数值或文字（复制后“选择性粘贴—数值”）。"]),
        ],
    )  # fmt: skip


def test_another_units_item_is_not_reported_on(stage, client):
    item = stage.underway(units=[])
    client.force_login(stage.sharer)

    upload = uploaded(client, REPORTS, workbook(HEAD, [item.number, 10, "不是我的"]))

    assert problems(upload) == [(2, ["没有这个编号，或不是本单位的事项。"])]


def test_a_header_in_two_merged_rows_is_refused_with_a_word_on_what_to_do(stage, client):
    client.force_login(stage.liaison)
    file = workbook(["编号", "本期", ""], ["", "进度数", "进展"], merged=["E1:F1"])

    page = client.post(REPORTS, {"file": file})

    assert page.status_code == 422
    assert "请取消合并" in page.context["form"].errors["file"][0]


def test_a_title_merged_over_the_header_does_no_harm(stage, client):
    item = stage.underway()
    client.force_login(stage.liaison)
    file = workbook(["十一月进展", "", ""], HEAD, [item.number, 30, "推进。"], merged=["A1:C1"])

    upload = uploaded(client, REPORTS, file)

    assert [row["number"] for row in upload.rows] == [item.number]


def test_a_row_that_was_reported_meanwhile_fails_alone(stage, client):
    first, second = stage.underway(), stage.underway()
    client.force_login(stage.liaison)
    upload = uploaded(
        client, REPORTS, workbook(HEAD, [first.number, 40, "一"], [second.number, 50, "二"])
    )
    report_progress(first, actor=stage.liaison, percent=20, text="刚报。")

    enter_upload(upload, actor=stage.liaison)

    assert [(row["done"], row["message"]) for row in upload.results] == [
        (False, "本期已经报送过。"), (True, ""),
    ]  # fmt: skip


def test_nobody_else_sees_an_uploaded_table(stage, client):
    item = stage.underway()
    client.force_login(stage.liaison)
    upload = uploaded(client, REPORTS, workbook(HEAD, [item.number, 40, "一"]))

    seen = []
    for name in ("leader", "sharer", "office", "liaison"):
        client.force_login(getattr(stage, name))
        seen.append(client.get(upload.get_absolute_url()).status_code)

    assert seen == [404, 404, 404, 200]


def test_an_existing_ledger_becomes_drafts_whatever_the_order_of_its_columns(stage, client):
    client.force_login(stage.office)
    row = [
        "10月底前",
        "建立企业名录",
        f"{stage.other.name}、某某局",
        "领导批示",
        stage.lead.name,
        60,
    ]

    upload = uploaded(client, IMPORT, workbook(LEDGER_HEAD, row), year="2026")
    client.post(f"{upload.get_absolute_url()}enter/")

    item = Item.objects.get()
    assert (item.state, item.title, item.lead_unit, item.due_on, item.percent, item.source) == (
        "drafted", "建立企业名录", stage.lead, date(2026, 10, 31), 60, "instruction",
    )  # fmt: skip
    assert ([share.unit for share in item.shares.all()], item.unknown_units) == (
        [stage.lead, stage.other], ["某某局"],
    )  # fmt: skip


def test_importing_the_same_ledger_again_doubles_nothing(stage, client):
    client.force_login(stage.office)
    row = ["持续推进", "走访企业", "", "", stage.lead.name, ""]
    first = uploaded(client, IMPORT, workbook(LEDGER_HEAD, row), year="2026")
    enter_upload(first, actor=stage.office)

    second = uploaded(client, IMPORT, workbook(LEDGER_HEAD, row), year="2026")

    number = Item.objects.get().number
    assert (second.rows, problems(second)) == ([], [(2, [f"已在台账中（{number}），不重复导入。"])])


def test_wrong_rows_of_a_ledger_say_what_is_wrong(stage, client):
    client.force_login(stage.office)
    good = ["10月底前", "建立企业名录", "", "", stage.lead.name, 0]
    rows = [
        ["", "没有时限", "", "", stage.lead.name, 0],
        ["10月底前", "", "", "", "不存在的局", 0],
        ["10月底前", "来源不明", "", "道听途说", stage.lead.name, 200],
        good,
        good,
    ]

    upload = uploaded(client, IMPORT, workbook(LEDGER_HEAD, *rows), year="2026")

    assert problems(upload) == [
        (2, ["时限“空”没有读出日期。"]),
        (3, ["没有写“事项”。", "牵头单位“不存在的局”没有在系统登记。"]),
        (4, ["“进度”应为0至100的整数，现在是“200”。", "来源“道听途说”不认识。"]),
        (6, ["与第5行重复。"]),
    ]  # fmt: skip
    assert len(upload.rows) == 1


def test_a_unit_does_not_import_a_ledger_and_the_office_reports_nothing(stage, client):
    client.force_login(stage.liaison)
    unit = client.get(IMPORT).status_code
    client.force_login(stage.office)

    assert (unit, client.get(REPORTS).status_code) == (403, 403)


def test_what_is_dropped_is_gone(stage, client):
    item = stage.underway()
    client.force_login(stage.liaison)
    upload = uploaded(client, REPORTS, workbook(HEAD, [item.number, 40, "一"]))

    client.post(f"{upload.get_absolute_url()}drop/")
    late = client.post(f"{upload.get_absolute_url()}enter/")

    upload.refresh_from_db()
    assert (upload.state, upload.rows, late.status_code) == ("dropped", [], 409)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_enters_the_table(client):
    with at(TODAY):
        stage = Stage()
        item = stage.underway()
        client.force_login(stage.liaison)
        upload = uploaded(client, REPORTS, workbook(HEAD, [item.number, 40, "一"]))
        copies = [Upload.objects.get(pk=upload.pk) for _ in range(2)]

        results = together(
            *(lambda copy=copy: enter_upload(copy, actor=stage.liaison) for copy in copies)
        )

    refused = [result for result in results if isinstance(result, StepUnfit)]
    assert (len(refused), ProgressReport.objects.count()) == (1, 1)
