"""Items are found by any two characters of what is written of them, as far as a reader sees them."""

from datetime import date

import pytest

from lianqi.kernel.models import SearchEntry
from lianqi.kernel.search import fill_index
from lianqi.ledger.actions import report_progress
from lianqi.ledger.queries.items import filtered_items
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    with at(date(2026, 11, 2)):
        yield Stage()


def found(user, q):
    return list(filtered_items(user, q=q).order_by("pk"))


@pytest.mark.parametrize(
    "q",
    [
        "名录",
        "DB2026-0001",
        "db2026-0001",
        "0001",
        "依据某文",
        "窗口排队",
        "推进试点",
        "事项：名录",
    ],
)
def test_an_item_is_found_by_what_is_written_of_it(stage, q):
    item = stage.underway(text="减少窗口排队。", basis="依据某文〔2026〕1号")
    stage.docketed(title="另一件")
    report_progress(item, actor=stage.liaison, percent=10, text="推进试点街道。")

    assert found(stage.office, q) == [item]


def test_words_must_all_be_there_and_none_that_is_excluded(stage):
    item = stage.docketed(title="建立企业名录")
    other = stage.docketed(title="建立专家名录")

    assert found(stage.office, "名录 企业") == [item]
    assert found(stage.office, "名录 -企业") == [other]
    assert found(stage.office, "企业 专家") == []


def test_a_unit_finds_its_own_items_only_and_no_draft(stage):
    mine = stage.docketed(title="完善名录甲")
    stage.drafted(title="完善名录乙")
    stage.docketed(title="完善名录丙", lead_unit=stage.other, units=[])

    assert (found(stage.liaison, "名录"), found(stage.stranger, "名录")) == ([mine], [])


def test_items_from_before_the_index_are_entered_into_it(stage):
    item = stage.docketed(title="建立企业名录")
    SearchEntry.objects.all().delete()
    before = found(stage.office, "名录")

    count = fill_index("ledger.item")

    assert (before, count, found(stage.office, "名录")) == ([], 1, [item])
