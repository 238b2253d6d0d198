"""Lines beside a sealed appeal from before labels took the place of the firm's name (ADR 16)."""

import pytest

from lianqi.appeals import actions
from lianqi.appeals.actions.cases import ask_consent, consent_to_case, draft_case
from lianqi.appeals.actions.unsealing import apply_for_unsealing, approve_unsealing
from lianqi.kernel.journal import verify_journal, write_line
from lianqi.kernel.queries.journal import journal_list
from lianqi.kernel.uploads import APPEAL_EVIDENCE, inspect_upload
from tests.appeals.canary import NAME, SHORT, TELLING, Story, told
from tests.appeals.stage import MORNING
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]
CASE = {
    "title": "夜间停电找谁",
    "question": "夜间停电应当找谁？",
    "answer": "可以先打供电服务热线。",
}


@pytest.fixture
def story():
    """Return a sealed appeal beside which everything stands, each with a line of the old kind."""
    story = Story(sealed=True)
    story.go("accept", "dispatch", "sign")
    who = story.stage.who
    story.exclusion = actions.apply_exclusion(
        story.appeal,
        actor=who["office"],
        rate="response",
        reason="beyond_power",
        text="事权在省级。",
        files=[inspect_upload("记录.txt", "同意等待。".encode(), accept=APPEAL_EVIDENCE)],
    )
    story.unsealing = apply_for_unsealing(
        story.appeal, actor=who["office"], unit=story.stage.lead, reason="要上门检修。"
    )
    story.pack = actions.make_facts_pack(
        story.appeal, actor=who["discipline"], purpose="核查超时原因"
    )
    for record in (story.exclusion, story.unsealing, story.pack):
        as_before(record, who["office"])
    return story


def as_before(record, actor):
    write_line(
        record,
        actor=actor,
        verb="old.kind",
        label="旧的一行",
        text=f"说的是{TELLING}。",
        data={"told": [NAME], "note": f"告知{SHORT}"},
    )


def pages_of(story):
    yield "discipline", f"/appeals/unsealings/{story.unsealing.pk}/"
    yield "liaison", f"/appeals/rates/exclusions/{story.exclusion.number}/"
    for kind in ("unsealing", "exclusion", "factspack"):
        yield "auditor", f"/journal/?subject_type=appeals.{kind}"


def test_they_are_read_without_the_name_by_whoever_may_not_know_it(story):
    pages = {
        (role, path): signed_in(story.stage.who[role]).get(path) for role, path in pages_of(story)
    }

    assert {page.status_code for page in pages.values()} == {200}
    assert {key: told(page.content.decode()) for key, page in pages.items()} == {
        key: [] for key in pages
    }
    assert all("旧的一行" in page.content.decode() for page in pages.values())


def test_the_office_reads_them_as_they_were_written_and_the_chain_stands(story):
    page = signed_in(story.stage.who["office"]).get(f"/appeals/unsealings/{story.unsealing.pk}/")

    assert NAME in page.content.decode()
    assert verify_journal().broken == ""


def test_a_unit_reads_the_name_once_it_is_opened_to_it(story):
    path = f"/appeals/unsealings/{story.unsealing.pk}/"
    liaison = story.stage.who["liaison"]
    approve_unsealing(story.unsealing, actor=story.stage.who["discipline"])

    assert NAME in signed_in(liaison).get(path).content.decode()


def test_a_public_case_is_told_so_too_and_its_old_signature_leads_nobody_to_the_firm():
    story = Story(sealed=True)
    who = story.stage.who
    story.go("accept")
    actions.answer_directly(story.appeal, actor=who["office"], outcome="solved", reply="见办法。")
    case = draft_case(story.appeal, actor=who["office"], **CASE)
    consent_to_case(ask_consent(case, actor=who["office"]), actor=who["firm"])
    # Written as if the firm's own signature still stood under it.
    line = write_line(case, actor=who["firm"], verb="old.kind", label="旧的一行", text=TELLING)

    page = signed_in(who["discipline"]).get(f"/appeals/cases/{case.pk}/").content.decode()
    found = {
        role: line in journal_list(who[role], actor=line.actor_label)
        for role in ("auditor", "discipline", "office")
    }

    assert (told(page), "旧的一行" in page) == ([], True)
    assert found == {"auditor": False, "discipline": False, "office": True}
