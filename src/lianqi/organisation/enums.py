"""Choices of the organisation room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Post(models.TextChoices):
    """Posts that people hold in a unit, in a body, or in running the system."""

    # in a body (joint conference or task force)
    CONVENER = "convener", _("召集人")
    OFFICE_DIRECTOR = "office_director", _("办公室主任")
    OFFICE_STAFF = "office_staff", _("办公室成员")
    HEAD = "head", _("组长")
    DEPUTY_HEAD = "deputy_head", _("副组长")
    # in a unit
    PRINCIPAL = "principal", _("主要负责人")
    LEADER = "leader", _("分管领导")
    LIAISON = "liaison", _("联络员")
    HELPER = "helper", _("帮扶干部")
    DISCIPLINE = "discipline", _("纪检监督员")
    # running the system; kept apart from each other (三员分立)
    SYSADMIN = "sysadmin", _("系统管理员")
    SECADMIN = "secadmin", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")


BODY_POSTS = frozenset(
    {Post.CONVENER, Post.OFFICE_DIRECTOR, Post.OFFICE_STAFF, Post.HEAD, Post.DEPUTY_HEAD}
)
UNIT_POSTS = frozenset({Post.PRINCIPAL, Post.LEADER, Post.LIAISON, Post.HELPER, Post.DISCIPLINE})
SYSTEM_POSTS = frozenset({Post.SYSADMIN, Post.SECADMIN, Post.AUDITOR})
# Posts that exactly one person holds in a unit at a time (第九条：一名联络员).
SINGLE_POSTS = frozenset({Post.PRINCIPAL, Post.LEADER, Post.LIAISON})


class BodyCode(models.TextChoices):
    """The joint conference and its four task forces."""

    JC = "JC", _("民营经济工作联席会议")
    TF1 = "TF1", _("“一联三帮”服务企业专班")
    TF2 = "TF2", _("民营企业家培训专班")
    TF3 = "TF3", _("民营企业诉求响应专班")
    TF4 = "TF4", _("创先评优专班")


class RosterChangeState(models.TextChoices):
    """Where the filing of a changed leader or liaison stands (附件1 四（二）)."""

    FILED = "filed", _("待备案")
    ACKNOWLEDGED = "acknowledged", _("已备案待生效")
    EFFECTIVE = "effective", _("已生效")
    RETURNED = "returned", _("已退回")
