"""The room's README says what the table says."""

import re
from pathlib import Path

import lianqi
from lianqi.organisation.workflow import ROSTER_CHANGE

README = Path(lianqi.__file__).parent / "organisation" / "README.md"


def test_the_diagram_in_the_readme_is_drawn_from_the_table():
    [drawn] = re.findall(
        r"<!-- states -->\n```mermaid\n(.*?)\n```\n<!-- /states -->", README.read_text(), re.DOTALL
    )

    assert drawn == ROSTER_CHANGE.diagram()
