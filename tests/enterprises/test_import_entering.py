"""Entering an import: new firms, corrections, and that it is all or nothing."""

import io
import threading

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from lianqi.enterprises import actions
from lianqi.enterprises.actions.batches import FirmRow
from lianqi.enterprises.enums import BatchState
from lianqi.enterprises.models import Contact, Enterprise, ImportBatch
from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import JournalEntry
from tests.enterprises.samples import (
    code,
    firm_row,
    uploaded,
)
from tests.factories import EnterpriseFactory, entrepreneur, office_clerk

pytestmark = pytest.mark.django_db
URL = "/enterprises/imports/"


def test_entering_adds_new_firms_and_corrects_known_ones_each_with_its_line(client, office):
    known = EnterpriseFactory(uscc=code(1), name="新乡第1机械有限公司", employees=9)
    batch = uploaded(client, firm_row(1), firm_row(2, 类别="个体工商户"), firm_row(3))

    response = client.post(f"{batch.get_absolute_url()}enter/")

    batch.refresh_from_db()
    assert (response.status_code, batch.state, batch.rows) == (302, BatchState.ENTERED, [])
    assert batch.result == {"added": 2, "corrected": 1, "same": 0, "skipped": 0}
    second, third = Enterprise.objects.exclude(pk=known.pk).order_by("uscc")
    assert [(f.kind, f.size, f.state, f.origin) for f in (second, third)] == [
        ("self_employed", "small", "verified", "imported"),
        ("company", "small", "verified", "imported"),
    ]
    known.refresh_from_db()
    assert (known.employees, known.size, str(known.contacts.get().phone)) == (
        120,
        "small",
        "138****8000",
    )
    verbs = list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "enterprise.correct",
        "enterprise.contact_add",
        "enterprise.enter",
        "enterprise.enter",
        "import.enter",
    ]
    assert verify_journal().broken == ""


def test_the_kind_follows_from_the_code_where_the_table_does_not_tell(client, office):
    batch = uploaded(client, firm_row(1, 统一社会信用代码=code(1, "93")))

    actions.enter_batch(batch, actor=office)

    assert Enterprise.objects.get().kind == "cooperative"


def test_an_empty_cell_does_not_erase_what_is_known(client, office):
    firm = EnterpriseFactory(uscc=code(1), address="老地址", employees=9)
    batch = uploaded(client, firm_row(1, 地址="", 从业人员=""))

    actions.enter_batch(batch, actor=office)

    firm.refresh_from_db()
    assert (firm.address, firm.employees) == ("老地址", 9)


def test_wrong_rows_stay_out_only_if_that_is_said(client, office):
    batch = uploaded(client, firm_row(1), firm_row(2, 行业代码="ZZ"))

    silent = client.post(f"{batch.get_absolute_url()}enter/")
    before = Enterprise.objects.count()
    said = client.post(f"{batch.get_absolute_url()}enter/", {"skip_errors": "on"})

    assert (silent.status_code, list(silent.context["form"].errors), before) == (
        422,
        ["skip_errors"],
        0,
    )
    assert (said.status_code, ImportBatch.objects.get().result["skipped"]) == (302, 1)


def test_a_row_that_fails_in_the_middle_leaves_everything_as_it_was(client, office):
    known = EnterpriseFactory(uscc=code(1), address="老地址")
    batch = uploaded(client, firm_row(1), firm_row(2), firm_row(3), firm_row(4))
    Enterprise.objects.create(
        uscc=code(3), name="甲厂", state="left", origin="entered", registered_at=batch.uploaded_at
    )

    response = client.post(f"{batch.get_absolute_url()}enter/")

    batch.refresh_from_db()
    known.refresh_from_db()
    assert (response.status_code, response.context["form"].non_field_errors()) == (
        422,
        [
            "第4行：该企业在名录中是“已退出”，请先在企业页面重新入库。"
            "这批数据没有导入任何一行，请改好后重新上传。"
        ],
    )
    assert (batch.state, len(batch.rows), known.address) == (BatchState.PREVIEWED, 4, "老地址")
    assert (Enterprise.objects.count(), Contact.objects.count()) == (2, 0)
    assert JournalEntry.objects.count() == 0


def test_a_batch_is_entered_once(client, office):
    batch = uploaded(client, firm_row(1))
    stale = ImportBatch.objects.get()
    actions.enter_batch(batch, actor=office)

    with pytest.raises(StepUnfit):
        actions.enter_batch(stale, actor=office)
    assert client.post(f"{batch.get_absolute_url()}drop/").status_code == 409
    assert Enterprise.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_enters():
    clerk = office_clerk()
    row = FirmRow(2, code(1), {"name": "新乡示例机械有限公司"})
    batch = actions.preview_batch([row], [], actor=clerk, name="a.xlsx")
    copies = [ImportBatch.objects.get(pk=batch.pk) for _ in range(2)]
    results = []
    start = threading.Barrier(2)

    def run(copy):
        start.wait()
        try:
            actions.enter_batch(copy, actor=clerk)
            results.append("entered")
        except StepUnfit:
            results.append("unfit")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(results), Enterprise.objects.count()) == (["entered", "unfit"], 1)


def test_a_dropped_batch_keeps_nothing_that_was_read(client, office):
    batch = uploaded(client, firm_row(1), firm_row(2, 行业代码="ZZ"))

    response = client.post(f"{batch.get_absolute_url()}drop/")

    batch.refresh_from_db()
    assert (response.status_code, batch.state, batch.rows, batch.errors) == (
        302,
        BatchState.DROPPED,
        [],
        [],
    )


def test_the_problem_rows_come_as_a_sheet_with_line_and_reason(client, office):
    batch = uploaded(client, firm_row(1), firm_row(2, 行业代码="ZZ", 企业名称="=1+1公司"))

    content = client.get(f"{batch.get_absolute_url()}errors.xlsx").content

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["原表行号", "问题", "统一社会信用代码", "企业名称"]
    assert rows[2][0:1] + rows[2][2:4] + rows[2][11:12] == [
        3.0,
        code(2),
        "=1+1公司",
        "138****8000",
    ]


def test_others_import_nothing_and_see_no_batch(client, office):
    batch = uploaded(client, firm_row(1))
    firm = entrepreneur()
    client.force_login(firm)

    assert [
        client.get(URL).status_code,
        client.get(batch.get_absolute_url()).status_code,
        client.post(f"{batch.get_absolute_url()}enter/").status_code,
        client.post(f"{batch.get_absolute_url()}drop/").status_code,
        client.get(f"{batch.get_absolute_url()}errors.xlsx").status_code,
    ] == [403, 404, 404, 404, 404]
    for act in (actions.enter_batch, actions.drop_batch):
        with pytest.raises(NotPermitted):
            act(batch, actor=firm)
