"""Field studies as lists and as a record page show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianqi.conference.access import bodies_steered, oversees, visible_studies
from lianqi.conference.models import FieldStudy, Finding, Visit
from lianqi.conference.queries.flow import Flow, flow_of
from lianqi.conference.workflow import STUDY
from lianqi.kernel.templatetags.ui import day, moment
from lianqi.organisation.models import User


def study_rows(user: User, *, q: str = "", body: str = "", state: str = "") -> QuerySet[FieldStudy]:
    """Return the studies this person may see and asked for."""
    rows = visible_studies(user)
    plain = {"body": body, "state": state}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    return rows.filter(Q(title__icontains=q) | Q(number__iexact=q)) if q else rows


@dataclass(frozen=True)
class StudyRecord:
    """One field study as one person may see it."""

    study: FieldStudy
    flow: Flow
    facts: list[tuple[str, Any]]
    visits: list[Visit]
    findings: list[Finding]


def study_record(user: User, study: FieldStudy, keys: Iterable[str]) -> StudyRecord:
    """Return what this person may see of a study that the row filter has let through."""
    steers = bool(oversees(user)) or study.body in bodies_steered(user)
    return StudyRecord(
        study=study,
        flow=flow_of(user, study, STUDY, "conference:study_step", set(keys), everything=steers),
        facts=_facts(study),
        visits=list(study.visits.all()),  # type: ignore[attr-defined]
        findings=list(
            study.findings.select_related("lead_unit").prefetch_related("units")  # type: ignore[attr-defined]
        ),
    )


def _facts(study: FieldStudy) -> list[tuple[str, Any]]:
    facts = [
        (_("议事机构"), study.get_body_display()),
        (_("参加单位"), "、".join(unit.name for unit in study.units.all())),
        (_("提出人"), study.planned_by),
        (_("提出时间"), moment(study.planned_at)),
        (_("报告日期"), day(study.report_on)),
        (_("同意人"), study.consented_by or ""),
        (_("同意时间"), moment(study.consented_at)),
    ]
    return [(label, value) for label, value in facts if value]
