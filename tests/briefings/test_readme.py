"""The room's README says what the table says."""

import re
from pathlib import Path

import lianqi
from lianqi.briefings.workflow import DRAFT

README = Path(lianqi.__file__).parent / "briefings" / "README.md"


def test_the_diagram_in_the_readme_is_drawn_from_the_table():
    [drawn] = re.findall(
        r"<!-- states -->\n```mermaid\n(.*?)\n```\n<!-- /states -->", README.read_text(), re.DOTALL
    )

    assert drawn == DRAFT.diagram()
