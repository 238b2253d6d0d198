"""Who can sign in to the demonstration district, and with what."""

from dataclasses import asdict, dataclass

from lianqi.organisation.enums import BodyCode, Post

PASSWORD = "Lianqi-2026"  # noqa: S105 the demonstration's well-known password


@dataclass(frozen=True)
class DemoAccount:
    """One account: how to sign in, its role, the code of its unit, and the post behind it."""

    username: str
    role: str
    full_name: str
    title: str = ""
    unit: str = ""
    post: str = ""
    body: str = ""

    def public(self) -> dict[str, str]:
        """Return what a newcomer needs."""
        kept = ("username", "role", "unit", "full_name")
        return {"password": PASSWORD, **{key: asdict(self)[key] for key in kept}}


OFFICE_STAFF = [
    DemoAccount(
        "appeals_office",
        "appeals_office",
        "周某某",
        "诉求受理科科长",
        "xzfwzx",
        Post.OFFICE_STAFF,
        BodyCode.TF3,
    ),
    DemoAccount(
        "appeals_office2",
        "appeals_office",
        "韩某某",
        "企业服务科科长",
        "jjfzj",
        Post.OFFICE_STAFF,
        BodyCode.TF3,
    ),
    DemoAccount(
        "appeals_office3",
        "appeals_office",
        "冯某某",
        "党建科科长",
        "rlzyb",
        Post.OFFICE_STAFF,
        BodyCode.TF3,
    ),
    DemoAccount(
        "appeals_director",
        "appeals_office",
        "杨某某",
        "行政服务中心主任",
        "xzfwzx",
        Post.OFFICE_DIRECTOR,
        BodyCode.TF3,
    ),
]
LEADERSHIP = [
    DemoAccount("convener", "convener", "高某某", "党工委副书记", "", Post.CONVENER, BodyCode.JC),
    DemoAccount(
        "office_director",
        "office_director",
        "张某某",
        "人力资源部部长",
        "rlzyb",
        Post.OFFICE_DIRECTOR,
        BodyCode.JC,
    ),
    DemoAccount(
        "conference_office",
        "conference_office",
        "吴某某",
        "统战科科长",
        "rlzyb",
        Post.OFFICE_STAFF,
        BodyCode.JC,
    ),
    DemoAccount("tf_head", "tf_head", "赵某某", "管委会副调研员", "", Post.HEAD, BodyCode.TF3),
    DemoAccount(
        "tf_deputy",
        "tf_deputy_head",
        "杨某某",
        "行政服务中心主任",
        "xzfwzx",
        Post.DEPUTY_HEAD,
        BodyCode.TF3,
    ),
    DemoAccount(
        "tf_deputy2",
        "tf_deputy_head",
        "杨某某",
        "经济发展局副局长",
        "jjfzj",
        Post.DEPUTY_HEAD,
        BodyCode.TF3,
    ),
    DemoAccount(
        "tf_deputy3",
        "tf_deputy_head",
        "孙某某",
        "人力资源部副部长",
        "rlzyb",
        Post.DEPUTY_HEAD,
        BodyCode.TF3,
    ),
]
OTHERS = [
    DemoAccount("helper", "helper", "郑某某", "首席服务员", "kxjsj", Post.HELPER),
    DemoAccount("discipline", "discipline", "柴某", "副书记", "jgw", Post.DISCIPLINE),
    DemoAccount("sysadmin", "sysadmin", "系统管理员", "", "", Post.SYSADMIN),
    DemoAccount("secadmin", "secadmin", "安全管理员", "", "", Post.SECADMIN),
    DemoAccount("auditor", "auditor", "审计管理员", "", "", Post.AUDITOR),
]
ENTERPRISES = [
    DemoAccount("enterprise", "enterprise", "王某某", "行政部经理"),
    *(
        DemoAccount(f"enterprise{number}", "enterprise", f"{name}某某", "负责人")
        for number, name in enumerate("李陈刘赵钱孙周吴郑", 2)
    ),
]
PERSON = DemoAccount("person", "private_economy_person", "孟某某", "创业者")
NEWCOMER = DemoAccount("newcomer", "enterprise_pending", "宋某某", "负责人")
# Leaders and liaisons come from the roster; these units' are listed first.
SHOWN_UNITS = ("jjfzj", "swj", "gtghj", "rlzyb")
# What the sign-in page offers, in the order in which a newcomer plays an appeal through.
ON_SIGN_IN_PAGE = {
    "enterprise": "企业",
    "enterprise3": "企业（有在办诉求）",
    "person": "民营经济人士",
    "appeals_office": "诉求专班办公室",
    "jjfzj_liaison": "经济发展局联络员",
    "jjfzj_leader": "经济发展局分管领导",
    "gtghj_liaison": "国土规划建设管理局联络员",
    "gtghj_leader": "国土规划建设管理局分管领导",
    "tf_head": "诉求专班组长",
    "conference_office": "联席会议办公室",
    "office_director": "联席会议办公室主任",
    "convener": "召集人",
    "helper": "帮扶干部",
    "discipline": "纪检监督员",
    "sysadmin": "系统管理员",
    "secadmin": "安全管理员",
    "auditor": "审计管理员",
}


def seated_accounts() -> list[DemoAccount]:
    """Return the accounts that the demonstration seats itself."""
    return [*OFFICE_STAFF, *LEADERSHIP, *OTHERS]


def roster_accounts(unit_codes: list[str]) -> list[DemoAccount]:
    """Return leader and liaison of each unit, as the roster import names their accounts."""
    return [
        DemoAccount(f"{code}_{post}", str(post), "", unit=code, post=post)
        for code in unit_codes
        for post in (Post.LEADER, Post.LIAISON)
    ]
