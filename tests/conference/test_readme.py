"""The room's README says what the tables say."""

import re
from pathlib import Path

import pytest

import lianqi
from lianqi.conference.workflow import MEETING, STUDY, TOPIC

README = Path(lianqi.__file__).parent / "conference" / "README.md"


@pytest.mark.parametrize("workflow", [TOPIC, MEETING, STUDY], ids=lambda workflow: workflow.key)
def test_each_diagram_in_the_readme_is_drawn_from_its_table(workflow):
    marks = rf"<!-- {workflow.key} -->\n```mermaid\n(.*?)\n```\n<!-- /{workflow.key} -->"

    [drawn] = re.findall(marks, README.read_text(), re.DOTALL)

    assert drawn == workflow.diagram()
