"""What the ledger does when something happens in the rooms below it."""

from lianqi.kernel.workflow import Taking
from lianqi.ledger.actions.handling import release_items_of
from lianqi.organisation.actions.appointments import forget_posts
from lianqi.organisation.models import RosterChange
from lianqi.organisation.workflow import ROSTER_CHANGE


@ROSTER_CHANGE.after("take_effect")
def return_items(change: RosterChange, step: Taking) -> None:
    """Whoever hands a desk over leaves nothing on a desk of his own (A1-R-3)."""
    if change.predecessor is not None:
        forget_posts(change.predecessor)
        release_items_of(change.predecessor)
