"""Importing the roster in the browser: preview, confirm, all or nothing."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqi.engines.roster import parse_roster
from lianqi.engines.tabular import read_table
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, User
from tests.factories import UnitFactory, office_clerk, person
from tests.organisation.people import conference_clerk

ANNEX = Path(__file__).parents[1] / "data" / "annex3_roster.txt"
UPLOAD = "/organisation/roster/import/"
CONFIRM = "/organisation/roster/import/confirm/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    clerk = conference_clerk()
    client.force_login(clerk)
    return clerk


def register_annex_units():
    return [
        UnitFactory(name=row.unit) for row in parse_roster("annex.txt", ANNEX.read_bytes()).rows
    ]


def upload(client, content=None, name="annex.txt", **headers):
    file = SimpleUploadedFile(name, content if content is not None else ANNEX.read_bytes())
    return client.post(UPLOAD, {"file": file}, headers=headers)


def confirmation(answer):
    return dict(answer.context["form"].initial)


def test_the_preview_changes_nothing_and_the_confirmation_enters_all(client, clerk):
    register_annex_units()

    preview = upload(client)
    before = Appointment.objects.count()
    answer = client.post(CONFIRM, confirmation(preview))

    assert (preview.status_code, before) == (200, 1)
    assert preview.context["summary"] == "18 个单位，36 人：新任 36，未变 0"
    assert len(preview.context["warnings"]) == 9
    assert (answer.status_code, answer.url) == (302, reverse("organisation:roster"))
    assert Appointment.objects.count() == 37


def test_htmx_gets_the_preview_as_a_part(client, clerk):
    register_annex_units()

    answer = upload(client, **{"HX-Request": "true", "HX-Target": "step-panel"})

    assert (answer.status_code, b"<html" in answer.content) == (200, False)


def test_the_preview_shows_old_and_new(client, clerk):
    units = register_annex_units()
    person(Post.LIAISON, unit=units[0], full_name="旧某")

    [seat] = [s for s in upload(client).context["plan"].changes if s.held]

    assert (seat.before, seat.after, seat.kind_label) == ("旧某", "赵某 科员", "新任")


def test_unknown_units_cannot_be_confirmed(client, clerk):
    UnitFactory(name="纪工委")
    preview = upload(client)

    answer = client.post(CONFIRM, confirmation(preview))

    assert preview.context["unknown"][:11] == "有17个单位没有登记："
    assert (answer.status_code, Appointment.objects.count()) == (422, 1)


def test_a_confirmation_that_comes_twice_enters_once(client, clerk):
    register_annex_units()
    seen = confirmation(upload(client))

    first, second = client.post(CONFIRM, seen), client.post(CONFIRM, seen)

    assert (first.status_code, second.status_code) == (302, 422)
    assert User.objects.count() == 37


def test_a_roster_changed_since_the_preview_is_shown_again(client, clerk):
    units = register_annex_units()
    seen = confirmation(upload(client))
    person(Post.LIAISON, unit=units[0], full_name="新某")

    answer = client.post(CONFIRM, seen)

    assert (answer.status_code, Appointment.objects.count()) == (409, 2)
    assert answer.context["problem"][:10] == "您预览之后名册有变动"


def test_nobody_confirms_what_another_has_uploaded(client, clerk):
    register_annex_units()
    seen = confirmation(upload(client))
    client.force_login(conference_clerk())

    answer = client.post(CONFIRM, seen)

    assert (answer.status_code, User.objects.count()) == (422, 2)


def test_half_an_import_is_no_import(client, clerk, monkeypatch):
    units = register_annex_units()
    person(Post.SYSADMIN)
    seen = confirmation(upload(client))
    units[17].delete()

    answer = client.post(CONFIRM, seen)

    assert (answer.status_code, Appointment.objects.filter(post=Post.LEADER).count()) == (409, 0)


def test_a_hostile_file_is_refused_beside_its_field(client, clerk):
    answer = upload(client, b"MZ\x90\x00", "roster.exe")

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_a_clerk_of_another_office_may_not_import(client):
    client.force_login(office_clerk())

    assert (client.get(UPLOAD).status_code, client.post(CONFIRM).status_code) == (403, 403)


def test_the_export_masks_phones_and_holds_the_page_s_rows(client, clerk):
    unit = UnitFactory()
    person(Post.LIAISON, unit=unit, phone="13800138000")
    UnitFactory()

    answer = client.get("/organisation/roster/export/", {"q": unit.name})

    sheet = parse_table(answer.content)
    assert [row[:2] for row in sheet[2:]] == [["1", unit.name]]
    assert sheet[2][6] == "138****8000"


def parse_table(content):
    return read_table("roster.xlsx", content).rows


def test_a_leader_appears_with_title_and_since(client, clerk):
    unit = UnitFactory()
    Appointment.objects.create(
        user=person(Post.LIAISON, unit=unit),
        post=Post.LEADER,
        unit=unit,
        title="副局长",
        valid_from=date(2021, 1, 1),
    )

    [line] = client.get("/organisation/roster/").context["lines"]

    assert (line.leader.title, line.warnings) == (
        "副局长",
        ["联络员不是科室负责人（第九条）", "联络员没有登记手机"],
    )
