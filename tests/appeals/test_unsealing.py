"""Opening a sealed name: two people, one unit, a reason, and the firm hears of it."""

import pytest

from lianqi.appeals.access import knows_identity, visible_unsealings
from lianqi.appeals.actions.unsealing import (
    apply_for_unsealing,
    approve_unsealing,
    ask_unsealing,
    decline_unsealing,
    forward_unsealing,
    refuse_unsealing,
)
from lianqi.appeals.models import Appeal, Unsealing
from lianqi.kernel.access import may
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, User
from tests.appeals.stage import MORNING, Stage
from tests.factories import LONG_AGO, BodyFactory, person
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
REASON = "要到现场查看线路，不知道地址无法办理。"


@pytest.fixture
def stage():
    stage = Stage(sealed=True)
    stage.go("accept", "dispatch", "sign")
    return stage


def fresh(user):
    return User.objects.get(pk=user.pk)


def applied(stage, unit=None):
    return apply_for_unsealing(
        stage.appeal, actor=stage.who["office"], unit=unit or stage.lead, reason=REASON
    )


def test_the_office_applies_the_supervisor_opens_and_the_unit_knows(stage):
    unsealing = applied(stage)

    approve_unsealing(unsealing, actor=stage.who["discipline"], note="必要。")

    appeal = stage.reload()
    knowing = {role for role, user in stage.who.items() if knows_identity(fresh(user), appeal)}
    assert knowing == {"firm", "office", "liaison", "leader", "principal"}
    assert unsealing.state == "opened"


def test_the_firm_is_told_who_opened_it_why_and_for_whom(stage, settings):
    settings.LIANQI_SMS = True
    unsealing = applied(stage)
    OutboxMessage.objects.all().delete()

    approve_unsealing(unsealing, actor=stage.who["discipline"])

    office, supervisor = stage.who["office"].signature(), stage.who["discipline"].signature()
    told = f"仅向{stage.lead}开启。理由：{REASON} 提请：{office}；批准：{supervisor}。"
    notice = OutboxMessage.objects.get(recipient=f"enterprise:{stage.appeal.enterprise_id}")
    text = OutboxMessage.objects.get(channel="sms")
    line = JournalEntry.objects.about(stage.appeal).get(verb="appeal.identity_opened")
    assert (notice.text, line.text, line.audience) == (told, told, "enterprise")
    assert text.text.startswith(f"您的诉求{stage.appeal.number}，企业身份已向{stage.lead}开启")
    story = signed_in(stage.who["firm"]).get(stage.appeal.get_absolute_url())
    assert story.context["lines"][0].text == told


def test_it_is_opened_to_that_unit_only_and_as_long_as_it_handles(stage):
    unsealing = applied(stage, unit=stage.helping)
    approve_unsealing(unsealing, actor=stage.who["discipline"])
    aide, liaison = fresh(stage.who["co_liaison"]), fresh(stage.who["liaison"])
    assert (knows_identity(aide, stage.reload()), knows_identity(liaison, stage.reload())) == (
        True,
        False,
    )

    stage.appeal.cohandlers.update(active=False)

    assert not knows_identity(fresh(aide), stage.reload())


def test_a_unit_asks_through_the_office(stage):
    unsealing = ask_unsealing(
        stage.appeal, actor=stage.who["liaison"], unit=stage.lead, reason=REASON
    )
    [owed] = Duty.objects.about(unsealing).filter(state="open")
    assert (owed.key, owed.holder) == ("apply", "body:TF3:office")

    forward_unsealing(unsealing, actor=stage.who["office"])

    [owed] = Duty.objects.about(unsealing).filter(state="open")
    assert (owed.key, owed.holder, unsealing.applied_by) == (
        "approve",
        "system:discipline",
        stage.who["office"],
    )
    desk = signed_in(stage.who["discipline"]).get("/desk/")
    assert [line.duty for line in desk.context["to_do"].lines] == [owed]


def test_the_office_or_the_supervisor_may_say_no(stage):
    asked = ask_unsealing(stage.appeal, actor=stage.who["liaison"], unit=stage.lead, reason=REASON)
    decline_unsealing(asked, actor=stage.who["office"], note="由我们转达。")
    again = applied(stage)
    refuse_unsealing(again, actor=stage.who["discipline"], note="不必要。")

    assert [one.state for one in Unsealing.objects.all()] == ["refused", "refused"]
    assert not knows_identity(fresh(stage.who["liaison"]), stage.reload())


ROLES = {
    "ask": ("liaison", "leader", "principal"),
    "apply": ("office",),
    "decide": ("discipline",),
}


@pytest.mark.parametrize("act", ROLES)
def test_each_part_belongs_to_its_people_alone(stage, act):
    unsealing = Unsealing(appeal=stage.appeal, unit=stage.lead)

    allowed = {
        role
        for role, user in stage.who.items()
        if may(fresh(user), f"appeals.{act}_unsealing", unsealing)
    }

    assert allowed == set(ROLES[act])


def test_one_person_in_both_posts_cannot_apply_and_approve(stage):
    both = person(Post.DISCIPLINE, unit=stage.other)
    Appointment.objects.create(
        user=both, post=Post.OFFICE_STAFF, body=BodyFactory(code=BodyCode.TF3), valid_from=LONG_AGO
    )
    unsealing = apply_for_unsealing(stage.appeal, actor=fresh(both), unit=stage.lead, reason=REASON)

    with pytest.raises(NotPermitted):
        approve_unsealing(unsealing, actor=fresh(both))

    assert Unsealing.objects.get().state == "applied"


def test_a_supervisor_from_the_unit_itself_cannot_approve(stage):
    own = person(Post.DISCIPLINE, unit=stage.lead)
    unsealing = applied(stage)

    with pytest.raises(NotPermitted):
        approve_unsealing(unsealing, actor=own)

    assert unsealing.state == "applied"


def test_a_unit_that_does_not_handle_the_appeal_cannot_be_told(stage):
    with pytest.raises(RuleBroken) as refusal:
        applied(stage, unit=stage.other)

    assert refusal.value.field == "unit"


def test_after_the_firm_lifted_the_seal_there_is_nothing_to_open(stage):
    unsealing = applied(stage)
    stage.go("lift_seal")

    with pytest.raises(StepUnfit):
        approve_unsealing(Unsealing.objects.get(), actor=stage.who["discipline"])

    assert unsealing.state == "applied"


def test_for_one_unit_it_is_asked_once_at_a_time(stage):
    applied(stage)

    with pytest.raises(RuleBroken) as refusal:
        applied(stage)

    assert refusal.value.message == "已经为这个单位提出过，请到开启身份申请里查看。"
    assert Unsealing.objects.count() == 1


def test_of_two_decisions_one_counts(stage):
    unsealing, copy = applied(stage), None
    copy = Unsealing.objects.get(pk=unsealing.pk)
    approve_unsealing(unsealing, actor=stage.who["discipline"])

    with pytest.raises(StepUnfit):
        refuse_unsealing(copy, actor=stage.who["discipline"], note="不必要。")

    assert (Unsealing.objects.get().state, verify_journal().broken) == ("opened", "")


def test_row_filter_and_predicate_answer_alike(stage):
    applied(stage)

    for user in stage.who.values():
        reader = fresh(user)
        seen = {
            one.pk for one in Unsealing.objects.all() if may(reader, "appeals.view_unsealing", one)
        }
        assert set(visible_unsealings(reader).values_list("pk", flat=True)) == seen


# --- pages


def test_the_whole_way_on_the_pages(stage):
    appeal = stage.appeal
    liaison, office = signed_in(stage.who["liaison"]), signed_in(stage.who["office"])
    supervisor = signed_in(stage.who["discipline"])
    page = liaison.get(appeal.get_absolute_url())
    assert page.context["unsealing_url"] == f"/appeals/{appeal.number}/unsealing/"

    asked = liaison.post(
        f"/appeals/{appeal.number}/unsealing/", {"unit": stage.lead.code, "reason": REASON}
    )
    forwarded = office.post(f"{asked.url}steps/apply/", {"note": ""})
    listed = supervisor.get("/appeals/unsealings/")
    approved = supervisor.post(f"{asked.url}steps/approve/", {"note": "必要。"})
    shown = liaison.get(appeal.get_absolute_url())

    assert [answer.status_code for answer in (asked, forwarded, listed, approved)] == [
        302,
        302,
        200,
        302,
    ]
    assert len(listed.context["page"].rows) == 1
    assert shown.context["record"].identity.name == appeal.enterprise.name


def test_a_step_of_somebody_else_is_a_403_and_of_another_state_a_409(stage):
    unsealing = applied(stage)
    address = f"{unsealing.get_absolute_url()}steps"

    answers = [
        signed_in(stage.who["office"]).post(f"{address}/approve/", {"note": ""}),
        signed_in(stage.who["office"]).post(f"{address}/apply/", {"note": ""}),
        signed_in(stage.who["discipline"]).post(f"{address}/refuse/", {"note": ""}),
        signed_in(stage.who["stranger"]).get(unsealing.get_absolute_url()),
        signed_in(stage.who["office"]).get(f"{address}/nonsense/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 409, 422, 404, 404]


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_asks_the_same_queries_however_long(stage, count, django_assert_max_num_queries):
    applied(stage)
    for _ in range(count - 1):
        another = Stage(sealed=True)
        another.go("accept", "dispatch")
        applied(another)
    browser = signed_in(stage.who["discipline"])
    browser.get("/appeals/unsealings/")

    with django_assert_max_num_queries(9) as asked:
        page = browser.get("/appeals/unsealings/")

    assert (len(page.context["page"].rows), len(asked)) == (count, len(asked))
    assert Appeal.objects.filter(sealed_at__isnull=False).count() == count
