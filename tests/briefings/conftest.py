"""Who works in these tests."""

from types import SimpleNamespace

import pytest

from lianqi.briefings.actions import draft_paper
from lianqi.briefings.actions.papers import Facts
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import BodyFactory, RegionFactory, UnitFactory, person

TEXT = "为推动工作落实，现将有关事项通知如下。\n一、总体要求\n（一）压实责任。各单位要明确联络员。"
TITLES = {
    "notice": "关于报送第四季度工作进展的通知",
    "circular": "关于第三季度诉求办理情况的通报",
    "report": "关于2026年工作情况的报告",
    "request": "关于召开全体会议的请示",
    "letter": "关于商请协助的函",
    "bulletin": "我区召开座谈会",
}


@pytest.fixture
def people(db):
    """The office, its director, the convener, and the liaisons of two units."""
    RegionFactory()
    BodyFactory(code=BodyCode.JC)
    receiver, other = UnitFactory(name="经济发展局"), UnitFactory(name="财政局")
    return SimpleNamespace(
        clerk=person(Post.OFFICE_STAFF, body=BodyCode.JC, full_name="乙科员"),
        director=person(Post.OFFICE_DIRECTOR, body=BodyCode.JC, full_name="丙主任"),
        convener=person(Post.CONVENER, body=BodyCode.JC, full_name="丁召集人"),
        liaison=person(Post.LIAISON, unit=receiver),
        stranger=person(Post.LIAISON, unit=other),
        receiver=receiver,
    )


def facts(people, kind="notice", **more):
    """Return what a paper of a kind says, in its right form."""
    to = (
        {"to_others": "区党工委"}
        if kind in ("report", "request")
        else {"to_units": [people.receiver]}
    )
    text = {"report": TEXT.replace("通知", "报告"), "request": "拟召开全体会议。妥否，请批示。"}
    return Facts(**{"title": TITLES[kind], "text": text.get(kind, TEXT), **to, **more})


@pytest.fixture
def draft(people):
    """Return a function that drafts a paper of a kind."""
    return lambda kind="notice", **more: draft_paper(
        kind, facts(people, kind, **more), actor=people.clerk
    )
