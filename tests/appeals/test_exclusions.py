"""剔除台账: asked for by one, decided by another, counted at once, all of it in the ledger."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.appeals import actions
from lianqi.appeals.enums import ExclusionState
from lianqi.appeals.models import CaseFact, Exclusion
from lianqi.appeals.queries.exclusions import exclusion_rows
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from lianqi.organisation.enums import BodyCode, Post
from tests.appeals.stage import MORNING, Stage
from tests.appeals.test_exports import sheet_of
from tests.appeals.test_step_table import race
from tests.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]


def evidence():
    return [inspect_upload("通话记录.txt", "企业同意等待。".encode(), accept=APPEAL_EVIDENCE)]


def applied(stage, role="liaison", rate="resolution"):
    return actions.apply_exclusion(
        stage.appeal,
        actor=stage.who[role],
        rate=rate,
        reason="beyond_power",
        text="事权在省级，已向企业说明。",
        files=evidence(),
    )


def out(stage):
    fact = CaseFact.objects.get(appeal=stage.appeal)
    return (fact.out_response, fact.out_resolution, fact.out_satisfaction)


@pytest.mark.parametrize("role", ["liaison", "leader", "office"])
def test_the_unit_or_the_office_applies_and_the_head_owes_the_decision(role):
    stage = Stage.at("closed")

    exclusion = applied(stage, role)

    [duty] = Duty.objects.about(exclusion)
    [line] = JournalEntry.objects.about(exclusion)
    assert (duty.key, duty.holder, duty.limit_key) == (
        "approve",
        "body:TF3:head",
        "appeal.exclusion",
    )
    assert (line.verb, line.actor, line.text) == (
        "exclusion.apply",
        stage.who[role],
        f"{stage.appeal.number}申请不计入解决率：事权在上级或外地。事权在省级，已向企业说明。",
    )
    assert (exclusion.state, out(stage)) == (ExclusionState.APPLIED, (False, False, False))


@pytest.mark.parametrize(
    "role", ["principal", "co_liaison", "stranger", "head", "discipline", "firm"]
)
def test_nobody_else_applies(role):
    stage = Stage.at("closed")

    with pytest.raises(NotPermitted):
        applied(stage, role)

    assert Exclusion.objects.count() == 0


def test_the_head_approves_and_the_rate_leaves_the_appeal_out():
    stage = Stage.at("closed")
    exclusion = applied(stage)

    actions.approve_exclusion(exclusion, actor=stage.who["head"], note="属实。")

    [duty] = Duty.objects.about(exclusion)
    assert (exclusion.state, duty.state, out(stage)) == ("approved", "done", (False, True, False))
    assert (exclusion.decided_by, exclusion.decision) == (stage.who["head"], "属实。")
    assert verify_journal().broken == ""


def test_nobody_decides_what_he_applied_for_himself():
    stage = Stage.at("closed")
    both = person(Post.HEAD, body=BodyCode.TF3)
    person_in_office = person(Post.OFFICE_STAFF, body=BodyCode.TF3)
    person_in_office.appointments.update(user=both)
    exclusion = applied(Stage.at("closed"))
    Exclusion.objects.filter(pk=exclusion.pk).update(filed_by=both)
    exclusion.refresh_from_db()

    with pytest.raises(NotPermitted):
        actions.approve_exclusion(exclusion, actor=both)

    actions.approve_exclusion(exclusion, actor=stage.who["head"])
    assert exclusion.state == "approved"


@pytest.mark.parametrize("role", ["liaison", "leader", "office", "discipline", "convener"])
def test_only_the_task_force_s_heads_decide(role):
    stage = Stage.at("closed")
    exclusion = applied(stage)

    for act in (actions.approve_exclusion, actions.refuse_exclusion):
        with pytest.raises(NotPermitted):
            act(exclusion, actor=stage.who[role], note="不同意。")

    assert out(stage) == (False, False, False)


def test_a_refusal_says_why_and_lets_the_unit_apply_again():
    stage = Stage.at("closed")
    exclusion = applied(stage)

    with pytest.raises(RuleBroken) as refusal:
        actions.refuse_exclusion(exclusion, actor=stage.who["head"], note=" ")
    actions.refuse_exclusion(exclusion, actor=stage.who["head"], note="没有联系记录。")

    assert (refusal.value.field, exclusion.state) == ("note", "refused")
    assert applied(stage).state == "applied"


def test_a_rate_is_applied_for_once_at_a_time_and_with_evidence():
    stage = Stage.at("closed")
    applied(stage)

    with pytest.raises(RuleBroken) as twice:
        applied(stage)
    with pytest.raises(RuleBroken) as bare:
        actions.apply_exclusion(
            stage.appeal,
            actor=stage.who["liaison"],
            rate="response",
            reason="withdrawn",
            text="已撤回。",
            files=[],
        )

    assert (twice.value.field, bare.value.field, Exclusion.objects.count()) == ("rate", "files", 1)


def test_what_was_never_dispatched_needs_no_exclusion():
    stage = Stage.at("accepted")

    with pytest.raises(RuleBroken) as refusal:
        applied(stage, "office")

    assert refusal.value.message == "这件诉求没有派单，不计入三率，不用剔除。"


def test_the_applicant_takes_it_back_and_the_head_revokes_what_was_approved():
    stage = Stage.at("closed")
    taken_back, approved = applied(stage), applied(stage, rate="response")
    actions.approve_exclusion(approved, actor=stage.who["head"])

    actions.retract_exclusion(taken_back, actor=stage.who["liaison"])
    with pytest.raises(NotPermitted):
        actions.revoke_exclusion(approved, actor=stage.who["office"], note="误批。")
    actions.revoke_exclusion(approved, actor=stage.who["head"], note="误批。")

    assert (taken_back.state, approved.state, out(stage)) == (
        "retracted",
        "revoked",
        (False, False, False),
    )


def test_a_decided_application_is_decided_once():
    stage = Stage.at("closed")
    exclusion = applied(stage)
    old = Exclusion.objects.get(pk=exclusion.pk)
    actions.approve_exclusion(exclusion, actor=stage.who["head"])

    with pytest.raises(StaleState):
        actions.refuse_exclusion(old, actor=stage.who["head"], note="不同意。")
    with pytest.raises(StepUnfit):
        actions.approve_exclusion(exclusion, actor=stage.who["head"])


@pytest.mark.usefixtures("transactional_db")
def test_of_two_applications_at_once_one_is_kept():
    stage = Stage.at("closed")

    def apply(appeal, *, actor):
        try:
            actions.apply_exclusion(
                appeal,
                actor=actor,
                rate="response",
                reason="withdrawn",
                text="企业已撤回。",
                files=evidence(),
            )
        except RuleBroken as refused:
            raise StepUnfit(refused.message) from refused

    fared = race(stage, ("liaison", apply, {}), ("office", apply, {}))

    assert (fared, Exclusion.objects.count()) == (["step unfit", "won"], 1)
    assert verify_journal().broken == ""


# --- the ledger and its pages


def test_the_ledger_shows_a_unit_its_own_and_overseers_all():
    one, other = Stage.at("closed"), Stage.at("closed")
    mine, theirs = applied(one), applied(other)

    def seen(role):
        return set(exclusion_rows(one.who[role]))

    assert seen("liaison") == {mine}
    assert seen("discipline") == seen("convener") == seen("office") == {mine, theirs}
    assert seen("stranger") == seen("firm") == seen("co_liaison") == seen("sysadmin") == set()
    assert list(exclusion_rows(one.who["office"], unit=other.lead.code)) == [theirs]
    assert list(exclusion_rows(one.who["office"], rate="response")) == []


def test_an_application_is_filed_and_decided_on_its_pages(client):
    stage = Stage.at("closed")
    client.force_login(stage.who["liaison"])
    path = f"/appeals/{stage.appeal.number}/exclude/"
    given = {"rate": "response", "reason": "unreachable", "text": "五次去电无人接听。"}

    bare = client.post(path, given)
    file = SimpleUploadedFile("记录.txt", "五次去电".encode())
    filed = client.post(path, {**given, "files": file})

    exclusion = Exclusion.objects.get()
    assert (bare.status_code, filed.status_code, filed.url) == (
        422,
        302,
        exclusion.get_absolute_url(),
    )
    page = client.get(filed.url).content.decode()
    assert (page.count("记录.txt"), page.count("五次去电无人接听。")) == (1, 2)
    client.force_login(stage.who["head"])
    done = client.post(f"{filed.url}steps/approve/", {"note": ""})
    assert (done.status_code, client.post(f"{filed.url}steps/approve/").status_code) == (302, 409)
    assert out(stage) == (True, False, False)


def test_the_evidence_is_opened_by_those_who_see_the_entry_only(client):
    stage = Stage.at("closed")
    applied(stage)
    page = f"/appeals/rates/exclusions/{Exclusion.objects.get().number}/"
    client.force_login(stage.who["liaison"])
    [file] = client.get(page).context["files"]

    def status(role):
        client.force_login(stage.who[role])
        return (client.get(page).status_code, client.get(file.url).status_code)

    assert status("liaison") == status("head") == status("discipline") == (200, 200)
    assert status("stranger") == status("firm") == status("auditor") == (404, 404)


def test_the_ledger_is_exported_and_needs_as_many_queries_for_five_entries_as_for_one(client):
    stage = Stage.at("closed")
    applied(stage)
    client.force_login(stage.who["office"])
    client.get("/appeals/rates/exclusions/")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/appeals/rates/exclusions/")
        return len(seen)

    one = queries()
    for _ in range(4):
        applied(Stage.at("closed"))

    assert queries() == one
    rows = sheet_of(client, "/appeals/rates/exclusions/export/")[1].to_python()
    assert (len(rows), rows[1][3:6]) == (
        6,
        ["解决率", "事权在上级或外地", "事权在省级，已向企业说明。"],
    )
