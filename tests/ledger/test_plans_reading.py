"""Reading a plan's file: every kind in use; what cannot be read is said, and nothing is lost."""

import io
import threading
from datetime import date

import docx
import pytest
import xlsxwriter
from django.db import connection
from django.urls import reverse

from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.models import Attachment
from lianqi.kernel.uploads import PLAN_FILE, UploadRefused, inspect_upload
from lianqi.ledger.models import PlanTask, WorkPlan
from tests.ledger.plans import PLAN, Desk, task_of, upload
from tests.ledger.stage import at

TODAY = date(2026, 11, 24)
NEW = "/ledger/plans/new/"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with at(TODAY):
        yield Desk()


@pytest.fixture
def office(client, desk):
    client.force_login(desk.office)
    return client


def send(client, file, **more):
    return client.post(NEW, {"file": file, "source": "plan", "title": "要点", **more})


def word():
    """Return the plan as a Word file."""
    document, file = docx.Document(), io.BytesIO()
    for line in PLAN.splitlines():
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def sheet():
    """Return a table of tasks as an Excel file."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for row, cells in enumerate(
            [
                ("序号", "工作任务", "完成时限", "责任单位"),
                ("1", "落实减税政策", "2026年12月15日前", "区税务局、财政局"),
                ("2", "开展宣讲", "持续推进", "财政局"),
            ]
        ):
            page.write_row(row, 0, cells)
    return file.getvalue()


TABLE = """序号,工作任务,完成时限,责任单位
1,落实减税政策,2026年12月15日前,区税务局、财政局
2,开展宣讲,持续推进,财政局
"""


# --- what is read


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("计划.txt", PLAN.encode()),
        ("计划.txt", PLAN.encode("gb18030")),
        ("计划.docx", word()),
        ("任务.xlsx", sheet()),
        ("任务.csv", TABLE.encode("gb18030")),
        ("计划.txt", PLAN.replace("：区税务局、", "：区 税\u3000务 局 、 ").encode()),
    ],
    ids=["txt", "gb18030", "docx", "xlsx", "csv", "blanks in names"],
)
def test_a_plan_is_read_from_every_kind_of_file(office, name, content):
    answer = send(office, upload(content, name), year="2026")

    plan = WorkPlan.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/ledger/plans/{plan.pk}/")
    assert list(plan.tasks.values_list("title", "units", "dates", "open_ended")) == [
        ("落实减税政策", ["税务局", "财政局"], ["2026-12-15"], False),
        ("开展宣讲", ["财政局"], [], True),
    ]
    assert Attachment.objects.about(plan).get().name == name


def test_a_plan_without_a_title_is_called_by_its_file_and_knows_its_year(office):
    send(office, upload(PLAN, "2026年要点.txt"), title="")

    plan = WorkPlan.objects.get()
    assert (plan.title, plan.year) == ("2026年要点", 2026)


def test_sending_twice_reads_once(office):
    key = office.get(NEW).context["form"]["idempotency_key"].value()

    first = send(office, upload(), idempotency_key=key)
    second = send(office, upload(), idempotency_key=key)

    assert (first.url, WorkPlan.objects.get().reading) == (second.url, 1)


# --- what is refused


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.txt", b"", "文件“空.txt”：文件是空的，请确认选对了文件后重新上传。"),
        ("空.txt", b"  \n", "文件“空.txt”：文件是空的，请确认选对了文件后重新上传。"),
        (
            "锁.docx",
            LOCKED,
            "文件“锁.docx”：文件设有打开密码，无法检查，请在 Word 或 Excel 中取消密码后再上传。",
        ),
        (
            "锁.xlsx",
            LOCKED,
            "文件“锁.xlsx”：文件设有打开密码，无法检查，请在 Word 或 Excel 中取消密码后再上传。",
        ),
        (
            "旧.doc",
            OLE + b"\0" * 600,
            "文件“旧.doc”：这是旧版 Office/WPS 格式，请用 Word、Excel 或 WPS 另存为 docx 后再上传。",
        ),
        (
            "坏.docx",
            "不是 Word".encode(),
            "文件“坏.docx”：内容不是 docx 文件，与扩展名不符，请用原来的软件另存为 docx。",
        ),
        (
            "图.pdf",
            b"%PDF-1.7",
            "文件“图.pdf”：工作计划文件不收“.pdf”文件，可以上传：Word（docx）、Excel（xlsx）、文本（txt）、CSV。",
        ),
        (
            "无.txt",
            "一、总体要求\n高举旗帜。".encode(),
            "文件里没有找到任务：没有一段写明责任单位。"
            "请确认段末或另起一行写有“责任单位：…”“牵头单位：…”，表格有“责任单位”一列。",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_remedy(office, name, content, said):
    answer = send(office, upload(content, name), basis="高新办〔2026〕3号")

    form = answer.context["form"]
    assert (answer.status_code, form.errors["file"]) == (422, [said])
    assert form["basis"].value() == "高新办〔2026〕3号"
    assert WorkPlan.objects.count() == 0


def test_a_damaged_word_file_is_refused(office):
    answer = send(office, upload(word()[:-300], "坏.docx"))

    assert (answer.status_code, len(answer.context["form"].errors["file"])) == (422, 1)
    assert WorkPlan.objects.count() == 0


def test_two_hundred_megabytes_are_refused_before_a_byte_is_read(office):
    class Stream(io.RawIOBase):
        size = 200 * MEGABYTE

        def read(self, size=-1):
            raise AssertionError("it was read")

    with pytest.raises(UploadRefused, match="超过 20 MB（工作计划文件的上限）"):
        inspect_upload("大.docx", Stream(), accept=PLAN_FILE)
    answer = office.post(
        NEW, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=200 * MEGABYTE
    )

    assert answer.status_code == 413


def test_a_plan_whose_year_is_nowhere_said_asks_for_it(office):
    text = PLAN.replace("2026年", "")

    asked = send(office, upload(text))
    send(office, upload(text), year="2026")

    assert (asked.status_code, asked.context["form"].errors["year"]) == (
        422,
        ["没有读出计划年度，请填写。"],
    )
    assert WorkPlan.objects.get().year == 2026


def test_a_secret_plan_does_not_come_in(office):
    answer = send(office, upload("机密★10年\n" + PLAN))

    assert (answer.status_code, WorkPlan.objects.count()) == (422, 0)


# --- what is doubtful comes in, marked


@pytest.mark.parametrize(
    ("said", "dates", "doubt"),
    [
        ("2026年2月30日前", ["2026-02-28"], "2026年没有2月30日，按28日计，请核对。"),
        (
            "2026年6月30日-3月1日",
            ["2026-03-01"],
            "起止日期前后颠倒（2026-06-30在2026-03-01之后），请核对。",
        ),
        ("9-3月", ["2026-03-31"], "起止月份前后颠倒（9月至3月），请核对。"),
        ("2026年13月底", [], "没有13月，请填写日期。"),
    ],
)
def test_contradictory_days_are_marked_as_doubtful(desk, said, dates, doubt):
    plan = desk.plan(PLAN.replace("2026年12月15日前", said))

    task = task_of(plan, "落实减税政策")
    assert (task.deadline_text, task.dates, task.warnings) == (said, dates, [doubt])


def test_a_plan_with_unknown_units_only_comes_in_with_their_names(desk):
    plan = desk.plan(PLAN.replace("区税务局、财政局", "检察室").replace("财政局", "工商联"))

    assert list(plan.tasks.values_list("units", "warnings")) == [
        (["检察室"], ["“检察室”没有在系统登记，保留原名。"]),
        (["工商联"], ["“工商联”不像单位名称，请核对。"]),
    ]


# --- who, and the same file again


def test_only_the_office_enters_a_plan(desk):
    for who in (desk.convener, desk.liaison):
        with pytest.raises(NotPermitted):
            desk.plan(actor=who)

    assert (WorkPlan.objects.count(), PlanTask.objects.count()) == (0, 0)


def test_the_same_file_under_another_name_is_shown_its_plan(desk):
    desk.plan(title="要点")

    with pytest.raises(RuleBroken, match="这个文件已经导入为“要点”（2026年）") as refused:
        desk.plan(title="另一个名称")

    assert (refused.value.field, WorkPlan.objects.count()) == ("file", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_enter_one_plan_at_once_both_find_one_plan():
    with at(TODAY):
        desk, gate, told = Desk(), threading.Barrier(2), []

        def enter():
            gate.wait()
            told.append(desk.plan().pk)
            connection.close()

        people = [threading.Thread(target=enter) for _ in range(2)]
        for one in people:
            one.start()
        for one in people:
            one.join()

    plan = WorkPlan.objects.get()
    assert (told, plan.reading, plan.tasks.count()) == ([plan.pk] * 2, 2, 2)


def test_the_address_of_the_form_is_on_the_ledgers_page_for_those_who_see_plans(office, desk):
    seen = office.get(reverse("ledger:item_list")).content.decode()
    office.force_login(desk.liaison)
    unseen = office.get(reverse("ledger:item_list")).content.decode()

    assert (seen.count('href="/ledger/plans/"'), unseen.count('href="/ledger/plans/"')) == (1, 0)
