"""督办单: blue reminds, orange warns, red orders a day; one matter, one slip at a time."""

from datetime import date

from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import local, today
from lianqi.kernel.limits import time_limit
from lianqi.kernel.numbering import next_number
from lianqi.kernel.outbox import Channel, enqueue
from lianqi.kernel.workdays import calendar
from lianqi.ledger.actions.papers import issue_slip_paper
from lianqi.ledger.enums import SlipColour
from lianqi.ledger.models import Item, Slip
from lianqi.ledger.workflow import ITEM
from lianqi.ledger.workflow.guards import next_colour
from lianqi.ledger.workflow.holders import open_slip
from lianqi.organisation.access import unit_desk
from lianqi.organisation.enums import Post

# Whom each rung reaches; the next one reaches those before it too.
REACHES = (Post.LIAISON, Post.LEADER, Post.PRINCIPAL)


def issue_slip(item: Item, *, actor: Actor, text: str = "") -> Slip:
    """Issue the next slip of the ladder; its answer is owed within ``ledger.answer_slip``.

    Raises:
        StepUnfit: the last one has not been answered, or the ladder has been climbed.
    """
    with ITEM.taking("issue_slip", item, actor=actor) as step:
        colour = next_colour(item) or SlipColour.RED
        year = local(step.at).year
        slip = Slip.objects.create(
            item=item,
            number=f"DBD{year}-{next_number('ledger_slip', year):04d}",
            colour=colour,
            text=text or f"{item.title}已过时限，请抓紧办理并书面回复。",
            until=_answer_by(),
            issued_by=None if actor is SYSTEM else actor,
            issued_at=step.at,
        )
        issue_slip_paper(item, slip, actor=actor)
        step.says(f"{slip.get_colour_display()}{slip.number}：{slip.text}", slip=slip.number)
        for post in REACHES[: item.slips.count()]:
            enqueue(
                Channel.DESK,
                unit_desk(item.lead_unit, post).key,
                title=f"{slip.get_colour_display()}：{item}",
                text=slip.text,
                url=item.get_absolute_url(),
            )
    return slip


def _answer_by() -> date:
    try:
        return calendar().add_working_days(today(), time_limit("ledger.answer_slip").amount)
    except (
        LookupError
    ):  # next year's calendar is not entered: the day of issue does not wait for it
        return today()


def answer_slip(item: Item, *, actor: Actor, text: str) -> Item:
    """Answer the open slip in words."""
    with ITEM.taking("answer_slip", item, actor=actor, text=text) as step:
        slip = open_slip(item)
        slip.answer, slip.answered_at = text, step.at
        slip.save(update_fields=["answer", "answered_at"])
        step.says(f"回复{slip.number}：{text}", slip=slip.number)
    return item
