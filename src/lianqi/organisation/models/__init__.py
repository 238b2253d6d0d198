"""Tables of the organisation room, one module a noun."""

from lianqi.organisation.models.appointment import Appointment
from lianqi.organisation.models.body import Body
from lianqi.organisation.models.handover import DeskHandover
from lianqi.organisation.models.roster_change import RosterChange
from lianqi.organisation.models.token import ApiToken
from lianqi.organisation.models.unit import Region, Unit
from lianqi.organisation.models.user import User

__all__ = [
    "ApiToken",
    "Appointment",
    "Body",
    "DeskHandover",
    "Region",
    "RosterChange",
    "Unit",
    "User",
]
