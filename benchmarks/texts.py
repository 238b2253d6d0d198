"""Chinese titles, contents and firm names from a seeded generator of our own: nobody's real words."""

from random import Random

SEED = 20_200_821
# Search cases: one word that many appeals hold, one that an appeal in twenty thousand holds.
COMMON_WORD, RARE_WORD = "园区", "氢能"
RARE_EVERY = 20_000

PLACES = [
    "园区东侧", "园区南门外", "标准厂房三期", "孵化大楼", "物流港北区", "高铁站前", "科创路沿线",
    "工业路与纬三路交叉口", "保税仓旁", "老厂区", "电子产业基地", "食品加工小区", "人才公寓",
]  # fmt: skip
SUBJECTS = [
    "用电增容", "道路破损", "雨污管网", "天然气接入", "消防验收", "环评手续", "规划许可", "不动产登记",
    "技改补贴", "稳岗返还", "贷款贴息", "员工子女入学", "公交末班", "货车停靠", "仓储用地", "夜间施工",
    "开票额度", "出口退税", "商标续展", "招聘会场地", "社保缴费", "排污许可", "特种设备检验", "通信基站",
]  # fmt: skip
PROBLEMS = [
    "迟迟没有结果",
    "影响连续生产",
    "标准不清楚",
    "多次补正",
    "不知找谁",
    "排期过长",
    "费用偏高",
]
ASKS = ["希望协调", "请予答复", "建议调整", "请现场查看", "盼尽快解决", "咨询办理流程"]
FACTS = [
    "近两周已发生三次，夜班损失较大。", "材料上月已经交齐，窗口说还在流转。", "我们对照通知算过，条件应当符合。",
    "同一路段另有四家企业也有同样情况。", "旺季订单集中，拖延一天就要违约。", "设计单位和审查单位的说法不一致。",
    "职工反映强烈，已有骨干提出离职。", "去年反映过一次，当时答复列入计划。", "如需到现场，随时可以派人配合。",
]  # fmt: skip
NAMES = [
    "轴承",
    "生物",
    "软件",
    "物流",
    "食品",
    "环保",
    "餐饮",
    "建材",
    "电子",
    "纺织",
    "医疗器械",
    "装备",
]


class Texts:
    """Draws texts one after the other; the same seed draws the same ones."""

    def __init__(self, seed: int = SEED) -> None:
        """Begin at the beginning."""
        self._random = Random(seed)  # noqa: S311 texts, not secrets

    def title(self, number: int) -> str:
        """Return the title of the appeal drawn as ``number``; each twenty-thousandth is rare."""
        pick = self._random.choice
        subject = f"{RARE_WORD}加注站" if number % RARE_EVERY == RARE_EVERY // 2 else pick(SUBJECTS)
        return f"{pick(PLACES)}{subject}{pick(PROBLEMS)}，{pick(ASKS)}"

    def content(self) -> str:
        """Return what happened, in three to six sentences."""
        return "".join(self._random.sample(FACTS, self._random.randint(3, 6)))


def firm_name(number: int) -> str:
    """Return the name of an invented firm."""
    return f"示例{number:05d}{NAMES[number % len(NAMES)]}有限公司"


# Tasks of a work plan, about three lines each, with units and deadlines as plans write them.
PLAN_TASKS = (
    "开展银企对接活动，组织金融机构走访民营企业，协调解决融资难题，全年不少于四场，建立对接台账并跟踪落实。（责任单位：财政局、服务业促进局；完成时限：2026年10月底前）",
    "清理拖欠中小企业账款，逐笔核实、逐笔销号，定期通报进展情况，对久拖不还的单位约谈负责人。（牵头单位：财政局；配合单位：经济发展局、纪工委；每季度末报送）",
    "推进工业园区供电保障，增设备用线路，完善应急预案，减少计划外停电对企业生产的影响。（责任单位：经济发展局；完成时限：12月31日前）",
    "优化政务服务流程，推行一次办、网上办、就近办，公布办事指南和时限，接受企业监督评价。（责任单位：行政服务中心、各成员单位；持续推进）",
)
