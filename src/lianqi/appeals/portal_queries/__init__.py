"""What the entrepreneurs' pages show: rows, progress and story of a firm's own appeals."""

from lianqi.appeals.portal_queries.progress import (
    Joined,
    Promise,
    Stage,
    joined_to,
    promise,
    responsible,
    stages,
    state_words,
)
from lianqi.appeals.portal_queries.rows import (
    appeal_rows,
    appeals_to_rate,
    appeals_under_way,
    cases_to_consent,
    my_appeals,
    my_cases,
)
from lianqi.appeals.portal_queries.steps import FIRM_STEPS, RATING_NOTE, firm_steps
from lianqi.appeals.portal_queries.story import Answer, Story, story

__all__ = [
    "FIRM_STEPS",
    "RATING_NOTE",
    "Answer",
    "Joined",
    "Promise",
    "Stage",
    "Story",
    "appeal_rows",
    "appeals_to_rate",
    "appeals_under_way",
    "cases_to_consent",
    "firm_steps",
    "joined_to",
    "my_appeals",
    "my_cases",
    "promise",
    "responsible",
    "stages",
    "state_words",
    "story",
]
