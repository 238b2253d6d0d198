"""办结提示和回访抽样: facts that deserve a call, a draw anybody can repeat, a call that is owed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.appeals.actions.sampling import draw_of, sample_late
from lianqi.appeals.jobs import look_at_closings
from lianqi.appeals.models import CallbackSample, CaseFact, ClosingSignal
from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from tests.appeals.stage import ANSWER, MORNING, Stage, duty, ended_duties, open_duties

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OWN = {"outcome": "solved", "reply": "七月以来的三处漏水点都已换管，水压恢复。"}


def hints(stage):
    return sorted(stage.appeal.signals.values_list("round", "kind"))


def answer(stage, **given):
    stage.take("request_closing", **given)
    stage.go("sign_closing", "approve_closing")


def test_an_answer_with_contact_and_words_of_its_own_gives_no_hint():
    assert hints(Stage.at("answered")) == []


def test_an_answer_without_any_contact_is_noted():
    stage = Stage.at("handling")

    answer(stage)

    [hint] = stage.appeal.signals.all()
    assert (hint.kind, hint.text) == ("no_contact", "第1轮没有联系企业的记录。")


def test_the_same_words_in_another_answer_of_the_same_unit_are_noted():
    first, second, third = Stage.at("answered"), Stage.at("handling"), Stage.at("handling")
    for stage in (second, third):
        stage.appeal.lead_unit = first.lead
        stage.appeal.save()
        stage.who.update(liaison=first.who["liaison"], leader=first.who["leader"])
        stage.take("record_contact")

    answer(second, reply="变压器已更换 供电恢复正常")
    answer(third, **OWN)

    [hint] = second.appeal.signals.all()
    assert (hint.kind, hint.facts) == ("copied", {"number": first.appeal.number, "percent": 100})
    assert hints(third) == []


def test_another_unit_s_answer_is_no_copy():
    Stage.at("answered")

    assert hints(Stage.at("answered")) == []


def test_an_answer_signed_minutes_before_the_deadline_is_noted(time_machine):
    stage = Stage.at("handling")
    stage.go("record_contact", "report_stage")
    due = duty(stage.appeal, "request_closing").due_at
    time_machine.move_to(due - timedelta(minutes=12, seconds=30))

    answer(stage)

    [hint] = stage.appeal.signals.all()
    assert (hint.kind, hint.facts) == ("last_minute", {"minutes": 12})


def test_long_handling_without_a_stage_reply_is_noted(time_machine):
    stage = Stage.at("handling")
    stage.take("record_contact")
    time_machine.move_to(MORNING + timedelta(days=4))

    answer(stage)

    [hint] = stage.appeal.signals.all()
    assert (hint.kind, hint.facts) == ("no_stage", {"working_days": 4})


def test_the_same_evidence_file_on_two_appeals_is_noted():
    picture = inspect_upload("现场.txt", "现场照片说明".encode(), accept=APPEAL_EVIDENCE)
    first, second = Stage.at("handling"), Stage.at("handling")
    for stage in (first, second):
        stage.take("record_contact")

    answer(first, files=[picture])
    answer(second, files=[picture])

    [hint] = second.appeal.signals.all()
    assert (hint.kind, hint.facts["number"]) == ("same_file", first.appeal.number)
    assert hints(first) == []


def test_a_closing_that_holds_a_few_days_only_is_noted(time_machine):
    stage, later = Stage.at("closed"), Stage.at("closed")
    time_machine.move_to(MORNING + timedelta(days=3))
    stage.take("reopen")
    time_machine.move_to(MORNING + timedelta(days=30))

    later.take("reopen")

    assert (hints(stage), hints(later)) == ([(1, "reopened")], [])


# --- the draw


def test_the_lot_is_the_same_whenever_it_is_drawn():
    assert [draw_of("SQ2026-00009", 1), draw_of("SQ2026-00009", 2)] == [
        draw_of("SQ2026-00009", 1),
        draw_of("SQ2026-00009", 2),
    ]
    lots = [draw_of(f"SQ2026-{number:05d}", 1) for number in range(2000)]
    assert 0.17 < sum(lot < 2000 for lot in lots) / 2000 < 0.23


def test_a_closing_with_a_hint_owes_a_call_and_the_call_settles_it():
    stage = Stage.at("handling")
    answer(stage)
    stage.go("rate", "close")
    assert open_duties(stage.appeal) == [("callback", "open")]

    stage.take("callback", level=4)

    [sample] = CallbackSample.objects.all()
    assert (sample.reasons, sample.callback.level) == (["signal"], 4)
    assert (stage.reload().state, open_duties(stage.appeal)) == ("closed", [])
    assert ended_duties(stage.appeal)[-1] == ("callback", "done")
    line = JournalEntry.objects.about(stage.appeal).get(verb="appeal.close")
    assert (line.data["sample"], line.data["draw"]) == (["signal"], sample.draw)


def test_a_closing_against_the_firm_is_always_called_about():
    stage = Stage.at("dissatisfied")

    stage.take("close")

    assert CallbackSample.objects.get().reasons == ["bad"]


def test_of_the_rest_a_fifth_is_drawn_by_lot():
    stage, other = Stage.at("rated"), Stage.at("rated")
    type(stage.appeal).objects.filter(pk=other.appeal.pk).update(number="SQ2026-00124")
    other.appeal.refresh_from_db()

    stage.take("close")
    other.take("close")

    drawn = {one.appeal_id: one.draw < one.share for one in CallbackSample.objects.all()}
    assert draw_of(stage.appeal.number, 1) >= 2000
    assert drawn == ({other.appeal.pk: True} if draw_of("SQ2026-00124", 1) < 2000 else {})


def test_an_answer_already_called_about_is_not_called_about_again():
    stage = Stage.at("handling")
    answer(stage)

    stage.go("callback", "close")

    assert (CallbackSample.objects.count(), open_duties(stage.appeal)) == (0, [])


def test_a_bad_word_on_a_drawn_call_takes_the_case_up_again():
    stage = Stage.at("dissatisfied")
    stage.take("close")

    stage.take("callback", level=2, note="企业说一直没解决。")

    appeal = stage.reload()
    assert (appeal.state, appeal.closed_at) == ("dissatisfied", None)
    assert CaseFact.objects.get(appeal=appeal).reopened
    assert ("redo", "open") in open_duties(appeal)
    assert verify_journal().broken == ""


def test_silence_broken_on_a_drawn_call_is_the_firm_s_rating(time_machine):
    stage = Stage.at("handling")
    answer(stage)
    time_machine.move_to(MORNING + timedelta(days=9))
    stage.take("close")

    stage.take("callback", level=3)

    [rating] = stage.appeal.ratings.all()
    assert (rating.level, rating.source, stage.reload().state) == (3, "callback", "closed")


def test_a_closed_appeal_that_was_not_drawn_is_not_called_about():
    stage = Stage.at("closed")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("callback")

    assert refusal.value.message == "这件诉求没有待办的抽样回访。"


def test_who_handled_the_appeal_makes_no_drawn_call():
    stage = Stage.at("dissatisfied")
    stage.take("close")

    with pytest.raises(NotPermitted):
        stage.take("callback", role="insider")


def test_the_night_draws_a_closed_appeal_about_which_a_hint_came_up_later():
    stage = Stage.at("closed")
    assert look_at_closings() == "新提示 0 条，补抽 0 件"
    ClosingSignal.objects.create(
        appeal=stage.appeal, round=1, kind="same_file", text="附件相同。", found_at=MORNING
    )

    assert look_at_closings() == "新提示 0 条，补抽 1 件"

    line = JournalEntry.objects.about(stage.appeal).order_by("-seq").first()
    assert (line.verb, line.actor_label, line.text) == ("appeal.sample", "系统", "有办结提示")
    assert open_duties(stage.appeal) == [("callback", "open")]
    assert (look_at_closings(), sample_late(stage.appeal)) == ("新提示 0 条，补抽 0 件", None)
    assert verify_journal().broken == ""


# --- the page


def test_the_sample_list_says_why_and_is_for_overseers(client):
    stage = Stage.at("handling")
    answer(stage, **ANSWER)
    stage.go("rate", "close")

    def status(role):
        client.force_login(stage.who[role])
        return client.get("/appeals/samples/").status_code

    assert [status(role) for role in ("office", "discipline", "head")] == [200, 200, 200]
    assert [status(role) for role in ("liaison", "firm", "auditor")] == [403, 403, 403]
    client.force_login(stage.who["office"])
    page = client.get("/appeals/samples/")
    [row] = page.context["rows"]
    assert (row["reasons"], [str(hint) for hint in row["hints"]]) == (
        "有办结提示",
        ["没有联系记录：第1轮没有联系企业的记录。"],
    )
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 0, 1]


def test_the_sample_list_needs_as_many_queries_for_five_rows_as_for_one(client):
    stage = Stage.at("dissatisfied")
    stage.take("close")
    client.force_login(stage.who["office"])
    client.get("/appeals/samples/")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/appeals/samples/")
        return len(seen)

    one = queries()
    for _ in range(4):
        Stage.at("dissatisfied").take("close")

    assert queries() == one
