"""Tables of the appeals room, one module a noun."""

from lianqi.appeals.models.appeal import Appeal
from lianqi.appeals.models.case import PublicCase
from lianqi.appeals.models.closing import CallbackSample, ClosingSignal
from lianqi.appeals.models.exclusion import Exclusion
from lianqi.appeals.models.facts_pack import FactsPack
from lianqi.appeals.models.handling import (
    CoHandler,
    Communication,
    ExtensionRequest,
    HandlingUnit,
    ReturnOrder,
)
from lianqi.appeals.models.promise import Promise
from lianqi.appeals.models.rates import CaseFact, CaseFacts, FrozenFact, FrozenRates
from lianqi.appeals.models.rating import Callback, Rating
from lianqi.appeals.models.sealing import SealedFile, SealedText, Unsealing

__all__ = [
    "Appeal",
    "Callback",
    "CallbackSample",
    "CaseFact",
    "CaseFacts",
    "ClosingSignal",
    "CoHandler",
    "Communication",
    "Exclusion",
    "ExtensionRequest",
    "FactsPack",
    "FrozenFact",
    "FrozenRates",
    "HandlingUnit",
    "Promise",
    "PublicCase",
    "Rating",
    "ReturnOrder",
    "SealedFile",
    "SealedText",
    "Unsealing",
]
