"""The people around one appeal, and the appeal at the point where most of them may act."""

from types import SimpleNamespace

import pytest

from lianqi.appeals import actions
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person


@pytest.fixture
def scene(db):
    """Return the roles, and an appeal that the lead unit is handling with one helper."""
    lead, helper, other = UnitFactory(), UnitFactory(), UnitFactory()
    people = SimpleNamespace(
        lead=lead,
        helper=helper,
        other=other,
        office=office_clerk(),
        head=person(Post.HEAD, body=BodyCode.TF3),
        liaison=person(Post.LIAISON, unit=lead),
        leader=person(Post.LEADER, unit=lead),
        aide=person(Post.LIAISON, unit=helper),
        stranger=person(Post.LIAISON, unit=other),
        discipline=person(Post.DISCIPLINE, unit=other),
        firm=entrepreneur(),
        rival=entrepreneur(),
        sysadmin=person(Post.SYSADMIN),
        secadmin=person(Post.SECADMIN),
        auditor=person(Post.AUDITOR),
    )
    appeal = file_appeal(people.firm)
    actions.accept_appeal(appeal, actor=people.office)
    actions.dispatch_appeal(appeal, actor=people.office, lead_unit=lead, co_units=[helper])
    actions.sign_order(appeal, actor=people.liaison)
    people.appeal = appeal
    return people
