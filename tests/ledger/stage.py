"""The people of the ledger, and items as far as a test needs them."""

from datetime import date, datetime

from lianqi.kernel.clock import SHANGHAI, told_at
from lianqi.kernel.limits import fill_limits
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.actions import (
    apply_closing,
    assign_item,
    docket_item,
    draft_item,
    grade_closing,
    sign_item,
)
from lianqi.ledger.enums import ItemSource
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, person

EVIDENCE = CleanFile("证明.txt", b"done", "text/plain", 4, "0" * 64)


def at(day, hour=10):
    """Let the clock stand at ten in the morning of a day."""
    return told_at(datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI))


class Stage:
    """An office, a lead unit with its people, a sharing unit."""

    def __init__(self):
        fill_limits("lianqi.ledger")
        self.lead, self.other = UnitFactory(), UnitFactory()
        self.office = person(Post.OFFICE_STAFF, body=BodyCode.JC)
        self.director = person(Post.OFFICE_DIRECTOR, body=BodyCode.JC)
        self.convener = person(Post.CONVENER, body=BodyCode.JC)
        self.liaison = person(Post.LIAISON, unit=self.lead)
        self.leader = person(Post.LEADER, unit=self.lead)
        self.sharer = person(Post.LIAISON, unit=self.other)
        self.stranger = person(Post.LIAISON, unit=UnitFactory())

    def drafted(self, **facts):
        """Return a draft for the office to docket."""
        facts = {
            "title": "完善企业名录",
            "source": ItemSource.INSTRUCTION,
            "deadline_text": "2026年12月15日前",
            "dates": [date(2026, 12, 15)],
            "lead_unit": self.lead,
            "units": [self.lead, self.other],
            **facts,
        }
        return draft_item(actor=self.office, **facts)

    def docketed(self, **facts):
        """Return an item of the ledger."""
        return docket_item(self.drafted(**facts), actor=self.office)

    def assigned(self, **facts):
        """Return an item that waits for the lead unit's signature."""
        return assign_item(self.docketed(**facts), actor=self.office)

    def underway(self, **facts):
        """Return an item in the lead unit's hands, put on its liaison."""
        return sign_item(self.assigned(**facts), actor=self.liaison, owner=self.liaison)

    def closing(self, **facts):
        """Return an item whose unit says that it is done."""
        item = self.underway(**facts)
        return apply_closing(item, actor=self.liaison, result="名录已建好。", files=[EVIDENCE])

    def completed(self, **facts):
        """Return an item that the office has accepted as done."""
        return grade_closing(self.closing(**facts), actor=self.office, grade="good")
