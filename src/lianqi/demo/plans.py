"""The annexes' work plan in the ledger: read, docketed, put on the units' desks, and what came of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib import resources

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import SHANGHAI, local, now, told_at
from lianqi.kernel.uploads import PLAN_FILE, CleanFile, inspect_upload
from lianqi.ledger import actions
from lianqi.ledger.actions.statements import Answer, answer_statement, open_statement
from lianqi.ledger.enums import Grade, ItemSource
from lianqi.ledger.jobs import turn_periods
from lianqi.ledger.models import Item, Statement
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Unit, User

TITLE = "民营经济工作专班工作方案任务分解"
WRITTEN_IN = 2020
# The annexes were issued on 21 August; their years are moved, so that the plan is under way today.
ISSUED = (8, 21)
# So long before the present the plan must have been issued, for its story to have happened.
STORY = timedelta(days=90)
_YEAR = re.compile(r"20\d\d")

STRUCK = "建立服务对象名录"
ON_STATEMENT = "确定帮扶干部名录"
OVERDUE = "研究评价体系"
EXTENDED = "组织人选推荐"
SILENT = ("推动构建亲清政商关系", "引导守法诚信")
PROGRESS = "按计划推进，本期走访企业、汇总需求，下期继续。"


@dataclass
class _Story:
    """What happens on which day; played in the order of time."""

    scenes: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def on(self, day: date, act: Callable[[], object], hour: int = 10) -> None:
        """Let something happen at an hour of a day, if that has come."""
        moment = datetime.combine(day, time(hour), SHANGHAI)
        if moment < now():
            self.scenes.append((moment, len(self.scenes), act))

    def play(self) -> None:
        """Play it, each scene at its moment."""
        for moment, _place, act in sorted(self.scenes, key=lambda scene: scene[:2]):
            with told_at(moment):
                act()


def docket_annexes() -> int:
    """Enter the annexes' plan and play what has happened since; return the number of items."""
    present = local(now()).date()
    year = present.year if date(present.year, *ISSUED) + STORY <= present else present.year - 1
    issued = date(year, *ISSUED)
    office = User.objects.get(username="conference_office")
    with told_at(datetime.combine(issued + timedelta(days=3), time(9), SHANGHAI)):
        plan = actions.enter_plan(
            actor=office,
            file=_annexes(year),
            title=TITLE,
            source=ItemSource.PLAN,
            basis=f"管委会办公室{year}年8月21日印发",
            issued_on=issued,
            programme="两个健康",
        )
    with told_at(datetime.combine(issued + timedelta(days=4), time(9), SHANGHAI)):
        items = actions.docket_plan(plan, actor=office, assign=True)
    story = _Story()
    for item in items:
        _tell(story, item.pk, item.title, item.year, office, issued)
    _tell_statements(story, items, office, issued)
    story.play()
    turn_periods()
    return len(items)


def _annexes(year: int) -> CleanFile:
    text = resources.files("lianqi.demo").joinpath("data/plan.txt").read_text()
    moved = _YEAR.sub(lambda found: str(int(found[0]) + year - WRITTEN_IN), text)
    return inspect_upload("工作方案任务分解.txt", moved.encode(), accept=PLAN_FILE)


def _tell(story: _Story, pk: int, title: str, year: int, office: User, issued: date) -> None:
    begun = issued + timedelta(days=5)
    if year > issued.year:
        begun = date(year, 1, 8)
        story.on(begun - timedelta(days=3), lambda: actions.assign_item(_item(pk), actor=office))
    if begun >= local(now()).date():
        return
    story.on(begun, lambda: _sign(pk))
    item = _item(pk)
    if title in (STRUCK, ON_STATEMENT):
        _tell_done(story, pk, issued + timedelta(days=10 if title == STRUCK else 40), office)
    elif title == OVERDUE:
        _tell_overdue(story, pk, item.due_on or issued)
    elif title == EXTENDED and year == issued.year:
        _tell_extended(story, pk, item.due_on or issued, office)
    elif item.due_on and item.due_on + timedelta(days=10) < local(now()).date():
        _tell_done(story, pk, item.due_on - timedelta(days=4), office)
    elif title not in SILENT:
        _tell_reports(story, pk, begun)


def _tell_done(story: _Story, pk: int, day: date, office: User) -> None:
    story.on(
        day,
        lambda: actions.apply_closing(
            _item(pk), actor=_owner(pk), result="已按要求完成并印发。", files=[_evidence()]
        ),
    )
    story.on(
        day + timedelta(days=1),
        lambda: actions.grade_closing(_item(pk), actor=office, grade=Grade.GOOD, note="材料齐全。"),
    )


def _tell_overdue(story: _Story, pk: int, due: date) -> None:
    _tell_report(story, pk, due - timedelta(days=12), 60)
    story.on(due + timedelta(days=2), lambda: actions.issue_slip(_item(pk), actor=SYSTEM))
    story.on(
        due + timedelta(days=5),
        lambda: actions.answer_slip(
            _item(pk), actor=_owner(pk), text="指标正在征求意见，月内定稿。"
        ),
    )
    story.on(due + timedelta(days=12), lambda: actions.issue_slip(_item(pk), actor=SYSTEM))


def _tell_extended(story: _Story, pk: int, due: date, office: User) -> None:
    asked = due - timedelta(days=8)
    story.on(
        asked,
        lambda: actions.request_extension(
            _item(pk),
            actor=_owner(pk),
            to_day=date(due.year, 12, 31),
            reason="上级推荐通知尚未下发。",
        ),
    )
    story.on(
        asked + timedelta(days=1),
        lambda: actions.sign_extension(_item(pk), actor=_holder(_item(pk).lead_unit, Post.LEADER)),
    )
    story.on(
        asked + timedelta(days=2),
        lambda: actions.decide_extension(
            _item(pk), actor=office, approve=True, note="同意，抓紧准备材料。"
        ),
    )


def _tell_reports(story: _Story, pk: int, begun: date) -> None:
    """Report in the month before this one and, every second item, in this one."""
    this_month = local(now()).date().replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=20)
    if last_month > begun:
        _tell_report(story, pk, last_month, 40)
    if pk % 2:
        _tell_report(story, pk, this_month + timedelta(days=7), 55)


def _tell_report(story: _Story, pk: int, day: date, percent: int) -> None:
    story.on(
        day,
        lambda: actions.report_progress(
            _item(pk), actor=_owner(pk), percent=percent, text=PROGRESS
        ),
    )


def _tell_statements(story: _Story, items: list[Item], office: User, issued: date) -> None:
    """One statement settled and an item struck off by it; the next one waits for the unit."""
    lead = next(item.lead_unit for item in items if item.title == STRUCK)
    struck = next(item.pk for item in items if item.title == STRUCK)
    for month, day in ((8, date(issued.year, 9, 2)), (10, date(issued.year, 11, 2))):
        key = f"{issued.year}-{month:02d}"
        story.on(day, partial(open_statement, lead, key, actor=office), 8)
    story.on(date(issued.year, 9, 4), lambda: _agree(lead, f"{issued.year}-08"))
    story.on(date(issued.year, 9, 7), lambda: actions.strike_off(_item(struck), actor=office))


def _agree(unit: Unit, month: str) -> None:
    statement = Statement.objects.get(unit=unit, month=month)
    answers = {line.pk: Answer("agreed") for line in statement.lines.all()}
    answer_statement(statement, actor=_holder(unit, Post.LIAISON), answers=answers)


def _item(pk: int) -> Item:
    return Item.objects.select_related("lead_unit", "owner").get(pk=pk)


def _sign(pk: int) -> None:
    item = _item(pk)
    liaison = _holder(item.lead_unit, Post.LIAISON)
    actions.sign_item(item, actor=liaison, owner=liaison)


def _owner(pk: int) -> User:
    return _holder(_item(pk).lead_unit, Post.LIAISON)


def _holder(unit: Unit, post: str) -> User:
    return Appointment.objects.in_force().own().get(unit=unit, body=None, post=post).user


def _evidence() -> CleanFile:
    text = "经主任办公会审议通过，已印发各单位。\n"
    return inspect_upload("印发稿.txt", text.encode(), accept=PLAN_FILE)
