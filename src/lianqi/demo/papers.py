"""Papers of the conference office: one issued, one signed, one that waits for the convener."""

from lianqi.briefings.actions import draft_paper, issue_paper, sign_paper
from lianqi.briefings.actions.papers import Facts
from lianqi.organisation.models import Unit, User

_TEXT = """为做好第四季度民营经济工作，现将有关事项通知如下。
一、报送内容
（一）工作进展。各单位牵头事项的进展情况、存在问题和下步打算。
（二）企业诉求。本季度办理诉求的件数、办结情况和典型做法。
二、有关要求
1.报送材料由分管领导审签。
2.请于12月15日前通过平台报送。"""
_CIRCULAR = """现将第三季度民营企业诉求办理情况通报如下。
一、总体情况
第三季度各单位按时签收、及时联系企业，办理质量有所提升。
二、存在问题
个别单位联系企业不及时，答复内容过于简单。
三、下步要求
各单位要对照问题认真整改，主动上门沟通，提高一次解决率。"""
_REQUEST = """根据联席会议工作规则，拟于12月中旬召开联席会议全体会议。现将有关事项请示如下。
一、会议内容
听取本年度民营经济工作情况，研究明年工作要点。
二、参会人员
各成员单位主要负责同志。"""


def write_papers() -> int:
    """Write three papers through the real actions; return how many."""
    clerk = User.objects.get(username="conference_office")
    director = User.objects.get(username="office_director")
    convener = User.objects.get(username="convener")
    units = Unit.objects.filter(active=True, on_platform=True)
    notice = draft_paper(
        "notice",
        Facts(
            title="关于报送第四季度民营经济工作进展的通知",
            text=_TEXT,
            to_units=units,
            attachments="工作进展报送表",
            contact="联席会议办公室，电话13800138000",
        ),
        actor=clerk,
    )
    issue_paper(sign_paper(notice, actor=director), actor=clerk)
    circular = draft_paper(
        "circular",
        Facts(title="关于第三季度诉求办理情况的通报", text=_CIRCULAR, to_units=units),
        actor=clerk,
    )
    sign_paper(circular, actor=convener)
    draft_paper(
        "request",
        Facts(
            title="关于召开民营经济工作联席会议全体会议的请示", text=_REQUEST, to_others="区党工委"
        ),
        actor=clerk,
    )
    return 3
