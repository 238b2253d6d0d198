"""Keeping what is said on an appeal."""

from lianqi.appeals.models import Appeal, Communication
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.workflow import Taking
from lianqi.organisation.models import Unit


def say(
    appeal: Appeal,
    kind: str,
    content: str,
    *,
    step: Taking,
    unit: Unit | None = None,
    audience: str = Audience.ENTERPRISE,
) -> Communication:
    """Keep one thing said in the course of a step."""
    return Communication.objects.create(
        appeal=appeal,
        kind=kind,
        unit=unit,
        author=step.actor,
        content=content,
        round=appeal.round,
        at=step.at,
        audience=audience,
    )
