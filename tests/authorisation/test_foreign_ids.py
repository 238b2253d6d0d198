"""A foreign record and one that does not exist are answered alike, wherever an id can be put."""

import json
import re

import pytest
from django.db import transaction

from lianqi.kernel.models import Attachment
from tests.authorisation.asking import ask, body_of, undone
from tests.authorisation.cases import NOBODY, appeal_form

pytestmark = pytest.mark.django_db

# CSRF tokens, and the keys that forms draw.
CHANGING = re.compile(r"[A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def quoted(value):
    """The value as an attribute or a JSON member holds it: a bare 3 stands all over a page."""
    return f'"{value}"'


def answered(world, role, request, path, fields=None, own=""):
    """Return status and text, without what differs each time, and undo it."""
    response = undone(world, role, request, path, **body_of(path, fields or {}, request))
    text = CHANGING.sub("", response.content.decode())
    return (response.status_code, text.replace(path, "").replace(quoted(own), quoted("")))


def places(world):
    """Role, request, where the foreign id stands, where the absent one stands, fields of each."""
    b_file = Attachment.objects.about(world.appeal_b).get()
    a_inner = Attachment.objects.about(world.appeal_a).filter(audience="internal").get()
    made, desk = world.exclusion_made, world.who["liaison_lead"].appointments.get()
    [evidence] = Attachment.objects.about(made)
    [original] = Attachment.objects.about(world.sealed)
    a, b, firm = world.appeal_a, world.appeal_b, world.firm_b
    reveal = "/reveal/?for=appeals.appeal:{}:contact_phone"
    contact = "/reveal/?for=enterprises.contact:{}:phone"
    yield "firm_a", "GET", "/appeals/{}/", b.number, "SQ2020-00001"
    yield "liaison_lead", "GET", "/appeals/{}/", b.number, "SQ2020-00001"
    yield "liaison_other", "GET", "/appeals/{}/", a.number, "SQ2020-00001"
    yield "auditor", "GET", "/appeals/{}/", a.number, "SQ2020-00001"
    yield "firm_a", "POST", "/appeals/{}/steps/withdraw/", b.number, "SQ2020-00001"
    yield "liaison_lead", "POST", "/appeals/{}/steps/report_stage/", b.number, "SQ2020-00001"
    yield "firm_a", "GET", "/portal/filed/{}/", b.number, "SQ2020-00001"
    yield "firm_a", "POST", "/portal/appeals/{}/steps/withdraw/", b.number, "SQ2020-00001"
    yield "firm_a", "GET", "/files/{}/", b_file.pk, NOBODY
    yield "firm_a", "GET", "/files/{}/", a_inner.pk, NOBODY
    yield "liaison_lead", "GET", "/files/{}/", b_file.pk, NOBODY
    yield "firm_b", "GET", "/notices/{}/", world.notice.pk, NOBODY
    yield "clerk", "POST", "/notices/{}/read/", world.notice.pk, NOBODY
    yield "firm_a", "GET", "/enterprises/{}/", firm.pk, NOBODY
    yield "firm_a", "POST", "/enterprises/{}/correct/", firm.pk, NOBODY
    yield "firm_a", "GET", "/enterprises/mine/?firm={}", firm.pk, NOBODY
    yield (
        "firm_a",
        "GET",
        f"/enterprises/{world.firm_a.pk}/contacts/{{}}/",
        world.contact_b.pk,
        NOBODY,
    )
    yield "liaison_co", "GET", "/organisation/roster-changes/{}/", world.change.number, "BA2020-1"
    yield (
        "liaison_co",
        "POST",
        "/organisation/roster-changes/{}/acknowledge/",
        world.change.number,
        "BA2020-1",
    )
    yield "liaison_lead", "GET", "/enterprises/imports/{}/", world.batch.pk, NOBODY
    yield "firm_a", "POST", reveal, b.pk, NOBODY
    yield "liaison_other", "POST", reveal, a.pk, NOBODY
    yield "firm_a", "POST", contact, world.contact_b.pk, NOBODY
    yield "secadmin", "POST", contact, world.contact_b.pk, NOBODY
    step = "/appeals/rates/exclusions/{}/steps/retract/"
    yield "liaison_lead", "GET", "/appeals/rates/exclusions/{}/", made.number, "TC2020-0001"
    yield "liaison_other", "POST", step, world.exclusion.number, "TC2020-0001"
    yield "firm_a", "GET", "/appeals/rates/frozen/{}/", world.frozen.number, "SL2020-0001"
    yield "visitor", "GET", "/public/rates/{}/", world.frozen.number, "SL2020-0001"
    yield "liaison_lead", "POST", "/appeals/{}/exclude/", b.number, "SQ2020-00001"
    yield "liaison_other", "POST", "/appeals/{}/facts/", a.number, "SQ2020-00001"
    yield "liaison_other", "GET", "/appeals/{}/like/", a.number, "SQ2020-00001"
    yield "liaison_other", "GET", "/appeals/{}/unsealing/", world.sealed.number, "SQ2020-00001"
    yield "liaison_lead", "GET", "/appeals/cases/{}/", world.case_asked.pk, NOBODY
    yield "firm_a", "GET", "/appeals/cases/{}/", world.case_draft.pk, NOBODY
    yield "firm_a", "POST", "/portal/cases/{}/", world.case_draft.pk, NOBODY
    yield "firm_b", "GET", "/portal/cases/{}/", world.case_asked.pk, NOBODY
    yield "visitor", "GET", "/public/cases/{}/", world.case_consented.pk, NOBODY
    yield "liaison_co", "GET", "/appeals/unsealings/{}/", world.unsealing.pk, NOBODY
    yield "liaison_co", "POST", "/appeals/unsealings/{}/steps/apply/", world.unsealing.pk, NOBODY
    yield "director", "POST", "/views/{}/drop/", world.view.pk, NOBODY
    yield "director", "POST", "/views/{}/rename/", world.view.pk, NOBODY
    yield "liaison_lead", "GET", "/organisation/handovers/{}/", world.handover.pk, NOBODY
    yield "liaison_lead", "POST", "/organisation/handovers/{}/end/", world.handover.pk, NOBODY
    yield "liaison_co", "GET", "/organisation/handovers/new/?desk={}", desk.pk, NOBODY
    yield "liaison_co", "GET", "/issued/{}/", world.document.pk, NOBODY
    yield "liaison_lead", "GET", "/issued/{}/", world.restricted.pk, NOBODY
    yield "liaison_lead", "GET", "/issued/{}/check/", world.restricted.pk, NOBODY
    yield "conference_clerk", "GET", "/files/{}/", world.restricted.file_id, NOBODY
    yield "liaison_lead", "GET", "/documents/drafts/{}/", world.signed.pk, NOBODY
    yield "liaison_lead", "POST", "/documents/drafts/{}/steps/sign/", world.signed.pk, NOBODY
    yield "liaison_lead", "GET", "/files/{}/", evidence.pk, NOBODY
    yield "liaison_lead", "GET", "/files/{}/", original.pk, NOBODY
    other, planned = world.topic_other.number, world.meeting_planned.number
    paper = f"/conference/topics/{world.topic.number}/papers/{{}}/"
    yield "liaison_lead", "GET", "/conference/topics/{}/", other, "YT2020-0001"
    yield "liaison_lead", "POST", "/conference/topics/{}/steps/withdraw/", other, "YT2020-0001"
    yield "head", "GET", "/conference/topics/{}/", other, "YT2020-0001"
    yield "liaison_other", "POST", paper, world.paper.pk, NOBODY
    yield "liaison_lead", "GET", "/conference/meetings/{}/", planned, "HY2020-0001"
    yield "clerk", "POST", "/conference/meetings/{}/steps/adjust/", planned, "HY2020-0001"
    yield "liaison_lead", "GET", "/conference/studies/{}/", world.study_proposed.number, "DY2020-1"
    yield "liaison_lead", "GET", "/conference/topics/new/{}/", b.number, "SQ2020-00001"
    yield "firm_a", "GET", "/api/v1/appeals/{}", b.number, "SQ2020-00001"
    yield "firm_a", "POST", "/api/v1/appeals/{}/steps/withdraw", b.number, "SQ2020-00001"
    yield "firm_a", "GET", "/api/v1/enterprises/{}", firm.uscc, "nothing"
    yield "firm_a", "GET", "/api/v1/enterprises/{}", firm.pk, NOBODY


def test_a_foreign_record_in_an_address_does_not_exist(world):
    different, found = [], []
    for role, request, place, foreign, absent in places(world):
        theirs = answered(world, role, request, place.format(foreign), own=str(foreign))
        nothing = answered(world, role, request, place.format(absent), own=str(absent))
        if theirs != nothing:
            different.append((role, request, place))
        if theirs[0] != 404:
            found.append((role, request, place, theirs[0]))

    assert (different, found) == ([], [])


def fields(world):
    """Role, path, field, a foreign and an absent value, and the rest of the form."""
    told = {"kind": "help", "title": "厂区夜间停电", "content": "最近两周停电三次。"}
    filing = {
        "post": "leader",
        "successor_name": "周某",
        "successor_title": "科长",
        "successor_phone": "13800138000",
        "effective_on": "2026-12-01",
        "reason": "工作变动",
    }
    yield "firm_a", "/api/v1/appeals", "enterprise", world.firm_b.uscc, "91410700MA0000000X", told
    yield (
        "liaison_lead",
        "/organisation/roster-changes/new/",
        "unit",
        world.units.co.pk,
        NOBODY,
        filing,
    )
    opening = {"reason": "要到现场查看线路，不知道地址无法办理。"}
    path = f"/appeals/{world.sealed_other.number}/unsealing/"
    yield "liaison_co", path, "unit", "lead", "nothing", opening
    desk = world.who["liaison_lead"].appointments.get().pk
    days = {"valid_from": "2026-11-24", "valid_to": "2026-11-25", "reason": "外出培训"}
    path = f"/organisation/handovers/new/?desk={desk}"
    yield "liaison_lead", path, "stand_in", world.who["liaison_other"].pk, NOBODY, days
    code = {"key": "x", "seen": "y"}
    yield "sysadmin", "/organisation/roster/import/confirm/", "draft", "someone:else", "no", code


def test_a_foreign_record_in_a_field_is_refused_as_an_absent_one_is(world):
    told = {
        path: [
            answered(world, role, "POST", path, {**rest, field: value}, own=str(value))
            for value in (foreign, absent)
        ]
        for role, path, field, foreign, absent, rest in fields(world)
    }

    assert {p: theirs == nothing for p, (theirs, nothing) in told.items()} == dict.fromkeys(
        told, True
    )
    assert {theirs[0] for theirs, _nothing in told.values()} == {422}


def test_a_foreign_appeal_among_those_ticked_fares_as_an_absent_one_does(world):
    # The office sees all: a program of a unit may take no step in bulk at all.
    path, sent = "/api/v1/appeals/steps/urge", {"note": "请抓紧。"}

    told = [
        undone(world, role, "POST", path, **body_of(path, {**sent, "numbers": [number]}))
        for role in ("liaison_other", "clerk")
        for number in (world.appeal_a.number, "SQ2020-00001")
    ]

    assert [answer.status_code for answer in told] == [403, 403, 200, 200]
    assert json.loads(told[3].content)["items"][0]["code"] == "not_found"


def test_a_firm_cannot_file_for_another_by_a_field_of_the_page(world):
    filed = {**appeal_form(), "enterprise": world.firm_b.pk, "firm": world.firm_b.pk}

    with transaction.atomic():
        ask(world, "firm_a", "POST", "/portal/new/", **body_of("/portal/new/", filed))
        newest = type(world.appeal_a).objects.latest("pk")
        transaction.set_rollback(True)

    assert newest.enterprise == world.firm_a


def test_one_person_s_key_does_not_return_another_s_record(world):
    path, sent = "/portal/new/", {**appeal_form(), "idempotency_key": "the-same-key"}

    with transaction.atomic():
        mine = ask(world, "firm_a", "POST", path, **body_of(path, sent))["Location"]
        theirs = ask(world, "firm_b", "POST", path, **body_of(path, sent))["Location"]
        transaction.set_rollback(True)

    assert mine != theirs
