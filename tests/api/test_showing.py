"""GET /appeals/{number}: one appeal, told to each caller as far as it concerns them."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.queries import appeal_record
from lianqi.kernel.clock import now, today
from lianqi.kernel.models import Duty
from lianqi.organisation.enums import Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


class Scene:
    """An appeal with its people, at a unit that is working on it."""

    def __init__(self):
        self.unit, self.helping = UnitFactory(), UnitFactory()
        self.firm, self.office = entrepreneur(), office_clerk()
        self.liaison = person(Post.LIAISON, unit=self.unit)
        self.leader = person(Post.LEADER, unit=self.unit)
        self.appeal = file_appeal(self.firm)
        actions.accept_appeal(self.appeal, actor=self.office)
        actions.dispatch_appeal(
            self.appeal, actor=self.office, lead_unit=self.unit, co_units=[self.helping]
        )
        actions.sign_order(self.appeal, actor=self.liaison)

    def shown_to(self, user):
        return program_of(user).get(f"/appeals/{self.appeal.number}").json()

    def propose_answer(self):
        actions.request_closing(
            self.appeal,
            actor=self.liaison,
            outcome="planned",
            reply="两个月内完成扩容。",
            promised_on=today() + timedelta(days=60),
        )


@pytest.fixture
def scene():
    """An appeal in the lead unit's hands."""
    return Scene()


def answer_in(shown):
    return (shown["outcome"], shown["reply"], shown["promised_on"] is not None)


def test_everything_that_belongs_to_an_appeal_is_told(scene):
    shown = scene.shown_to(scene.office)

    appeal = scene.appeal
    assert (shown["number"], shown["state"], shown["kind_label"], shown["round"]) == (
        appeal.number,
        "handling",
        "求助",
        1,
    )
    assert shown["contact"] == {"name": "王某", "phone": "138****8000"}
    assert [unit["code"] for unit in shown["co_units"]] == [scene.helping.code]
    assert [(line["step"], line["from"], line["to"]) for line in shown["timeline"]] == [
        ("submit", "", "submitted"),
        ("accept", "submitted", "accepted"),
        ("dispatch", "accepted", "dispatched"),
        ("sign", "dispatched", "handling"),
    ]
    assert [shown[moment] is not None for moment in ("accepted_at", "signed_at", "closed_at")] == [
        True,
        True,
        False,
    ]


def test_duties_explain_their_dates(scene):
    duties = scene.shown_to(scene.office)["duties"]

    assert sorted(duty["key"] for duty in duties) == [
        "record_contact",
        "request_closing",
        "submit_opinion",
    ]
    [answer] = [duty for duty in duties if duty["key"] == "request_closing"]
    assert (answer["unit"], answer["holder"], answer["state"], answer["overdue"]) == (
        scene.unit.code,
        f"{scene.unit.name}联络员",
        "open",
        False,
    )
    assert {line["kind"] for line in answer["explanation"]} >= {"start", "limit", "result"}
    assert "建议值" in answer["limit"]


def test_a_phone_is_never_told_in_full(scene):
    for user in (scene.office, scene.firm, scene.liaison):
        response = program_of(user).get(f"/appeals/{scene.appeal.number}")

        assert b"13800138000" not in response.content


def test_a_firm_learns_the_answer_when_it_is_given_not_before(scene):
    scene.propose_answer()
    before_office = answer_in(scene.shown_to(scene.office))
    before_firm = answer_in(scene.shown_to(scene.firm))

    actions.sign_closing(scene.appeal, actor=scene.leader)
    actions.approve_closing(scene.appeal, actor=scene.office)

    assert before_office == ("planned", "两个月内完成扩容。", True)
    assert before_firm == ("", "", False)
    assert answer_in(scene.shown_to(scene.firm)) == before_office


def test_a_firm_sees_no_internal_line_and_no_name_of_a_person_in_the_duties(scene):
    scene.propose_answer()

    to_firm, to_office = scene.shown_to(scene.firm), scene.shown_to(scene.office)

    assert [line["step"] for line in to_firm["timeline"]] == [
        "submit",
        "accept",
        "dispatch",
        "sign",
    ]
    assert [line["step"] for line in to_office["timeline"]][-1] == "request_closing"
    assert [line["internal"] for line in to_office["timeline"]] == [False] * 4 + [True]
    assert scene.liaison.full_name not in str(to_firm["duties"])


def test_a_firm_is_told_the_duties_its_page_shows_not_what_units_owe_each_other(scene):
    to_firm, to_office = scene.shown_to(scene.firm), scene.shown_to(scene.office)
    page = appeal_record(scene.firm, scene.appeal)

    assert sorted(duty["key"] for duty in to_office["duties"]) == [
        "record_contact",
        "request_closing",
        "submit_opinion",
    ]
    told = [duty["key"] for duty in to_firm["duties"]]
    assert sorted(told) == ["record_contact", "request_closing"]
    assert told == [live.duty.key for live in page.duties]


def test_the_light_a_firm_is_told_is_not_that_of_a_duty_between_units(scene):
    actions.record_contact(scene.appeal, actor=scene.liaison, note="已联系")
    helping = Duty.objects.about(scene.appeal).filter(key="submit_opinion")
    helping.update(amber_at=now() - timedelta(days=3), red_at=now() - timedelta(days=1))

    lights = [
        (shown["light"], program_of(user).get("/appeals").json()["items"][0]["light"])
        for user in (scene.office, scene.firm)
        for shown in [scene.shown_to(user)]
    ]

    assert lights == [("red", "red"), ("green", "green")]


def test_each_caller_is_told_the_steps_open_to_them(scene):
    def keys(user):
        return [step["key"] for step in scene.shown_to(user)["permitted_steps"]]

    assert keys(scene.liaison) == [
        "record_contact",
        "report_stage",
        "request_extension",
        "request_closing",
    ]
    assert keys(scene.firm) == ["supplement", "nudge", "withdraw"]
    assert keys(scene.leader) == ["record_contact", "report_stage", "request_extension"]


def test_a_steps_fields_say_their_names_types_and_choices(scene):
    [closing] = [
        step
        for step in scene.shown_to(scene.liaison)["permitted_steps"]
        if step["key"] == "request_closing"
    ]

    assert [
        (f["name"], f["type"], f["required"], len(f["choices"])) for f in closing["fields"]
    ] == [
        ("outcome", "string", True, 5),
        ("reply", "string", True, 0),
        ("promises", "promises", False, 0),
        ("promised_on", "date", False, 0),
    ]
    assert closing["fields"][0]["choices"][0] == {"value": "solved", "label": "已解决"}


def test_units_and_appeals_are_not_listed_as_choices(scene):
    appeal = file_appeal()
    shown = program_of(scene.office).get(f"/appeals/{appeal.number}").json()
    fields = {
        (step["key"], field["name"]): (field["type"], field["choices"])
        for step in shown["permitted_steps"]
        for field in step["fields"]
    }

    assert fields[("merge", "into")] == ("appeal", [])
    assert fields[("decline", "reason_code")][0] == "string"


@pytest.mark.parametrize(
    "number", ["SQ2020-99999", "no such", "%00", "..%2f..", "\U0001f3ed", "a" * 3000]
)
def test_a_number_that_does_not_exist_is_a_404(number):
    response = program_of(office_clerk()).get(f"/appeals/{number}")

    assert refusal(response) == problem(404, "not_found")


def test_what_is_not_yours_does_not_exist(scene):
    stranger = person(Post.LIAISON, unit=UnitFactory())

    for user in (entrepreneur(), stranger, person(Post.SYSADMIN)):
        response = program_of(user).get(f"/appeals/{scene.appeal.number}")

        assert refusal(response) == problem(404, "not_found")


def test_a_firm_is_not_told_into_whose_appeal_its_own_was_merged(scene):
    duplicate = file_appeal(firm := entrepreneur())
    actions.merge_appeal(duplicate, actor=scene.office, into=scene.appeal)
    path = f"/appeals/{duplicate.number}"

    assert program_of(scene.office).get(path).json()["merged_into"] == scene.appeal.number
    assert program_of(firm).get(path).json()["merged_into"] is None
