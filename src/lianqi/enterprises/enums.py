"""Choices of the enterprises room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnterpriseState(models.TextChoices):
    """Whether the office has verified who the firm is."""

    PENDING = "pending", _("待核验")
    VERIFIED = "verified", _("已入库")
    REFUSED = "refused", _("未通过")
    LEFT = "left", _("已退出")


class EnterpriseKind(models.TextChoices):
    """What the party is; a private-economy person has no credit code."""

    COMPANY = "company", _("企业")
    SELF_EMPLOYED = "self_employed", _("个体工商户")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    PERSON = "person", _("民营经济人士")


class Size(models.TextChoices):
    """Size class by 统计上大中小微型企业划分办法(2017)."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class Origin(models.TextChoices):
    """How the firm came into the directory."""

    REGISTERED = "registered", _("企业自助注册")
    IMPORTED = "imported", _("批量导入")
    ENTERED = "entered", _("窗口登记")
    API = "api", _("接口登记")


class BatchState(models.TextChoices):
    """Where an import stands: looked at first, entered in one go afterwards."""

    PREVIEWED = "previewed", _("待确认")
    ENTERED = "entered", _("已导入")
    DROPPED = "dropped", _("已放弃")
