"""A plan as a test needs it: a file, its upload, the people beside it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.kernel.uploads import PLAN_FILE, inspect_upload
from lianqi.ledger.actions import enter_plan
from tests.factories import UnitFactory
from tests.ledger.stage import Stage

PLAN = """2026年民营经济工作要点

一、减税降费

1.落实减税政策。企业应享尽享。
责任单位：区税务局、财政局
完成时限：2026年12月15日前

2.开展宣讲。走进园区。
责任单位：财政局
完成时限：持续推进
"""


class Desk(Stage):
    """The stage with two units that the plan names; the lead unit is the tax office."""

    def __init__(self):
        """Give the stage's units the names of the plan."""
        super().__init__()
        self.lead.name, self.lead.aliases = "税务局", ["区税务局"]
        self.other.name = "财政局"
        for unit in (self.lead, self.other):
            unit.save()
        self.court = UnitFactory(name="法庭", on_platform=False)

    def plan(self, text=PLAN, title="2026年民营经济工作要点", **facts):
        """Return a plan read from a text."""
        facts = {"title": title, "source": "plan", "actor": self.office, **facts}
        return enter_plan(file=clean(text), **facts)


def clean(text, name="计划.txt"):
    """Return an inspected file."""
    content = text if isinstance(text, bytes) else text.encode()
    return inspect_upload(name, content, accept=PLAN_FILE)


def upload(text=PLAN, name="计划.txt"):
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def task_of(plan, title):
    """Return a task of the plan as it stands now."""
    return plan.tasks.get(title=title)
