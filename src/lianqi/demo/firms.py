"""The demonstration's firms; their codes are well-formed and belong to nobody we know of."""

from stdnum.cn import uscc

from lianqi.demo.accounts import ENTERPRISES, NEWCOMER, PASSWORD, PERSON
from lianqi.demo.district import ISSUED_ON, open_doors
from lianqi.enterprises.actions import enter_enterprise, register_enterprise
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.enterprises.models import Enterprise, Membership
from lianqi.kernel.access import Actor
from lianqi.organisation.models import User

FIRMS = [
    ("新乡示例轴承制造有限公司", "C34", 420, 18600),
    ("新乡示例生物科技有限公司", "C27", 96, 3200),
    ("新乡示例新能源电池材料有限公司", "C39", 1180, 52000),
    ("新乡示例软件开发有限公司", "I65", 64, 1350),
    ("新乡示例物流仓储有限公司", "G59", 110, 2600),
    ("新乡示例食品有限公司", "C14", 260, 7800),
    ("新乡示例环保设备有限公司", "C35", 150, 4100),
    ("新乡示例餐饮管理有限公司", "H62", 45, 620),
    ("新乡示例五金批发商行", "F51", 8, 900),
    ("新乡示例建筑劳务有限公司", "E50", 300, 6400),
]


def code_of(number: int) -> str:
    """Return a well-formed credit code in the range that only this demonstration uses."""
    body = f"91410700MA9DEM{number:03d}".replace("I", "1").replace("O", "0")
    return body + uscc.calc_check_digit(body)


def found_firms(clerk: Actor) -> list[Enterprise]:
    """Enter the firms as the office's clerk, with accounts for the first ones."""
    firms = [
        enter_enterprise(
            actor=clerk,
            uscc=code_of(number),
            name=name,
            industry_code=industry,
            employees=employees,
            revenue_wan=revenue,
            address="高新区示例路",
            contact_name="联系人某",
            contact_phone="13800138000",
        )
        for number, (name, industry, employees, revenue) in enumerate(FIRMS, 1)
    ]
    person = enter_enterprise(
        actor=clerk,
        uscc=None,
        kind=EnterpriseKind.PERSON,
        name="孟某某",
        contact_name="孟某某",
        contact_phone="13800138000",
    )
    for account, firm in [*zip(ENTERPRISES, firms, strict=True), (PERSON, person)]:
        user = User.objects.create_user(
            account.username, full_name=account.full_name, phone="13800138000"
        )
        Membership.objects.create(user=user, enterprise=firm, since=ISSUED_ON)
    open_doors(User.objects.filter(memberships__isnull=False))
    register_enterprise(
        username=NEWCOMER.username,
        password=PASSWORD,
        contact_name=NEWCOMER.full_name,
        contact_phone="13800138000",
        uscc=code_of(99),
        name="新乡示例设计咨询有限公司",
        industry_code="M74",
        employees=12,
        revenue_wan=180,
    )
    return firms
