"""会议: rules of convening, the notice, rest days, replies, signing in, results, minutes, an absent chair."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from lianqi.conference import actions
from lianqi.conference.links import sign_in_address
from lianqi.conference.models import Delegation, Invitation, Meeting, Resolution, Topic
from lianqi.conference.queries.minutes import minutes_draft, numeral
from lianqi.kernel.clock import local
from lianqi.kernel.documents import is_unchanged
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, IssuedDocument, JournalEntry, OutboxMessage
from lianqi.organisation.models import User
from tests.conference.stage import MEETING_AT, MORNING, SATURDAY, STEPS, Stage, owed
from tests.factories import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OFFICE, CONVENER, DIRECTOR = "body:JC:office", "body:JC:convener", "body:JC:director"


# --- convening


@pytest.mark.parametrize("role", ["convener", "liaison", "tf_office", "discipline", "auditor"])
def test_only_the_office_of_the_body_plans_its_meetings(role):
    stage = Stage()

    with pytest.raises(NotPermitted):
        stage.plan(role)

    assert Meeting.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "kind", "convened_as"),
    [("JC", "plenary", "head"), ("JC", "office", "convener"), ("TF3", "plenary", "convener")],
)
def test_a_meeting_is_convened_as_the_rule_says(body, kind, convened_as):
    stage = Stage()

    with pytest.raises(RuleBroken) as refusal:
        stage.plan("office", body=body, kind=kind, convened_as=convened_as)

    assert refusal.value.field == "convened_as"


def test_a_plenary_by_the_director_needs_a_recorded_delegation_before_its_notice():
    stage = Stage.with_topic("approved", "plenary")
    stage.meeting = stage.plan(kind="plenary", convened_as="director")
    stage.take("set_agenda")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("issue_notice")
    actions.delegate_convening(
        "JC",
        actor=stage.who["convener"],
        delegate=stage.who["director"],
        reason="召集人外出学习。",
        valid_until=MEETING_AT.date(),
    )
    actions.adjust_meeting(
        stage.meeting, actor=stage.who["office"], starts_at=MEETING_AT, place="三楼会议室"
    )
    stage.take("issue_notice")

    assert "附件1第四条（一）" in refusal.value.message
    assert (stage.meeting.state, stage.meeting.delegation) == ("notified", Delegation.objects.get())


def test_only_the_director_convenes_for_the_convener_and_only_on_the_word_of_either():
    stage = Stage()
    told = {"reason": "外出。", "valid_until": MEETING_AT.date()}

    with pytest.raises(RuleBroken) as other:
        actions.delegate_convening(
            "JC", actor=stage.who["convener"], delegate=stage.who["office"], **told
        )
    with pytest.raises(NotPermitted):
        actions.delegate_convening(
            "JC", actor=stage.who["liaison"], delegate=stage.who["director"], **told
        )

    assert (other.value.field, Delegation.objects.count()) == ("delegate", 0)


def test_a_rest_day_is_a_warning_that_is_confirmed_not_a_refusal():
    stage = Stage()

    with pytest.raises(RuleBroken) as warning:
        stage.plan(starts_at=SATURDAY)
    meeting = stage.plan(starts_at=SATURDAY, rest_day_confirmed=True)

    assert (warning.value.field, warning.value.message) == (
        "rest_day_confirmed",
        "03月21日是休息日。确需在休息日开会的，请勾选“休息日也召开”再提交。",
    )
    assert (meeting.state, meeting.on_rest_day) == ("planned", True)


def test_a_meeting_is_not_planned_for_a_day_that_is_over():
    stage = Stage()

    with pytest.raises(RuleBroken) as refusal:
        stage.plan(starts_at=MORNING - timedelta(days=1))

    assert refusal.value.field == "starts_at"


# --- agenda and notice


def test_the_notice_before_the_approval_is_refused_with_the_clause():
    stage = Stage.with_topic("consulted")
    stage.meeting = stage.plan()
    stage.take("set_agenda")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("issue_notice")

    assert refusal.value.message == (
        "议题审定后才能发通知（附件1第四条（三）：全体会议议题报召集人审定，专题会议议题报召集人或办公室主任审定）。"
        f"还没有审定的：{stage.topic.number}“待审定”。"
    )
    assert (Invitation.objects.count(), Meeting.objects.get().state) == (0, "planned")


def test_a_meeting_without_agenda_has_no_notice():
    stage = Stage()
    stage.meeting = stage.plan()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("issue_notice")

    assert refusal.value.message == "会议还没有议程，请先排入议题。"


@pytest.mark.parametrize(
    "facts", [{"kind": "plenary"}, {"body": "JC", "kind": "office", "convened_as": "director"}]
)
def test_a_topic_goes_to_the_form_of_meeting_it_was_approved_for(facts):
    stage = Stage.with_topic("approved")
    stage.meeting = stage.plan(**facts)

    with pytest.raises(RuleBroken) as refusal:
        stage.take("set_agenda")

    assert refusal.value.field == "topic"


def test_a_topic_stands_on_one_agenda_at_a_time():
    stage = Stage.with_meeting("planned")
    stage.take("set_agenda")
    first, stage.meeting = stage.meeting, stage.plan()

    with pytest.raises(RuleBroken):
        stage.take("set_agenda")
    actions.drop_topic(first, actor=stage.who["office"], item=first.agenda.get())
    stage.take("set_agenda")

    assert stage.meeting.agenda.get().topic == stage.topic


def test_a_thematic_meeting_is_for_the_units_concerned_their_observers_and_those_asked_with_reasons():
    stage, guest, extra = Stage.with_meeting("planned"), UnitFactory(), UnitFactory()
    stage.take("set_agenda", observers=[guest])
    actions.invite_unit(
        stage.meeting,
        actor=stage.who["office"],
        unit=extra,
        role="member",
        reason="可能涉及经费。",
    )
    stage.take("issue_notice")

    asked = Invitation.objects.values_list("unit", "role", "reason")
    assert set(asked) == {
        (stage.lead.pk, "member", ""),
        (stage.helping.pk, "member", ""),
        (guest.pk, "observer", ""),
        (extra.pk, "member", "可能涉及经费。"),
    }


def test_a_plenary_is_for_all_members():
    stage, member = Stage.with_topic("approved", "plenary"), UnitFactory()
    actions.admit_member(
        "JC", member, actor=stage.who["office"], since=MORNING.date(), source="成员名单"
    )
    stage.meeting = stage.plan(kind="plenary")
    stage.take("set_agenda")
    stage.take("issue_notice")

    assert set(Invitation.objects.values_list("unit", flat=True)) == {
        member.pk,
        stage.lead.pk,
        stage.helping.pk,
    }


def test_each_invited_unit_owes_its_slip_and_the_notice_is_a_document():
    stage = Stage.with_meeting("notified")

    assert owed(stage.meeting) == [
        ("open", OFFICE),
        ("reply", f"unit:{stage.lead.pk}:liaison"),
        ("reply", f"unit:{stage.helping.pk}:liaison"),
        ("tick", OFFICE),
    ]
    [notice] = IssuedDocument.objects.about(stage.meeting)
    assert (notice.kind, notice.number, is_unchanged(notice)) == (
        "meeting_notice",
        "高新区民联办会通〔2026〕1号",
        True,
    )


def test_a_cancelled_meeting_frees_its_topics_and_tells_its_units():
    stage = Stage.with_meeting("cancelled")

    topic = Topic.objects.get()
    assert (topic.state, topic.meeting) == ("approved", None)
    assert OutboxMessage.objects.filter(title=f"会议取消：{stage.meeting}").count() == 2


def test_who_has_the_notice_is_told_of_another_time():
    stage = Stage.with_meeting("notified")

    actions.adjust_meeting(
        stage.meeting,
        actor=stage.who["office"],
        starts_at=MEETING_AT + timedelta(days=1),
        place="二楼会议室",
    )

    assert OutboxMessage.objects.filter(title=f"会议有调整：{stage.meeting}").count() == 2


# --- replies and signing in


@pytest.mark.parametrize("role", ["stranger", "office", "convener", "helper"])
def test_only_an_invited_unit_answers(role):
    stage = Stage.with_meeting("notified")

    with pytest.raises(NotPermitted):
        stage.take("reply", role)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reply": "leave"}, "leave_reason"),
        ({"reply": "attend"}, "attendee"),
        ({"reply": "deputy", "attendee": " "}, "attendee"),
    ],
)
def test_a_slip_names_who_comes_or_why_nobody_does(given, field):
    stage = Stage.with_meeting("notified")

    with pytest.raises(RuleBroken) as refusal:
        actions.reply_to_notice(stage.meeting, actor=stage.who["liaison"], **given)

    assert refusal.value.field == field


def test_a_unit_signs_in_by_the_code_on_the_day_and_once(client):
    stage = Stage.with_meeting("notified")
    path = sign_in_address(stage.meeting).removeprefix("http://127.0.0.1:8000")
    client.force_login(stage.who["liaison"])

    early = client.post(path)
    with time_machine.travel(MEETING_AT, tick=False):
        client.force_login(stage.who["liaison"])
        asked, done = client.get(path), client.post(path)
        twice = client.post(path)
        client.force_login(stage.who["stranger"])
        stranger = client.post(path)

    assert (early.status_code, asked.status_code, done.status_code) == (409, 200, 302)
    assert (twice.status_code, stranger.status_code) == (409, 404)
    invited = Invitation.objects.get(unit=stage.lead)
    assert (invited.signed_in_by, invited.attendee) == ("qr", str(stage.who["liaison"]))


def test_a_forged_code_leads_nowhere_and_an_old_one_says_so(client):
    stage = Stage.with_meeting("notified")
    path = sign_in_address(stage.meeting).removeprefix("http://127.0.0.1:8000")
    Meeting.objects.update(day=MEETING_AT.date() + timedelta(days=1))
    client.force_login(stage.who["liaison"])

    assert client.get("/conference/s/W10.x/").status_code == 404
    assert client.post(path).status_code == 409


def test_the_code_is_shown_by_the_office_as_a_picture(client):
    stage = Stage.with_meeting("notified")
    client.force_login(stage.who["office"])
    page = client.get(f"{stage.meeting.get_absolute_url()}code/")
    client.force_login(stage.who["liaison"])

    assert page.content.decode().count("<svg") >= 1
    assert client.get(f"{stage.meeting.get_absolute_url()}code/").status_code == 403


def test_the_office_registers_whoever_has_no_phone_once():
    stage = Stage.with_meeting("in_session")
    invitation = Invitation.objects.get(unit=stage.helping)

    actions.register_attendance(
        stage.meeting, actor=stage.who["office"], invitation=invitation, attendee="丙某"
    )
    with pytest.raises(StaleState):
        actions.register_attendance(
            stage.meeting, actor=stage.who["director"], invitation=invitation, attendee="丁某"
        )

    invitation.refresh_from_db()
    assert (invitation.signed_in_by, invitation.attendee) == ("manual", "丙某")


# --- results


def test_a_meeting_is_not_opened_before_its_day():
    stage = Stage.with_meeting("notified")

    with pytest.raises(StepUnfit):
        actions.open_meeting(stage.meeting, actor=stage.who["office"], chair_name="甲某")


@pytest.mark.parametrize("result", ["info_only", "deferred", "not_passed"])
def test_a_topic_that_leaves_nothing_to_do_says_why(result):
    stage = Stage.with_meeting("in_session")

    with pytest.raises(RuleBroken) as refusal:
        stage.take("record_result", result=result, note=" ")

    assert refusal.value.field == "note"


def test_what_was_passed_says_who_does_what_by_when_before_the_meeting_closes():
    stage = Stage.with_meeting("in_session")
    with pytest.raises(StepUnfit) as nothing:
        stage.take("conclude")
    stage.take("record_result")
    with pytest.raises(StepUnfit) as idle:
        stage.take("conclude")
    stage.take("resolve")
    stage.take("conclude")

    assert "还没有记录审议结果" in nothing.value.message
    assert "还没有议定事项" in idle.value.message
    assert stage.meeting.state == "held"


def test_only_passed_on_needs_no_resolution():
    stage = Stage.with_meeting("in_session")
    stage.take("record_result", result="info_only", note="上级精神，各单位自行学习。")

    stage.take("conclude")

    assert (stage.meeting.state, Topic.objects.get().state) == ("held", "decided")


def test_a_deferred_topic_waits_for_another_meeting():
    stage = Stage.with_meeting("in_session")
    stage.take("record_result", result="deferred", note="方案还要比较。")

    stage.take("conclude")

    topic = Topic.objects.get()
    assert (topic.state, topic.meeting, owed(topic)) == ("approved", None, [("schedule", OFFICE)])


@pytest.mark.parametrize(
    ("words", "dates", "open_ended"),
    [
        ("2026年6月底前", ["2026-06-30"], False),
        ("5月上旬", ["2026-05-10"], False),
        ("持续推进", [], True),
    ],
)
def test_the_deadline_of_a_resolution_is_read_as_in_a_work_plan(words, dates, open_ended):
    stage = Stage.with_meeting("in_session")

    stage.take("resolve", deadline_text=words)

    made = Resolution.objects.get()
    assert (made.dates, made.open_ended, made.lead_unit) == (dates, open_ended, stage.lead)


def test_a_deadline_nobody_can_read_is_refused():
    stage = Stage.with_meeting("in_session")

    with pytest.raises(RuleBroken) as refusal:
        stage.take("resolve", deadline_text="尽量快一点")

    assert (refusal.value.field, Resolution.objects.count()) == ("deadline_text", 0)


@pytest.mark.parametrize("step", ["record_result", "resolve", "conclude"])
@pytest.mark.parametrize("role", ["liaison", "convener", "discipline"])
def test_only_the_office_writes_down_what_was_decided(step, role):
    stage = Stage.with_meeting("in_session")

    with pytest.raises(NotPermitted):
        stage.take(step, role)


# --- minutes


def test_the_draft_is_made_from_agenda_results_and_attendance():
    stage = Stage.with_meeting("held")

    text = minutes_draft(stage.meeting)

    assert text == (
        "2026年3月18日，召集人某在管委会三楼会议室主持召开民营经济工作联席会议专题会议，研究“企业夜间停电问题”"
        "1项议题。现将会议议定事项纪要如下：\n\n"
        "一、关于企业夜间停电问题\n"
        "会议审议结果：原则通过。原则同意改造方案。\n"
        f"（一）完成园区北线改造。（牵头单位：{stage.lead}；责任单位：{stage.helping}；完成时限：2026年6月底前）\n\n"
        f"出席：{stage.lead}（甲某）\n"
        f"请假：{stage.helping}"
    )


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (21, "二十一")])
def test_headings_count_in_chinese(number, text):
    assert numeral(number) == text


@pytest.mark.parametrize("role", ["office", "director", "liaison", "head", "discipline"])
def test_only_the_chair_signs(role):
    stage = Stage.with_meeting("drafted")

    with pytest.raises(NotPermitted):
        stage.take("sign_minutes", role)

    assert owed(stage.meeting) == [("sign_minutes", CONVENER)]


def test_an_absent_chair_s_deputy_signs_by_a_recorded_delegation():
    stage = Stage.with_meeting("drafted")
    with time_machine.travel(MEETING_AT, tick=False):
        actions.delegate_signing(
            stage.meeting,
            actor=stage.who["office"],
            delegate=stage.who["director"],
            reason="召集人外出，3月18日电话委托。",
            valid_until=MEETING_AT.date() + timedelta(days=5),
        )
        held_by = owed(stage.meeting)
        stage.take("sign_minutes", "director")

    assert held_by == [("sign_minutes", DIRECTOR)]
    assert (stage.meeting.signed_by, stage.meeting.signed_under) == (
        stage.who["director"],
        Delegation.objects.get(),
    )
    line = JournalEntry.objects.about(stage.meeting).order_by("seq").last()
    assert line.text == "受委托签发（召集人外出，3月18日电话委托。）。"


def test_a_delegation_that_has_run_out_signs_nothing():
    stage = Stage.with_meeting("drafted")
    with time_machine.travel(MEETING_AT, tick=False):
        actions.delegate_signing(
            stage.meeting,
            actor=stage.who["convener"],
            delegate=stage.who["director"],
            reason="外出。",
            valid_until=MEETING_AT.date(),
        )
    later = MEETING_AT + timedelta(days=2)

    with time_machine.travel(later, tick=False), pytest.raises(NotPermitted):
        actions.sign_minutes(stage.meeting, actor=stage.who["director"])


@pytest.mark.parametrize(("role", "field"), [("liaison", "delegate"), ("convener", "delegate")])
def test_minutes_are_signed_for_the_chair_by_somebody_else_of_the_body(role, field):
    stage = Stage.with_meeting("drafted")

    with time_machine.travel(MEETING_AT, tick=False), pytest.raises(RuleBroken) as refusal:
        actions.delegate_signing(
            stage.meeting,
            actor=stage.who["office"],
            delegate=stage.who[role],
            reason="外出。",
            valid_until=MEETING_AT.date(),
        )

    assert (refusal.value.field, Delegation.objects.count()) == (field, 0)


def test_returned_minutes_are_drafted_again():
    stage = Stage.with_meeting("drafted")

    stage.take("return_minutes")
    stage.take("draft_minutes")

    assert (stage.meeting.state, owed(stage.meeting)) == ("drafted", [("sign_minutes", CONVENER)])


def test_issued_minutes_are_numbered_frozen_and_tell_each_unit_its_resolutions():
    stage = Stage.with_meeting("issued")

    minutes = IssuedDocument.objects.about(stage.meeting).get(kind="minutes")
    sheet = IssuedDocument.objects.about(stage.meeting).get(kind="attendance_sheet")
    assert (minutes.number, is_unchanged(minutes), sheet.number) == (
        "高新区民联办纪〔2026〕1号",
        True,
        "",
    )
    told = OutboxMessage.objects.filter(title="会议议定事项：企业用电问题专题会议")
    assert set(told.values_list("recipient", flat=True)) == {
        f"unit:{stage.lead.pk}:liaison",
        f"unit:{stage.helping.pk}:liaison",
    }


def test_the_five_working_days_of_the_minutes_run_from_the_end_of_the_meeting():
    stage = Stage.with_meeting("signed")

    duty = Duty.objects.about(stage.meeting).get(key="issue_minutes", state="open")
    assert (duty.limit_key, local(duty.due_at).date() - MEETING_AT.date()) == (
        "meeting.issue_minutes",
        timedelta(days=7),
    )


# --- what comes of it


def test_a_meeting_is_filed_away_once_every_resolution_is_settled():
    stage = Stage.with_meeting("issued")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("archive")
    with time_machine.travel(MEETING_AT, tick=False), pytest.raises(RuleBroken):
        actions.excuse_resolution(
            stage.meeting,
            actor=stage.who["office"],
            resolution=Resolution.objects.get(),
            reason=" ",
        )
    stage.take("excuse")
    stage.take("archive")

    assert refusal.value.message == "还有1项议定事项没有立项，也没有说明不立项的理由。"
    assert stage.meeting.state == "archived"


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(
    ("state", "step", "roles"),
    [
        ("notified", "reply", ("liaison", "leader")),
        ("drafted", "sign_minutes", ("convener", "convener")),
        ("signed", "issue_minutes", ("office", "director")),
        ("issued", "excuse", ("office", "director")),
    ],
)
def test_of_two_at_once_the_record_stays_whole(state, step, roles):
    stage = Stage.with_meeting(state)
    barrier, fared = Barrier(2), []

    def run(role):
        try:
            meeting = Meeting.objects.get(pk=stage.meeting.pk)
            actor = User.objects.get(pk=stage.who[role].pk)
            _, act, usually = STEPS[step]
            told = usually(stage)[1]
            barrier.wait(timeout=30)
            act(meeting, actor=actor, **told)
            fared.append("won")
        except StepUnfit:
            fared.append("refused")
        except Exception as problem:  # noqa: BLE001 the test wants to see whatever leaks
            fared.append(repr(problem))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # A slip may be put right, so that both answers count; everything else happens once.
    assert sorted(fared) == (["won", "won"] if step == "reply" else ["refused", "won"])
    assert verify_journal().broken == ""
