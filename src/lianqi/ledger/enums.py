"""Choices of the ledger room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemState(models.TextChoices):
    """Where an item of the ledger stands."""

    DRAFTED = "drafted", _("拟立项")
    DOCKETED = "docketed", _("已立项待交办")
    ASSIGNED = "assigned", _("已交办待签收")
    UNDERWAY = "underway", _("办理中")
    CLOSING = "closing", _("申请办结待审核")
    COMPLETED = "completed", _("已办结待销号")
    STRUCK = "struck", _("已销号")
    CANCELLED = "cancelled", _("已撤项")


OPEN_STATES = (
    ItemState.DRAFTED,
    ItemState.DOCKETED,
    ItemState.ASSIGNED,
    ItemState.UNDERWAY,
    ItemState.CLOSING,
    ItemState.COMPLETED,
)
# What the units answer for: from the docket to the strike-off; drafts and cancelled ones are no matters.
COUNTED_STATES = (
    ItemState.DOCKETED,
    ItemState.ASSIGNED,
    ItemState.UNDERWAY,
    ItemState.CLOSING,
    ItemState.COMPLETED,
    ItemState.STRUCK,
)
# A unit has it in hand; its light is told from its own dates.
RUNNING_STATES = (ItemState.DOCKETED, ItemState.ASSIGNED, ItemState.UNDERWAY, ItemState.CLOSING)
DONE_STATES = (ItemState.COMPLETED, ItemState.STRUCK)


class ItemSource(models.TextChoices):
    """What gave rise to an item."""

    PLAN = "plan", _("工作要点、方案")
    RESOLUTION = "resolution", _("会议决议")
    INSTRUCTION = "instruction", _("领导批示")
    UPSTREAM = "upstream", _("上级文件")
    APPEAL = "appeal", _("诉求、问题升级")
    FINDING = "finding", _("调研发现")


class Period(models.TextChoices):
    """How often a unit reports how far it is."""

    MONTHLY = "monthly", _("每月")
    QUARTERLY = "quarterly", _("每季度")


class Recurs(models.TextChoices):
    """How a due rule comes again; a plan's own dates are kept beside it."""

    NEVER = "", _("不重复")
    YEARLY = "yearly", _("每年")
    QUARTERLY = "quarterly", _("每季度")
    MONTHLY = "monthly", _("每月")


class Grade(models.TextChoices):
    """The office's judgement of a finished item."""

    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASSED = "passed", _("合格")


class SlipColour(models.TextChoices):
    """The rungs of the urging ladder: one matter, one slip at a time."""

    BLUE = "blue", _("蓝色督办单（提醒）")
    ORANGE = "orange", _("橙色督办单（警示）")
    RED = "red", _("红色督办单（责令限期）")


class PlanState(models.TextChoices):
    """Where a work plan that was read stands."""

    READ = "read", _("待核对立项")
    DOCKETED = "docketed", _("已立项")
    DISCARDED = "discarded", _("不立项")


class TaskFate(models.TextChoices):
    """What became of one task of a plan."""

    WAITING = "waiting", _("待核对")
    DOCKETED = "docketed", _("已立项")
    LEFT_OUT = "left_out", _("不立项")
    GONE = "gone", _("新版中没有")


class StatementState(models.TextChoices):
    """Where a unit's monthly statement stands."""

    OPENED = "opened", _("待单位核对")
    ANSWERED = "answered", _("待办公室裁定")
    SETTLED = "settled", _("对账完毕")


class LineAnswer(models.TextChoices):
    """What the unit says of one line."""

    NONE = "", _("未核对")
    AGREED = "agreed", _("一致")
    DISPUTED = "disputed", _("有异议")


class Ruling(models.TextChoices):
    """What the office says of a disputed line."""

    NONE = "", _("未裁定")
    ADOPTED = "adopted", _("采纳单位意见")
    KEPT = "kept", _("维持办公室意见")


class UploadKind(models.TextChoices):
    """What an uploaded table holds."""

    REPORTS = "reports", _("进展报送")
    ITEMS = "items", _("已有台账")


class UploadState(models.TextChoices):
    """What has become of an uploaded table."""

    PREVIEWED = "previewed", _("待确认")
    ENTERED = "entered", _("已导入")
    DROPPED = "dropped", _("已放弃")
