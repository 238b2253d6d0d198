"""Tables of the kernel, one module a noun."""

from lianqi.kernel.models.about import AboutSubject
from lianqi.kernel.models.attachment import Attachment
from lianqi.kernel.models.calendar import CalendarDay, OfficeHoursRow
from lianqi.kernel.models.document import DocumentReading, IssuedDocument
from lianqi.kernel.models.duty import ClockExtension, ClockPause, Duty
from lianqi.kernel.models.idempotency import IdempotencyKey
from lianqi.kernel.models.jobs import JobState, WorkerBeat
from lianqi.kernel.models.journal import JournalEntry, JournalHead, JournalIdentity
from lianqi.kernel.models.limits import TimeLimit
from lianqi.kernel.models.numbering import NumberSeries
from lianqi.kernel.models.outbox import Notice, OutboxMessage
from lianqi.kernel.models.rate import RateCount
from lianqi.kernel.models.revision import Revision
from lianqi.kernel.models.search import SavedView, SearchEntry

__all__ = [
    "AboutSubject",
    "Attachment",
    "CalendarDay",
    "ClockExtension",
    "ClockPause",
    "DocumentReading",
    "Duty",
    "IdempotencyKey",
    "IssuedDocument",
    "JobState",
    "JournalEntry",
    "JournalHead",
    "JournalIdentity",
    "Notice",
    "NumberSeries",
    "OfficeHoursRow",
    "OutboxMessage",
    "RateCount",
    "Revision",
    "SavedView",
    "SearchEntry",
    "TimeLimit",
    "WorkerBeat",
]
