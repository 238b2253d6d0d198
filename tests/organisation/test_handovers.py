"""A desk lent for some days: its duties and rights go along, separation holds, it comes back."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import desks_of, may, people_at
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import JournalEntry, Notice, OutboxMessage
from lianqi.organisation.access import unit_desk, visible_handovers
from lianqi.organisation.actions import end_appointment, end_handover, hand_over_desk, seat
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.jobs import return_desks
from lianqi.organisation.models import Appointment, DeskHandover, User
from lianqi.organisation.queries.handovers import desks_to_lend, possible_stand_ins
from lianqi.organisation.queries.roster import roster_lines
from lianqi.organisation.sign_in.rules import needs_second_factor
from tests.appeals.stage import MORNING, Stage
from tests.factories import UnitFactory, UserFactory, office_clerk, person
from tests.organisation.people import conference_clerk, secadmin, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
LIST_QUERIES = 7
TODAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)


class House:
    """A unit with its people."""

    def __init__(self):
        self.unit = UnitFactory()
        self.liaison = person(Post.LIAISON, unit=self.unit)
        self.leader = person(Post.LEADER, unit=self.unit)
        self.helper = person(Post.HELPER, unit=self.unit)
        self.held = self.liaison.appointments.get()

    def lend(self, **changed):
        given = {
            "actor": self.liaison,
            "stand_in": self.helper,
            "valid_from": TODAY,
            "valid_to": FRIDAY,
            "reason": "外出培训",
        }
        held = changed.pop("held", self.held)
        return hand_over_desk(held, **{**given, **changed})


@pytest.fixture
def house(settings_rows):
    return House()


def fresh(user):
    return User.objects.get(pk=user.pk)


def desk(house):
    return unit_desk(house.unit, Post.LIAISON).key


# --- what goes along


def test_the_stand_in_sits_at_the_desk_beside_its_holder(house):
    house.lend()

    assert set(people_at(desk(house))) == {house.liaison, house.helper}
    assert desk(house) in desks_of(fresh(house.helper))


def test_the_desk_is_lent_for_its_days_only(house, time_machine):
    house.lend(valid_from=date(2026, 3, 11))
    seated = []
    for day in (10, 11, 13, 14):
        time_machine.move_to(datetime(2026, 3, day, 10, tzinfo=SHANGHAI))
        seated.append(house.helper in people_at(desk(house)))

    assert seated == [False, True, True, False]


def test_what_lies_on_the_desk_is_listed_for_print(house):
    stage = Stage.at("dispatched")
    held = stage.who["liaison"].appointments.get()
    for title, url in (("待签收", stage.appeal.get_absolute_url()), ("别处的事", "/elsewhere/")):
        Notice.objects.create(
            user=stage.who["liaison"], at=MORNING, title=title, url=url, origin=title
        )

    handover = hand_over_desk(
        held,
        actor=stage.who["leader"],
        stand_in=stage.who["helper"],
        valid_from=TODAY,
        valid_to=FRIDAY,
        reason="年休假",
    )

    assert [row["label"] for row in handover.handed_over] == ["签收", "办结"]
    assert [row["title"] for row in handover.notices] == ["待签收"]


def test_the_office_and_the_desk_are_told(house):
    house.lend()

    told = set(OutboxMessage.objects.values_list("recipient", flat=True))
    assert told == {f"body:{BodyCode.JC}:office", desk(house)}
    assert verbs(DeskHandover.objects.get()) == ["handover.begin"]


def test_the_roster_goes_on_naming_the_holder(house):
    house.lend()

    [line] = [line for line in roster_lines() if line.unit == house.unit]
    assert line.liaison.user == house.liaison


def test_a_stand_in_of_a_guarded_post_needs_a_second_factor_for_those_days(settings, house):
    settings.LIANQI_MFA_REQUIRED = True
    director = person(Post.OFFICE_DIRECTOR, body=BodyCode.TF3)
    clerk = office_clerk()

    assert [needs_second_factor(user) for user in (house.helper, clerk)] == [False, True]
    hand_over_desk(
        director.appointments.get(),
        actor=director,
        stand_in=clerk,
        valid_from=TODAY,
        valid_to=FRIDAY,
        reason="出差",
    )
    assert needs_second_factor(fresh(clerk)) is True


# --- signing and separation


def lent_leader(stage, stand_in):
    return hand_over_desk(
        stage.who["leader"].appointments.get(),
        actor=stage.who["leader"],
        stand_in=stand_in,
        valid_from=TODAY,
        valid_to=FRIDAY,
        reason="出差",
    )


def test_an_act_of_the_stand_in_says_for_whom_and_an_act_of_ones_own_does_not():
    stage = Stage.at("signing")
    helper = stage.who["principal"]
    lent_leader(stage, helper)
    stage.who["principal"] = fresh(helper)

    stage.take("sign_closing", "principal")

    line = JournalEntry.objects.about(stage.appeal).order_by("seq").last()
    assert line.actor_label == (
        f"{helper.full_name}（{stage.lead.name}分管领导，代{stage.who['leader'].full_name}）"
    )
    stage.take("reject_closing")
    stage.take("record_contact", "principal")
    line = JournalEntry.objects.about(stage.appeal).order_by("seq").last()
    assert line.actor_label == f"{helper.full_name}（{stage.lead.name}主要负责人）"


def test_the_firm_is_not_shown_whom_an_official_stands_in_for(client):
    stage = Stage.at("dispatched")
    held = stage.who["liaison"].appointments.get()
    hand_over_desk(
        held,
        actor=stage.who["liaison"],
        stand_in=stage.who["helper"],
        valid_from=TODAY,
        valid_to=FRIDAY,
        reason="出差",
    )
    stage.who["helper"] = fresh(stage.who["helper"])
    stage.take("sign", "helper")
    client.force_login(stage.who["firm"])

    page = client.get(stage.appeal.get_absolute_url()).content.decode()

    assert (f"{stage.lead.name}联络员" in page, "，代" in page) == (True, False)
    assert stage.who["liaison"].full_name not in page


def test_a_liaison_who_stands_in_for_the_leader_does_not_sign_the_own_draft():
    stage = Stage.at("signing")
    lent_leader(stage, stage.who["liaison"])
    liaison = fresh(stage.who["liaison"])

    assert may(liaison, "appeals.sign_closing", stage.appeal) is False
    with pytest.raises(NotPermitted):
        APPEAL.check_open("sign_closing", stage.appeal, liaison)
    assert may(stage.who["leader"], "appeals.sign_closing", stage.appeal) is True


def test_a_stand_in_in_the_office_from_the_handling_unit_checks_and_calls_back_nothing():
    stage = Stage.at("review")
    director = person(Post.OFFICE_DIRECTOR, body=BodyCode.TF3)
    Appointment.objects.create(
        user=stage.who["principal"],
        post=Post.OFFICE_DIRECTOR,
        body=director.appointments.get().body,
        valid_from=TODAY,
        valid_to=FRIDAY,
        acting_for=director.appointments.get(),
    )
    acting = fresh(stage.who["principal"])

    assert may(acting, "appeals.accept", stage.appeal) is True
    assert may(acting, "appeals.review", stage.appeal) is False
    assert may(acting, "appeals.callback", stage.appeal) is False


# --- who may lend what to whom


@pytest.mark.parametrize("who", ["liaison", "leader"])
def test_holder_and_leader_may_lend_the_desk(house, who):
    handover = house.lend(actor=getattr(house, who))

    assert handover.appointment.user == house.helper


def test_the_conferences_director_may_lend_any_desk(house):
    director = person(Post.OFFICE_DIRECTOR, body=BodyCode.JC)

    assert house.lend(actor=director).filed_by == director


@pytest.mark.parametrize("who", ["helper", "other unit's leader", "secadmin", "clerk"])
def test_others_may_not(house, who):
    actor = {
        "helper": lambda: house.helper,
        "other unit's leader": lambda: person(Post.LEADER, unit=UnitFactory()),
        "secadmin": secadmin,
        "clerk": conference_clerk,
    }[who]()

    with pytest.raises(NotPermitted):
        house.lend(actor=actor, stand_in=house.leader)


@pytest.mark.parametrize("post", [Post.SYSADMIN, Post.SECADMIN, Post.AUDITOR, Post.DISCIPLINE])
def test_administration_audit_and_supervision_are_never_lent(house, post):
    unit = house.unit if post == Post.DISCIPLINE else None
    keeper = person(post, unit=unit)

    assert desks_to_lend(keeper) == []
    with pytest.raises(NotPermitted):
        house.lend(held=keeper.appointments.get(), actor=keeper)


def test_only_colleagues_of_the_same_unit_or_desk_stand_in(house):
    stranger = person(Post.LIAISON, unit=UnitFactory())
    supervisor = person(Post.DISCIPLINE, unit=house.unit)
    idle = UserFactory()

    assert set(possible_stand_ins(house.held)) == {house.leader, house.helper}
    for user in (stranger, supervisor, idle, house.liaison):
        with pytest.raises(RuleBroken) as refusal:
            house.lend(stand_in=user, actor=house.leader)
        assert refusal.value.field == "stand_in"


def test_a_head_is_stood_in_for_by_a_deputy_not_by_the_office(house):
    head = person(Post.HEAD, body=BodyCode.TF3)
    deputy = person(Post.DEPUTY_HEAD, body=BodyCode.TF3)
    office_clerk()

    assert possible_stand_ins(head.appointments.get()) == [deputy]


def test_nobody_takes_a_desk_for_themselves(house):
    with pytest.raises(RuleBroken) as refusal:
        house.lend(actor=house.leader, stand_in=house.leader)

    assert (refusal.value.field, DeskHandover.objects.count()) == ("stand_in", 0)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"valid_from": date(2026, 3, 8)}, "valid_from"),
        ({"valid_to": date(2026, 3, 8)}, "valid_to"),
        ({"valid_to": TODAY + timedelta(days=60)}, "valid_to"),
    ],
)
def test_days_gone_by_turned_round_or_too_many_are_refused(house, days, field):
    with pytest.raises(RuleBroken) as refusal:
        house.lend(**days)

    assert (refusal.value.field, DeskHandover.objects.count()) == (field, 0)


def test_a_desk_is_lent_to_one_at_a_time_and_not_lent_on(house):
    house.lend()

    with pytest.raises(RuleBroken):
        house.lend(stand_in=house.leader)
    acting = fresh(house.helper).appointments.get(acting_for__isnull=False)
    with pytest.raises(NotPermitted):
        hand_over_desk(
            acting,
            actor=fresh(house.helper),
            stand_in=house.leader,
            valid_from=TODAY,
            valid_to=FRIDAY,
            reason="转交",
        )


def test_two_who_are_away_do_not_get_each_others_desks(house):
    house.lend(stand_in=house.leader)

    with pytest.raises(RuleBroken) as refusal:
        house.lend(
            held=house.leader.appointments.get(acting_for=None),
            actor=fresh(house.leader),
            stand_in=house.liaison,
        )

    assert refusal.value.field == "stand_in"


# --- coming back


def test_given_back_early_the_rights_end_at_once(house):
    handover = house.lend()

    end_handover(handover, actor=house.liaison)

    assert people_at(desk(house)) == [house.liaison]
    assert verbs(handover) == ["handover.begin", "handover.end"]
    with pytest.raises(StepUnfit):
        end_handover(DeskHandover.objects.get(), actor=house.liaison)


def test_a_stranger_ends_nothing(house):
    handover = house.lend()

    with pytest.raises(NotPermitted):
        end_handover(handover, actor=person(Post.LIAISON, unit=UnitFactory()))


def test_after_its_last_day_the_clock_notes_that_the_desk_is_back(house, time_machine):
    handover = house.lend()
    assert return_desks() == "交还 0 个岗位"
    time_machine.move_to(datetime(2026, 3, 14, 9, tzinfo=SHANGHAI))

    assert (return_desks(), return_desks()) == ("交还 1 个岗位", "交还 0 个岗位")
    assert verbs(handover) == ["handover.begin", "handover.end"]


def test_a_successor_in_the_post_ends_the_stand_in_of_the_predecessor(house):
    house.lend()

    seat(UserFactory(), actor=house.leader, post=Post.LIAISON, unit=house.unit)

    assert house.helper not in people_at(desk(house))
    assert house.liaison not in people_at(desk(house))


def test_an_ended_appointment_takes_its_stand_in_along(house, time_machine):
    house.lend()

    end_appointment(house.held, actor=conference_clerk(), last_day=TODAY)
    time_machine.move_to(datetime(2026, 3, 10, 9, tzinfo=SHANGHAI))

    assert people_at(desk(house)) == []


def test_seating_a_stand_in_elsewhere_is_not_hindered_by_the_lent_desk(house):
    house.lend()

    seat(fresh(house.helper), actor=house.leader, post=Post.LIAISON, unit=house.unit)

    assert people_at(desk(house)) == [house.helper]


@pytest.mark.usefixtures("transactional_db")
def test_two_who_lend_the_same_desk_at_once_lend_it_once(settings_rows):
    house = House()
    barrier, fared = Barrier(2), []

    def lend(stand_in, actor):
        try:
            barrier.wait(timeout=30)
            house.lend(stand_in=stand_in, actor=fresh(actor))
            fared.append("lent")
        except RuleBroken as refused:
            fared.append(refused.field)
        finally:
            connection.close()

    threads = [
        Thread(target=lend, args=(house.helper, house.leader)),
        Thread(target=lend, args=(house.leader, house.liaison)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(fared), DeskHandover.objects.count()) == (["lent", "valid_from"], 1)


# --- pages


def test_a_desk_is_lent_and_taken_back_on_the_page(client, house):
    client.force_login(house.liaison)
    client.get("/organisation/handovers/new/")
    url = f"/organisation/handovers/new/?desk={house.held.pk}"
    sent = {
        "stand_in": house.helper.pk,
        "valid_from": "2026-03-09",
        "valid_to": "2026-03-13",
        "reason": "外出培训",
        "idempotency_key": "k",
    }

    answers = [client.post(url, sent).status_code for _ in range(2)]
    handover = DeskHandover.objects.get()
    page = client.get(handover.get_absolute_url()).content.decode()
    client.post(f"{handover.get_absolute_url()}end/")

    assert (answers, "现在收回" in page) == ([302, 302], True)
    assert DeskHandover.objects.get().stage == "over"


def test_the_desk_says_who_stands_in_for_whom(client, house):
    house.lend()

    told = []
    for user in (house.helper, house.liaison):
        client.force_login(user)
        told.append(client.get("/desk/").content.decode())

    assert f"您正在代{house.liaison}办理" in told[0]
    assert f"由{house.helper}代理" in told[1]


def test_a_wrong_day_is_answered_beside_its_field(client, house):
    client.force_login(house.liaison)

    refused = client.post(
        f"/organisation/handovers/new/?desk={house.held.pk}",
        {
            "stand_in": house.helper.pk,
            "valid_from": "2026-03-09",
            "valid_to": "昨天",
            "reason": "x",
        },
    )

    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"valid_to"})


def test_another_units_desk_cannot_even_be_asked_for(client, house):
    client.force_login(person(Post.LEADER, unit=UnitFactory()))

    assert client.get(f"/organisation/handovers/new/?desk={house.held.pk}").status_code == 404


def test_another_unit_sees_no_handover_the_office_all(client, house):
    handover = house.lend()
    stranger = person(Post.LIAISON, unit=UnitFactory())
    client.force_login(stranger)

    assert client.get(handover.get_absolute_url()).status_code == 404
    assert [visible_handovers(user).count() for user in (stranger, conference_clerk())] == [0, 1]


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_asks_the_same_queries_for_any_number_of_rows(
    client, django_assert_num_queries, count, settings_rows
):
    for _ in range(count):
        House().lend()
    client.force_login(conference_clerk())
    client.get("/organisation/handovers/")

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/organisation/handovers/")

    assert len(page.context["page"].rows) == count


def test_a_colleague_sees_that_somebody_is_away_but_not_what_lay_on_the_desk(client):
    stage = Stage.at("dispatched")
    colleague = person(Post.HELPER, unit=stage.lead)
    handover = hand_over_desk(
        stage.who["liaison"].appointments.get(),
        actor=stage.who["leader"],
        stand_in=stage.who["helper"],
        valid_from=TODAY,
        valid_to=FRIDAY,
        reason="年休假",
    )

    seen = {}
    for role, user in (("colleague", colleague), ("stand-in", stage.who["helper"])):
        client.force_login(user)
        page = client.get(handover.get_absolute_url())
        seen[role] = (page.status_code, stage.appeal.title in page.content.decode())

    assert seen == {"colleague": (200, False), "stand-in": (200, True)}
