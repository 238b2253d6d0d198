"""立项督办: what was resolved or found becomes a task of its units in the ledger."""

from typing import TypeVar

from lianqi.conference.models import FieldStudy, Finding, Meeting, Resolution
from lianqi.conference.models.matter import AssignedMatter
from lianqi.conference.workflow import MEETING, STUDY
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.errors import StaleState
from lianqi.ledger.actions import docket_item, draft_series
from lianqi.ledger.enums import ItemSource
from lianqi.ledger.models import Item

M = TypeVar("M", bound=AssignedMatter)


def docket_resolution(meeting: Meeting, *, actor: Actor, resolution: Resolution) -> Meeting:
    """Put a resolution into the ledger: one item for each year of its deadline (附件1 第七条（二）)."""
    with MEETING.taking("docket", meeting, actor=actor) as step:
        row = open_resolution(meeting, resolution)
        topic = row.item.topic
        items = _docket(
            row,
            actor,
            source=ItemSource.RESOLUTION,
            programme=str(topic.get_programme_display()),
            basis=f"{meeting.title}（{meeting.minutes_number}）",
        )
        step.says(f"立项{row.ledger_number}：{row.text}", items=[item.pk for item in items])
    return meeting


def open_resolution(meeting: Meeting, resolution: Resolution) -> Resolution:
    """Return the resolution as the database holds it.

    Raises:
        StaleState: it stands in the ledger, or was left out.
    """
    rows = Resolution.objects.select_related("item__topic", "lead_unit")
    return _unsettled(rows.get(pk=resolution.pk, item__meeting=meeting))


def docket_finding(study: FieldStudy, *, actor: Actor, finding: Finding) -> FieldStudy:
    """Put a finding into the ledger as a task of its units."""
    with STUDY.taking("docket", study, actor=actor) as step:
        row = open_finding(study, finding)
        items = _docket(
            row, actor, source=ItemSource.FINDING, programme="", basis=f"调研：{study.title}"
        )
        step.says(f"立项{row.ledger_number}：{row.text}", items=[item.pk for item in items])
    return study


def open_finding(study: FieldStudy, finding: Finding) -> Finding:
    """Return the finding as the database holds it.

    Raises:
        StaleState: it stands in the ledger, or was left out.
    """
    rows = Finding.objects.select_related("lead_unit")
    return _unsettled(rows.get(pk=finding.pk, study=study))


def _unsettled(row: M) -> M:
    if row.is_settled:
        raise StaleState("这一项已经立项，或者已说明不立项。")
    return row


def _docket(
    row: AssignedMatter, actor: Actor, *, source: str, programme: str, basis: str
) -> list[Item]:
    drafted = draft_series(
        actor=actor,
        title=row.text,
        text=row.text,
        source=source,
        origin=row,
        lead_unit=row.lead_unit,
        units=list(row.units.all()),
        deadline_text=row.deadline_text,
        dates=row.days,
        programme=programme,
        basis=basis,
        issued_on=today(),
    )
    items = [docket_item(item, actor=actor) for item in drafted]
    row.ledger_number = "、".join(item.number for item in items)
    row.ledger_url = items[0].get_absolute_url()
    row.save(update_fields=["ledger_number", "ledger_url"])
    return items
