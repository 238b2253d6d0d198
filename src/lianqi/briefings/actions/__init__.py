"""Write side of the briefings room."""

from lianqi.briefings.actions.papers import (
    draft_paper,
    issue_paper,
    revise_paper,
    sign_paper,
    withdraw_paper,
)

__all__ = ["draft_paper", "issue_paper", "revise_paper", "sign_paper", "withdraw_paper"]
