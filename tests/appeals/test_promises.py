"""Promises to firms: found while an answer is written, owed one by one, checked, moved, denied."""

from datetime import date, datetime
from importlib import import_module
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from lianqi.appeals import actions
from lianqi.appeals.models import Appeal, Promise
from lianqi.appeals.queries.promises import fate_counts, promise_rows
from lianqi.appeals.workflow.table import APPEAL, PROMISES
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import Duty
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.enums import BodyCode
from tests.appeals.stage import (
    LATER,
    MORNING,
    PROMISED,
    Stage,
    last_line,
    open_duties,
    told_desks,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
SOON = date(2026, 4, 1)
TWO = [{"text": "四月一日前装灯。", "on": SOON}, {"text": "六月一日前铺路。", "on": PROMISED}]
LEDGER_QUERIES = 9
kept_so_far = import_module("lianqi.appeals.migrations.0005_promises_kept_so_far")
OFFICE = f"body:{BodyCode.TF3}:office"


def given(*promises):
    """Return a stage whose answer with these promises has gone out."""
    stage = Stage.at("handling")
    stage.take("request_closing", promises=promises)
    stage.go("sign_closing", "approve_closing")
    return stage


def owed(stage, key="recheck_promise"):
    live = Duty.objects.about(stage.appeal).filter(key=key, state="open")
    return [
        (duty.holder, duty.due_at.astimezone(SHANGHAI).date()) for duty in live.order_by("due_at")
    ]


def fates(stage):
    return [promise.fate.value for promise in stage.appeal.promises.order_by("pk")]


# --- making


def test_each_promise_of_an_answer_owes_its_own_check_on_its_own_day():
    stage = given(*TWO)

    assert owed(stage) == [(OFFICE, SOON), (OFFICE, PROMISED)]
    assert (stage.reload().promised_on, stage.appeal.promises_drafted) == (SOON, [])
    assert set(stage.appeal.promises.values_list("unit", "made_by")) == {
        (stage.lead.pk, stage.who["office"].pk)
    }


def test_a_drafted_promise_is_nobodys_until_the_answer_goes_out():
    stage = Stage.at("handling")
    stage.take("request_closing", promises=TWO)

    assert (stage.appeal.promises.count(), owed(stage)) == (0, [])
    assert [one["text"] for one in stage.reload().promises_drafted] == [p["text"] for p in TWO]


def test_a_second_draft_replaces_what_the_first_would_have_promised():
    stage = Stage.at("handling")
    stage.take("request_closing", promises=TWO)
    stage.take("return_draft")
    stage.take("request_closing", promises=TWO[:1])
    stage.go("sign_closing", "approve_closing")

    assert list(stage.appeal.promises.values_list("on", flat=True)) == [SOON]


def test_a_stage_reply_promises_at_once_while_the_unit_goes_on_working():
    stage = Stage.at("handling")

    stage.take("report_stage", content="四月一日前装灯。", promises=TWO[:1])

    assert (stage.reload().state, owed(stage)) == ("handling", [(OFFICE, SOON)])
    stage.go("request_closing", "sign_closing", "approve_closing")
    assert owed(stage) == [(OFFICE, SOON)]


def test_a_single_day_as_programs_give_it_becomes_a_promise_in_the_answers_words():
    stage = Stage.at("handling")
    stage.take(
        "request_closing", outcome="planned", reply="路灯将于6月1日前装好。", promised_on=PROMISED
    )
    stage.go("sign_closing", "approve_closing")

    assert list(stage.appeal.promises.values_list("text", "on")) == [
        ("路灯将于6月1日前装好。", PROMISED)
    ]


def test_a_planned_outcome_may_name_its_day_as_a_promise():
    stage = Stage.at("handling")

    stage.take("request_closing", outcome="planned", promises=TWO[:1])

    assert stage.reload().promised_on == SOON


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        ({"text": " ", "on": SOON}, "承诺的内容不能为空。"),
        ({"text": "今天办完", "on": date(2026, 3, 9)}, "承诺日期要晚于今天，请核对。"),
        (
            {"text": "后年", "on": date(2028, 1, 1)},
            "2028年的工作日历还没有录入，到期无法提醒；请系统管理员先录入，或另定承诺日期。",
        ),
    ],
)
@pytest.mark.parametrize("key", ["request_closing", "report_stage"])
def test_a_promise_says_something_for_a_day_ahead(key, promise, words):
    stage = Stage.at("handling")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take(key, promises=[promise])

    assert (refusal.value.message, refusal.value.field, written()) == (words, "promises", before)


# --- checking


def test_a_kept_promise_is_settled_and_the_next_one_stays_owed():
    stage = given(*TWO)

    stage.take("recheck_promise")

    assert (fates(stage), owed(stage)) == (["kept", "open"], [(OFFICE, PROMISED)])
    assert (stage.reload().promised_on, stage.appeal.promise_kept) == (PROMISED, None)


def test_any_of_several_promises_may_be_checked_by_name():
    stage = given(*TWO)

    stage.take("recheck_promise", promise=stage.appeal.promises.get(on=PROMISED))

    assert (fates(stage), owed(stage)) == (["open", "kept"], [(OFFICE, SOON)])


def test_a_broken_promise_is_owed_a_new_day_by_the_leader_and_the_firm_is_told():
    stage = given(TWO[0])

    stage.take("recheck_promise", kept=False, note="没有装。")

    leader = f"unit:{stage.lead.pk}:leader"
    assert [holder for holder, _ in owed(stage, "move_promise")] == [leader]
    told = told_desks()
    assert (f"unit:{stage.lead.pk}:liaison", f"承诺未兑现：{stage.appeal}") in told
    firm = f"enterprise:{stage.appeal.enterprise_id}"
    assert (firm, f"承诺落实情况：{stage.appeal}") in told


def test_a_promise_of_the_office_that_broke_is_owed_a_new_day_by_the_office():
    stage = Stage.at("accepted")
    stage.take("answer_directly", promises=TWO[:1])

    stage.take("recheck_promise", kept=False)

    assert [holder for holder, _ in owed(stage, "move_promise")] == [OFFICE]


def test_a_broken_promise_of_a_closed_appeal_may_reopen_it_in_the_same_act():
    stage = given(TWO[0])
    stage.go("rate", "close")

    stage.take("recheck_promise", kept=False, reopen=True)

    assert (stage.reload().state, stage.appeal.round, fates(stage)) == ("handling", 2, ["broken"])
    assert [key for key, _ in open_duties(stage.appeal) if "promise" in key] == []


@pytest.mark.parametrize(("state", "kept"), [("closed", True), ("answered", False)])
def test_only_a_closed_appeal_with_a_broken_promise_is_reopened(state, kept):
    stage = given(TWO[0])
    if state == "closed":
        stage.go("rate", "close")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("recheck_promise", kept=kept, reopen=True)

    assert (refusal.value.field, written()) == ("reopen", before)


def test_a_promise_of_another_appeal_is_not_checked_here():
    stage, other = given(TWO[0]), given(TWO[0])
    before = written()

    for key in ("recheck_promise", "move_promise"):
        with pytest.raises(RuleBroken) as refusal:
            stage.take(key, promise=other.appeal.promises.get())
        assert (refusal.value.field, refusal.value.status) == ("promise", 422)

    assert written() == before


def test_what_was_promised_and_not_checked_goes_with_a_bad_answer():
    stage = given(*TWO)
    stage.take("recheck_promise")

    stage.go("rate_badly", "redo")

    assert (fates(stage), owed(stage)) == (["kept", "superseded"], [])


def test_a_withdrawn_appeal_is_promised_nothing_any_more():
    stage = Stage.at("handling")
    stage.take("report_stage", promises=TWO[:1])

    stage.take("withdraw")

    assert (fates(stage), open_duties(stage.appeal)) == (["superseded"], [])


# --- moving


def test_a_moved_promise_is_owed_on_its_new_day_and_the_ledger_keeps_the_old_one():
    stage = given(TWO[0])

    stage.take("move_promise")

    assert (fates(stage), owed(stage)) == (["moved", "open"], [(OFFICE, LATER)])
    assert (
        last_line(stage.appeal)[2]
        == "“四月一日前装灯。”由2026年4月1日（周三）改到2026年7月1日（周三）。等待材料进场。"
    )
    assert stage.reload().promised_on == LATER


def test_a_new_day_settles_what_the_leader_owed_for_a_broken_promise():
    stage = given(TWO[0])
    stage.take("recheck_promise", kept=False)

    stage.take("move_promise", "leader")

    assert (fates(stage), owed(stage, "move_promise")) == (["broken", "open"], [])
    done = Duty.objects.about(stage.appeal).get(key="move_promise")
    assert (done.state, done.closed_by) == ("done", stage.who["leader"])


def test_a_promise_is_put_off_not_called_forward():
    stage = given(TWO[1])
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("move_promise", promised_on=SOON)

    assert (refusal.value.message, written()) == ("新的日期要晚于原来的承诺日期。", before)


# --- the firm's word


def test_a_firm_that_contradicts_a_check_has_it_done_again_within_two_days():
    stage = given(TWO[0])
    stage.take("recheck_promise")

    stage.take("deny_promise")

    promise = stage.appeal.promises.get()
    assert (promise.fate.value, promise.denial) == ("open", "路灯还没有装。")
    assert owed(stage) == [(OFFICE, date(2026, 3, 11))]
    assert stage.reload().promise_kept is None


def test_a_firm_that_complains_of_a_day_gone_by_moves_no_deadline_but_the_office_hears(
    time_machine,
):
    stage = given(TWO[0])
    time_machine.move_to(datetime(2026, 4, 3, 10, 0, tzinfo=SHANGHAI))

    stage.take("deny_promise")

    assert owed(stage) == [(OFFICE, SOON)]
    assert (OFFICE, f"企业反映承诺没有兑现：{stage.appeal}") in told_desks()


def test_a_promise_is_not_denied_before_its_day_nor_twice():
    stage = given(TWO[0])
    with pytest.raises(StepUnfit):
        stage.take("deny_promise")

    stage.take("recheck_promise")
    stage.take("deny_promise")
    stage.take("recheck_promise")

    with pytest.raises(StepUnfit):
        stage.take("deny_promise")


def test_another_firm_denies_nothing():
    stage = given(TWO[0])
    stage.take("recheck_promise")

    with pytest.raises(NotPermitted):
        stage.take("deny_promise", "rival")


@pytest.mark.usefixtures("transactional_db")
def test_two_who_check_the_same_promise_at_once_settle_it_once():
    stage = given(TWO[0])
    barrier, fared = Barrier(2), []

    def check(kept):
        try:
            appeal = Appeal.objects.get(pk=stage.appeal.pk)
            barrier.wait(timeout=30)
            actions.recheck_promise(appeal, actor=stage.who["office"], kept=kept, note="看过。")
            fared.append("done")
        except RuleBroken as refused:
            fared.append(str(refused.status))
        finally:
            connection.close()

    threads = [Thread(target=check, args=(kept,)) for kept in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(fared) in (["409", "done"], ["422", "done"])
    assert Promise.objects.exclude(kept=None).count() == 1


# --- pages


def post_answer(client, stage, text, **more):
    client.force_login(stage.who["liaison"])
    url = reverse("appeals:appeal_step", args=[stage.appeal.number, "request_closing"])
    return client.post(url, {"outcome": "solved", "reply": text, **more})


def test_an_answer_that_names_days_is_asked_back_once_and_then_enters_what_was_ticked(client):
    stage = Stage.at("handling")
    text = "路灯将于4月1日前装好，道路将于6月1日前铺好。"

    first = post_answer(client, stage, text, **{"promises-seen": "", "promises-count": "0"})
    widget = first.context["step_form"].fields["promises"].widget
    assert (first.status_code, [one.on for one in widget.offered]) == (422, [SOON, PROMISED])
    assert "发现 2 处承诺" in first.content.decode()

    seen = first.context["step_form"]["promises"].as_widget().split('promises-seen" value="')[1]
    second = post_answer(
        client,
        stage,
        text,
        **{
            "promises-seen": seen.split('"')[0],
            "promises-count": "2",
            "promises-0-keep": "on",
            "promises-0-text": "路灯装好",
            "promises-0-on": "2026-04-02",
            "promises-1-text": "道路铺好",
            "promises-1-on": "2026-06-01",
        },
    )
    assert (second.status_code, stage.reload().state) == (302, "signing")
    assert stage.reload().promises_drafted == [{"text": "路灯装好", "on": "2026-04-02"}]


def test_a_ticked_row_without_a_day_is_refused_by_its_number(client):
    stage = Stage.at("handling")

    refused = post_answer(
        client,
        stage,
        "尽快装好。",
        **{
            "promises-seen": "",
            "promises-count": "1",
            "promises-0-keep": "on",
            "promises-0-text": "路灯装好",
            "promises-0-on": "",
        },
    )

    assert refused.status_code == 422
    assert "第1项承诺“路灯装好”要写日期" in refused.content.decode()


def test_the_rows_are_found_while_the_answer_is_written_for_officials_only(client):
    stage = Stage.at("handling")
    url = reverse("appeals:promise_rows")
    sent = {"source": "reply", "reply": "6月1日前装好路灯。"}

    client.force_login(stage.who["liaison"])
    shown = client.post(url, sent)
    client.force_login(stage.who["firm"])
    refused = client.post(url, sent)

    assert ('value="2026-06-01"' in shown.content.decode(), refused.status_code) == (True, 403)


def test_the_firm_sees_its_promises_and_says_that_one_was_not_kept(client):
    stage = given(TWO[0])
    stage.take("recheck_promise")
    client.force_login(stage.who["firm"])

    page = client.get(stage.appeal.get_absolute_url()).content.decode()
    url = reverse("portal:appeal_step", args=[stage.appeal.number, "deny_promise"])
    response = client.post(url, {"comment": "没有装"})

    assert ("四月一日前装灯。" in page, url in page, response.status_code) == (True, True, 302)
    assert fates(stage) == ["open"]


def test_a_promise_that_has_not_been_given_yet_is_not_shown_to_the_firm(client):
    stage = Stage.at("handling")
    stage.take("request_closing", promises=TWO)
    client.force_login(stage.who["firm"])

    assert "四月一日前装灯" not in client.get(stage.appeal.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_ledger_asks_the_same_queries_for_any_number_of_rows(
    client, django_assert_num_queries, count
):
    stages = [given(TWO[0]) for _ in range(count)]
    client.force_login(stages[0].who["office"])
    url = reverse("appeals:promise_list")
    client.get(url)

    with django_assert_num_queries(LEDGER_QUERIES):
        page = client.get(url)

    assert len(page.context["rows"]) == count


def test_the_ledger_is_filtered_by_unit_month_and_fate():
    stage, other = given(*TWO), given(TWO[1])
    stage.take("recheck_promise", kept=False)
    office = stage.who["office"]

    def found(**asked):
        return promise_rows(office, **asked).count()

    assert [
        found(),
        found(unit=stage.lead.code),
        found(month=SOON),
        found(fate="broken"),
        found(fate="open", unit=other.lead.code),
        found(fate="overdue"),
    ] == [3, 2, 1, 1, 1, 0]
    assert fate_counts(office) == {"open": 2, "overdue": 0, "kept": 0, "broken": 1, "moved": 0}


def test_another_unit_sees_nothing_of_the_ledger_and_a_firm_gets_none(client):
    stage = given(TWO[0])
    client.force_login(stage.who["stranger"])
    rows = client.get(reverse("appeals:promise_list")).context["rows"]
    client.force_login(stage.who["firm"])

    assert (rows, client.get(reverse("appeals:promise_list")).status_code) == ([], 403)


@pytest.mark.parametrize("name", ["promise_list", "promise_export"])
@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=9999-12", "month=x", "unit=nobody", "after=garbage", "fate=x"]
)
def test_a_filter_that_cannot_be_read_harms_nobody(client, name, query):
    stage = Stage.at("submitted")
    client.force_login(stage.who["office"])

    assert client.get(f"{reverse(f'appeals:{name}')}?{query}").status_code == 200


def test_the_second_page_of_the_ledger_begins_after_the_first(client):
    stage = given(*[{"text": f"第{n}项", "on": SOON} for n in range(20)])
    rows = promise_rows(stage.who["office"])
    first = keyset_page(rows, QueryDict(""), order=("on", "pk"), size=15)
    second = keyset_page(rows, QueryDict(first.next_url[1:]), order=("on", "pk"), size=15)

    assert [len(first.rows), len(second.rows)] == [15, 5]
    assert {row.pk for row in first.rows} & {row.pk for row in second.rows} == set()


def test_every_state_with_open_promises_lets_the_office_check_them():
    owing = {key for key, state in APPEAL.states.items() if set(PROMISES) <= set(state.owes)}

    assert owing == set(APPEAL.steps["recheck_promise"].sources)


# --- what was kept before each promise had a row of its own


def as_it_was(stage, **columns):
    """Put an appeal back to how it stood before promises had rows of their own."""
    Promise.objects.all().delete()
    Duty.objects.about(stage.appeal).filter(key="recheck_promise").update(part="")
    Appeal.objects.filter(pk=stage.appeal.pk).update(promises_drafted=[], **columns)


def test_a_promised_day_of_old_becomes_a_promise_with_its_live_duty():
    stage = given(TWO[1])
    as_it_was(stage)

    kept_so_far.make_promises(apps, None)

    promise = stage.appeal.promises.get()
    assert (promise.on, promise.fate.value, promise.unit) == (PROMISED, "open", stage.lead)
    assert owed(stage) == [(OFFICE, PROMISED)]
    assert Duty.objects.about(stage.appeal).get(key="recheck_promise").part == str(promise.pk)
    stage.take("recheck_promise")
    assert open_duties(stage.reload()) == [("callback", "open"), ("rate", "open")]


@pytest.mark.parametrize(("kept", "fate"), [(True, "kept"), (False, "broken")])
def test_what_was_checked_of_old_stays_checked_and_owes_nothing_new(kept, fate):
    stage = given(TWO[1])
    stage.take("recheck_promise", kept=kept)
    Duty.objects.about(stage.appeal).filter(key="move_promise").delete()
    as_it_was(stage, promise_kept=kept, promised_on=PROMISED)

    kept_so_far.make_promises(apps, None)

    APPEAL.settle(stage.reload(), actor=stage.who["office"], at=MORNING)
    assert fates(stage) == [fate]
    assert "move_promise" not in dict(open_duties(stage.appeal))


def test_a_drafted_day_of_old_is_promised_when_the_answer_goes_out():
    stage = Stage.at("handling")
    stage.go("request_planned", "sign_closing")
    as_it_was(stage)

    kept_so_far.make_promises(apps, None)
    stage.appeal.refresh_from_db()
    stage.take("approve_closing")

    assert owed(stage) == [(OFFICE, PROMISED)]
