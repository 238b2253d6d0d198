"""Official documents as Word files by GB/T 9704-2012, and a checker that reads any of them back.

`write_document(document)` gives the bytes of a .docx; `check_document(content)` lists what in a
.docx deviates from the standard, each with the clause; `form_problems(document)` says what the
document's legal form forbids (中办发〔2012〕14号) before it is written. `KINDS` holds the kinds that
the office issues; `KINDS[key].document(content)` makes each from plain data and
refuses what its form forbids. `watermark` marks a copy with its reader.
"""

from lianqi.engines.officialdoc.archive import same_content
from lianqi.engines.officialdoc.checking import Deviation, DocumentUnreadable, check_document
from lianqi.engines.officialdoc.document import (
    Attendance,
    Block,
    Card,
    Grid,
    Layout,
    OfficialDocument,
    Text,
)
from lianqi.engines.officialdoc.forms import FORMS, Form, FormProblem, form_problems
from lianqi.engines.officialdoc.kinds import ENGINE_VERSION, KINDS, ContentRefused, Kind, SlipColour
from lianqi.engines.officialdoc.watermark import watermark
from lianqi.engines.officialdoc.writing import write_document

__all__ = [
    "ENGINE_VERSION",
    "FORMS",
    "KINDS",
    "Attendance",
    "Block",
    "Card",
    "ContentRefused",
    "Deviation",
    "DocumentUnreadable",
    "Form",
    "FormProblem",
    "Grid",
    "Kind",
    "Layout",
    "OfficialDocument",
    "SlipColour",
    "Text",
    "check_document",
    "form_problems",
    "same_content",
    "watermark",
    "write_document",
]
