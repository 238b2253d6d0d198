"""固化三率: kept with every fact, counted again, compared, and made public without giving firms away."""

from datetime import date, timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.models import FrozenFact, FrozenRates
from lianqi.appeals.queries.frozen import (
    changes_since,
    closed_units,
    frozen_rate_rows,
    frozen_rates_table,
    is_intact,
    public_lines,
)
from lianqi.appeals.queries.rates import CELLS
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import JournalEntry
from tests.appeals.stage import MORNING, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
MARCH = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31)}


@pytest.fixture
def frozen(time_machine):
    """Return a stage with an unrated answer, and the table frozen when March was over."""
    stage = Stage.at("answered")
    time_machine.move_to(MORNING + timedelta(days=30))
    table = actions.freeze_rates(actor=stage.who["office"], note="月度通报。", **MARCH)
    return stage, table


def test_a_freeze_keeps_figures_facts_and_digest_and_leaves_a_line(frozen):
    stage, table = frozen

    [line] = JournalEntry.objects.about(table)
    [row] = FrozenFact.objects.filter(table=table)
    assert (table.number, row.appeal, row.word) == ("SL2026-0001", stage.appeal, "silent")
    assert (line.verb, line.actor, line.data["digest"], line.data["rows"]) == (
        "rates.freeze",
        stage.who["office"],
        table.digest,
        1,
    )
    assert table.figures[stage.lead.code]["dispatched"] == 1
    assert table.settings_then == {"least": 10, "public_least": 5}
    assert is_intact(table)


@pytest.mark.parametrize("role", ["liaison", "head", "discipline", "firm", "sysadmin"])
def test_only_the_office_freezes(role):
    stage = Stage.at("answered")

    with pytest.raises(NotPermitted):
        actions.freeze_rates(actor=stage.who[role], **MARCH)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "last_day"),
        (date(2026, 3, 1), date(2026, 3, 9), "last_day"),
        (date(2026, 1, 1), date(2026, 1, 31), "first_day"),
    ],
)
def test_a_period_must_be_over_and_hold_something(first, last, field):
    stage = Stage.at("answered")

    with pytest.raises(RuleBroken) as refusal:
        actions.freeze_rates(actor=stage.who["office"], first_day=first, last_day=last)

    assert (refusal.value.field, FrozenRates.objects.count()) == (field, 0)


def test_later_steps_leave_frozen_figures_alone_and_are_told_case_by_case(frozen):
    stage, table = frozen
    before = table.figures
    assert changes_since(table) == []

    stage.take("rate", level=5)

    table.refresh_from_db()
    [change] = changes_since(table)
    assert (table.figures, is_intact(table)) == (before, True)
    assert change.appeal == stage.appeal
    assert change.differences == [
        ("企业意见", "企业未表态", "企业认可"),
        ("最近评价", "无", "非常满意"),
    ]
    assert change.since == ["2026-04-08 评价"]


def test_a_frozen_row_that_somebody_altered_shows(frozen):
    _, table = frozen

    FrozenFact.objects.update(word="confirmed")

    assert not is_intact(table)


def test_every_frozen_figure_opens_its_frozen_rows(frozen):
    stage, table = frozen
    code = stage.lead.code

    found = {
        cell: frozen_rate_rows(stage.who["office"], table, cell, unit=code).count()
        for cell in CELLS
    }

    assert found == table.figures[code]
    assert frozen_rate_rows(stage.who["stranger"], table, "dispatched").count() == 0
    assert [line.code for line in frozen_rates_table(stage.who["stranger"], table).units] == []


def test_the_head_publishes_once(frozen):
    stage, table = frozen

    with pytest.raises(NotPermitted):
        actions.publish_rates(table, actor=stage.who["office"])
    actions.publish_rates(table, actor=stage.who["head"])
    with pytest.raises(StepUnfit):
        actions.publish_rates(table, actor=stage.who["head"])

    verbs = JournalEntry.objects.about(table).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["rates.freeze", "rates.publish"]


# --- pages


def test_the_pages_freeze_show_explain_and_publish(client, time_machine):
    stage = Stage.at("rated")
    time_machine.move_to(MORNING + timedelta(days=30))
    client.force_login(stage.who["office"])
    given = {"first_day": "2026-03-01", "last_day": "2026-03-31", "note": ""}

    early = client.post("/appeals/rates/frozen/new/", {**given, "last_day": "2026-12-31"})
    made = client.post("/appeals/rates/frozen/new/", {**given, "idempotency_key": "k1"})
    again = client.post("/appeals/rates/frozen/new/", {**given, "idempotency_key": "k1"})

    assert (early.status_code, made.status_code, again.url) == (422, 302, made.url)
    page = client.get(made.url)
    assert (page.context["intact"], page.context["changes"]) == (True, [])
    assert client.get("/appeals/rates/frozen/").context["page"].count_text == "共 1 张"
    assert client.get(f"{made.url}export/").status_code == 200
    rows = client.get(f"{made.url}rows/", {"cell": "response.of"})
    assert rows.context["count"] == 1
    assert client.get(f"{made.url}rows/", {"cell": "?"}).status_code == 404
    assert client.post(f"{made.url}publish/").status_code == 403
    client.force_login(stage.who["head"])
    assert client.post(f"{made.url}publish/").status_code == 302
    assert client.post(f"{made.url}publish/").status_code == 409


def test_everybody_reads_what_is_published_and_nothing_else(client, frozen):
    stage, table = frozen
    path = f"/public/rates/{table.number}/"
    assert (client.get("/public/rates/").status_code, client.get(path).status_code) == (200, 404)

    actions.publish_rates(table, actor=stage.who["head"])

    page = client.get(path).content.decode()
    assert client.get("/public/rates/").context["page"].rows == [table]
    # One case: response and resolution are closed for unit and district; nobody has rated at all.
    assert (page.count("件数少，不公布"), page.count("<strong>")) == (4, 0)
    assert [word in page for word in (stage.appeal.number, stage.appeal.enterprise.name)] == [
        False,
        False,
    ]


def test_small_cells_are_closed_and_so_is_what_would_give_them_away():
    counts = {code: {"n": size} for code, size in {"a": 3, "b": 9, "c": 20, "d": 0}.items()}

    # 3 alone could be had by subtraction from the sum, so the next smallest goes with it.
    assert closed_units(counts, "n", 5) == {"a", "b"}
    assert closed_units({"a": {"n": 3}, "b": {"n": 4}, "c": {"n": 20}}, "n", 5) == {"a", "b"}
    assert closed_units({"a": {"n": 1}, "b": {"n": 1}, "c": {"n": 20}}, "n", 5) == {"a", "b", "c"}
    assert closed_units({"a": {"n": 5}, "d": {"n": 0}}, "n", 5) == frozenset()


def test_the_district_stands_first_and_shows_what_is_large_enough():
    counts = dict.fromkeys(CELLS, 0)
    large = {**counts, "response.of": 12, "response.hit": 9}
    table = FrozenRates(figures={"x": large}, settings_then={"least": 10, "public_least": 5})

    (name, cells), (code, same) = public_lines(table)

    assert (name, code, cells) == ("全区合计", "x", same)
    assert (cells[0].percent, cells[0].hits, cells[0].of, cells[0].closed) == (
        "75.0%",
        9,
        12,
        False,
    )
