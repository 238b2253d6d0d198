"""三率: what is counted, for whom, and that every figure opens exactly its rows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.appeals.actions.facts import keep_facts, keep_missing_facts
from lianqi.appeals.enums import AppealState, ContactFact
from lianqi.appeals.models import Appeal, CaseFact, Rating
from lianqi.appeals.queries.facts import facts_of
from lianqi.appeals.queries.periods import Period, asked_period, preset
from lianqi.appeals.queries.rates import (
    CELLS,
    counts_by_unit,
    facts_between,
    rate_rows,
    rates_table,
)
from lianqi.demo.filling import fill
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.organisation.models import Unit, User
from tests.appeals.stage import MORNING, Stage
from tests.factories import office_clerk

ALWAYS = Period(date(2020, 1, 1), date(2030, 12, 31))


def fact(stage):
    return CaseFact.objects.get(appeal=stage.appeal)


def line_of(user, unit, period=ALWAYS):
    [line] = [one for one in rates_table(user, period).units if one.code == unit.code]
    return line


def pairs(line):
    return [(rate.hits, rate.of) for rate in line.rates]


# --- what counts


@pytest.mark.django_db
@pytest.mark.time_machine(MORNING)
class TestFacts:
    def test_an_appeal_counts_from_its_dispatch_on(self):
        stage = Stage.at("accepted")
        assert CaseFact.objects.count() == 0

        stage.take("dispatch")

        assert (fact(stage).unit, fact(stage).dispatched_on) == (stage.lead, MORNING.date())
        assert fact(stage).contact == ContactFact.OPEN

    def test_what_the_office_answers_itself_is_in_no_unit_s_rate(self):
        stage = Stage.at("accepted")

        stage.take("answer_directly")
        stage.take("rate")

        assert CaseFact.objects.count() == 0

    def test_a_contact_in_time_is_kept_and_one_too_late_is_late(self, time_machine):
        early, late = Stage.at("handling"), Stage.at("handling")
        early.take("record_contact")
        time_machine.move_to(MORNING + timedelta(days=2))

        late.take("record_contact")

        assert (fact(early).contact, fact(late).contact) == (ContactFact.KEPT, ContactFact.LATE)

    def test_an_answer_without_contact_is_no_response_and_a_second_round_does_not_mend_it(self):
        stage = Stage.at("handling")
        stage.go("request_closing", "sign_closing", "approve_closing")
        assert fact(stage).contact == ContactFact.NONE

        stage.go("rate_badly", "redo")
        stage.take("record_contact", role="leader")

        assert fact(stage).contact == ContactFact.NONE

    def test_silence_is_neither_confirmation_nor_satisfaction(self, time_machine):
        stage = Stage.at("answered")
        time_machine.move_to(MORNING + timedelta(days=9))

        stage.take("close")

        assert (fact(stage).word, fact(stage).level) == ("silent", None)
        line = line_of(stage.who["office"], stage.lead)
        assert pairs(line) == [(1, 1), (0, 1), (0, 0)]
        assert [rate.open for rate in line.rates] == [0, 1, 1]

    def test_a_good_rating_confirms_and_a_bad_word_on_the_phone_denies(self):
        stage = Stage.at("rated")
        assert fact(stage).word == "confirmed"

        stage.take("callback", level=2, note="企业说又坏了。")

        assert (fact(stage).word, fact(stage).level) == ("denied", 5)

    def test_other_outcomes_are_no_solution_however_satisfied_the_firm_is(self):
        stage = Stage.at("handling")
        stage.go("request_planned", "sign_closing", "approve_closing", "rate")

        line = line_of(stage.who["office"], stage.lead)

        assert (line.rates[1].hits, line.rates[2].hits) == (0, 1)
        assert {figure.label: figure.value for figure in line.apart if figure.value} == {
            "列入计划": 1
        }

    def test_the_last_rating_counts_and_the_first_bad_one_stays_on_view(self):
        stage = Stage.at("dissatisfied")
        stage.go("redo", "request_closing", "sign_closing", "approve_closing")
        assert (fact(stage).level, fact(stage).word) == (1, "silent")

        stage.take("rate", level=4)

        line = line_of(stage.who["office"], stage.lead)
        assert (line.rates[2].hits, line.rates[2].of, line.bad_once.value) == (1, 1, 1)

    def test_a_redo_takes_the_solution_back_until_there_is_a_new_answer(self):
        stage = Stage.at("dissatisfied")

        stage.take("redo")

        assert (fact(stage).outcome, fact(stage).word, fact(stage).answered) == ("", "", True)

    def test_a_closing_that_did_not_hold_is_counted_as_reopened(self):
        stage = Stage.at("closed")

        stage.take("reopen")

        line = line_of(stage.who["office"], stage.lead)
        assert (line.reopened.hits, line.reopened.of) == (1, 1)

    def test_an_upheld_return_moves_the_appeal_to_the_other_unit_but_not_to_another_day(
        self, time_machine
    ):
        stage = Stage.at("disputed")
        time_machine.move_to(MORNING + timedelta(days=1))

        stage.take("rule_return")

        assert (fact(stage).unit, fact(stage).dispatched_on) == (stage.other, MORNING.date())

    def test_returns_nudges_and_refused_extensions_are_counted(self):
        stage = Stage.at("handling")
        stage.go("request_extension")
        stage.take("decide_extension", approve=False)
        stage.go("nudge", "request_closing", "return_draft", "request_closing", "sign_closing")
        stage.go("reject_closing")

        counted = fact(stage)

        assert (counted.returned, counted.nudges, counted.extension_refused) == (2, 1, True)

    def test_facts_that_are_missing_are_made_from_the_records(self):
        stage = Stage.at("rated")
        kept = CaseFact.objects.values().get()
        CaseFact.objects.all().delete()

        assert keep_missing_facts(10) == 1
        assert CaseFact.objects.values().get() == kept
        assert keep_missing_facts(10) == 0
        assert keep_facts(Stage.at("submitted").appeal) is None
        assert stage.reload().state == AppealState.RATED


# --- the demonstration district, counted by hand


@pytest.fixture
def district(db):
    fill()
    return User.objects.get(username="discipline")


def by_hand(appeal):
    """Count one appeal the slow way, from its journal, its duties and its ratings."""
    lines = list(JournalEntry.objects.about(appeal).order_by("seq"))
    verbs = [line.verb.removeprefix("appeal.") for line in lines]
    redone = [i for i, verb in enumerate(verbs) if verb in ("redo", "instruct", "reopen")]
    first_round = verbs[: redone[0]] if redone else verbs
    contact = Duty.objects.about(appeal).filter(key="record_contact").order_by("pk").first()
    in_time = bool(
        "record_contact" in first_round
        and contact.state == "done"
        and contact.closed_at < contact.red_at
    )
    answered_now = appeal.answered_at is not None
    said = [rating.level for rating in appeal.ratings.filter(round=appeal.round)]
    said += [call.level for call in appeal.callbacks.filter(round=appeal.round) if call.level]
    solved = answered_now and appeal.outcome == "solved" and bool(said) and min(said) >= 3
    last = Rating.objects.filter(appeal=appeal).order_by("-round").first()
    out = {one.rate for one in appeal.exclusions.filter(state="approved")}
    return {
        "response": ("response" not in out, True, in_time),
        "resolution": ("resolution" not in out, True, solved),
        "satisfaction": (
            "satisfaction" not in out,
            last is not None,
            bool(last) and last.level >= 3,
        ),
        "reopened": ("close" in verbs, "reopen" in verbs),
    }


def test_a_hand_count_of_the_demonstration_equals_every_rate_shown(district):
    table = rates_table(district, ALWAYS)
    dispatched = [
        appeal
        for appeal in Appeal.objects.select_related("lead_unit")
        if JournalEntry.objects.about(appeal).filter(verb="appeal.dispatch").exists()
    ]
    assert len(dispatched) == 17
    counted = [(appeal.lead_unit.code, by_hand(appeal)) for appeal in dispatched]

    for line in [table.district, *table.units]:
        mine = [hand for code, hand in counted if line.code in ("", code)]
        assert line.dispatched.value == len(mine)
        for rate in line.rates:
            hands = [hand[rate.key] for hand in mine]
            assert (rate.hits, rate.of, rate.kept_hits, rate.kept_of) == (
                sum(hit for _, of, hit in hands if of),
                sum(of for _, of, _ in hands),
                sum(hit for kept, of, hit in hands if of and kept),
                sum(of and kept for kept, of, _ in hands),
            )
        assert (line.reopened.hits, line.reopened.of) == (
            sum(again for closed, again in (hand["reopened"] for hand in mine) if closed),
            sum(closed for closed, _ in (hand["reopened"] for hand in mine)),
        )
    # The scenes were chosen so that these are not all alike.
    assert pairs(table.district) == [(14, 17), (8, 17), (8, 9)]
    assert [rate.kept_of for rate in table.district.rates] == [17, 16, 9]


def test_every_figure_opens_exactly_its_rows(district):
    counts = counts_by_unit(facts_between(ALWAYS.first, ALWAYS.last))
    asked = [(cell, code, n) for code, cells in counts.items() for cell, n in cells.items()]
    found = [
        (
            cell,
            code,
            rate_rows(district, cell, first=ALWAYS.first, last=ALWAYS.last, unit=code).count(),
        )
        for cell, code, _ in asked
    ]

    assert found == asked
    assert len(asked) == len(CELLS) * len(counts)


def test_the_kept_facts_are_what_the_records_say_now(district):
    for kept in CaseFact.objects.select_related("appeal"):
        said = facts_of(kept.appeal)
        assert {name: getattr(kept, name) for name in said} == said


def test_links_of_the_page_lead_to_pages_with_that_many_rows(district, client):
    client.force_login(district)
    table = rates_table(district, ALWAYS)
    links = [
        (rate.links[part], getattr(rate, name))
        for line in [table.district, *table.units]
        for rate in line.rates
        for part, name in (("hit", "hits"), ("of", "of"), ("open", "open"), ("out", "out"))
    ]

    shown = [(url, client.get(url).context["count"]) for url, _ in links]

    assert shown == links


# --- who sees what


@pytest.mark.django_db
@pytest.mark.time_machine(MORNING)
class TestWhoSees:
    def test_a_unit_sees_itself_and_the_district_and_opens_only_its_own_rows(self, client):
        mine, other = Stage.at("rated"), Stage.at("dissatisfied")
        liaison = mine.who["liaison"]
        table = rates_table(liaison, ALWAYS)

        assert [line.code for line in table.units] == [mine.lead.code]
        assert (table.district.dispatched.value, table.district.dispatched.url) == (2, "")
        client.force_login(liaison)
        theirs = client.get(
            "/appeals/rates/rows/",
            {"cell": "dispatched", "since": "2026-03-01", "until": "2026-03-31"},
        )
        assert [row.appeal for row in theirs.context["page"].rows] == [mine.appeal]
        asked = client.get("/appeals/rates/", {"unit": other.lead.code, "since": "2026-03-01"})
        assert [line.code for line in asked.context["table"].units] == [mine.lead.code]

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("office", 200), ("head", 200), ("convener", 200), ("conference", 200),
            ("discipline", 200), ("liaison", 200), ("leader", 200), ("co_liaison", 200),
            ("helper", 403), ("firm", 403), ("sysadmin", 403), ("auditor", 403), ("secadmin", 403),
        ],
    )  # fmt: skip
    def test_the_page_is_for_units_and_overseers(self, client, role, status):
        stage = Stage.at("rated")
        client.force_login(stage.who[role])

        pages = ["/appeals/rates/", "/appeals/rates/export/", "/appeals/rates/exclusions/"]

        assert [client.get(page).status_code for page in pages] == [status] * 3

    def test_an_unknown_figure_is_not_found(self, client):
        client.force_login(office_clerk())

        assert client.get("/appeals/rates/rows/", {"cell": "ranking"}).status_code == 404

    @pytest.mark.parametrize("path", ["/appeals/rates/", "/appeals/supervision/"])
    def test_a_page_needs_as_many_queries_for_five_units_as_for_one(self, client, path):
        stage = Stage.at("rated")
        client.force_login(stage.who["office"])
        client.get(path)

        def queries():
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get(path, {"period": "year"}).status_code == 200
            return len(seen)

        one = queries()
        for _ in range(4):
            Stage.at("dissatisfied")

        assert queries() == one

    def test_few_cases_are_no_rate_to_judge_by(self, client):
        stage = Stage.at("rated")
        client.force_login(stage.who["office"])

        page = client.get("/appeals/rates/", {"period": "year"}).content.decode()

        assert time_limit("appeal.rates.least").amount == 10
        assert page.count("件数太少，不作评判") == 6


# --- periods


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("last_quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_preset_is_a_whole_month_quarter_or_year(key, first, last):
    assert (preset(key).first, preset(key).last) == (first, last)


def test_two_days_beat_a_preset_and_what_cannot_be_read_is_the_quarter():
    assert asked_period("year", "2026-05-09", "2026-05-01") == Period(
        date(2026, 5, 1), date(2026, 5, 9)
    )
    assert asked_period("decade", "2026-13-01", "").key == "quarter"


def test_units_stand_in_order_of_their_codes(district):
    codes = [line.code for line in rates_table(district, ALWAYS).units]

    assert codes == sorted(codes)
    assert set(codes) <= set(Unit.objects.values_list("code", flat=True))
