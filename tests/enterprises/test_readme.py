"""The room's README tells what the table says."""

import re
from importlib import resources

from lianqi.enterprises.workflow import ENTERPRISE


def test_the_drawn_states_are_those_of_the_table():
    readme = resources.files("lianqi.enterprises").joinpath("README.md").read_text("utf-8")

    [drawn] = re.findall(r"<!-- states -->\n```mermaid\n(.*?)\n```\n<!-- /states -->", readme, re.S)

    assert drawn == ENTERPRISE.diagram()
