"""Who may take which step, and that the row filter and the predicate answer alike for everybody."""

from datetime import date

import pytest

from lianqi.appeals import actions
from lianqi.appeals.access import visible_appeals
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import LinkHolder, may
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.queries.duties import duty_list
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, User
from tests.appeals.stage import MORNING, WAYS, Stage, written
from tests.factories import LONG_AGO, UserFactory, entrepreneur, file_appeal, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OFFICE = {"office", "insider"}
UNIT = {"liaison", "leader", "principal"}
HELPERS = {"co_liaison", "co_leader"}
FIRM = {"firm"}

# The permission sheet: each step, a state in which it can be taken, and who may.
SHEET = {
    "accept": ("submitted", OFFICE),
    "decline": ("submitted", OFFICE),
    "request_supplement": ("submitted", OFFICE),
    "merge": ("submitted", OFFICE),
    "waive_supplement": ("supplement", OFFICE),
    "dispatch": ("accepted", OFFICE),
    "answer_directly": ("accepted", OFFICE),
    "sign": ("dispatched", {"liaison"}),
    "return_order": ("dispatched", {"liaison"}),
    "rule_return": ("disputed", OFFICE),
    "record_contact": ("handling", UNIT),
    "report_stage": ("handling", UNIT),
    "submit_opinion": ("handling", HELPERS),
    "request_extension": ("handling", UNIT),
    "decide_extension": ("extension asked", OFFICE),
    "request_closing": ("handling", {"liaison"}),
    "sign_closing": ("signing", {"leader"}),
    "return_draft": ("signing", {"leader"}),
    "approve_closing": ("review", OFFICE),
    "reject_closing": ("review", OFFICE),
    "rate": ("answered", FIRM),
    # Somebody outside the handling unit: the clerk who comes from it may not.
    "callback": ("answered", {"office"}),
    "redo": ("dissatisfied", OFFICE),
    "instruct": ("escalated", {"head"}),
    "close": ("rated", OFFICE),
    "recheck_promise": ("promised", OFFICE),
    "move_promise": ("promised", OFFICE | {"liaison", "leader"}),
    "deny_promise": ("promise checked", FIRM),
    "reopen": ("closed", OFFICE),
    "supplement": ("supplement", FIRM),
    "nudge": ("submitted", FIRM),
    "withdraw": ("submitted", FIRM),
    "seal": ("submitted", FIRM | OFFICE),
    "lift_seal": ("sealed", FIRM),
    # Whoever comes from the handling unit may not know whose appeal it is, and sees no files.
    "release_file": ("sealed with a file", {"office"}),
    "urge": ("submitted", OFFICE),
}
MORE_WAYS = {
    **WAYS,
    "sealed": ["seal"],
    "sealed with a file": ["seal", "accept", "dispatch", "supplement_file"],
    "extension asked": [*WAYS["handling"], "request_extension"],
    "promised": [*WAYS["handling"], "request_planned", "sign_closing", "approve_closing"],
}
MORE_WAYS["promise checked"] = [*MORE_WAYS["promised"], "recheck_promise"]


def fresh(user):
    """Return the user as the next request loads it."""
    return User.objects.get(pk=user.pk)


def test_the_sheet_covers_every_step():
    assert set(SHEET) | {"submit"} == set(APPEAL.steps)


@pytest.mark.parametrize("key", SHEET)
def test_a_step_is_open_to_the_roles_of_the_sheet_and_to_nobody_else(key):
    state, allowed = SHEET[key]
    stage = Stage()
    stage.go(*MORE_WAYS[state])
    assert stage.twin.pk  # the other appeal is filed before we look at what is written
    before, offered, refused = written(), set(), set()

    for role, user in stage.who.items():
        if key in {step.key for step in APPEAL.open_steps(stage.appeal, user)}:
            offered.add(role)
            continue
        with pytest.raises(NotPermitted):
            stage.take(key, role)
        refused.add(role)

    assert (offered, refused, written()) == (allowed, set(stage.who) - allowed, before)


def test_an_appeal_is_filed_by_its_firm_the_office_or_a_helper_cadre():
    stage = Stage()
    enterprise = stage.appeal.enterprise
    facts = {"kind": "help", "title": "用电增容", "content": "需要增容。", "contact_name": "王某"}
    filed, refused = set(), set()

    for role, user in stage.who.items():
        try:
            actions.submit_appeal(enterprise, actor=user, contact_phone="13800138000", **facts)
            filed.add(role)
        except NotPermitted:
            refused.add(role)

    allowed = FIRM | OFFICE | {"helper"}
    assert (filed, refused) == (allowed, set(stage.who) - allowed)


def test_at_the_raised_level_the_leader_too_puts_the_answer_up():
    stage = Stage.at("dissatisfied")
    stage.take("redo")

    offered = {
        role
        for role, user in stage.who.items()
        if "request_closing" in {step.key for step in APPEAL.open_steps(stage.appeal, user)}
    }

    assert offered == {"liaison", "leader"}


def test_an_escalated_appeal_is_closed_by_the_office_or_the_head():
    stage = Stage.at("escalated")

    offered = {
        role
        for role, user in stage.who.items()
        if "close" in {step.key for step in APPEAL.open_steps(stage.appeal, user)}
    }

    assert offered == {"office", "insider", "head"}


def test_after_an_upheld_return_the_former_unit_may_do_nothing():
    stage = Stage.at("disputed")
    stage.take("rule_return")

    offered = {
        role: {step.key for step in APPEAL.open_steps(stage.appeal, stage.who[role])}
        for role in ("liaison", "leader", "stranger")
    }

    # The return has been used up, so the new unit signs.
    assert offered == {"liaison": set(), "leader": set(), "stranger": {"sign"}}


def test_a_link_opens_the_one_thing_it_was_made_for():
    stage = Stage.at("answered")
    holder = LinkHolder("appeals.rate", stage.appeal.pk, "某公司")

    assert {step.key for step in APPEAL.open_steps(stage.appeal, holder)} == {"rate"}
    assert {step.key for step in APPEAL.open_steps(stage.twin, holder)} == set()


# --- the row filter and the predicate


def population(stage):
    """Fill the register with appeals in all manner of states and hands."""
    for state in WAYS:
        Stage.at(state)
    for way in (
        ["accept", "answer_directly"],
        ["accept", "dispatch", "return_order", "rule_return"],
    ):
        Stage().go(*way)
    stage.go("accept")
    stage.take("dispatch", co_units=[stage.helping, stage.other])
    by_helper = file_appeal(entrepreneur())
    Appeal.objects.filter(pk=by_helper.pk).update(filed_by=stage.who["helper"], channel="visit")
    for unit in (stage.lead, stage.helping, stage.other):
        handled = Stage().go("accept")
        actions.dispatch_appeal(handled, actor=stage.who["office"], lead_unit=unit)


def seen(user):
    """Return what the filter shows and what the predicate allows, as sets of keys."""
    user = fresh(user)
    everything = Appeal.objects.all()
    return (
        set(visible_appeals(user).values_list("pk", flat=True)),
        {appeal.pk for appeal in everything if may(user, "appeals.view", appeal)},
    )


def test_filter_and_predicate_agree_for_every_role():
    stage = Stage()
    population(stage)

    shown = {role: seen(user) for role, user in stage.who.items()}

    assert {role: by_filter for role, (by_filter, _) in shown.items()} == {
        role: by_predicate for role, (_, by_predicate) in shown.items()
    }
    everybody = Appeal.objects.count()
    assert {role: len(by_filter) for role, (by_filter, _) in shown.items()} == {
        "office": everybody,
        "insider": everybody,
        "discipline": everybody,
        "convener": everybody,
        "conference": everybody,
        "head": everybody,
        # its own appeal, and one dispatched without helpers
        "liaison": 2,
        "leader": 2,
        "principal": 2,
        "co_liaison": 2,
        "co_leader": 2,
        "stranger": 2,
        "firm": 1,
        "helper": 1,
        "rival": 0,
        "sysadmin": 0,
        "secadmin": 0,
        "auditor": 0,
    }


POSTS = [
    ("office", Post.OFFICE_STAFF, BodyCode.TF3),
    ("head", Post.HEAD, BodyCode.TF3),
    ("convener", Post.CONVENER, BodyCode.JC),
    ("liaison", Post.LIAISON, None),
    ("leader", Post.LEADER, None),
    ("discipline", Post.DISCIPLINE, None),
]
PERIODS = {
    "ended": (LONG_AGO, date(2026, 3, 8)),
    "last day": (LONG_AGO, date(2026, 3, 9)),
    "first day": (date(2026, 3, 9), None),
    "future": (date(2026, 3, 10), None),
}


@pytest.mark.parametrize(("period", "holds"), list(zip(PERIODS, [0, 1, 1, 0], strict=True)))
@pytest.mark.parametrize(("name", "post", "body"), POSTS)
def test_a_post_shows_appeals_from_its_first_to_its_last_day(name, post, body, period, holds):
    stage = Stage.at("handling")
    user = person(post, unit=None if body else stage.lead, body=body)
    since, until = PERIODS[period]
    Appointment.objects.filter(user=user).update(valid_from=since, valid_to=until)

    by_filter, by_predicate = seen(user)

    assert (len(by_filter), by_filter) == (holds, by_predicate)


@pytest.mark.parametrize("role", ["office", "liaison", "co_liaison", "head", "firm", "discipline"])
def test_a_suspended_account_sees_nothing(role):
    stage = Stage.at("handling")
    User.objects.filter(pk=stage.who[role].pk).update(is_active=False)

    assert seen(stage.who[role]) == (set(), set())


def test_an_account_that_no_longer_acts_for_the_firm_does_not_see_what_it_filed():
    stage = Stage()
    stage.who["firm"].memberships.update(until=date(2026, 3, 8))

    assert seen(stage.who["firm"]) == (set(), set())


def test_a_helper_cadre_who_has_left_the_post_does_not_see_what_he_filed():
    stage = Stage()
    Appeal.objects.update(filed_by=stage.who["helper"])
    Appointment.objects.filter(user=stage.who["helper"]).update(valid_to=date(2026, 3, 8))

    assert seen(stage.who["helper"]) == (set(), set())


def test_a_unit_that_helped_until_the_redispatch_sees_the_appeal_no_longer():
    stage = Stage.at("disputed")
    stage.take("rule_return")

    assert [seen(stage.who[role])[0] for role in ("liaison", "co_liaison", "stranger")] == [
        set(),
        {stage.appeal.pk},
        {stage.appeal.pk},
    ]


def test_somebody_with_posts_in_lead_and_helping_unit_sees_an_appeal_once():
    stage = Stage.at("handling")
    both = UserFactory()
    for unit in (stage.lead, stage.helping):
        Appointment.objects.create(user=both, post=Post.LEADER, unit=unit, valid_from=LONG_AGO)

    assert list(visible_appeals(fresh(both))) == [stage.appeal]


def test_a_helper_cadre_lists_no_duties_of_the_unit_he_sits_in():
    stage = Stage.at("handling")

    listed = {
        role: duty_list(stage.who[role]).filter(matter__contains=stage.appeal.title).count()
        for role in ("helper", "leader")
    }

    assert (listed["helper"], listed["leader"] > 0) == (0, True)
