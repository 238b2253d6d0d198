"""What happened a month or two ago, so that the three rates, the ledger and the sample show something."""

from datetime import timedelta

from lianqi.appeals.actions import apply_exclusion, approve_exclusion, freeze_rates, publish_rates
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.periods import preset
from lianqi.appeals.queries.rates import facts_between
from lianqi.demo.scenes import CONTACT, OFFICE, Scene, answered, taken_to
from lianqi.kernel.clock import now, told_at
from lianqi.kernel.uploads import CleanFile, inspect_upload
from lianqi.kernel.uploads.rules import APPEAL_EVIDENCE
from lianqi.organisation.models import User

WITHDRAWN = "省级技改资金能否提前拨付"
_SAME = "已按规定办理，感谢您对我们工作的支持。"

EARLIER = [
    Scene(
        44,
        0,
        "help",
        "出口退税进度查询",
        "三季度出口退税迟迟未到账，影响周转。",
        [
            *taken_to("swj"),
            CONTACT,
            *answered("退税款已于当日划出，请查收。"),
            (3, "rate", "firm", {"level": 5, "comment": ""}),
            (6, "close", OFFICE, {}),
        ],
    ),
    Scene(
        43,
        3,
        "consult",
        "跨区迁移税务登记怎么办",
        "计划迁入高新区，咨询税务迁移手续。",
        [
            *taken_to("swj"),
            CONTACT,
            *answered("可线上一次办结，操作步骤已发给您。"),
            (5, "rate", "firm", {"level": 4, "comment": ""}),
            (6, "close", OFFICE, {}),
        ],
    ),
    Scene(
        42,
        4,
        "complaint",
        "发票领用额度偏低",
        "业务增长，发票额度不够用，多次申请未批。",
        [
            *taken_to("swj"),
            CONTACT,
            *answered("已按实际经营情况核增额度。"),
            (6, "callback", OFFICE, {"note": "企业说额度够用了。", "level": 4}),
            (4, "close", OFFICE, {}),
        ],
    ),
    Scene(
        41,
        5,
        "help",
        "申报系统登录不上",
        "更换电脑后申报系统一直提示证书错误。",
        [
            *taken_to("swj"),
            *answered(_SAME),
            (5, "callback", OFFICE, {"note": "企业说已能登录。", "level": 3}),
            (6, "close", OFFICE, {}),
        ],
    ),
    Scene(
        40,
        6,
        "help",
        "社保缴费基数核对",
        "核定基数与实际工资不符，申请更正。",
        [
            *taken_to("swj", "rlzyb"),
            *answered(_SAME),
            (3, "rate", "firm", {"level": 3, "comment": ""}),
            (6, "close", OFFICE, {}),
        ],
    ),
    Scene(
        39,
        1,
        "complaint",
        "厂区门口长期占道停车",
        "大型货车长期停在厂门口，影响消防通道。",
        [
            *taken_to("gafj"),
            (1, "nudge", "firm", {}),
            CONTACT,
            *answered("已清理占道车辆并增设禁停标志。"),
            (5, "rate", "firm", {"level": 4, "comment": ""}),
            (4, "close", OFFICE, {}),
            (30, "reopen", OFFICE, {"reason": "企业反映车辆又停回来了。"}),
            (2, "record_contact", "leader", {"note": "分管领导到现场查看。"}),
            *answered("安装电子监控，每天巡查两次。"),
            (6, "rate", "firm", {"level": 5, "comment": "这次解决了"}),
            (6, "close", OFFICE, {}),
        ],
    ),
    Scene(
        38,
        2,
        "help",
        WITHDRAWN,
        "省级技改资金已公示，希望提前拨付。",
        [
            *taken_to("jjfzj"),
            CONTACT,
            (8, "report_stage", "lead", {"content": "已向上级主管部门报告，等待批复。"}),
            *answered("资金由省级统一拨付，已将诉求上报，预计下季度到位。", "passed_up"),
            (6, "callback", OFFICE, {"note": "企业表示理解。", "level": None}),
            (6, "close", OFFICE, {}),
        ],
    ),
]


def _sheet() -> CleanFile:
    """Return a small evidence file that passes the same inspection as any upload."""
    text = "通话记录：企业同意等待上级拨付，不再要求本区答复。\n"
    return inspect_upload("情况说明.txt", text.encode(), accept=APPEAL_EVIDENCE)


def keep_books() -> None:
    """Enter an exclusion and its approval, freeze the months before this one and publish them."""
    people = {name: User.objects.get(username=name) for name in (OFFICE, "tf_head")}
    appeal = Appeal.objects.get(title=WITHDRAWN)
    with told_at(now() - timedelta(days=3)):
        exclusion = apply_exclusion(
            appeal,
            actor=people[OFFICE],
            rate="resolution",
            reason="beyond_power",
            text="资金由省级拨付，本区无权决定，已向企业说明。",
            files=[_sheet()],
        )
    with told_at(now() - timedelta(days=2)):
        approve_exclusion(exclusion, actor=people["tf_head"], note="情况属实，同意。")
    month = preset("last_month")
    first = min(month.first, appeal.submitted_at.date())
    if facts_between(first, month.last).exists():
        table = freeze_rates(
            actor=people[OFFICE], first_day=first, last_day=month.last, note="供月度通报用。"
        )
        publish_rates(table, actor=people["tf_head"])
