"""Who owes a step, under which limit, since when; and where a step leads to."""

from datetime import datetime
from typing import Any

from lianqi.appeals.enums import BAD_LEVEL, OPEN_STATES
from lianqi.appeals.enums import AppealState as S
from lianqi.appeals.models import HandlingUnit
from lianqi.appeals.workflow.covering import firm_desk, firm_label
from lianqi.appeals.workflow.guards import a_file_is_withheld, open_sample
from lianqi.kernel.access import Desk
from lianqi.kernel.clock import now
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.organisation.access import head_desk, office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post

# --- who owes


def appeals_office(appeal: Any) -> Desk:
    """The task force's office."""
    return office_desk(BodyCode.TF3)


def task_force_head(appeal: Any) -> Desk:
    """The task force's head and deputies."""
    return head_desk(BodyCode.TF3)


def enterprise(appeal: Any) -> Desk:
    """The firm that filed the appeal."""
    return firm_desk(appeal)


def lead_unit(appeal: Any) -> Desk | None:
    """The lead unit's liaison; its leader from the second round on (raised level)."""
    if appeal.lead_unit is None:
        return None
    return unit_desk(appeal.lead_unit, Post.LIAISON if appeal.round == 1 else Post.LEADER)


def lead_liaison(appeal: Any) -> Desk:
    """The lead unit's liaison."""
    return unit_desk(appeal.lead_unit, Post.LIAISON)


def lead_leader(appeal: Any) -> Desk:
    """The lead unit's leader in charge."""
    return unit_desk(appeal.lead_unit, Post.LEADER)


def lead_unit_before_contact(appeal: Any) -> Desk | None:
    """The lead unit, as long as nobody has called the firm."""
    return None if appeal.contacted_at else lead_unit(appeal)


def silent_co_units(appeal: Any) -> list[Desk]:
    """The helping units that have not given their opinion yet."""
    silent = appeal.cohandlers.filter(active=True, opinion_at=None).select_related("unit")
    return [unit_desk(helper.unit, Post.LIAISON) for helper in silent]


def office_with_extension(appeal: Any) -> Desk | None:
    """The office, while a request for extension waits for its decision."""
    pending = appeal.extensions.filter(approved=None).exists()
    return appeals_office(appeal) if pending else None


def office_with_withheld_files(appeal: Any) -> Desk | None:
    """The office, while the units wait for a file of a sealed appeal."""
    return None if a_file_is_withheld(appeal) else appeals_office(appeal)


def office_before_callback(appeal: Any) -> Desk | None:
    """The office, as long as nobody has called the firm about this answer."""
    return None if appeal.callbacks.filter(round=appeal.round).exists() else appeals_office(appeal)


def office_after_callback(appeal: Any) -> Desk | None:
    """The office, once the firm was called and gave no rating: what is left is to file it away."""
    return None if office_before_callback(appeal) else appeals_office(appeal)


def office_with_sample(appeal: Any) -> Desk | None:
    """The office, while a closed appeal that was drawn waits for its call."""
    return appeals_office(appeal) if open_sample(appeal) is not None else None


# --- by when


def urgent(key: str) -> Any:
    """Return the limit's key, or its urgent sister's for an urgent appeal."""

    def choose(appeal: Any) -> str:
        return f"{key}.urgent" if appeal.urgent else key

    return choose


def closing_limit(appeal: Any) -> str:
    """The limit for the answer: by kind, or the redo's."""
    return f"appeal.close.{appeal.kind}" if appeal.round == 1 else "appeal.redo"


def clock_start(appeal: Any) -> datetime | None:
    """The answer's clock began with the dispatch (or the redo), whatever happened since."""
    return appeal.clock_started_at


def submission_if_urgent(appeal: Any) -> datetime | None:
    """Urgent appeals must be dispatched within two hours of their submission, or of their redo."""
    if not appeal.urgent:
        return None
    if appeal.round > 1:
        return appeal.clock_started_at
    # The last one: an appeal that had been merged comes in a second time.
    taken_on = Duty.objects.about(appeal).filter(key="accept").order_by("-pk")
    return taken_on.values_list("opened_at", flat=True).first()


def rating_window_end(appeal: Any) -> datetime | None:
    """The firm's days to rate run out before an unrated appeal is filed away."""
    window = Duty.objects.about(appeal).filter(key="rate", state=DutyState.OPEN).first()
    return window.due_at if window and window.due_at and window.due_at > now() else None


def appeals_office_name(appeal: Any) -> str:
    """The office, where it is the one that waits."""
    return appeals_office(appeal).label


def lead_unit_name(appeal: Any) -> str:
    """The lead unit, where it is the one that waits."""
    return appeal.lead_unit.name


def firm(appeal: Any) -> str:
    """Who waits for the office and the units."""
    return firm_label(appeal)


# --- where to


def back_from_supplement(appeal: Any, given: Any) -> str:
    """To where the appeal stood; unasked supplements change nothing."""
    return appeal.resume_state if appeal.state == S.SUPPLEMENT else appeal.state


def after_rating(appeal: Any, given: Any) -> str:
    """Bad ratings are checked; after a redo they go up to the task force."""
    if given["level"] > BAD_LEVEL:
        return S.RATED
    return S.DISSATISFIED if appeal.round == 1 else S.ESCALATED


def after_callback(appeal: Any, given: Any) -> str:
    """A call back counts as the rating where the firm gave none; a bad word reopens a closed case."""
    level = given.get("level")
    if level and (appeal.state == S.ANSWERED or (appeal.state == S.CLOSED and level <= BAD_LEVEL)):
        return after_rating(appeal, given)
    return appeal.state


def to_unit_or_dispatch(appeal: Any, given: Any) -> str:
    """Back to the lead unit, or to dispatching where there is none (any more)."""
    return S.HANDLING if appeal.lead_unit and appeal.lead_unit.active else S.ACCEPTED


def after_reopening(appeal: Any, given: Any) -> str:
    """A closed appeal is handled again; one that had been merged comes in by itself."""
    return S.SUBMITTED if appeal.state == S.MERGED else to_unit_or_dispatch(appeal, given)


def keep_for_lists(appeal: Any) -> None:
    """Copy from the live duties what lists go by: the date shown, and when the first turns red.

    The date is the answer's deadline, else the next due one; ``first_red_at`` is passed exactly if
    some open duty is overdue, so that nobody has to look through the duties to find the appeals.
    """
    live = list(
        Duty.objects.about(appeal)
        .filter(state__in=[DutyState.OPEN, DutyState.PAUSED], advisory=False, due_at__isnull=False)
        .order_by("due_at")
        .only("key", "state", "due_at", "red_at")
    )
    answer = next((duty for duty in live if duty.key == "request_closing"), None)
    leading = answer or (live[0] if live else None)
    reds = [duty.red_at for duty in live if duty.state == DutyState.OPEN and duty.red_at]
    kept = {
        "due_at": leading.due_at if leading else None,
        "red_at": leading.red_at if leading else None,
        "first_red_at": min(reds, default=None),
    }
    if any(getattr(appeal, name) != moment for name, moment in kept.items()):
        for name, moment in kept.items():
            setattr(appeal, name, moment)
        type(appeal).objects.filter(pk=appeal.pk).update(**kept)
    if appeal.lead_unit_id is not None:  # before the first order no unit handles it
        _keep_handling_units(appeal)


def _keep_handling_units(appeal: Any) -> None:
    """Bring the rows of the units that lead or help into line with the appeal."""
    told = {
        "open": appeal.state in OPEN_STATES,
        "unrated": appeal.state == S.ANSWERED,
        "due_at": appeal.due_at,
        "first_red_at": appeal.first_red_at,
    }
    there = {row.unit_id: row for row in appeal.handled_by.all()}
    helping = set(appeal.cohandlers.filter(active=True).values_list("unit_id", flat=True))
    wanted = {**dict.fromkeys(helping, False), appeal.lead_unit_id: True}
    fresh = []
    for unit, leads in wanted.items():
        row = there.pop(unit, None)
        if row is None:
            fresh.append(HandlingUnit(appeal=appeal, unit_id=unit, leads=leads, **told))
        elif any(getattr(row, name) != said for name, said in {**told, "leads": leads}.items()):
            appeal.handled_by.filter(pk=row.pk).update(leads=leads, **told)
    if there:
        appeal.handled_by.filter(unit_id__in=list(there)).delete()
    if fresh:
        HandlingUnit.objects.bulk_create(fresh)
