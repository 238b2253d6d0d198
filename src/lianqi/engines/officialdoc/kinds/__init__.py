"""The kinds of documents by key: each a pure function from plain data to a document."""

from lianqi.engines.officialdoc.kinds.content import Content, ContentRefused
from lianqi.engines.officialdoc.kinds.kind import ENGINE_VERSION, Kind
from lianqi.engines.officialdoc.kinds.meetings import MEETINGS
from lianqi.engines.officialdoc.kinds.papers import PAPERS
from lianqi.engines.officialdoc.kinds.supervision import SUPERVISION, SlipColour

KINDS: dict[str, Kind] = {kind.key: kind for kind in (*MEETINGS, *SUPERVISION, *PAPERS)}

__all__ = ["ENGINE_VERSION", "KINDS", "Content", "ContentRefused", "Kind", "SlipColour"]
