"""From the firm to the office: filing, accepting, supplements, declining, merging, withdrawing."""

import pytest

from lianqi.appeals import actions
from lianqi.appeals.enums import Channel, Kind
from lianqi.appeals.models import Appeal
from lianqi.enterprises.actions.verification import remove_enterprise
from lianqi.enterprises.enums import EnterpriseKind, EnterpriseState
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.organisation.enums import Post
from tests.appeals.stage import (
    MORNING,
    WAYS,
    Stage,
    ended_duties,
    last_line,
    open_duties,
    told_desks,
    written,
)
from tests.factories import (
    EnterpriseFactory,
    UnitFactory,
    entrepreneur,
    file_appeal,
    office_clerk,
    person,
)
from tests.kernel.threads import together

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


# --- submit


def test_submitting_gives_a_number_and_lets_the_office_owe_its_acceptance():
    stage = Stage()

    appeal = stage.reload()
    assert (appeal.number, appeal.state, appeal.submitted_at, appeal.filed_by) == (
        "SQ2026-00001",
        "submitted",
        MORNING,
        stage.who["firm"],
    )
    assert last_line(appeal) == ("appeal.submit", stage.who["firm"], appeal.title)
    assert (open_duties(appeal), ended_duties(appeal)) == ([("accept", "open")], [])
    assert told_desks()[0] == ("body:TF3:office", f"待受理：{appeal}")


def test_a_city_number_comes_in_once_and_the_office_is_told_where():
    office, helper = office_clerk(), person(Post.HELPER, unit=UnitFactory())
    first = file_appeal(upstream_id=" 12345-7 ")
    filed_by_firm = entrepreneur()

    with pytest.raises(StepUnfit) as to_office:
        _file(filed_by_firm, actor=office, upstream_id="12345-7")
    with pytest.raises(StepUnfit) as to_helper:
        _file(filed_by_firm, actor=helper, upstream_id="12345-7")

    assert (to_office.value.message, to_office.value.field) == (
        f"市平台编号12345-7已经登记过，编号{first.number}，请到该件办理。",
        "upstream_id",
    )
    assert to_helper.value.message == "市平台编号12345-7已经登记过，请联系专班办公室核对。"
    assert (file_appeal(filed_by_firm).upstream_id, file_appeal(filed_by_firm).upstream_id) == (
        "",
        "",
    )


@pytest.mark.usefixtures("transactional_db")
def test_of_two_clerks_who_enter_a_city_number_at_once_one_is_told():
    firm, office = entrepreneur(), office_clerk()

    results = together(
        lambda: _file(firm, actor=office, upstream_id="12345-7"),
        lambda: _file(firm, actor=office, upstream_id="12345-7"),
    )

    assert sorted(type(result).__name__ for result in results) == ["Appeal", "StepUnfit"]
    assert Appeal.objects.count() == 1


def _file(firm, *, actor, **facts):
    return actions.submit_appeal(
        firm.memberships.get().enterprise,
        actor=actor,
        kind="help",
        title="厂区夜间停电",
        content="最近两周夜间停电三次。",
        contact_name="王某",
        contact_phone="13800138000",
        channel="city",
        **facts,
    )


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("channel", Channel.values)
def test_every_kind_comes_in_through_every_channel(kind, channel):
    appeal = file_appeal(kind=kind, channel=channel)

    assert (appeal.kind, appeal.channel, appeal.state) == (kind, channel, "submitted")


def test_a_private_economy_person_files_like_a_firm():
    somebody = entrepreneur(EnterpriseFactory(kind=EnterpriseKind.PERSON, uscc=None, name="赵某"))

    appeal = file_appeal(somebody)

    assert (appeal.state, appeal.enterprise.name) == ("submitted", "赵某")


def test_numbers_run_without_gaps_over_a_refused_filing():
    first = file_appeal()
    with pytest.raises(RuleBroken):
        file_appeal(content="本件属机密★5年，请协调。")

    assert (first.number, file_appeal().number) == ("SQ2026-00001", "SQ2026-00002")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"state": EnterpriseState.PENDING},
            "企业资料还在核验，通过后即可提交；一般一个工作日内完成。",
        ),
        ({"state": EnterpriseState.REFUSED}, "该企业不在名录内，不能提交诉求，请联系专班办公室。"),
        ({"state": EnterpriseState.LEFT}, "该企业不在名录内，不能提交诉求，请联系专班办公室。"),
        (
            {"private": False},
            "本平台服务民营企业和民营经济人士；国有单位的事项请按隶属关系报送或拨打12345。",
        ),
    ],
)
def test_only_verified_private_firms_file(facts, words):
    firm = entrepreneur(EnterpriseFactory(**facts))
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        file_appeal(firm)

    assert (refusal.value.message, refusal.value.status, written()) == (words, 422, before)


def test_names_at_their_greatest_length_fit_everywhere():
    firm = entrepreneur(EnterpriseFactory(name="长" * 120), full_name="名" * 40)

    appeal = file_appeal(firm, title="题" * 100, contact_name="王" * 40)
    stage = Stage()
    stage.appeal = appeal
    type(stage.lead).objects.filter(pk=stage.lead.pk).update(name="局" * 60)
    stage.lead.refresh_from_db()
    stage.go("accept", "dispatch", "sign", "request_closing", "sign_closing", "approve_closing")

    actions.rate_appeal(appeal, actor=firm, level=1, comment="评" * 2000)
    assert (appeal.state, verify_journal().broken) == ("dissatisfied", "")


# --- accept, decline


def test_accepting_starts_the_dispatch_clock():
    stage = Stage()

    stage.take("accept", note="即办")

    appeal = stage.reload()
    assert (appeal.state, appeal.accepted_at) == ("accepted", MORNING)
    assert last_line(appeal) == ("appeal.accept", stage.who["office"], "即办")
    assert (open_duties(appeal), ended_duties(appeal)) == (
        [("dispatch", "open")],
        [("accept", "done")],
    )


def test_declining_gives_reason_and_route_and_ends_the_matter():
    stage = Stage()

    stage.take("decline", note="附法律援助电话")

    appeal = stage.reload()
    assert (appeal.state, appeal.decline_reason, appeal.decline_route, appeal.closed_at) == (
        "declined",
        "litigation",
        "请按诉讼程序主张权利。",
        MORNING,
    )
    assert last_line(appeal) == (
        "appeal.decline",
        stage.who["office"],
        "应通过诉讼解决或法院已受理。建议：请按诉讼程序主张权利。附法律援助电话",
    )
    assert (open_duties(appeal), ended_duties(appeal)) == ([], [("accept", "done")])


def test_declining_without_a_route_is_refused():
    stage = Stage()
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("decline", route=" ")

    assert refusal.value.message == "不予受理要告诉企业可走的途径，请填写“建议途径”。"
    assert written() == before


# --- supplements


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("submitted", [("accept", "paused")]),
        ("accepted", [("dispatch", "paused")]),
        (
            "handling",
            [
                ("record_contact", "paused"),
                ("request_closing", "paused"),
                ("submit_opinion", "paused"),
            ],
        ),
    ],
)
def test_asking_for_a_supplement_stops_every_clock_and_its_answer_starts_them(state, standing):
    stage = Stage.at(state)
    running = open_duties(stage.appeal)

    stage.take("request_supplement")
    asked = (stage.appeal.state, last_line(stage.appeal), open_duties(stage.appeal))
    stage.take("supplement")

    assert asked == (
        "supplement",
        ("appeal.request_supplement", stage.who["office"], "请补充合同。"),
        [*standing, ("supplement", "open"), ("waive_supplement", "open")],
    )
    appeal = stage.reload()
    assert (appeal.state, appeal.resume_state) == (state, "")
    assert last_line(appeal) == ("appeal.supplement", stage.who["firm"], "合同见附件。")
    assert open_duties(appeal) == running
    assert ended_duties(appeal)[-2:] == [("supplement", "done"), ("waive_supplement", "done")]
    [said] = appeal.communications.all()
    assert (said.kind, said.content, said.audience) == ("supplement", "合同见附件。", "enterprise")


@pytest.mark.parametrize("state", ["submitted", "accepted", "handling"])
def test_the_office_goes_on_without_a_supplement_that_does_not_come(state):
    stage = Stage.at(state)
    running = open_duties(stage.appeal)
    stage.take("request_supplement")

    stage.take("waive_supplement")

    appeal = stage.reload()
    assert (appeal.state, appeal.resume_state, open_duties(appeal)) == (state, "", running)
    assert ended_duties(appeal)[-1] == ("waive_supplement", "done")


def test_a_supplement_nobody_asked_for_changes_no_clock():
    stage = Stage.at("handling")
    before = open_duties(stage.appeal), stage.appeal.due_at

    stage.take("supplement")

    appeal = stage.reload()
    assert (appeal.state, open_duties(appeal), appeal.due_at) == ("handling", *before)


def test_a_pending_extension_stands_while_the_firm_supplements():
    stage = Stage.at("handling")
    stage.go("request_extension", "request_supplement")

    standing = open_duties(stage.appeal)
    stage.go("supplement", "decide_extension")

    assert standing[0] == ("decide_extension", "paused")
    assert Duty.objects.about(stage.appeal).get(key="decide_extension").state == "done"


@pytest.mark.parametrize("key", ["accept", "decline"])
def test_an_accepted_appeal_that_waits_for_its_firm_is_not_taken_on_again(key):
    stage = Stage.at("accepted")
    stage.take("request_supplement")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take(key)

    assert refusal.value.message == "这件诉求已经受理，正等企业补充材料。"
    assert written() == before


def test_the_office_may_decline_what_was_never_supplemented():
    stage = Stage.at("supplement")

    stage.take("decline", reason_code="no_content")

    assert stage.reload().state == "declined"
    assert ended_duties(stage.appeal) == [
        ("accept", "done"),
        ("supplement", "moot"),
        ("waive_supplement", "done"),
    ]


def test_a_supplement_with_a_secrecy_mark_is_refused():
    stage = Stage.at("supplement")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("supplement", content="秘密★三年")

    assert (refusal.value.field, written()) == ("content", before)


# --- merge


@pytest.mark.parametrize(("state", "owed"), [("submitted", "accept"), ("accepted", "dispatch")])
def test_merging_ends_the_duplicate_and_keeps_where_it_went(state, owed):
    stage = Stage.at(state)

    stage.take("merge")

    appeal = stage.reload()
    assert (appeal.state, appeal.merged_into, appeal.closed_at) == ("merged", stage.twin, MORNING)
    assert last_line(appeal) == (
        "appeal.merge",
        stage.who["office"],
        "与同类诉求合并办理，结果一并答复。",
    )
    assert (open_duties(appeal), ended_duties(appeal)[-1]) == ([], (owed, "done"))


@pytest.mark.parametrize(
    "state", ["declined", "merged", "withdrawn", "closed", "answered", "rated"]
)
def test_nothing_is_merged_into_what_gets_no_answer_any_more(state):
    target = Stage.at(state).appeal
    stage = Stage()
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        actions.merge_appeal(stage.appeal, actor=stage.who["office"], into=target)

    assert (refusal.value.status, refusal.value.message[: len(target.number)]) == (
        422,
        target.number,
    )
    assert written() == before


def test_an_appeal_is_not_merged_into_itself():
    stage = Stage()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("merge", into=stage.reload())

    assert refusal.value.message == "不能并入自己，请填写另一件诉求的编号。"


def test_the_answer_reaches_firms_merged_in_at_second_hand():
    stage = Stage()
    first, second = file_appeal(), stage.twin
    actions.merge_appeal(first, actor=stage.who["office"], into=second)
    actions.merge_appeal(second, actor=stage.who["office"], into=stage.appeal)

    stage.go(*WAYS["answered"])

    heard = JournalEntry.objects.filter(verb="appeal.answered_with").order_by("subject_id")
    assert [(line.subject_id, line.text) for line in heard] == [
        (appeal.pk, stage.appeal.reply) for appeal in sorted([first, second], key=lambda a: a.pk)
    ]


@pytest.mark.parametrize("key", ["withdraw", "decline"])
def test_what_was_merged_into_an_appeal_that_ends_unanswered_goes_on_by_itself(key):
    stage = Stage()
    follower = stage.twin
    actions.merge_appeal(follower, actor=stage.who["office"], into=stage.appeal)

    stage.take(key)

    follower.refresh_from_db()
    assert (follower.state, follower.merged_into, follower.closed_at) == ("submitted", None, None)
    assert (open_duties(follower), last_line(follower)) == (
        [("accept", "open")],
        ("appeal.reopen", None, "合并办理的那件诉求不再办理，本件恢复单独办理。"),
    )
    assert verify_journal().broken == ""


def test_the_office_may_take_a_merge_back():
    stage = Stage.at("merged")

    stage.take("reopen")

    appeal = stage.reload()
    assert (appeal.state, appeal.merged_into, appeal.round) == ("submitted", None, 1)
    assert open_duties(appeal) == [("accept", "open")]


# --- withdraw


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("submitted", ["accept"]),
        ("supplement", ["accept", "supplement", "waive_supplement"]),
        ("accepted", ["dispatch"]),
        ("dispatched", ["request_closing", "sign", "submit_opinion"]),
        ("disputed", ["request_closing", "rule_return", "submit_opinion"]),
        ("handling", ["record_contact", "request_closing", "submit_opinion"]),
    ],
)
def test_withdrawing_makes_every_obligation_moot(state, ended):
    stage = Stage.at(state)

    stage.take("withdraw")

    appeal = stage.reload()
    assert (appeal.state, appeal.closed_at, open_duties(appeal)) == ("withdrawn", MORNING, [])
    assert last_line(appeal) == ("appeal.withdraw", stage.who["firm"], "问题已解决。")
    assert sorted(key for key, state in ended_duties(appeal) if state == "moot") == ended


def test_a_firm_that_left_the_directory_may_still_settle_its_open_appeals():
    stage = Stage.at("answered")
    remove_enterprise(stage.appeal.enterprise, actor=stage.who["office"], note="注销")

    stage.take("rate_badly")

    assert stage.reload().state == "dissatisfied"


# --- nudge


@pytest.mark.parametrize(
    ("state", "desk"), [("submitted", "body:TF3:office"), ("handling", "unit:{lead}:liaison")]
)
def test_a_nudge_reaches_whoever_has_the_appeal_once_a_day(state, desk, time_machine):
    stage = Stage.at(state)

    stage.take("nudge")

    assert last_line(stage.appeal) == ("appeal.nudge", stage.who["firm"], "企业催办。")
    assert told_desks()[-1] == (desk.format(lead=stage.lead.pk), f"企业催办：{stage.appeal}")
    with pytest.raises(StepUnfit) as refusal:
        stage.take("nudge")
    assert refusal.value.message == "今天已经催过一次，办理单位已收到提醒。"
    time_machine.move_to(MORNING.replace(day=10))
    stage.take("nudge")
    assert JournalEntry.objects.filter(verb="appeal.nudge").count() == 2
