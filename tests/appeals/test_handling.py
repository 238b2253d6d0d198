"""In the unit: contact, stage replies, helpers' opinions, extensions."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.queries import appeal_record
from lianqi.kernel.clock import local
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import ClockExtension, Duty, TimeLimit
from lianqi.kernel.revisions import raise_revision
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment
from tests.appeals.stage import MORNING, Stage, duty, last_line, open_duties, told_desks, written
from tests.factories import LONG_AGO, UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


@pytest.fixture
def stage(db):
    """Return a stage whose appeal the lead unit is handling."""
    return Stage.at("handling")


# --- contact and stage replies


def test_the_first_contact_settles_its_duty_and_later_ones_are_kept_too(stage, time_machine):
    stage.take("record_contact")
    time_machine.shift(timedelta(hours=2))
    stage.take("record_contact", "leader", note="再次电话联系。")

    appeal = stage.reload()
    assert (appeal.state, appeal.contacted_at) == ("handling", MORNING)
    assert last_line(appeal) == ("appeal.record_contact", stage.who["leader"], "再次电话联系。")
    assert [(said.kind, said.content, said.unit) for said in appeal.communications.all()] == [
        ("contact", "已电话联系。", stage.lead),
        ("contact", "再次电话联系。", stage.lead),
    ]
    done = Duty.objects.about(appeal).get(key="record_contact")
    assert (done.state, done.closed_at, done.kept) == ("done", MORNING, True)


def test_a_stage_reply_is_for_the_firm_and_settles_nothing(stage):
    before = open_duties(stage.appeal)

    stage.take("report_stage")

    [said] = stage.appeal.communications.all()
    assert (said.kind, said.audience) == ("stage", "enterprise")
    assert last_line(stage.appeal) == (
        "appeal.report_stage",
        stage.who["liaison"],
        "已约定现场查看。",
    )
    assert open_duties(stage.appeal) == before


# --- opinions


def test_an_opinion_settles_the_helpers_duty_and_stays_internal(stage):
    stage.take("submit_opinion")

    [said] = stage.appeal.communications.all()
    assert (said.kind, said.audience, said.unit) == ("opinion", "internal", stage.helping)
    assert last_line(stage.appeal) == (
        "appeal.submit_opinion",
        stage.who["co_liaison"],
        "可以协调。",
    )
    assert stage.appeal.cohandlers.get().opinion_at == MORNING
    assert Duty.objects.about(stage.appeal).get(key="submit_opinion").state == "done"


def test_a_helper_speaks_once_a_round(stage):
    stage.take("submit_opinion")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("submit_opinion", "co_leader")

    assert (refusal.value.message, written()) == ("协办意见都已提交。", before)


def test_one_helper_does_not_speak_for_another():
    stage = Stage.at("accepted")
    stage.take("dispatch", co_units=[stage.helping, stage.other])
    stage.take("submit_opinion")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("submit_opinion")

    assert (refusal.value.message, written()) == ("贵单位的协办意见已经提交过。", before)
    assert duty(stage.appeal, "submit_opinion").holder == f"unit:{stage.other.pk}:liaison"


def test_a_post_without_handling_in_another_helping_unit_gives_no_voice_there():
    stage = Stage.at("accepted")
    # Named first, so that its row comes first; the liaison supervises discipline there.
    stage.take("dispatch", co_units=[stage.other, stage.helping])
    liaison = UserFactory()
    for post, unit in ((Post.DISCIPLINE, stage.other), (Post.LIAISON, stage.helping)):
        Appointment.objects.create(user=liaison, post=post, unit=unit, valid_from=LONG_AGO)

    actions.submit_opinion(stage.appeal, actor=liaison, content="可以协调。")

    assert stage.appeal.communications.get().unit == stage.helping


def test_a_leader_of_lead_and_helping_unit_speaks_for_the_helping_unit(stage):
    both = person(Post.LEADER, unit=stage.lead)
    Appointment.objects.create(user=both, post=Post.LEADER, unit=stage.helping, valid_from=LONG_AGO)

    actions.submit_opinion(stage.appeal, actor=both, content="可以协调。")

    assert stage.appeal.communications.get().unit == stage.helping


# --- extensions


def test_an_extension_is_asked_for_and_the_office_owes_its_decision(stage):
    stage.take("request_extension")

    assert last_line(stage.appeal) == (
        "appeal.request_extension",
        stage.who["liaison"],
        "申请延期3个工作日：等待停电计划。",
    )
    [asked] = stage.appeal.extensions.all()
    assert (asked.days, asked.reason, asked.requested_by, asked.approved) == (
        3,
        "等待停电计划。",
        stage.who["liaison"],
        None,
    )
    owed = duty(stage.appeal, "decide_extension")
    assert (owed.holder, f"{local(owed.due_at):%m-%d %H:%M}") == ("body:TF3:office", "03-10 17:30")


def test_a_granted_extension_moves_the_answer_and_the_helpers_with_it(stage):
    stage.take("request_extension")
    before = {key: duty(stage.appeal, key).due_at for key in ("request_closing", "submit_opinion")}

    stage.take("decide_extension", note="请告知企业。")

    appeal = stage.reload()
    assert last_line(appeal) == (
        "appeal.decide_extension",
        stage.who["office"],
        "同意延期3个工作日。等待停电计划。",
    )
    # Monday to Thursday for the lead; Friday over the weekend to Wednesday for the helper.
    after = {key: duty(appeal, key).due_at - was for key, was in before.items()}
    assert after == {"request_closing": timedelta(3), "submit_opinion": timedelta(5)}
    assert appeal.due_at == duty(appeal, "request_closing").due_at
    assert Duty.objects.about(appeal).get(key="decide_extension").state == "done"
    assert (appeal.extensions.get().approved, appeal.extensions.get().note) == (
        True,
        "请告知企业。",
    )


def test_a_refused_extension_moves_nothing(stage):
    stage.take("request_extension")
    due = stage.appeal.due_at

    stage.take("decide_extension", approve=False, note="请按期办结。")

    assert (stage.reload().due_at, ClockExtension.objects.count()) == (due, 0)
    assert last_line(stage.appeal)[2] == "不同意延期。"


def test_an_extension_is_asked_for_once(stage):
    stage.go("request_extension", "decide_extension")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("request_extension")

    assert (refusal.value.message, written()) == ("延期只能申请一次，本件已经申请过。", before)


def test_an_extension_is_asked_for_before_the_due_date(stage, time_machine):
    last_moment = duty(stage.appeal, "request_closing").due_at
    time_machine.move_to(last_moment + timedelta(minutes=1))

    with pytest.raises(StepUnfit) as refusal:
        stage.take("request_extension")

    assert refusal.value.message == "延期要在到期（03月16日 17:30）之前申请，现在已过期。"
    time_machine.move_to(last_moment)
    stage.take("request_extension")
    assert stage.appeal.extensions.count() == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "延期至少1个工作日。"), (11, "延期最多10个工作日，您填了11个。")],
)
def test_an_extension_has_one_to_ten_days(stage, days, words):
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("request_extension", days=days)

    assert (refusal.value.message, written()) == (words, before)


def test_limit_and_extension_together_stay_below_the_ceiling():
    TimeLimit.objects.filter(key="appeal.ceiling").update(amount=14)
    raise_revision("limits")
    stage = Stage.at("handling", kind="complaint")

    with pytest.raises(RuleBroken) as refusal:
        stage.take("request_extension", days=5)

    assert refusal.value.message == "办理总时限不超过14个工作日，最多还能延4个。"
    stage.take("request_extension", days=4)
    assert stage.appeal.extensions.get().days == 4


def test_an_answer_put_up_makes_a_pending_extension_needless(stage):
    stage.go("request_extension", "request_closing", "sign_closing", "reject_closing")

    asked = stage.appeal.extensions.get()
    assert (asked.approved, asked.note) == (False, "承办单位已申请办结，不再延期。")
    assert Duty.objects.about(stage.appeal).get(key="decide_extension").state == "moot"
    assert open_duties(stage.appeal) == [
        ("record_contact", "open"),
        ("request_closing", "open"),
        ("submit_opinion", "open"),
    ]


def test_a_decision_the_office_let_pass_is_not_forgotten(stage, time_machine):
    stage.take("request_extension")
    time_machine.move_to(MORNING.replace(day=12))

    stage.take("request_closing")

    passed = Duty.objects.about(stage.appeal).get(key="decide_extension")
    assert (passed.state, passed.kept) == ("lapsed", False)


def test_a_redone_appeal_gets_no_second_extension(stage, time_machine):
    stage.go("request_extension", "decide_extension", "request_closing", "sign_closing")
    time_machine.shift(timedelta(hours=1))
    stage.go("approve_closing", "rate_badly", "redo")
    due = stage.appeal.due_at

    with pytest.raises(StepUnfit) as refusal:
        stage.take("request_extension")

    assert refusal.value.message == "延期只能申请一次，本件已经申请过。"
    # Nor do the first round's days count for the second.
    assert stage.reload().due_at == due


def test_an_appeal_that_asked_for_none_may_ask_when_it_is_redone(stage, time_machine):
    stage.go("request_closing", "sign_closing")
    time_machine.shift(timedelta(hours=1))
    stage.go("approve_closing", "rate_badly", "redo")
    due = stage.appeal.due_at

    stage.go("request_extension", "decide_extension")

    assert stage.reload().due_at - due == timedelta(3)


def test_after_a_redo_the_first_rounds_opinion_is_given_and_the_seconds_owed(stage):
    stage.go("submit_opinion", "request_closing", "sign_closing", "approve_closing")
    stage.go("rate_badly", "redo")

    owed = appeal_record(stage.who["office"], stage.appeal).parties[1].post
    stage.go("submit_opinion")
    given = appeal_record(stage.who["office"], stage.appeal).parties[1].post

    assert (owed, given) == (
        "协办 · 第 1 轮意见已交 · 第 2 轮意见未交",
        "协办 · 第 1 轮意见已交 · 第 2 轮意见已交",
    )


def test_there_is_nothing_to_decide_without_a_request(stage):
    with pytest.raises(StepUnfit) as refusal:
        stage.take("decide_extension")

    assert refusal.value.message == "没有待批复的延期申请。"


def test_the_messages_go_to_those_who_owe(stage):
    stage.take("request_extension")

    assert told_desks()[-1] == ("body:TF3:office", f"待批复延期：{stage.appeal}")
    with pytest.raises(NotPermitted):
        stage.take("decide_extension", "liaison")
