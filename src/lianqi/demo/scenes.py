"""Appeals in every state: who filed what, and what has happened since."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scene:
    """An appeal: who filed it how many working days ago, and what has happened since.

    Each happening is (working hours later, step, who, what was given). ``who`` is a username, or
    "lead" / "leader" for the lead unit's liaison and leader, "co" for the first helper's liaison.
    """

    days_ago: int
    firm: int
    kind: str
    title: str
    content: str
    story: list[tuple[float, str, str, dict[str, Any]]] = field(default_factory=list)
    urgent: bool = False
    channel: str = "web"
    sealed: bool = False


OFFICE = "appeals_office"


def taken_to(
    lead: str, *co: str, note: str = "请按时限办理，主动联系企业。"
) -> list[tuple[float, str, str, dict[str, Any]]]:
    """Return the usual beginning: accepted, dispatched, signed for."""
    return [
        (2, "accept", OFFICE, {}),
        (1, "dispatch", OFFICE, {"lead_unit": lead, "co_units": list(co), "note": note}),
        (3, "sign", "lead", {}),
    ]


def answered(
    reply: str, outcome: str = "solved", **more: Any
) -> list[tuple[float, str, str, dict[str, Any]]]:
    """Return the usual end: answer put up, signed, checked."""
    return [
        (6, "request_closing", "lead", {"outcome": outcome, "reply": reply, **more}),
        (2, "sign_closing", "leader", {}),
        (2, "approve_closing", OFFICE, {}),
    ]


CONTACT = (2, "record_contact", "lead", {"note": "已电话联系企业，了解具体情况，约定现场查看。"})

SCENES = [
    Scene(
        0,
        0,
        "help",
        "夜间压价用电线路跳闸影响连续生产",
        "近两周夜班跳闸三次，热处理炉停炉损失较大，希望协调供电部门检查厂区外线。",
        urgent=True,
    ),
    Scene(
        0,
        1,
        "consult",
        "研发费用加计扣除需要准备哪些材料",
        "公司去年新立研发项目两个，想了解今年申报加计扣除需要准备的材料和时间。",
    ),
    Scene(
        1,
        5,
        "suggestion",
        "建议提前明确消防验收整改要求",
        "新厂房准备消防验收，疏散距离等整改要求理解不一致，建议验收前当面指导。",
        [(3, "accept", OFFICE, {})],
    ),
    Scene(
        2,
        3,
        "help",
        "软件企业招聘会场地协调",
        "计划下月举办专场招聘，希望协调会议中心场地和对接高校。",
        [
            (2, "accept", OFFICE, {}),
            (
                2,
                "dispatch",
                OFFICE,
                {"lead_unit": "rlzyb", "co_units": ["xzfwzx"], "note": "招聘服务事项。"},
            ),
        ],
    ),
    Scene(
        2,
        6,
        "complaint",
        "环评手续同一材料多次补正",
        "同一份监测报告三次要求补正，每次理由不同，耽误投产。",
        [*taken_to("zhjgj", "jjfzj"), CONTACT],
    ),
    Scene(
        9,
        2,
        "help",
        "扩建项目用地手续进度缓慢",
        "二期扩建用地已摘牌四个月，规划许可仍在审查，希望协调。",
        [
            *taken_to("gtghj", "jjfzj", "xzfwzx"),
            CONTACT,
            (
                4,
                "report_stage",
                "lead",
                {
                    "content": "规划方案已进入联审，两家配合单位下周三前反馈意见。",
                    "promises_in": [("两家配合单位下周三前反馈意见。", 6)],
                },
            ),
            (1, "submit_opinion", "co", {"content": "项目已列入区重点，建议容缺办理。"}),
        ],
    ),
    Scene(
        12,
        4,
        "help",
        "物流园区道路破损影响运输安全",
        "园区南门外约三百米路面破损，雨天积水，货车颠簸。",
        [
            *taken_to("shzlw", "gdx"),
            CONTACT,
            (
                6,
                "request_extension",
                "lead",
                {"days": 5, "reason": "需等待材料进场，雨天无法施工。"},
            ),
            (
                2,
                "decide_extension",
                OFFICE,
                {"approve": True, "note": "同意，请告知企业施工安排。"},
            ),
        ],
    ),
    Scene(
        14,
        7,
        "consult",
        "餐饮门店变更经营地址如何办理",
        "门店拟迁至同街道另一处，咨询证照变更流程。",
        [
            (2, "accept", OFFICE, {}),
            (
                2,
                "answer_directly",
                OFFICE,
                {
                    "outcome": "solved",
                    "reply": "可在政务大厅市场监管窗口一次办理地址变更，所需材料和办理时间已发至您的手机，全程免费。",
                },
            ),
            (8, "rate", "firm", {"level": 5, "comment": "说得很清楚"}),
            (4, "close", OFFICE, {}),
        ],
    ),
    Scene(
        16,
        0,
        "complaint",
        "税控设备升级后无法开票",
        "系统升级后连续两天无法开具发票，影响回款。",
        [
            *taken_to("swj"),
            CONTACT,
            *answered(
                "已安排技术人员上门处理，设备恢复正常；受影响的发票一周内补开，月底前加装备用线路。",
                promises_in=[("受影响的发票一周内补开。", -12), ("月底前加装备用线路。", -6)],
            ),
            (5, "rate", "firm", {"level": 4, "comment": ""}),
            (6, "close", OFFICE, {}),
            (16, "recheck_promise", OFFICE, {"kept": True, "note": "企业确认发票已补开。"}),
            (40, "recheck_promise", OFFICE, {"kept": False, "note": "备用线路还没有加装。"}),
        ],
    ),
    Scene(
        20,
        1,
        "help",
        "人才公寓申请迟迟没有结果",
        "八名技术人员申请人才公寓三个月未答复。",
        [
            *taken_to("rlzyb", "shswj"),
            CONTACT,
            *answered("已受理，请耐心等待。"),
            (4, "rate", "firm", {"level": 2, "comment": "没有说明时间"}),
            (5, "redo", OFFICE, {"note": "回访属实：答复没有给出时间安排，请分管领导牵头重办。"}),
            (3, "record_contact", "leader", {"note": "部领导到企业当面说明房源和排序。"}),
            *answered(
                "首批四套房源三周内交付，其余四人列入下一批，两个月内答复，名单已公示。",
                "planned",
                promises_in=[
                    ("首批四套房源三周内交付。", 20),
                    ("其余四人列入下一批，两个月内答复。", 55),
                ],
            ),
        ],
    ),
    Scene(
        24,
        6,
        "help",
        "消防验收整改意见理解不一致",
        "整改意见中的疏散距离要求，企业与设计单位理解不同，希望当面指导。",
        [
            (2, "accept", OFFICE, {}),
            (1, "dispatch", OFFICE, {"lead_unit": "gafj", "co_units": [], "note": ""}),
            (
                2,
                "return_order",
                "lead",
                {"basis": "消防验收自2019年起不属公安机关职责，依据部门职责清单第四项。"},
            ),
            (
                3,
                "rule_return",
                OFFICE,
                {
                    "upheld": True,
                    "lead_unit": "xfjy",
                    "note": "职责清单清楚，改由消防救援大队办理；今后消防验收类直接派消防救援大队。",
                },
            ),
            (2, "sign", "lead", {}),
            CONTACT,
            *answered("技术人员到现场逐条讲解，企业已按图整改并通过复验。"),
            (6, "rate", "firm", {"level": 5, "comment": "服务到位"}),
            (3, "close", OFFICE, {}),
        ],
    ),
    Scene(
        5,
        8,
        "help",
        "申请技改补贴不知是否符合条件",
        "去年购置两台数控设备，想申请补贴。",
        [
            (2, "accept", OFFICE, {}),
            (1, "request_supplement", OFFICE, {"note": "请补充设备发票和备案证明。"}),
        ],
    ),
    Scene(
        6,
        9,
        "complaint",
        "工程款纠纷请求协调",
        "总包单位拖欠劳务款，已向法院起诉。",
        [
            (
                4,
                "decline",
                OFFICE,
                {
                    "reason_code": "litigation",
                    "route": "案件已由法院受理，请按诉讼程序主张权利；可到公共法律服务中心申请法律援助。",
                },
            )
        ],
    ),
    Scene(
        3,
        2,
        "suggestion",
        "建议增加园区公交末班时间",
        "晚班工人下班后没有公交，建议末班延至二十三时。",
        [
            *taken_to("shzlw"),
            CONTACT,
            *answered("公交公司同意自下月起延长一小时试运行。", "partly_solved"),
        ],
    ),
    Scene(
        18,
        5,
        "help",
        "冷库用电增容报装进度",
        "旺季前需要增容，报装后没有进展。",
        [*taken_to("jjfzj", "gxtz"), CONTACT],
    ),
    Scene(
        1, 4, "consult", "仓储用地可否分割转让", "部分闲置仓库能否分割办证后转让。", channel="phone"
    ),
]
