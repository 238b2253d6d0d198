"""调研: planning, consent, visits, findings, the report."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianqi.conference.actions.docketing import open_finding
from lianqi.conference.models import FieldStudy, Finding, Visit
from lianqi.conference.workflow import STUDY
from lianqi.engines.deadlines import read_deadline
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local, today
from lianqi.kernel.errors import RuleBroken, StaleState
from lianqi.kernel.numbering import next_number
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


@transaction.atomic
def plan_study(
    *,
    actor: Actor,
    title: str,
    scope: str,
    plan: str,
    units: Sequence[Unit],
    report_on: date,
    body: str = BodyCode.JC,
) -> FieldStudy:
    """Put a plan for a field study before the convener (附件1 第六条（二）).

    Raises:
        RuleBroken: the day of the report is over.
    """
    if report_on < today():
        raise RuleBroken("报告日期已经过去。", field="report_on")
    study = FieldStudy(
        body=body, title=title, scope=scope, plan=plan, report_on=report_on, planned_by=actor
    )
    with STUDY.starting("plan", study, actor=actor) as step:
        study.planned_at = step.at
        year = local(step.at).year
        study.number = f"DY{year}-{next_number('study', year):04d}"
        names = "、".join(unit.name for unit in units)
        step.says(f"{title}。参加单位：{names}；{report_on:%Y年%m月%d日}前报告。")
    study.units.set(units)
    return study


def consent_to_study(study: FieldStudy, *, actor: Actor, note: str = "") -> FieldStudy:
    """Let the study go ahead."""
    with STUDY.taking("consent", study, actor=actor) as step:
        study.consented_by, study.consented_at = actor, step.at
        step.says(note or "同意。")
    return study


def refuse_study(study: FieldStudy, *, actor: Actor, note: str) -> FieldStudy:
    """Do not let the study go ahead, with the reason."""
    with STUDY.taking("refuse", study, actor=actor, note=note) as step:
        step.says(note)
    return study


def plan_visit(study: FieldStudy, *, actor: Actor, place: str, planned_on: date) -> FieldStudy:
    """Arrange a visit.

    Raises:
        RuleBroken: its day is over.
    """
    if planned_on < today():
        raise RuleBroken("计划日期已经过去。", field="planned_on")
    with STUDY.taking("plan_visit", study, actor=actor) as step:
        Visit.objects.create(study=study, place=place, planned_on=planned_on)
        step.says(f"{planned_on:%m月%d日}到{place}。")
    return study


def drop_visit(study: FieldStudy, *, actor: Actor, visit: Visit) -> FieldStudy:
    """Take a planned visit back.

    Raises:
        StaleState: it has been made, or is gone.
    """
    with STUDY.taking("drop_visit", study, actor=actor) as step:
        gone, _ = Visit.objects.filter(pk=visit.pk, study=study, done_on=None).delete()
        if not gone:
            raise StaleState("这次实地调研已经记录或撤下。")
        step.says(f"撤下：{visit.place}")
    return study


def record_visit(
    study: FieldStudy, *, actor: Actor, visit: Visit, done_on: date, participants: str, seen: str
) -> FieldStudy:
    """Write down a visit: when, who, what was seen.

    Raises:
        RuleBroken: its day is still to come.
        StaleState: somebody has written it down.
    """
    if done_on > today():
        raise RuleBroken("实际日期不能晚于今天。", field="done_on")
    with STUDY.taking("record_visit", study, actor=actor) as step:
        rows = Visit.objects.filter(pk=visit.pk, study=study, done_on=None)
        if not rows.update(done_on=done_on, participants=participants, seen=seen):
            raise StaleState("这次实地调研已经记录。")
        step.says(f"{visit.place}（{done_on:%m月%d日}，{participants}）：{seen}")
    return study


def note_finding(
    study: FieldStudy,
    *,
    actor: Actor,
    text: str,
    lead_unit: Unit,
    units: Sequence[Unit] = (),
    deadline_text: str,
) -> FieldStudy:
    """Write down what somebody has to put right, and until when.

    Raises:
        RuleBroken: the deadline cannot be read.
    """
    read = read_deadline(deadline_text, plan_year=today().year)
    if not read.dates and not read.open_ended:
        raise RuleBroken("；".join(read.warnings), field="deadline_text")
    with STUDY.taking("note_finding", study, actor=actor) as step:
        made = Finding.objects.create(
            study=study,
            text=text,
            lead_unit=lead_unit,
            deadline_text=deadline_text,
            dates=[day.isoformat() for day in read.dates],
            open_ended=read.open_ended,
        )
        made.units.set([unit for unit in units if unit.pk != lead_unit.pk])
        step.says(f"{text}（{lead_unit}，{deadline_text}）")
    return study


def report_study(study: FieldStudy, *, actor: Actor, report: str) -> FieldStudy:
    """Report to the conference how matters stand."""
    with STUDY.taking("report", study, actor=actor) as step:
        study.report, study.reported_at = report, step.at
        step.says(report)
    return study


def excuse_finding(study: FieldStudy, *, actor: Actor, finding: Finding, reason: str) -> FieldStudy:
    """Leave a finding out of the ledger, with the reason."""
    with STUDY.taking("excuse", study, actor=actor, reason=reason) as step:
        row = open_finding(study, finding)
        row.excuse = reason
        row.save(update_fields=["excuse"])
        step.says(f"不立项：{row.text}。理由：{reason}")
    return study


def close_study(study: FieldStudy, *, actor: Actor, note: str = "") -> FieldStudy:
    """Close the study once every finding is settled."""
    with STUDY.taking("close", study, actor=actor) as step:
        step.says(note or "调研办结。")
    return study
