"""Choices of the briefings room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What the office writes freely; the values are keys of ``officialdoc.KINDS``."""

    NOTICE = "notice", _("通知")
    CIRCULAR = "circular", _("通报")
    REPORT = "report", _("报告")
    REQUEST = "request", _("请示")
    LETTER = "letter", _("函")
    BULLETIN = "bulletin", _("简报")


# 报告 and 请示 go to the superior organ in the convener's name; a 通报 criticises units.
CONVENER_SIGNS = frozenset({PaperKind.CIRCULAR, PaperKind.REPORT, PaperKind.REQUEST})
UPWARD = frozenset({PaperKind.REPORT, PaperKind.REQUEST})


class DraftState(models.TextChoices):
    """Where a paper stands on its way out."""

    DRAFTED = "drafted", _("待签发")
    SIGNED = "signed", _("待印发")
    ISSUED = "issued", _("已印发")
    WITHDRAWN = "withdrawn", _("已撤回")


class Urgency(models.TextChoices):
    """紧急程度 as the head shows it."""

    NONE = "", _("平件")
    URGENT = "加急", _("加急")
    MOST_URGENT = "特急", _("特急")
