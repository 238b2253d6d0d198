"""企业入库: a firm registers, the office verifies who it is (A3-4-1-1, A3-4-1-2)."""

from typing import Any

from lianqi.enterprises.enums import EnterpriseState as S
from lianqi.enterprises.queries import search as search  # registers what firms are found by
from lianqi.kernel.access import Desk
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import office_desk
from lianqi.organisation.enums import BodyCode


def appeals_office(enterprise: Any) -> Desk:
    """Return the desk that verifies firms."""
    return office_desk(BodyCode.TF3)


ENTERPRISE = Workflow(
    "enterprise",
    "企业入库",
    states=[
        State(
            S.PENDING,
            "待核验",
            owes=[
                Owes(
                    "verify",
                    "核验",
                    holder=appeals_office,
                    within="enterprise.verify",
                    waiting=lambda enterprise: enterprise.name,
                )
            ],
        ),
        State(S.VERIFIED, "已入库"),
        State(S.REFUSED, "未通过", final=True),
        State(S.LEFT, "已退出", final=True),
    ],
    steps=[
        Step(
            "register",
            "注册",
            [],
            S.PENDING,
            may="enterprises.register",
            audience=Audience.ENTERPRISE,
            undated=True,
            basis="A3-4-1-1",
        ),
        Step(
            "enter",
            "登记入库",
            [],
            S.VERIFIED,
            may="enterprises.enter_enterprise",
            audience=Audience.ENTERPRISE,
            basis="A3-4-1-1",
        ),
        Step(
            "verify",
            "核验通过",
            [S.PENDING],
            S.VERIFIED,
            may="enterprises.verify_enterprise",
            tone="primary",
            audience=Audience.ENTERPRISE,
            basis="A3-4-1-2",
        ),
        Step(
            "refuse",
            "不予通过",
            [S.PENDING],
            S.REFUSED,
            may="enterprises.verify_enterprise",
            tone="danger",
            settles=["verify"],
            audience=Audience.ENTERPRISE,
        ),
        Step(
            "remove",
            "退出名录",
            [S.VERIFIED],
            S.LEFT,
            may="enterprises.verify_enterprise",
            audience=Audience.ENTERPRISE,
            tone="danger",
        ),
        Step(
            "readmit",
            "重新入库",
            [S.REFUSED, S.LEFT],
            S.VERIFIED,
            may="enterprises.verify_enterprise",
            audience=Audience.ENTERPRISE,
        ),
    ],
)
