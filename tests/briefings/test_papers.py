"""A paper's way out: drafted, signed, issued or withdrawn, by whom and in which order."""

import pytest

from lianqi.briefings.access import visible_drafts
from lianqi.briefings.actions import (
    draft_paper,
    issue_paper,
    revise_paper,
    sign_paper,
    withdraw_paper,
)
from lianqi.briefings.enums import DraftState
from lianqi.briefings.models import Draft
from lianqi.briefings.queries.papers import paper_content, recipients
from lianqi.engines.officialdoc import check_document
from lianqi.kernel.documents import documents_about, is_unchanged, readable_documents
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.files import stored_at
from lianqi.kernel.models import Duty, IssuedDocument, JournalEntry
from lianqi.organisation.models import Unit
from tests.briefings.conftest import TITLES, facts
from tests.kernel.threads import together

pytestmark = pytest.mark.django_db


def open_duties(draft):
    return [(duty.key, duty.holder) for duty in Duty.objects.about(draft).filter(state="open")]


def signed(draft, people):
    return sign_paper(draft, actor=people.convener)


# --- drafting


def test_a_draft_waits_for_its_signature(draft):
    paper = draft()

    assert paper.state == DraftState.DRAFTED
    assert open_duties(paper) == [("sign", "body:JC:office")]


@pytest.mark.parametrize("kind", ["circular", "report", "request"])
def test_what_the_convener_signs_waits_at_the_conveners_desk(draft, kind):
    assert open_duties(draft(kind)) == [("sign", "body:JC:convener")]


def test_only_the_office_drafts(people):
    with pytest.raises(NotPermitted):
        draft_paper("notice", facts(people), actor=people.liaison)

    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("request", {"to_others": "区党工委、区管委会"}),
        ("report", {"text": "情况如下。妥否，请批示。"}),
        ("notice", {"title": "关于报送进展"}),
        ("notice", {"to_units": []}),
        ("notice", {"text": "秘密★5年"}),
    ],
)
def test_a_draft_in_a_wrong_form_is_refused_and_leaves_nothing(people, kind, wrong):
    with pytest.raises(RuleBroken):
        draft_paper(kind, facts(people, kind, **wrong), actor=people.clerk)

    assert (Draft.objects.count(), Duty.objects.count()) == (0, 0)


def test_a_draft_is_revised_until_it_is_signed_and_the_line_keeps_what_it_said(draft, people):
    paper = draft()

    revise_paper(paper, facts(people, text="改过的正文。"), actor=people.clerk)

    assert Draft.objects.get().text == "改过的正文。"
    assert open_duties(paper) == [("sign", "body:JC:office")]
    line = JournalEntry.objects.about(paper).last()
    assert line.data["before"]["text"].startswith("为推动工作落实")
    signed(paper, people)
    with pytest.raises(StepUnfit):
        revise_paper(paper, facts(people), actor=people.clerk)


# --- signing


@pytest.mark.parametrize("kind", ["notice", "letter", "bulletin"])
def test_the_director_signs_what_goes_to_equals(draft, people, kind):
    paper = sign_paper(draft(kind), actor=people.director)

    assert (paper.state, paper.signed_by) == (DraftState.SIGNED, people.director)
    assert open_duties(paper) == [("issue", "body:JC:office")]


@pytest.mark.parametrize("kind", ["circular", "report", "request"])
def test_the_director_does_not_sign_what_the_convener_signs(draft, people, kind):
    with pytest.raises(NotPermitted):
        sign_paper(draft(kind), actor=people.director)


@pytest.mark.parametrize("who", ["clerk", "liaison"])
def test_others_do_not_sign(draft, people, who):
    with pytest.raises(NotPermitted):
        sign_paper(draft(), actor=getattr(people, who))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_signs(draft, people):
    paper = draft()
    copies = [Draft.objects.get(pk=paper.pk) for _ in range(2)]

    done = together(
        lambda: sign_paper(copies[0], actor=people.director),
        lambda: sign_paper(copies[1], actor=people.convener),
    )

    assert [type(one) for one in done if not isinstance(one, Draft)] == [StaleState]


# --- issuing


@pytest.mark.parametrize("kind", TITLES)
def test_a_signed_paper_is_numbered_frozen_and_by_the_standard(draft, people, kind):
    paper = signed(draft(kind), people)

    issued = issue_paper(paper, actor=people.clerk)

    assert paper.state == DraftState.ISSUED
    assert issued.serial == 1
    assert list(documents_about(paper)) == [issued]
    assert check_document(stored_at(issued.file).read_bytes()) == []
    assert is_unchanged(issued)
    assert open_duties(paper) == []


def test_numbers_run_without_gaps_whatever_was_withdrawn(draft, people):
    first, dropped, second = draft(), draft(), draft()
    for paper in (first, dropped, second):
        signed(paper, people)
    withdraw_paper(dropped, actor=people.clerk, reason="改用电话通知。")

    numbers = [issue_paper(paper, actor=people.clerk).number for paper in (first, second)]

    assert numbers == ["高新区民联办通〔2026〕1号", "高新区民联办通〔2026〕2号"]


def test_an_upward_paper_names_who_signed_it(draft, people):
    issued = issue_paper(signed(draft("request"), people), actor=people.clerk)

    assert issued.data["signer"] == "丁召集人"


def test_nothing_is_issued_before_it_is_signed_or_by_who_is_not_in_the_office(draft, people):
    paper = draft()

    with pytest.raises(StepUnfit):
        issue_paper(paper, actor=people.clerk)
    signed(paper, people)
    with pytest.raises(NotPermitted):
        issue_paper(paper, actor=people.liaison)
    assert IssuedDocument.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_issue_at_once_one_issues_and_one_number_is_taken(draft, people):
    paper = signed(draft(), people)
    copies = [Draft.objects.get(pk=paper.pk) for _ in range(2)]

    done = together(
        lambda: issue_paper(copies[0], actor=people.clerk),
        lambda: issue_paper(copies[1], actor=people.director),
    )

    assert [type(one) for one in done if not isinstance(one, IssuedDocument)] == [StaleState]
    assert IssuedDocument.objects.get().serial == 1


# --- withdrawing


def test_a_paper_is_withdrawn_with_a_reason_and_owes_nothing_any_more(draft, people):
    paper = withdraw_paper(draft(), actor=people.clerk, reason="情况有变。")

    assert (paper.state, paper.reason) == (DraftState.WITHDRAWN, "情况有变。")
    assert open_duties(paper) == []


def test_withdrawing_needs_a_reason_and_a_paper_that_is_still_in_the_house(draft, people):
    paper = signed(draft(), people)

    with pytest.raises(RuleBroken) as refused:
        withdraw_paper(paper, actor=people.clerk, reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(NotPermitted):
        withdraw_paper(paper, actor=people.liaison, reason="不想要。")
    issue_paper(paper, actor=people.clerk)
    with pytest.raises(StepUnfit):
        withdraw_paper(paper, actor=people.clerk, reason="情况有变。")


# --- recipients and readers


def test_all_units_together_are_named_in_one_word(draft):
    paper = draft(to_units=list(Unit.objects.all()), to_others="区党工委；市工商联")

    assert recipients(paper) == ["区党工委", "市工商联", "各成员单位"]


def test_the_date_of_a_paper_is_the_day_of_its_signing(draft, people):
    paper = signed(draft(), people)

    assert f"{paper_content(paper)['dated']}" == "2026-11-23"


def test_a_paper_is_seen_by_its_recipient_once_it_is_issued_and_by_no_other_unit(draft, people):
    paper = signed(draft(), people)
    before = [set(visible_drafts(user)) for user in (people.liaison, people.stranger)]

    issued = issue_paper(paper, actor=people.clerk)

    assert before == [set(), set()]
    readers = (people.liaison, people.stranger, people.convener)
    assert [set(visible_drafts(user)) for user in readers] == [{paper}, set(), {paper}]
    assert [set(readable_documents(user)) for user in readers] == [{issued}, set(), {issued}]
