"""议题: who proposes, screens, answers, approves; objections; what is restricted."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from lianqi.appeals.models import Appeal
from lianqi.conference import actions
from lianqi.conference.models import Opinion, Topic
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import IssuedDocument, JournalEntry, OutboxMessage
from lianqi.organisation.models import User
from tests.conference.stage import MORNING, Stage, ended, owed
from tests.factories import file_appeal

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OFFICE, CONVENER = "body:JC:office", "body:JC:convener"
FRIDAY = datetime(2026, 3, 13, 9, 0, tzinfo=SHANGHAI)


def objected(kind="thematic"):
    """Return a stage on which one unit objects and the other agrees."""
    stage = Stage.with_topic("consulting", kind)
    stage.take("agree")
    stage.take("object")
    return stage


def settled(stage, adopted):
    actions.settle_opinion(
        stage.topic,
        actor=stage.who["office"],
        opinion=Opinion.objects.get(stance="object"),
        adopted=adopted,
        answer="已与该局会商。",
    )
    return stage


# --- proposing


@pytest.mark.parametrize("role", ["liaison", "leader", "convener", "office", "tf_office", "head"])
def test_units_convener_and_offices_propose_and_the_office_owes_the_screening(role):
    stage = Stage()

    topic = stage.propose(role)

    assert (topic.state, owed(topic)) == ("proposed", [("screen", OFFICE)])
    assert topic.source == {"liaison": "unit", "convener": "convener"}.get(role, "office")


@pytest.mark.parametrize("role", ["firm", "helper", "discipline", "sysadmin", "auditor"])
def test_nobody_else_proposes(role):
    stage = Stage()

    with pytest.raises(NotPermitted):
        stage.propose(role)

    assert Topic.objects.count() == 0


def test_nobody_proposes_for_a_unit_he_does_not_speak_for():
    stage = Stage()

    with pytest.raises(NotPermitted):
        stage.propose("stranger", proposing_unit=stage.lead)


def test_a_topic_from_an_appeal_points_to_it_and_only_whoever_sees_it_may_bring_it_up():
    stage, appeal = Stage(), file_appeal()

    topic = stage.propose("office", appeals=[appeal])
    with pytest.raises(NotPermitted):
        stage.propose("stranger", appeals=[appeal])

    assert (topic.source, list(topic.appeals.all())) == ("appeal", [appeal])


# --- screening


@pytest.mark.parametrize("step", ["screen", "decline"])
@pytest.mark.parametrize("role", ["liaison", "convener", "tf_office", "discipline"])
def test_only_the_body_s_office_screens(step, role):
    stage = Stage.with_topic()

    with pytest.raises(NotPermitted):
        stage.take(step, role)

    assert Topic.objects.get().state == "proposed"


def test_a_topic_of_the_task_force_is_screened_by_its_own_office():
    stage = Stage()
    stage.topic = stage.propose(body="TF3", meeting_kind="plenary")

    with pytest.raises(NotPermitted):
        stage.take("screen")
    stage.take("screen", "tf_office")

    assert (stage.topic.state, owed(stage.topic)) == ("stored", [("circulate", "body:TF3:office")])


def test_what_is_declined_says_why():
    stage = Stage.with_topic()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("decline", note=" ")

    assert refusal.value.field == "note"


def test_a_topic_is_withdrawn_by_its_proposer_before_anybody_is_asked():
    stage, asked = Stage.with_topic("stored"), Stage.with_topic("consulting")

    with pytest.raises(NotPermitted):
        stage.take("withdraw", "stranger")
    stage.take("withdraw", "leader")
    with pytest.raises(StepUnfit):
        asked.take("withdraw")

    assert (stage.topic.state, asked.topic.state) == ("withdrawn", "consulting")


# --- the consultation


def test_every_unit_concerned_owes_its_own_opinion_within_the_limit_and_gets_a_letter():
    stage = Stage.with_topic("consulting")

    assert owed(stage.topic) == [
        ("close_consultation", OFFICE),
        ("give_opinion", f"unit:{stage.lead.pk}:liaison"),
        ("give_opinion", f"unit:{stage.helping.pk}:liaison"),
    ]
    letter = IssuedDocument.objects.about(stage.topic).get()
    assert (letter.kind, letter.number) == ("consultation", "高新区民联办征函〔2026〕1号")


@pytest.mark.parametrize("role", ["stranger", "office", "convener", "helper"])
def test_only_a_consulted_unit_answers(role):
    stage = Stage.with_topic("consulting")

    with pytest.raises(NotPermitted):
        stage.take("agree", role)


def test_a_unit_answers_once_whoever_of_it_is_first():
    stage = Stage.with_topic("consulting")
    stage.take("agree", "leader")

    with pytest.raises(NotPermitted):
        stage.take("agree", "liaison")

    assert Opinion.objects.get(unit=stage.lead).given_by == stage.who["leader"]


@pytest.mark.parametrize("stance", ["change", "object"])
def test_a_change_or_an_objection_gives_its_reason(stance):
    stage = Stage.with_topic("consulting")

    with pytest.raises(RuleBroken) as refusal:
        stage.take("agree", stance=stance, text=" ")

    assert (refusal.value.field, Opinion.objects.filter(stance="").count()) == ("text", 2)


def test_the_office_waits_for_all_answers_until_the_limit_is_over():
    stage = Stage.with_topic("consulting")
    stage.take("agree")

    with pytest.raises(StepUnfit) as early:
        stage.take("close_consultation")
    with time_machine.travel(FRIDAY, tick=False):
        stage.take("close_consultation")

    assert f"{stage.helping}联络员" in early.value.message
    assert (stage.topic.state, ended(stage.topic)[3]) == ("consulted", ("give_opinion", "lapsed"))
    line = JournalEntry.objects.about(stage.topic).filter(verb="topic.close_consultation").get()
    assert line.text == f"征求2个单位意见：同意1；未反馈：{stage.helping}（不视为同意）。"


def test_a_change_is_answered_with_reasons_before_the_topic_goes_on():
    stage = objected()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("close_consultation")
    settled(stage, adopted=True)
    stage.take("close_consultation")

    assert refusal.value.message == "还有1条修改或反对意见没有说明是否采纳。"
    assert stage.topic.state == "consulted"


def test_an_opinion_is_answered_once():
    stage = settled(objected(), adopted=False)

    with pytest.raises(StepUnfit):
        settled(stage, adopted=True)


def test_only_what_is_passed_on_goes_to_its_approver_without_opinions():
    study, news = Stage.with_topic("stored"), Stage.with_topic("stored", purpose="convey")

    with pytest.raises(StepUnfit) as refusal:
        actions.skip_consultation(study.topic, actor=study.who["office"], note="急。")
    actions.skip_consultation(news.topic, actor=news.who["office"], note="仅作传达。")

    assert "附件1第四条（三）" in refusal.value.message
    assert (study.topic.state, news.topic.state) == ("stored", "consulted")


# --- objections and approval


def test_an_objection_that_is_not_adopted_blocks_the_approval_until_it_is_on_record():
    stage = settled(objected(), adopted=False)
    stage.take("close_consultation")

    with pytest.raises(StepUnfit) as blocked:
        stage.take("approve")
    actions.record_objection(
        stage.topic,
        actor=stage.who["office"],
        opinion=Opinion.objects.get(stance="object"),
        note="两次协调未果。",
    )
    stage.take("approve")

    assert blocked.value.message.startswith(f"{stage.helping}不同意，意见没有采纳也没有记录在案")
    assert "附件1第四条（三）" in blocked.value.message
    assert stage.topic.state == "approved"


def test_an_adopted_objection_blocks_nothing():
    stage = settled(objected(), adopted=True)
    stage.take("close_consultation")

    assert stage.take("approve").state == "approved"


@pytest.mark.parametrize(
    ("kind", "able"),
    [("plenary", {"convener"}), ("thematic", {"convener", "director"}), ("office", {"director"})],
)
def test_who_approves_is_told_by_the_rule_of_the_form_of_meeting(kind, able):
    fared = set()
    for role in ("convener", "director", "office", "leader", "head", "discipline"):
        stage = Stage.with_topic("consulted", kind)
        try:
            stage.take("approve", role)
        except NotPermitted:
            continue
        fared.add(role)
        assert stage.topic.approved_by == stage.who[role]

    assert fared == able


@pytest.mark.parametrize(
    ("kind", "desk"), [("plenary", CONVENER), ("thematic", "body:JC:director")]
)
def test_the_approval_is_owed_by_whoever_usually_gives_it(kind, desk):
    stage = Stage.with_topic("consulted", kind)

    assert owed(stage.topic) == [("approve", desk)]


def test_what_is_sent_back_is_asked_about_anew():
    stage = Stage.with_topic("consulted")

    stage.take("send_back")
    stage.take("circulate")

    assert (stage.topic.round, Opinion.objects.filter(round=2, stance="").count()) == (2, 2)


def test_a_decided_topic_is_decided_once():
    stage = Stage.with_topic("consulted")
    old = Topic.objects.get()
    stage.take("approve")

    with pytest.raises(StaleState):
        actions.send_back_topic(old, actor=stage.who["convener"], note="材料不全。")


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(
    ("state", "one", "other", "verbs"),
    [
        ("proposed", ("office", "screen"), ("director", "decline"), ["screen", "decline"]),
        ("consulting", ("liaison", "agree"), ("leader", "agree"), ["give_opinion"]),
        ("consulted", ("convener", "approve"), ("director", "send_back"), ["approve", "send_back"]),
    ],
)
def test_of_two_at_once_exactly_one_wins(state, one, other, verbs):
    stage = Stage.with_topic(state)
    fared = race(stage, one, other)

    lines = JournalEntry.objects.about(stage.topic).filter(verb__in=[f"topic.{v}" for v in verbs])
    assert (fared, lines.count()) == (["refused", "won"], 1)
    assert verify_journal().broken == ""


def race(stage, *calls):
    """Take steps at once; return how each fared, sorted."""
    barrier, fared = Barrier(len(calls)), []

    def run(role, step):
        try:
            mine = Stage.__new__(Stage)
            mine.__dict__.update(stage.__dict__)
            mine.topic = Topic.objects.get()
            mine.who = {role: User.objects.get(pk=stage.who[role].pk)}
            barrier.wait(timeout=30)
            mine.take(step, role)
            fared.append("won")
        except (StepUnfit, NotPermitted):
            fared.append("refused")
        except Exception as problem:  # noqa: BLE001 the test wants to see whatever leaks
            fared.append(repr(problem))
        finally:
            connection.close()

    threads = [Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(fared)


# --- what comes back


def test_one_more_appeal_is_named_behind_a_topic_once():
    stage, appeal = Stage.with_topic("stored"), file_appeal()

    actions.link_appeal(stage.topic, actor=stage.who["office"], appeal=appeal)
    with pytest.raises(RuleBroken) as twice:
        actions.link_appeal(stage.topic, actor=stage.who["office"], appeal=appeal)

    assert (twice.value.field, list(stage.topic.appeals.all())) == ("appeal", [appeal])


def test_a_topic_without_appeals_is_told_back_with_the_minutes():
    stage = Stage.with_meeting("issued")

    assert Topic.objects.get(pk=stage.topic.pk).state == "fed_back"


@pytest.mark.parametrize(("to_firms", "audience"), [(True, "enterprise"), (False, "internal")])
def test_the_decision_stands_in_the_appeal_and_its_office_hears_of_it(to_firms, audience):
    appeal = file_appeal()
    stage = Stage()
    stage.topic = stage.propose("office", appeals=[appeal])
    for step in ("screen", "circulate", "agree", "co_agree", "close_consultation", "approve"):
        stage.take(step)
    stage.meeting = stage.plan()
    for step in ("set_agenda", "issue_notice", "sign_in", "open", "record_result", "resolve"):
        stage.take(step)
    stage.take("conclude")
    stage.topic.refresh_from_db()
    with pytest.raises(StepUnfit):
        stage.take("feed_back")
    for step in ("draft_minutes", "sign_minutes", "issue_minutes"):
        stage.take(step)

    stage.topic = Topic.objects.get()
    stage.take("feed_back", to_firms=to_firms)

    line = JournalEntry.objects.about(Appeal.objects.get()).order_by("seq").last()
    assert (line.verb, line.text, line.audience) == (
        "appeal.conference_decided",
        "已议定。",
        audience,
    )
    told = OutboxMessage.objects.filter(title=f"会议研究了诉求：{appeal}")
    assert list(told.values_list("recipient", flat=True)) == ["body:TF3:office"]
