"""Tables of the appeals room, one module a noun."""

from lianqi.appeals.models.appeal import Appeal
from lianqi.appeals.models.handling import CoHandler, Communication, ExtensionRequest, ReturnOrder
from lianqi.appeals.models.promise import Promise
from lianqi.appeals.models.rating import Callback, Rating

__all__ = [
    "Appeal",
    "Callback",
    "CoHandler",
    "Communication",
    "ExtensionRequest",
    "Promise",
    "Rating",
    "ReturnOrder",
]
