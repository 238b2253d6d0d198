"""Rules as data, counters with their lights, members, and the pages that keep them."""

from datetime import date, datetime

import pytest
import time_machine

from lianqi.conference import actions
from lianqi.conference.actions.bodies import fill_meeting_rules
from lianqi.conference.enums import CAPACITIES
from lianqi.conference.models import Meeting, MeetingRule, MemberUnit
from lianqi.conference.queries.bodies import counters, light_of, rules_in_force
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from tests.conference.stage import MORNING, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]


def rule(body="JC", kind="plenary"):
    return MeetingRule.objects.in_force(body, kind)


def test_every_rule_says_its_source_and_who_may_what():
    told = {(r.body, r.kind): (r.least, r.most, r.source) for r in rules_in_force()}

    assert told == {
        ("JC", "plenary"): (1, 2, "text"),
        ("JC", "thematic"): (None, None, "text"),
        ("JC", "office"): (None, None, "suggested"),
        ("TF3", "plenary"): (2, None, "text"),
        ("TF3", "thematic"): (None, None, "text"),
        ("TF3", "office"): (None, None, "text"),
    }
    assert all(CAPACITIES[r.convened_by] and r.basis for r in rules_in_force())


def test_the_rules_of_a_fresh_district_are_entered_once():
    assert fill_meeting_rules() == 0


@pytest.mark.parametrize(
    ("held", "year", "on", "light"),
    [
        (0, 2026, date(2026, 3, 9), "grey"),
        (0, 2026, date(2026, 9, 30), "grey"),
        (0, 2026, date(2026, 10, 1), "amber"),
        (1, 2026, date(2026, 3, 9), "green"),
        (3, 2026, date(2026, 12, 9), "green"),
        (0, 2025, date(2026, 3, 9), "red"),
        # The rules were issued on 21 August 2020: a part of a year is never red.
        (0, 2020, date(2026, 3, 9), "grey"),
        (1, 2020, date(2026, 3, 9), "green"),
    ],
)
def test_the_light_of_the_conference_s_plenaries(held, year, on, light):
    assert light_of(rule(), held, year, on) == light


@pytest.mark.parametrize(("held", "light"), [(1, "red"), (2, "green"), (5, "green")])
def test_the_task_force_has_two_plenaries_a_year(held, light):
    assert light_of(rule("TF3"), held, 2025, date(2026, 3, 9)) == light


def test_meetings_as_needed_have_no_light_that_judges():
    assert light_of(rule(kind="thematic"), 0, 2025, date(2026, 3, 9)) == "blue"


def test_a_meeting_counts_once_it_is_held_for_its_body_form_and_year():
    stage = Stage.with_meeting("issued")
    stage.plan()

    told = {(one.rule.body, one.rule.kind): one.held for one in counters(stage.who["office"], 2026)}
    before = {one.held for one in counters(stage.who["office"], 2025)}

    assert told[("JC", "thematic")] == 1
    assert sum(told.values()) == 1
    assert before == {0}


def test_2020_counts_from_the_day_of_issue():
    stage = Stage.with_meeting("issued")
    for day in (date(2020, 8, 20), date(2020, 8, 21)):
        Meeting.objects.update(day=day)
        told = [
            one.held for one in counters(stage.who["office"], 2020) if one.rule.kind == "thematic"
        ]
        assert told[0] == (day == date(2020, 8, 21))


def test_more_than_the_principle_allows_is_told_and_no_fault():
    stage = Stage.with_meeting("issued")
    Meeting.objects.update(kind="plenary")
    MeetingRule.objects.filter(body="JC", kind="plenary").update(most=1, least=1)
    once = next(c for c in counters(stage.who["office"], 2026) if c.rule.kind == "plenary")
    MeetingRule.objects.filter(body="JC", kind="plenary").update(most=0, least=0)
    over = next(c for c in counters(stage.who["office"], 2026) if c.rule.kind == "plenary")

    assert (once.note, over.note, over.light) == ("", "超过“原则上”的次数，仅作提示", "green")


# --- changing them


def changed(stage, role="office", **facts):
    told = {
        "least": 2,
        "most": 4,
        "warn_month": 9,
        "source": "decided",
        "basis": "联席会议决定",
        "effective_from": date(2026, 4, 1),
        **facts,
    }
    return actions.set_meeting_rule(rule(), actor=stage.who[role], **told)


def test_a_changed_rule_is_a_dated_row_and_the_older_one_stays():
    stage = Stage()

    made = changed(stage)

    assert rule().least == 1
    with time_machine.travel(datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI), tick=False):
        assert (rule(), rule().least, rule().convened_by) == (made, 2, "convener_or_delegate")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"effective_from": date(2026, 3, 1)}, "effective_from"),
        ({"least": 3, "most": 2}, "most"),
    ],
)
def test_a_rule_that_contradicts_itself_or_the_past_is_refused(facts, field):
    stage = Stage()

    with pytest.raises(RuleBroken) as refusal:
        changed(stage, **facts)

    assert refusal.value.field == field


def test_two_rules_for_one_day_are_refused():
    stage = Stage()
    changed(stage)

    with pytest.raises(RuleBroken) as refusal:
        changed(stage)

    assert refusal.value.field == "effective_from"


@pytest.mark.parametrize("role", ["convener", "liaison", "head", "discipline"])
def test_who_keeps_no_rules_changes_none(role):
    stage = Stage()

    with pytest.raises(NotPermitted):
        changed(stage, role)
    with pytest.raises(NotPermitted):
        actions.admit_member(
            "JC", stage.lead, actor=stage.who[role], since=MORNING.date(), source="名单"
        )


def test_a_unit_is_a_member_once_until_it_leaves():
    stage, told = Stage(), {"since": MORNING.date(), "source": "成员名单"}
    member = actions.admit_member("JC", stage.lead, actor=stage.who["office"], **told)

    with pytest.raises(RuleBroken):
        actions.admit_member("JC", stage.lead, actor=stage.who["office"], **told)
    actions.end_membership(member, actor=stage.who["office"], until=MORNING.date())
    with pytest.raises(StepUnfit):
        actions.end_membership(member, actor=stage.who["office"], until=MORNING.date())

    assert list(MemberUnit.objects.in_force("JC", date(2026, 3, 10))) == []


def test_rules_members_and_delegations_are_kept_on_their_pages(client):
    stage = Stage()
    client.force_login(stage.who["office"])
    told = {
        f"rules/{rule().pk}/": {
            "least": "1",
            "most": "2",
            "warn_month": "11",
            "source": "decided",
            "basis": "联席会议决定",
            "effective_from": "2026-03-09",
        },
        "rules/members/new/": {
            "body": "JC",
            "unit": stage.lead.code,
            "since": "2026-03-09",
            "source": "成员名单",
        },
        "rules/delegation/": {
            "delegate": stage.who["director"].pk,
            "reason": "召集人外出，书面委托。",
            "valid_until": "2026-04-09",
        },
    }

    answers = {
        path: client.post(f"/conference/{path}", form).status_code for path, form in told.items()
    }
    ended = client.post(
        f"/conference/rules/members/{MemberUnit.objects.get().pk}/end/", {"until": "2026-03-31"}
    )

    assert set(answers.values()) == {302}
    assert (ended.status_code, client.get("/conference/rules/").status_code) == (302, 200)
