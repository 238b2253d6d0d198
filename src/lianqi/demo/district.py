"""Region, units, bodies and people of the demonstration district, from the annexes' roster."""

from datetime import date
from importlib import resources

from lianqi.demo.accounts import PASSWORD, DemoAccount, seated_accounts
from lianqi.engines.roster import parse_roster
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now
from lianqi.organisation.actions import enter_roster, seat
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Body, Region, Unit, User
from lianqi.organisation.queries.region import region_changed

ISSUED_ON = date(2020, 8, 21)
SOURCE = "管委会办公室2020年8月21日印发的工作规则和方案"

UNITS = [
    ("jgw", "纪工委", "党工委机构", []),
    ("rlzyb", "人力资源部", "内设机构（党群）", ["区人力资源部"]),
    ("shzlw", "社会治理委员会", "内设机构", []),
    ("jjfzj", "经济发展局", "内设机构", ["区经济发展局"]),
    ("kxjsj", "科学技术局", "内设机构", []),
    ("fwycj", "服务业促进局", "内设机构", []),
    ("czj", "财政局", "内设机构", []),
    ("gtghj", "国土规划建设管理局", "内设机构", []),
    ("zhjgj", "综合监管和执法局", "内设机构", []),
    ("shswj", "社会事务局", "内设机构", []),
    ("xzfwzx", "行政服务中心", "事业单位", ["区行政服务中心"]),
    ("gxtz", "高新投资发展有限公司", "国有企业", []),
    ("gdx", "关堤乡", "乡", []),
    ("zzjd", "振中街道办事处", "街道", ["振中街道"]),
    ("gafj", "公安分局", "派驻机构", []),
    ("swj", "税务局", "派驻机构", ["区税务局"]),
    ("scjg", "市场监管领导小组", "派驻机构", ["区市场监管领导小组"]),
    ("xfjy", "消防救援大队", "派驻机构", []),
]
# Named in the plans as responsible units, but not on the platform's roster.
OFF_PLATFORM: list[tuple[str, str, str, list[str]]] = [
    ("gwhbgs", "管委会办公室", "内设机构", []),
    ("ft", "法庭", "司法机关", []),
    ("jcs", "检察室", "司法机关", []),
]
HOSTS = {
    BodyCode.JC: "rlzyb",
    BodyCode.TF1: "jjfzj",
    BodyCode.TF2: "rlzyb",
    BodyCode.TF3: "xzfwzx",
    BodyCode.TF4: "rlzyb",
}


def found_district() -> dict[str, Unit]:
    """Enter region, units and bodies; return the units by code."""
    region = Region.objects.create(
        code="410771", name="新乡高新技术产业开发区", short_name="高新区"
    )
    region_changed()
    units: dict[str, Unit] = {}
    for order, (code, name, kind, aliases) in enumerate([*UNITS, *OFF_PLATFORM], 1):
        units[code] = Unit.objects.create(
            code=code,
            name=name,
            kind=kind,
            aliases=aliases,
            region=region,
            order=order,
            on_platform=order <= len(UNITS),
        )
    for code, host in HOSTS.items():
        Body.objects.create(
            code=code,
            name=str(BodyCode(code).label),
            host_unit=units[host],
            approval_ref=SOURCE,
            established_on=ISSUED_ON,
        )
    return units


def seat_district(units: dict[str, Unit]) -> None:
    """Enter the roster's 36 people and the demonstration's own accounts."""
    text = resources.files("lianqi.demo").joinpath("data/roster.txt").read_bytes()
    known = {unit.name: unit.aliases for unit in units.values()}
    reading = parse_roster("roster.txt", text, known_units=known)
    enter_roster(reading.rows, actor=SYSTEM, source=SOURCE, valid_from=ISSUED_ON)
    for account in seated_accounts():
        _seat(account, units)
    open_doors(User.objects.all())


def _seat(account: DemoAccount, units: dict[str, Unit]) -> None:
    user = User.objects.create_user(
        account.username, full_name=account.full_name, phone="13800138000"
    )
    seat(
        user,
        actor=SYSTEM,
        post=account.post,
        unit=units.get(account.unit),
        body=Body.objects.get(code=account.body) if account.body else None,
        title=account.title,
        valid_from=ISSUED_ON,
        source=SOURCE,
    )


def open_doors(users) -> None:
    """Give all these accounts the demonstration's password, hashed once."""
    sample = User(username="sample")
    sample.set_password(PASSWORD)
    users.update(password=sample.password, password_set_at=now())
