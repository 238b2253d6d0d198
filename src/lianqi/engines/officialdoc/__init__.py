"""Official documents as Word files by GB/T 9704-2012, and a checker that reads any of them back.

`write_document(document)` gives the bytes of a .docx; `check_document(content)` lists what in a
.docx deviates from the standard, each with the clause; `form_problems(document)` says what the
document's legal form forbids (中办发〔2012〕14号) before it is written.
"""

from lianqi.engines.officialdoc.checking import Deviation, DocumentUnreadable, check_document
from lianqi.engines.officialdoc.document import (
    Attendance,
    Block,
    Grid,
    Layout,
    OfficialDocument,
    Text,
)
from lianqi.engines.officialdoc.forms import FORMS, Form, FormProblem, form_problems
from lianqi.engines.officialdoc.writing import write_document

__all__ = [
    "FORMS",
    "Attendance",
    "Block",
    "Deviation",
    "DocumentUnreadable",
    "Form",
    "FormProblem",
    "Grid",
    "Layout",
    "OfficialDocument",
    "Text",
    "check_document",
    "form_problems",
    "write_document",
]
