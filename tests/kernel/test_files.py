import logging
from pathlib import Path

import pytest

from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach, inspect_all, stored_at
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.uploads import APPEAL_EVIDENCE, CleanFile
from lianqi.kernel.uploads.rules import CONTENT_TYPES
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person
from tests.kernel.visitors import signed_in

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 ..."


def attached(appeal, audience="enterprise", name="停电 照片“一”.pdf"):
    file = CleanFile(name, CONTENT, CONTENT_TYPES["pdf"], len(CONTENT), "0" * 64)
    [attachment] = attach(appeal, [file], actor=appeal.filed_by, audience=audience)
    return attachment


def test_the_firm_gets_its_file_as_a_download_that_nothing_can_run():
    firm = entrepreneur()
    attachment = attached(file_appeal(firm))

    answer = signed_in(firm).get(f"/files/{attachment.pk}/")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, CONTENT)
    assert {
        name: answer[name]
        for name in (
            "Content-Disposition",
            "Content-Type",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
        )
    } == {
        "Content-Disposition": "attachment; filename*=utf-8''"
        "%E5%81%9C%E7%94%B5%20%E7%85%A7%E7%89%87%E2%80%9C%E4%B8%80%E2%80%9D.pdf",
        "Content-Type": "application/pdf",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize("who", ["other firm", "other unit", "auditor"])
def test_whoever_does_not_see_the_record_finds_no_file(who):
    attachment = attached(file_appeal())
    user = {
        "other firm": entrepreneur,
        "other unit": lambda: person(Post.LIAISON, unit=UnitFactory()),
        "auditor": lambda: person(Post.AUDITOR),
    }[who]()

    assert signed_in(user).get(f"/files/{attachment.pk}/").status_code == 404


def test_an_internal_file_is_for_insiders_only():
    firm = entrepreneur()
    attachment = attached(file_appeal(firm), audience="internal")

    assert signed_in(firm).get(f"/files/{attachment.pk}/").status_code == 404
    assert signed_in(office_clerk()).get(f"/files/{attachment.pk}/").status_code == 200


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(f"/files/{attached(file_appeal()).pk}/").status_code == 302


def test_a_file_lost_from_the_disk_is_not_found():
    firm = entrepreneur()
    attachment = attached(file_appeal(firm))
    Path(stored_at(attachment)).unlink()

    assert signed_in(firm).get(f"/files/{attachment.pk}/").status_code == 404


def test_a_file_about_a_kind_of_record_without_a_row_filter_is_not_found():
    Attachment.objects.create(
        subject_type="kernel.timelimit", subject_id=1, name="x.pdf", path="aa/x", size=1,
        content_type="application/pdf", sm3="0" * 64, audience="public", uploaded_at=now(),
    )  # fmt: skip

    answer = signed_in(office_clerk()).get(f"/files/{Attachment.objects.get().pk}/")

    assert answer.status_code == 404


def test_the_place_on_disk_is_drawn_and_readable_by_us_alone(settings):
    attachment = attached(file_appeal(), name="../../etc/passwd.pdf")

    place = Path(stored_at(attachment))

    assert (place.parent.parent, len(place.name)) == (Path(settings.MEDIA_ROOT), 32)
    assert oct(place.stat().st_mode & 0o777) == "0o600"


def test_too_many_files_at_once_are_refused():
    with pytest.raises(RuleBroken, match="一次最多上传9个文件，您选了10个"):
        inspect_all([object()] * 10, rule=APPEAL_EVIDENCE)


# --- full phone numbers


def reveal(user, appeal, **post):
    address = f"/reveal/?for=appeals.appeal:{appeal.pk}:contact_phone"
    client = signed_in(user)
    return client.post(address, post) if post else client.get(address)


def test_a_number_is_shown_once_for_a_purpose_and_leaves_a_line(caplog):
    appeal, office = file_appeal(), office_clerk()
    caplog.set_level(logging.DEBUG)

    asked = reveal(office, appeal)
    answer = reveal(office, appeal, purpose="电话核实停电情况")

    assert (asked.content.decode().count("13800138000"), asked.context["mask"].mask) == (
        0,
        "138****8000",
    )
    assert (answer.content.decode().count("13800138000"), answer["Cache-Control"]) == (
        1,
        "no-store",
    )
    line = JournalEntry.objects.get(verb="phone.reveal")
    assert (line.actor, line.text, line.audience, line.data) == (
        office,
        "联系电话：电话核实停电情况",
        "internal",
        {"field": "contact_phone"},
    )
    assert caplog.text.count("13800138000") == 0


def test_without_a_purpose_no_number_is_shown():
    appeal = file_appeal()

    answer = reveal(office_clerk(), appeal, purpose="看看")

    assert (answer.status_code, answer.content.decode().count("13800138000")) == (422, 0)
    assert JournalEntry.objects.filter(verb="phone.reveal").count() == 0


def test_those_who_see_the_record_but_may_not_see_numbers_are_refused():
    firm = entrepreneur()

    assert reveal(firm, file_appeal(firm)).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "appeals.appeal",
        "appeals.appeal:x:contact_phone",
        "appeals.appeal:999999:contact_phone",
        "appeals.appeal:{pk}:title",
        "appeals.appeal:{pk}:pk",
        "appeals.appeal:{pk}:no_such",
        "kernel.timelimit:1:label",
        "no.such:1:phone",
    ],
)
def test_anything_else_than_the_number_of_a_visible_record_is_not_found(asked):
    appeal = file_appeal()

    answer = signed_in(office_clerk()).get("/reveal/", {"for": asked.format(pk=appeal.pk)})

    assert answer.status_code == 404


def test_whoever_does_not_see_the_record_finds_no_number():
    stranger = person(Post.LIAISON, unit=UnitFactory())

    assert reveal(stranger, file_appeal()).status_code == 404
