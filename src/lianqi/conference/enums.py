"""Choices of the conference room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    """The forms of meeting that the bodies know (附件1 第四条, 附件3 五（三）)."""

    PLENARY = "plenary", _("全体会议")
    THEMATIC = "thematic", _("专题会议")
    OFFICE = "office", _("办公室会议")


class Capacity(models.TextChoices):
    """As what somebody convenes and chairs a meeting."""

    CONVENER = "convener", _("召集人")
    DIRECTOR = "director", _("办公室主任")
    HEAD = "head", _("组长、副组长")


class WhoMay(models.TextChoices):
    """Who convenes a kind of meeting, or approves its topics."""

    CONVENER = "convener", _("召集人")
    CONVENER_OR_DELEGATE = "convener_or_delegate", _("召集人，或受其委托的办公室主任")
    CONVENER_OR_DIRECTOR = "convener_or_director", _("召集人或办公室主任")
    HEAD = "head", _("组长或副组长")
    DIRECTOR = "director", _("办公室主任")


# As what each of them may act.
CAPACITIES: dict[str, tuple[Capacity, ...]] = {
    WhoMay.CONVENER: (Capacity.CONVENER,),
    WhoMay.CONVENER_OR_DELEGATE: (Capacity.CONVENER, Capacity.DIRECTOR),
    WhoMay.CONVENER_OR_DIRECTOR: (Capacity.CONVENER, Capacity.DIRECTOR),
    WhoMay.HEAD: (Capacity.HEAD,),
    WhoMay.DIRECTOR: (Capacity.DIRECTOR,),
}


class Attends(models.TextChoices):
    """Which units a kind of meeting is for."""

    ALL_MEMBERS = "all_members", _("全体成员单位")
    CONCERNED = "concerned", _("涉及议题的成员单位")


class TopicState(models.TextChoices):
    """Where a topic stands."""

    PROPOSED = "proposed", _("待初审")
    STORED = "stored", _("已入议题库")
    CONSULTING = "consulting", _("征求意见中")
    CONSULTED = "consulted", _("待审定")
    APPROVED = "approved", _("已审定待排期")
    SCHEDULED = "scheduled", _("已上会")
    DECIDED = "decided", _("已议定待反馈")
    FED_BACK = "fed_back", _("已反馈")
    DECLINED = "declined", _("未列入")
    WITHDRAWN = "withdrawn", _("已撤回")


class TopicSource(models.TextChoices):
    """Where a topic comes from (附件1 第四条（三）, 第七条（一）)."""

    UNIT = "unit", _("成员单位提出")
    CONVENER = "convener", _("召集人要求")
    OFFICE = "office", _("办公室提出")
    APPEAL = "appeal", _("企业诉求转来")


class Purpose(models.TextChoices):
    """What a meeting is to do with a topic (附件1 第四条（一）)."""

    STUDY = "study", _("研究审议")
    SUMMARY = "summary", _("总结工作")
    DEPLOY = "deploy", _("部署任务")
    CONVEY = "convey", _("传达通报")


class Programme(models.TextChoices):
    """The two actions that the conference drives (附件1 第一条)."""

    TWO_HEALTHS = "two_healths", _("“两个健康”提升行动")
    ONE_CONTACT = "one_contact", _("“一联三帮”保企稳业专项行动")
    OTHER = "other", _("其他民营经济工作")


class AccessLevel(models.TextChoices):
    """Who reads a topic or a paper; classified matters may not be entered at all."""

    MEMBERS = "members", _("参会单位可见")
    RESTRICTED = "restricted", _("限阅：涉及单位，先确认保密要求")


class Stance(models.TextChoices):
    """What a unit answers when it is consulted."""

    AGREE = "agree", _("同意")
    CHANGE = "change", _("建议修改")
    OBJECT = "object", _("不同意")


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", _("筹备中")
    NOTIFIED = "notified", _("已通知")
    IN_SESSION = "in_session", _("开会中")
    HELD = "held", _("已开会待纪要")
    DRAFTED = "drafted", _("纪要待签发")
    SIGNED = "signed", _("纪要待印发")
    ISSUED = "issued", _("纪要已印发待分解")
    ARCHIVED = "archived", _("已办结归档")
    CANCELLED = "cancelled", _("已取消")


class TopicResult(models.TextChoices):
    """What the meeting decided on a topic."""

    PASSED = "passed", _("原则通过")
    REVISED = "revised", _("修改后通过")
    DEFERRED = "deferred", _("暂缓，下次再议")
    NOT_PASSED = "not_passed", _("不通过")
    INFO_ONLY = "info_only", _("仅作传达，不形成议定事项")


class Role(models.TextChoices):
    """As what a unit comes to a meeting."""

    MEMBER = "member", _("出席")
    OBSERVER = "observer", _("列席")


class Reply(models.TextChoices):
    """What a unit answers to a notice."""

    ATTEND = "attend", _("参加")
    DEPUTY = "deputy", _("委托他人参加")
    LEAVE = "leave", _("请假")


class SignInBy(models.TextChoices):
    """How somebody was signed in."""

    QR = "qr", _("扫码")
    MANUAL = "manual", _("登记")


class DelegationScope(models.TextChoices):
    """For what one stands in for the other."""

    CONVENE = "convene", _("召集全体会议")
    SIGN = "sign", _("签发会议纪要")


class StudyState(models.TextChoices):
    """Where a field study stands (附件1 第六条)."""

    PROPOSED = "proposed", _("方案待同意")
    UNDERWAY = "underway", _("调研中")
    REPORTED = "reported", _("已报告待落实")
    CLOSED = "closed", _("已办结")
    DECLINED = "declined", _("未同意")


# What a preparation list begins with; the office adds to it.
CHECKLIST = ("会场和座次", "审议材料印制分送", "设备和投影", "签到表和二维码", "通知列席领导和单位")
