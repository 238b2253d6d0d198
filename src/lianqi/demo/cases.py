"""A sealed appeal, and two public cases made of closed ones, each through its whole way."""

from lianqi.appeals.actions.cases import ask_consent, consent_to_case, draft_case, publish_case
from lianqi.appeals.models import Appeal
from lianqi.demo.scenes import Scene, taken_to
from lianqi.organisation.models import User

SEALED = Scene(
    4,
    1,
    "complaint",
    "园区收费没有公示依据",
    "新乡示例生物科技有限公司反映：物业每月另收公共能耗费，没有公示依据。请找联系人某核实，电话13800138000。",
    [
        *taken_to("scjg", note="企业要求保密，请在系统里留言联系。"),
        (
            2,
            "record_contact",
            "lead",
            {"note": "请说明收费从哪个月开始，有没有收据。不用写企业名称。"},
        ),
        (3, "supplement", "firm", {"content": "从今年三月开始，每月都有收据，金额逐月不同。"}),
    ],
    sealed=True,
)

# The appeal's title, and what the public reads of it.
CASES = {
    "餐饮门店变更经营地址如何办理": {
        "title": "门店换了地址，证照怎么变更",
        "question": "餐饮门店准备搬到同一街道的另一处，营业执照和食品经营许可怎么变更？",
        "answer": "到政务大厅市场监管窗口一次办理地址变更即可，全程免费；带上租赁合同和原证照。",
    },
    "税控设备升级后无法开票": {
        "title": "税控系统升级后开不了发票怎么办",
        "question": "税控系统升级后连续两天开不出发票，应该找谁处理？",
        "answer": "可以联系主管税务机关报修，技术人员上门处理；受影响的发票在恢复后补开。",
    },
}


def publish_cases() -> int:
    """Draft, have consented to, and publish; by two people of the office and the firm. Return how many."""
    drafter = User.objects.get(username="appeals_office")
    publisher = User.objects.get(username="appeals_office2")
    for title, texts in CASES.items():
        appeal = Appeal.objects.get(title=title)
        firm = appeal.enterprise.memberships.select_related("user").earliest("pk").user
        case = draft_case(appeal, actor=drafter, **texts)
        ask_consent(case, actor=drafter)
        consent_to_case(case, actor=firm)
        publish_case(case, actor=publisher)
    return len(CASES)
