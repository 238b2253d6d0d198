"""Both books side by side: opened once, answered line by line, ruled, and only then struck off."""

from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.models import Duty
from lianqi.ledger.actions import grade_closing, open_statement, reopen_item, strike_off
from lianqi.ledger.actions.statements import Answer, Verdict, answer_statement, rule_statement
from lianqi.ledger.models import Statement
from lianqi.ledger.queries.statements import BookLine, book_lines
from tests.kernel.threads import together
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
LIST = "/ledger/statements/"


@pytest.fixture
def stage():
    with at(TODAY):
        yield Stage()


def opened(stage, month="2026-11"):
    return open_statement(stage.lead, month, actor=stage.office)


def lines_of(statement):
    return list(statement.lines.order_by("pk"))


def step_url(statement, key):
    return reverse("ledger:statement_step", args=[statement.number, key])


def guards(client, statement, key):
    """Return what the form of a step carries to be safe: its key, and the state it was drawn in."""
    form = client.get(step_url(statement, key)).context["step_form"]
    return {name: form[name].value() for name in ("idempotency_key", "seen")}


def settled(stage, **facts):
    """Return a settled statement with two items that both books call done."""
    stage.completed(**facts), stage.completed(**facts)
    statement = opened(stage)
    said = {line.pk: Answer("agreed") for line in lines_of(statement)}
    return answer_statement(statement, actor=stage.liaison, answers=said)


def test_the_duty_opens_the_page_with_its_form(stage, client):
    stage.completed()
    statement = opened(stage)
    duty = Duty.objects.about(statement).get(state="open")
    client.force_login(stage.liaison)

    page = client.get(f"{duty.url}?step={duty.key}")

    assert (page.status_code, page.context["step"].key) == (200, "answer_statement")
    assert page.context["step_url"] == step_url(statement, "answer_statement")


def test_a_unit_agrees_to_every_line_with_one_button(stage, client):
    stage.completed(), stage.underway()
    statement = opened(stage)
    client.force_login(stage.liaison)
    page = client.get(statement.get_absolute_url())
    sent = {"agree_all": "1", "seen": "opened", "idempotency_key": str(page.context["once_key"])}

    answer = client.post(step_url(statement, "answer_statement"), sent)

    statement.refresh_from_db()
    assert (answer.status_code, statement.state) == (302, "settled")
    assert [line.answer for line in lines_of(statement)] == ["agreed", "agreed"]


def test_a_dispute_without_a_note_is_refused_and_everything_typed_stays(stage, client):
    stage.completed(), stage.underway()
    statement = opened(stage)
    first, second = lines_of(statement)
    client.force_login(stage.liaison)
    sent = guards(client, statement, "answer_statement") | {
        f"answer-{first.pk}": "agreed",
        f"answer-{second.pk}": "disputed",
        f"percent-{second.pk}": "60",
    }

    refused = client.post(step_url(statement, "answer_statement"), sent)
    form = refused.context["step_form"]
    kept = (form[f"answer-{first.pk}"].value(), form[f"percent-{second.pk}"].value())
    taken = client.post(
        step_url(statement, "answer_statement"), {**sent, f"note-{second.pk}": "已过半。"}
    )

    second.refresh_from_db()
    assert (refused.status_code, list(form.errors)) == (422, [f"note-{second.pk}"])
    assert (kept, taken.status_code) == (("agreed", "60"), 302)
    assert (second.answer, second.unit_percent, second.unit_note) == ("disputed", 60, "已过半。")


def test_the_office_rules_with_a_reason_where_it_keeps_its_own_word(stage, client):
    stage.completed()
    statement = opened(stage)
    [line] = lines_of(statement)
    said = Answer("disputed", note="还差两家。", done=False)
    answer_statement(statement, actor=stage.liaison, answers={line.pk: said})
    client.force_login(stage.office)
    sent = guards(client, statement, "rule_statement") | {f"ruling-{line.pk}": "kept"}

    refused = client.post(step_url(statement, "rule_statement"), sent)
    taken = client.post(
        step_url(statement, "rule_statement"), {**sent, f"reason-{line.pk}": "名录已核实。"}
    )

    line.refresh_from_db()
    assert (refused.status_code, taken.status_code) == (422, 302)
    assert (line.ruling, line.ruling_note) == ("kept", "名录已核实。")


def test_a_double_click_answers_once_and_a_stale_page_is_told_what_has_happened(stage, client):
    stage.completed()
    statement = opened(stage)
    client.force_login(stage.liaison)
    sent = guards(client, statement, "answer_statement") | {"agree_all": "1"}
    late = guards(client, statement, "answer_statement") | {"agree_all": "1"}

    first, again, stale = (
        client.post(step_url(statement, "answer_statement"), given) for given in (sent, sent, late)
    )

    assert (first.status_code, again.status_code, stale.status_code) == (302, 302, 409)


def test_only_the_units_own_people_answer_and_only_the_office_rules(stage):
    stage.completed()
    statement = opened(stage)
    [line] = lines_of(statement)

    with pytest.raises(NotPermitted):
        answer_statement(statement, actor=stage.sharer, answers={line.pk: Answer("agreed")})
    with pytest.raises(NotPermitted):
        answer_statement(statement, actor=stage.office, answers={line.pk: Answer("agreed")})
    answer_statement(statement, actor=stage.leader, answers={line.pk: Answer("disputed", "不符。")})
    with pytest.raises(NotPermitted):
        rule_statement(statement, actor=stage.leader, rulings={line.pk: Verdict("adopted")})


def test_all_agreed_items_are_struck_off_in_one_click_and_a_second_click_says_the_same(
    stage, client
):
    statement = settled(stage)
    client.force_login(stage.office)
    key = str(client.get(statement.get_absolute_url()).context["once_key"])
    url = reverse("ledger:statement_strike_off", args=[statement.number])

    first, again = (client.post(url, {"idempotency_key": key}) for _ in range(2))

    told = [[result.done for result in page.context["results"]] for page in (first, again)]
    assert told == [[True, True], [True, True]]
    assert [line.item.state for line in book_lines(statement)] == ["struck", "struck"]


def test_one_item_that_cannot_be_struck_off_stops_no_other(stage, client):
    statement = settled(stage)
    early = statement.lines.first().item
    strike_off(early, actor=stage.office)
    client.force_login(stage.office)

    page = client.post(
        reverse("ledger:statement_strike_off", args=[statement.number]), {"idempotency_key": "k"}
    )

    results = page.context["results"]
    assert [result.done for result in results] == [False, True]
    assert "已销号" in results[0].message


def test_a_unit_does_not_strike_off(stage, client):
    statement = settled(stage)
    client.force_login(stage.liaison)

    page = client.post(reverse("ledger:statement_strike_off", args=[statement.number]))

    assert page.status_code == 403
    assert [line.item.state for line in book_lines(statement)] == ["completed", "completed"]


def test_what_both_call_done_but_nobody_has_graded_says_so(stage):
    item = stage.closing()
    statement = opened(stage)
    [line] = lines_of(statement)
    answer_statement(statement, actor=stage.liaison, answers={line.pk: Answer("agreed", done=True)})

    before = str(BookLine(book_lines(statement).get()).outcome)
    grade_closing(item, actor=stage.office, grade="good")
    after = str(BookLine(book_lines(statement).get()).outcome)

    assert (before, after) == (
        "双方都认为已完成，但办公室还没有审核评定；评定后列入下一期对账",
        "",
    )


def test_a_reopened_item_keeps_what_its_statements_said(stage, client):
    statement = settled(stage)
    item = statement.lines.first().item
    strike_off(item, actor=stage.office)
    reopen_item(item, actor=stage.office, reason="企业反映没有落实。")
    client.force_login(stage.liaison)

    line = client.get(item.get_absolute_url()).context["record"].last_line

    assert (line.statement, line.answer, line.office_state) == (statement, "agreed", "completed")
    assert (item.agreed_at, item.closings.get().struck_at is not None) == (None, True)


def test_a_month_is_opened_once_for_a_unit(stage):
    stage.underway()
    opened(stage)

    with pytest.raises(RuleBroken, match="已经开过"):
        opened(stage)


def test_what_was_assigned_after_a_month_does_not_stand_on_its_statement(stage):
    with at(date(2026, 10, 20)):
        early = stage.underway()
    stage.underway()

    statement = opened(stage, "2026-10")

    assert [line.item for line in lines_of(statement)] == [early]


def test_the_office_opens_this_months_statements_for_all_units(stage, client):
    stage.underway()
    client.force_login(stage.office)
    sent = {"month": "2026-11", "unit": ""}

    first, again = (client.post("/ledger/statements/new/", sent) for _ in range(2))

    assert (first.status_code, again.status_code, Statement.objects.count()) == (302, 302, 1)


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "十一月"])
def test_no_month_to_come_and_no_nonsense_is_opened(stage, client, month):
    stage.underway()
    client.force_login(stage.office)

    page = client.post("/ledger/statements/new/", {"month": month, "unit": ""})

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["month"])


def test_a_unit_sees_its_own_statements_only(stage, client):
    stage.underway()
    statement = opened(stage)

    seen = {}
    for name in ("office", "convener", "liaison", "leader", "sharer", "stranger"):
        client.force_login(getattr(stage, name))
        listed = client.get(LIST).context["page"].rows
        seen[name] = (listed == [statement], client.get(statement.get_absolute_url()).status_code)

    yes, no = (True, 200), (False, 404)
    assert seen == {
        "office": yes, "convener": yes, "liaison": yes, "leader": yes, "sharer": no, "stranger": no,
    }  # fmt: skip


def test_the_list_narrows_by_month_unit_and_state(stage, client):
    stage.underway()
    statement = opened(stage)
    client.force_login(stage.office)
    asked = [
        "month=2026-11", "month=2026-10", f"unit={stage.lead.code}", f"unit={stage.other.code}",
        "state=opened", "state=settled",
    ]  # fmt: skip

    found = [client.get(f"{LIST}?{query}").context["page"].rows for query in asked]

    # A month without statements is not offered, so it narrows nothing.
    assert found == [[statement], [statement], [statement], [], [statement], []]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_answer_stands():
    with at(TODAY):
        stage = Stage()
        stage.completed()
        statement = opened(stage)
        [line] = lines_of(statement)

        copies = [Statement.objects.get(pk=statement.pk) for _ in range(2)]
        said = [(stage.liaison, Answer("agreed")), (stage.leader, Answer("disputed", "不符。"))]
        results = together(
            *(
                partial(answer_statement, copy, actor=actor, answers={line.pk: answer})
                for copy, (actor, answer) in zip(copies, said, strict=True)
            )
        )

    assert sorted(type(result).__name__ for result in results) == ["StaleState", "Statement"]
