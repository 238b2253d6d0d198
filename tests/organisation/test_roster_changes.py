"""人员调整备案: filing, acknowledging, returning, taking effect, the handover list."""

from datetime import timedelta

import pytest
import time_machine

from lianqi.appeals.actions import accept_appeal, dispatch_appeal
from lianqi.kernel.access import SYSTEM, desks_of
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.models import Duty, IdempotencyKey
from lianqi.organisation import actions
from lianqi.organisation.access import sees_roster_change, unit_desk, visible_roster_changes
from lianqi.organisation.enums import Post, RosterChangeState
from lianqi.organisation.jobs import make_roster_changes_effective
from lianqi.organisation.models import Appointment, RosterChange, User
from tests.factories import UnitFactory, file_appeal, office_clerk, person
from tests.organisation.people import conference_clerk, secadmin, verbs

pytestmark = pytest.mark.django_db

NEW = "/organisation/roster-changes/new/"


def filing(unit, actor, **facts):
    facts = {
        "post": Post.LIAISON,
        "successor_name": "钱某",
        "successor_title": "综合科科长",
        "successor_phone": "13800138001",
        "effective_on": today(),
        "reason": "工作调动",
        **facts,
    }
    return actions.file_roster_change(unit, actor=actor, **facts)


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def liaison(unit):
    return person(Post.LIAISON, unit=unit)


def holder(unit, post=Post.LIAISON):
    return Appointment.objects.in_force().get(unit=unit, body=None, post=post).user


def test_a_filing_is_owed_to_the_office(unit, liaison):
    change = filing(unit, liaison)

    [duty] = Duty.objects.about(change)
    assert (change.state, change.number[:6]) == (RosterChangeState.FILED, f"BA{today().year}")
    assert (duty.key, duty.state, duty.limit_key) == ("acknowledge", "open", "roster.acknowledge")
    assert verbs(change) == ["roster_change.file"]


def test_only_who_speaks_for_the_unit_files(unit):
    with pytest.raises(NotPermitted):
        filing(unit, person(Post.LIAISON, unit=UnitFactory()))

    assert RosterChange.objects.count() == 0


def test_a_post_has_one_filing_at_a_time(unit, liaison):
    filing(unit, liaison)

    with pytest.raises(RuleBroken) as refused:
        filing(unit, liaison, successor_name="孙某")

    assert (refused.value.field, RosterChange.objects.count()) == ("post", 1)


def test_the_same_person_is_no_change(unit, liaison):
    with pytest.raises(RuleBroken) as refused:
        filing(unit, liaison, successor_name=liaison.full_name, successor_title="")

    assert refused.value.field == "successor_name"


def test_acknowledged_on_its_day_it_seats_the_successor(unit, liaison):
    change = filing(unit, liaison)

    actions.acknowledge_roster_change(change, actor=conference_clerk())

    assert (change.state, holder(unit)) == (RosterChangeState.EFFECTIVE, change.successor)
    assert str(change.successor.phone) == "138****8001"
    assert not change.successor.has_usable_password()
    assert Appointment.objects.in_force().filter(user=liaison).count() == 0
    assert verbs(change) == [
        "roster_change.file",
        "roster_change.acknowledge",
        "roster_change.take_effect",
    ]


def test_the_desk_goes_over_with_everything_open_on_it(unit, liaison):
    office = office_clerk()
    appeal = file_appeal()
    accept_appeal(appeal, actor=office)
    dispatch_appeal(appeal, actor=office, lead_unit=unit, co_units=[])
    change = filing(unit, liaison)

    actions.acknowledge_roster_change(change, actor=conference_clerk())

    assert sorted(row["label"] for row in change.handed_over) == ["办结", "签收"]
    assert {row["url"] for row in change.handed_over} == {appeal.get_absolute_url()}
    desk = unit_desk(unit, Post.LIAISON).key
    successor = User.objects.get(pk=change.successor.pk)
    assert (desk in desks_of(successor), desk in desks_of(User.objects.get(pk=liaison.pk))) == (
        True,
        False,
    )


def test_a_successor_who_served_here_before_keeps_the_account(unit, liaison):
    earlier = person(Post.HELPER, unit=unit, full_name="钱某", phone="13800138001")
    change = filing(unit, liaison)

    actions.acknowledge_roster_change(change, actor=conference_clerk())

    assert change.successor == earlier


def test_a_later_day_waits_for_the_clock(unit, liaison):
    change = filing(unit, liaison, effective_on=today() + timedelta(days=3))
    actions.acknowledge_roster_change(change, actor=conference_clerk())

    with pytest.raises(StepUnfit):
        actions.take_effect(change, actor=SYSTEM)
    assert make_roster_changes_effective() == "0 件人员调整生效，0 件未成"
    with time_machine.travel(change.effective_on, tick=False):
        assert make_roster_changes_effective() == "1 件人员调整生效，0 件未成"
        assert holder(unit).full_name == "钱某"


def test_a_returned_filing_says_why_and_ends(unit, liaison):
    change = filing(unit, liaison)

    actions.return_roster_change(change, actor=conference_clerk(), note="请补充任职文件")

    assert (change.state, holder(unit)) == (RosterChangeState.RETURNED, liaison)
    assert Duty.objects.about(change).get().state == "done"


@pytest.mark.parametrize("act", ["acknowledge_roster_change", "return_roster_change"])
def test_only_the_conference_office_decides(unit, liaison, act):
    change = filing(unit, liaison)

    with pytest.raises(NotPermitted):
        getattr(actions, act)(change, actor=office_clerk(), note="好")

    change.refresh_from_db()
    assert change.state == RosterChangeState.FILED


@pytest.mark.parametrize("act", ["acknowledge_roster_change", "return_roster_change"])
def test_a_returned_filing_is_not_decided_again(unit, liaison, act):
    change, clerk = filing(unit, liaison), conference_clerk()
    actions.return_roster_change(change, actor=clerk, note="请补充")

    with pytest.raises(StepUnfit):
        getattr(actions, act)(change, actor=clerk, note="好")


def test_of_two_who_decide_at_once_the_second_hears_of_it(unit, liaison):
    change, clerk = filing(unit, liaison), conference_clerk()
    twin = RosterChange.objects.get(pk=change.pk)
    actions.acknowledge_roster_change(change, actor=clerk)

    with pytest.raises(StaleState):
        actions.return_roster_change(twin, actor=conference_clerk(), note="晚了")


def test_row_filter_and_predicate_agree(unit, liaison):
    changes = [filing(unit, liaison)]
    other = UnitFactory()
    changes.append(filing(other, person(Post.LIAISON, unit=other)))

    for user in (liaison, conference_clerk(), office_clerk(), person(Post.DISCIPLINE, unit=other)):
        seen = set(visible_roster_changes(user))
        assert seen == {change for change in changes if sees_roster_change(user, change)}


# --- pages


def form_data(unit, **facts):
    return {
        "unit": unit.pk,
        "post": "liaison",
        "successor_name": "钱某",
        "successor_title": "科员",
        "successor_phone": "13800138001",
        "effective_on": today().isoformat(),
        "reason": "工作调动",
        "idempotency_key": "k1",
        **facts,
    }


def test_a_liaison_files_in_the_browser_once(client, unit, liaison):
    client.force_login(liaison)

    first = client.post(NEW, form_data(unit))
    second = client.post(NEW, form_data(unit))

    change = RosterChange.objects.get()
    assert (first.url, second.url) == (change.get_absolute_url(),) * 2
    assert IdempotencyKey.objects.count() == 1


def test_the_form_presets_the_own_unit_and_offers_no_other(client, unit, liaison):
    UnitFactory()
    client.force_login(liaison)

    form = client.get(NEW).context["form"]

    assert (list(form.fields["unit"].queryset), form["unit"].value()) == ([unit], unit.pk)


def test_another_unit_cannot_be_smuggled_in(client, unit, liaison):
    client.force_login(liaison)

    answer = client.post(NEW, form_data(UnitFactory()))

    assert (answer.status_code, RosterChange.objects.count()) == (422, 0)


def test_what_is_wrong_stands_beside_its_field(client, unit, liaison):
    client.force_login(liaison)

    answer = client.post(NEW, form_data(unit, successor_phone="123", effective_on="明天"))

    assert sorted(answer.context["form"].errors) == ["effective_on", "successor_phone"]
    assert answer.status_code == 422


def test_who_speaks_for_no_unit_cannot_file(client):
    client.force_login(office_clerk())

    assert client.get(NEW).status_code == 403


@time_machine.travel("2026-11-23 10:00+08:00", tick=False)
@pytest.mark.parametrize(("days_ago", "late"), [(6, False), (7, False), (8, True)])
def test_a_late_filing_is_marked(client, unit, liaison, days_ago, late):
    client.force_login(liaison)
    day = (today() - timedelta(days=days_ago)).isoformat()

    page = client.post(NEW, form_data(unit, effective_on=day), follow=True)

    assert page.context["late"] == late
    assert any("建议期限" in str(message) for message in page.context["messages"]) == late


def test_the_record_offers_the_office_its_steps_and_the_unit_none(client, unit, liaison):
    change = filing(unit, liaison, successor_title="科员")
    client.force_login(conference_clerk())
    page = client.get(change.get_absolute_url())

    assert [step.key for step in page.context["steps"]] == ["acknowledge", "return_filing"]
    assert (page.context["no_head"], len(page.context["entries"])) == (True, 1)
    client.force_login(liaison)
    assert client.get(change.get_absolute_url()).context["steps"] == []


def test_another_unit_s_filing_is_not_found(client, unit, liaison):
    change = filing(unit, liaison)
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    assert client.get(change.get_absolute_url()).status_code == 404
    assert client.get("/organisation/roster-changes/").context["page"].rows == []


@pytest.mark.parametrize(
    ("key", "state"), [("acknowledge", "effective"), ("return_filing", "returned")]
)
def test_the_office_takes_a_step_in_the_browser(client, unit, liaison, key, state):
    change = filing(unit, liaison)
    client.force_login(conference_clerk())

    answer = client.post(f"{change.get_absolute_url()}{key}/", {"note": "已核"})

    change.refresh_from_db()
    assert (answer.status_code, change.state) == (302, state)


def test_a_step_answers_wrong_form_wrong_person_and_wrong_state(client, unit, liaison):
    change = filing(unit, liaison)
    url = f"{change.get_absolute_url()}return_filing/"
    client.force_login(liaison)
    assert client.post(url, {"note": "不"}).status_code == 403
    client.force_login(conference_clerk())
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"note": "缺文件"}).status_code == 302
    assert client.post(url, {"note": "再退"}).status_code == 409
    assert client.post(f"{change.get_absolute_url()}take_effect/").status_code == 404


def test_the_handover_list_is_printed_only_after_the_handover(client, unit, liaison):
    change = filing(unit, liaison)
    url = f"{change.get_absolute_url()}handover/"
    client.force_login(conference_clerk())
    assert client.get(url).status_code == 404
    actions.acknowledge_roster_change(change, actor=conference_clerk())

    page = client.get(url)

    assert (page.status_code, page.context["rows"]) == (200, [])


def test_the_security_administrator_sees_no_filings(client, unit, liaison):
    change = filing(unit, liaison)
    client.force_login(secadmin())

    assert client.get(change.get_absolute_url()).status_code == 404
