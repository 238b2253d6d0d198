"""The room's README says what the table says."""

import re
from pathlib import Path

import lianqi
from lianqi.appeals.workflow import APPEAL, EXCLUSION

README = Path(lianqi.__file__).parent / "appeals" / "README.md"


def test_the_diagram_in_the_readme_is_drawn_from_the_table():
    [drawn] = re.findall(
        r"<!-- states -->\n```mermaid\n(.*?)\n```\n<!-- /states -->", README.read_text(), re.DOTALL
    )

    assert drawn == APPEAL.diagram()


def test_the_diagram_of_exclusions_is_drawn_from_its_table():
    [drawn] = re.findall(
        r"<!-- exclusion -->\n```mermaid\n(.*?)\n```\n<!-- /exclusion -->",
        README.read_text(),
        re.DOTALL,
    )

    assert drawn == EXCLUSION.diagram()
