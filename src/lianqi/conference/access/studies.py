"""Who sees which field studies, and who may take which step on them."""

import rules
from django.db.models import Q, QuerySet

from lianqi.conference.access.bodies import (
    acting_units,
    bodies_steered,
    holds_capacity,
    in_its_office,
    oversees,
)
from lianqi.conference.enums import Capacity, StudyState
from lianqi.conference.models import FieldStudy
from lianqi.kernel.access import permit, visible_through
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import User

_AGREED = (StudyState.UNDERWAY, StudyState.REPORTED, StudyState.CLOSED)


def visible_studies(user: User) -> QuerySet[FieldStudy]:
    """Return the studies this person may see: overseers all, a task force its own, a unit those
    it takes part in or has to put something right from, once they are agreed to."""
    if not (user.is_authenticated and user.is_active):
        return FieldStudy.objects.none()
    if oversees(user):
        return FieldStudy.objects.all()
    mine = Q(body__in=bodies_steered(user))
    units = acting_units(user)
    if units:
        taking_part = FieldStudy.units.through.objects.filter(unit_id__in=units)
        found = FieldStudy.objects.filter(
            Q(findings__lead_unit__in=units) | Q(findings__units__in=units)
        )
        near = Q(pk__in=taking_part.values("fieldstudy_id")) | Q(pk__in=found.values("pk"))
        mine |= near & Q(state__in=_AGREED)
    return FieldStudy.objects.filter(mine)


visible_through("conference.fieldstudy", visible_studies)


@rules.predicate(name="可见该调研")
def sees_study(user: User, study: FieldStudy | None) -> bool:
    """Whether the study lies inside the row filter."""
    return study is not None and visible_studies(user).filter(pk=study.pk).exists()


@rules.predicate(name="召集人（专班为组长）")
def consents(user: User, study: FieldStudy | None) -> bool:
    """Whether the person is the convener; for a task force's own study, its head."""
    if study is None:
        return False
    capacity = Capacity.CONVENER if study.body == BodyCode.JC else Capacity.HEAD
    return holds_capacity(user, study.body, capacity)


permit("conference.view_study", "查看调研", sees_study)
permit("conference.plan_study", "提出调研工作方案、记录调研、报告", in_its_office)
permit("conference.consent_study", "同意调研工作方案", consents)
