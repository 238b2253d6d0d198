"""A sealed appeal in the ledgers: rates, promises, exclusions, samples, packs, cases, searches, callers."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.appeals import actions
from lianqi.appeals.actions.cases import ask_consent, consent_to_case, draft_case
from lianqi.appeals.actions.unsealing import apply_for_unsealing, approve_unsealing
from lianqi.appeals.models import CallbackSample, Exclusion, Promise, PublicCase
from lianqi.appeals.queries import appeal_page
from lianqi.appeals.queries.callers import callers
from lianqi.appeals.queries.likeness import answered_like
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.journal import verify_journal, write_line
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.outbox import deliver_waiting
from tests.api.programs import program_of
from tests.appeals.canary import (
    CONTACT,
    NAME,
    PHONE,
    SHORT,
    TELLING,
    Story,
    body_of,
    sent_leaks,
    stored_leaks,
    told,
)
from tests.appeals.stage import ANSWER, MORNING, Stage
from tests.appeals.test_exclusions import evidence
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
LABEL, DAY = "诉求主体（保密）", date(2026, 3, 20)
PROMISED = [{"text": f"{DAY:%m月%d日}前给{TELLING}换变压器", "on": DAY}]


def into_every_ledger(story, time_machine):
    """Take the appeal wherever rows of many appeals are shown, the name typed wherever one can type."""
    go, who = story.go, story.stage.who
    go("accept", "dispatch")
    go("return_order", basis=f"{TELLING}不归我们管。")
    go("rule_return", upheld=False, note=f"{TELLING}归你们管。", lead_unit=None)
    go("sign", "record_contact")
    go("report_stage", content=f"{TELLING}已约。", promises=PROMISED)
    opening = apply_for_unsealing(
        story.appeal, actor=who["office"], unit=story.stage.helping, reason=TELLING
    )
    go("request_closing", **{**ANSWER, "reply": f"答复{TELLING}。"}, promises=PROMISED)
    approve_unsealing(opening, actor=who["discipline"], note=TELLING)
    go("sign_closing", "approve_closing", "rate_badly")
    go("redo", note=TELLING)
    go("request_closing", **{**ANSWER, "reply": f"答复{TELLING}。"}, promises=PROMISED)
    go("sign_closing", "approve_closing", "rate")
    time_machine.move_to(MORNING + timedelta(days=30))
    go("recheck_promise", kept=True, note=f"{TELLING}的变压器已换。")
    go("deny_promise", comment=f"{TELLING}没有看到变压器。")
    go("move_promise", promised_on=date(2026, 6, 1), reason=f"{TELLING}的材料没有到。")
    go("close", note=TELLING)
    actions.apply_exclusion(
        story.appeal,
        actor=who["liaison"],
        rate="resolution",
        reason="beyond_power",
        text=f"{TELLING}的事权在省级。",
        files=evidence(),
    )
    march = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31)}
    table = actions.freeze_rates(actor=who["office"], note="月度通报。", **march)
    actions.publish_rates(table, actor=who["head"])
    case = draft_case(
        story.appeal,
        actor=who["office"],
        title=f"{SHORT}停电怎么办",
        question=f"{TELLING}停电三次，找谁？",
        answer=f"已给{NAME}更换变压器。",
    )
    consent_to_case(ask_consent(case, actor=who["office"]), actor=who["firm"])


@pytest.mark.parametrize("late", [False, True], ids=["when filed", "later"])
def test_no_ledger_export_pack_or_search_tells_whose_a_sealed_appeal_is(
    late, time_machine, settings
):
    settings.LIANQI_SMS = True
    story = Story(sealed=not late)
    if late:
        story.go("request_supplement", note="请补充合同。")
        story.go("supplement", content=f"{TELLING}的合同。")
        deliver_waiting(5000)
        mail.outbox.clear()
        story.go("seal")

    into_every_ledger(story, time_machine)

    # To the helping unit the name has been opened.
    story.strangers = lambda told=story.strangers: {
        role: user for role, user in told().items() if role != "co_liaison"
    }
    kinds = (Promise, Exclusion, CallbackSample, PublicCase)
    assert [kind.objects.exists() for kind in kinds] == [True] * 4
    assert stored_leaks(story, lines_too=not late) == []
    permitted = {story.stage.who["co_liaison"].pk, *story.permitted()}
    story.permitted = lambda: permitted
    assert sent_leaks(story) == []
    assert story.leaks() == []
    assert verify_journal().broken == ""


def test_lines_beside_the_appeal_call_the_firm_s_desk_by_its_label(time_machine):
    story = Story(sealed=True)
    into_every_ledger(story, time_machine)

    lines = JournalEntry.objects.exclude(subject_type__startswith="organisation.")
    names = {name for line in lines for name in line.data.get("told", ())}

    told_to_firm = JournalEntry.objects.filter(
        verb__in=["appeal.approve_closing", "unsealing.approve", "public_case.ask_consent"]
    )
    assert [LABEL in line.data["told"] for line in told_to_firm] == [True] * 4
    assert [name for name in names if told(name)] == []


def test_who_may_know_reads_the_name_in_the_ledgers(time_machine):
    story = Story(sealed=True)
    into_every_ledger(story, time_machine)
    office, unit = signed_in(story.stage.who["office"]), signed_in(story.stage.who["liaison"])
    rows = "/appeals/rates/rows/?cell=dispatched&since=2026-03-01&until=2026-03-31"

    for address in (rows, f"{rows}&export=1", "/appeals/promises/", "/appeals/promises/export/"):
        assert NAME in body_of(office.get(address))
        assert "（企业要求保密）" in body_of(unit.get(address))
    assert NAME in body_of(office.get("/appeals/samples/?view=all"))
    assert [NAME in pack for pack in story.packs(office)] == [True, True]


MARCH = "since=2026-03-01&until=2026-03-31"
LISTS = {
    "discipline": [
        "/appeals/promises/",
        "/appeals/promises/export/",
        f"/appeals/rates/rows/?cell=dispatched&{MARCH}",
        f"/appeals/rates/rows/?cell=dispatched&{MARCH}&export=1",
        "/appeals/like/?title=厂区夜间停电三次",
        "/appeals/?q=停电&view=all",
    ],
    "office": ["/appeals/promises/", "/appeals/?q=停电&view=all"],
    "auditor": ["/journal/?subject_type=appeals.appeal"],
}


def test_sealed_rows_cost_the_same_queries_however_many():
    first = handled_after_a_late_seal()
    readers = {role: signed_in(first.who[role]) for role in LISTS}

    def queries():
        asked = {}
        for role, addresses in LISTS.items():
            for address in addresses:
                body_of(readers[role].get(address))
                with CaptureQueriesContext(connection) as seen:
                    assert readers[role].get(address).status_code == 200
                asked[role, address] = len(seen)
        return asked

    one = queries()
    for _ in range(4):
        handled_after_a_late_seal()

    assert queries() == one


def handled_after_a_late_seal():
    stage = Stage()
    stage.go("seal", "accept", "dispatch", "sign", "record_contact")
    stage.take("report_stage", promises=[{"text": "换变压器", "on": DAY}])
    stage.go("request_closing", "sign_closing", "approve_closing")
    return stage


# --- searches and callers


def found(user, text):
    return [row.appeal.number for row in appeal_page(user, q=text, sort="new").rows]


@pytest.mark.parametrize("late", [False, True], ids=["when filed", "later"])
def test_a_search_excludes_and_finds_by_a_sealed_name_for_those_alone_who_know_it(late):
    story = Story(sealed=not late)
    if late:
        story.go("seal")
    story.go("accept", "dispatch", "sign")
    number, who = story.appeal.number, story.stage.who

    def finders(text, *roles):
        return [role for role in roles if number in found(who[role], text)]

    knowing, others = ("office", "firm"), ("liaison", "insider", "discipline", "head")
    words = (SHORT, f"企业:{SHORT}", CONTACT)
    assert [finders(word, *knowing) for word in words] == [[*knowing]] * 3
    assert [finders(word, *others) for word in words] == [[]] * 3
    # What is left out must not tell either: to be missing is an answer.
    assert finders(f"停电 -{SHORT}", *others) == [*others]
    assert finders(f"停电 -{SHORT}", *knowing) == []


def test_a_late_seal_takes_the_firm_s_words_out_of_what_units_find_and_of_the_marked_pieces():
    story = Story(sealed=False)
    story.go("supplement", content=f"{SHORT}的变压器烧坏。")
    before = found(story.stage.who["discipline"], SHORT)
    story.go("seal")

    [row] = appeal_page(story.stage.who["discipline"], q="变压器", sort="new").rows
    [known] = appeal_page(story.stage.who["office"], q=SHORT, sort="new").rows
    items = program_of(story.stage.who["discipline"]).get("/appeals", q=SHORT).json()["items"]

    assert (before, found(story.stage.who["discipline"], SHORT), items) == (
        [story.appeal.number],
        [],
        [],
    )
    assert (told(str(row.hit)), SHORT in str(known.hit)) == ([], True)


def test_an_internal_line_reworded_by_a_late_seal_is_found_in_both_wordings_by_the_office_alone():
    story = Story(sealed=False)
    write_line(
        story.appeal,
        actor=story.stage.who["office"],
        verb="appeal.remark",
        label="备注",
        text=f"{SHORT}来过两次电话。",
        audience=Audience.INTERNAL,
    )
    story.go("seal")
    number, who = story.appeal.number, story.stage.who
    inside, outside = ("discipline", "head", "conference"), ("liaison", "stranger", "helper")

    def finders(text, *roles):
        return [role for role in roles if number in found(who[role], text)]

    # The firm knows its own name, but not what is said of it inside.
    original, part = f"“{SHORT}来过”", "“鸣谷来过两次”"
    everybody = ("office", "firm", *inside, *outside)
    assert [finders(words, *everybody) for words in (original, part)] == [["office"]] * 2
    assert finders("来过两次电话", *everybody) == ["office", *inside]
    seeing = finders("停电", *everybody)
    assert finders(f"停电 -{original}", *everybody) == [one for one in seeing if one != "office"]
    [row] = appeal_page(who["office"], q=original, sort="new").rows
    assert "来过" in str(row.hit.piece)
    for role in inside:
        [row] = appeal_page(who[role], q="来过", sort="new").rows
        assert told(str(row.hit.piece)) == []
    items = program_of(who["firm"]).get("/appeals", q=original).json()["items"]
    assert items == []


def test_a_unit_to_which_the_name_was_opened_may_search_for_it():
    story = Story(sealed=True)
    story.go("accept", "dispatch", "sign")
    opening = apply_for_unsealing(
        story.appeal, actor=story.stage.who["office"], unit=story.stage.lead, reason="要上门检修。"
    )
    approve_unsealing(opening, actor=story.stage.who["discipline"])

    assert found(story.stage.who["liaison"], SHORT) == [story.appeal.number]
    assert found(story.stage.who["co_liaison"], SHORT) == []


def test_like_cases_say_that_the_firm_keeps_its_name():
    story = Story(sealed=True)
    story.go("accept", "dispatch", "sign", "record_contact")
    story.go("request_closing", "sign_closing", "approve_closing")
    asked = ("厂区停电", "停电三次")

    told_by_role = {
        role: [case.identity.name for case in answered_like(story.stage.who[role], *asked)]
        for role in ("office", "liaison", "discipline")
    }

    assert told_by_role == {
        "office": [NAME],
        "liaison": ["（企业要求保密）"],
        "discipline": ["（企业要求保密）"],
    }


def test_a_clerk_from_the_handling_unit_finds_no_caller_by_a_sealed_appeal():
    story = Story(sealed=True)
    story.appeal.enterprise.contacts.all().delete()
    story.stage.go("accept", "dispatch")
    office, insider = story.stage.who["office"], story.stage.who["insider"]

    by_number = {
        who.pk: [one.firm.name for one in callers(who, PHONE)] for who in (office, insider)
    }
    by_name = {who.pk: [one.appeals for one in callers(who, NAME)] for who in (office, insider)}

    assert by_number == {office.pk: [NAME], insider.pk: []}
    assert by_name == {office.pk: [[story.appeal]], insider.pk: [[]]}


def test_a_city_number_does_not_lead_the_handling_unit_s_clerk_to_a_sealed_appeal():
    story = Story(sealed=True)
    story.stage.go("accept", "dispatch")

    def entered(role):
        with pytest.raises(StepUnfit) as refused:
            actions.submit_appeal(
                story.stage.who["rival"].memberships.get().enterprise,
                actor=story.stage.who[role],
                kind="help",
                title="停电",
                content="停电三次",
                contact_name="王某",
                contact_phone=PHONE,
                upstream_id="CanaryMaker-12345",
            )
        return story.appeal.number in refused.value.message

    assert {role: entered(role) for role in ("office", "insider")} == {
        "office": True,
        "insider": False,
    }


# --- who did it last


@pytest.mark.parametrize("late", [False, True], ids=["when filed", "later"])
def test_a_refusal_names_nobody_of_the_sealed_firm(late):
    story = Story(sealed=not late)
    story.go("accept", *(["seal"] if late else []), "nudge")

    def refusal(role):
        with pytest.raises(StepUnfit) as refused:
            APPEAL.check_open("accept", story.appeal, story.stage.who[role])
        return refused.value.message

    said = [refusal(role) for role in ("office", "insider")]

    assert [(LABEL in message, told(message)) for message in said] == [(True, []), (True, [])]
