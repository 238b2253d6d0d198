"""The room's README draws what the tables say."""

from pathlib import Path

import pytest

from lianqi.ledger.workflow import ITEM, PLAN, STATEMENT

README = Path(__file__).resolve().parents[2] / "src" / "lianqi" / "ledger" / "README.md"


@pytest.mark.parametrize("workflow", [ITEM, PLAN, STATEMENT], ids=lambda one: one.key)
def test_each_diagram_in_the_readme_is_drawn_from_its_table(workflow):
    part = README.read_text().partition(f"<!-- {workflow.key} -->")[2]

    drawn = part.partition("```mermaid\n")[2].partition("\n```")[0]

    assert drawn == workflow.diagram()
