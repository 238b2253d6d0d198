"""Tables of the appeals room, one module a noun."""

from lianqi.appeals.models.appeal import Appeal
from lianqi.appeals.models.case import PublicCase
from lianqi.appeals.models.handling import CoHandler, Communication, ExtensionRequest, ReturnOrder
from lianqi.appeals.models.rating import Callback, Rating
from lianqi.appeals.models.sealing import SealedFile, SealedText, Unsealing

__all__ = [
    "Appeal",
    "Callback",
    "CoHandler",
    "Communication",
    "ExtensionRequest",
    "PublicCase",
    "Rating",
    "ReturnOrder",
    "SealedFile",
    "SealedText",
    "Unsealing",
]
