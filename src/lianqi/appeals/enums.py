"""Choices of the appeals room and their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# What stands where a firm that keeps its name would be named: on pages, and in records.
SEALED_NAME = "（企业要求保密）"
SEALED_FIRM = "诉求主体（保密）"


class Kind(models.TextChoices):
    """What a firm wants; the limit for the answer depends on it."""

    CONSULT = "consult", _("咨询")
    HELP = "help", _("求助")
    SUGGESTION = "suggestion", _("建议")
    COMPLAINT = "complaint", _("投诉")


class Channel(models.TextChoices):
    """How the appeal reached us."""

    WEB = "web", _("网上")
    PHONE = "phone", _("电话")
    WINDOW = "window", _("窗口")
    VISIT = "visit", _("走访")
    CITY = "city", _("市平台")


class AppealState(models.TextChoices):
    """Where an appeal stands."""

    SUBMITTED = "submitted", _("待受理")
    SUPPLEMENT = "supplement", _("待补充")
    ACCEPTED = "accepted", _("待派单")
    DISPATCHED = "dispatched", _("待签收")
    DISPUTED = "disputed", _("退单待裁定")
    HANDLING = "handling", _("办理中")
    SIGNING = "signing", _("待领导签批")
    REVIEW = "review", _("待审核")
    ANSWERED = "answered", _("待评价")
    RATED = "rated", _("已评价待归档")
    DISSATISFIED = "dissatisfied", _("不满意待核实")
    ESCALATED = "escalated", _("提级督办")
    CLOSED = "closed", _("已办结归档")
    DECLINED = "declined", _("不予受理")
    MERGED = "merged", _("已并案")
    WITHDRAWN = "withdrawn", _("已撤回")


FINAL_STATES = (
    AppealState.CLOSED,
    AppealState.DECLINED,
    AppealState.MERGED,
    AppealState.WITHDRAWN,
)
OPEN_STATES = tuple(state for state in AppealState if state not in FINAL_STATES)


class Outcome(models.TextChoices):
    """What came of the appeal; each counts differently."""

    SOLVED = "solved", _("已解决")
    PARTLY_SOLVED = "partly_solved", _("部分解决")
    PLANNED = "planned", _("列入计划")
    EXPLAINED = "explained", _("政策所限，已解释")
    PASSED_UP = "passed_up", _("转上级")


class DeclineReason(models.TextChoices):
    """Why an appeal is not accepted; each has a usual route to point to."""

    LITIGATION = "litigation", _("应通过诉讼解决或法院已受理")
    ARBITRATION = "arbitration", _("应通过仲裁解决或已申请仲裁")
    RECONSIDERATION = "reconsideration", _("应申请行政复议或已受理")
    DISCIPLINE = "discipline", _("属违纪违法线索")
    PETITION = "petition", _("信访渠道已受理")
    SECRET = "secret", _("涉及国家秘密")
    OTHER_DISTRICT = "other_district", _("不属本区管辖")
    NOT_PRIVATE = "not_private", _("不属民营企业或民营经济人士")
    NO_CONTENT = "no_content", _("没有具体事项或诉求不清且未补充")


class Level(models.IntegerChoices):
    """好差评 (国办发〔2019〕51号): five levels, the lower two are bad ratings."""

    VERY_SATISFIED = 5, _("非常满意")
    SATISFIED = 4, _("满意")
    FAIRLY_SATISFIED = 3, _("基本满意")
    DISSATISFIED = 2, _("不满意")
    VERY_DISSATISFIED = 1, _("非常不满意")


BAD_LEVEL = Level.DISSATISFIED


class RatingReason(models.TextChoices):
    """Why a firm rates as it does; kept in the words it tapped, whatever the list becomes later."""

    PERFUNCTORY = "答复敷衍", _("答复敷衍")
    LATE = "超过时限", _("超过时限")
    NOT_CONTACTED = "没有联系我", _("没有联系我")
    UNSOLVED = "问题没解决", _("问题没解决")
    SHUFFLED = "来回推诿", _("来回推诿")
    FRIENDLY = "态度好", _("态度好")
    FAST = "办得快", _("办得快")
    SOLVED = "真解决", _("真解决")
    CLEAR = "说得清楚", _("说得清楚")


_GOOD = (RatingReason.SOLVED, RatingReason.FAST, RatingReason.FRIENDLY, RatingReason.CLEAR)
RATING_REASONS = [
    (_("做得好的"), [(reason.value, reason.label) for reason in _GOOD]),
    (
        _("没做好的"),
        [(reason.value, reason.label) for reason in RatingReason if reason not in _GOOD],
    ),
]


class CommunicationKind(models.TextChoices):
    """What passes between the firm, the units and the office."""

    CONTACT = "contact", _("首次联系")
    STAGE = "stage", _("阶段答复")
    OPINION = "opinion", _("协办意见")
    REPLY = "reply", _("正式答复")
    SUPPLEMENT = "supplement", _("补充材料")


class PromiseFate(models.TextChoices):
    """What became of a promise."""

    OPEN = "open", _("待兑现")
    KEPT = "kept", _("已兑现")
    BROKEN = "broken", _("未兑现")
    MOVED = "moved", _("已改期")
    SUPERSEDED = "superseded", _("已失效")


class RatingSource(models.TextChoices):
    """How a rating came in."""

    PORTAL = "portal", _("企业登录评价")
    LINK = "link", _("链接评价")
    CALLBACK = "callback", _("回访评价")


class ContactFact(models.TextChoices):
    """Whether the firm was first contacted within the limit, in the first round."""

    KEPT = "kept", _("按时联系")
    LATE = "late", _("超时联系")
    NONE = "none", _("没有联系")
    OPEN = "open", _("尚未联系")


class FirmWord(models.TextChoices):
    """What the firm itself says of the answer of this round; silence is a word of its own."""

    CONFIRMED = "confirmed", _("企业认可")
    DENIED = "denied", _("企业不认可")
    SILENT = "silent", _("企业未表态")


class RateKey(models.TextChoices):
    """The three rates (三率)."""

    RESPONSE = "response", _("响应率")
    RESOLUTION = "resolution", _("解决率")
    SATISFACTION = "satisfaction", _("满意率")


class ExclusionState(models.TextChoices):
    """Where an application to leave an appeal out of a rate stands."""

    APPLIED = "applied", _("待审批")
    APPROVED = "approved", _("已剔除")
    REFUSED = "refused", _("未同意")
    RETRACTED = "retracted", _("已撤回申请")
    REVOKED = "revoked", _("已撤销剔除")


class ExclusionReason(models.TextChoices):
    """Why an appeal may be left out of a rate; the text says what happened."""

    WITHDRAWN = "withdrawn", _("企业自行撤回")
    UNREACHABLE = "unreachable", _("企业联系不上（有多次联系记录）")
    BEYOND_LAW = "beyond_law", _("要求超出法律政策允许")
    BEYOND_POWER = "beyond_power", _("事权在上级或外地")
    IN_COURT = "in_court", _("已进入诉讼、仲裁或复议")
    REPEATED = "repeated", _("与已办结诉求重复")
    DATA_ERROR = "data_error", _("登记差错")


class SignalKind(models.TextChoices):
    """What makes a closing worth a call; a hint, never a verdict."""

    COPIED = "copied", _("答复雷同")
    LAST_MINUTE = "last_minute", _("踩点办结")
    NO_CONTACT = "no_contact", _("没有联系记录")
    NO_STAGE = "no_stage", _("没有阶段答复")
    SAME_FILE = "same_file", _("佐证文件相同")
    REOPENED = "reopened", _("办结后很快重启")


class SampleReason(models.TextChoices):
    """Why a closed appeal is called back."""

    BAD = "bad", _("曾评不满意")
    SIGNAL = "signal", _("有办结提示")
    RANDOM = "random", _("随机抽取")


class UnsealingState(models.TextChoices):
    """Where an application stands to tell a unit who filed a sealed appeal."""

    ASKED = "asked", _("待专班办公室提请")
    APPLIED = "applied", _("待纪检审批")
    OPENED = "opened", _("已开启")
    REFUSED = "refused", _("未同意")


class CaseState(models.TextChoices):
    """Where a public case stands."""

    DRAFT = "draft", _("起草中")
    CONSENT = "consent", _("待企业同意")
    CONSENTED = "consented", _("待发布")
    PUBLISHED = "published", _("已公开")
    REFUSED = "refused", _("企业不同意")
    WITHDRAWN = "withdrawn", _("已撤下")
