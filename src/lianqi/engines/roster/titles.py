"""Tells from a title whether somebody is the principal of a section."""

import re
import unicodedata

_HEADS = (
    r"(?:[大中支总分小]?队|[科处股所站室部组局院庭段行乡镇园校馆])长"
    r"|主任|(?:总)?经理|书记|(?:主要)?负责(?:人|同志)"
)
_PRINCIPAL = re.compile(rf"(?P<lesser>副|分管|助理)?(?:{_HEADS})$")
_TITLE = re.compile(
    r"(?:长|主任|书记|经理|负责人|负责同志|科员|文员|委员|专员|职员|办事员|联络员|网格员|工作人员"
    r"|指导员|教导员|调研员|干事|干部|助理|秘书|主管|内勤|专干)$"
)
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PRESIDES = re.compile(r"主持(?:全面|日常)?工作")


def is_section_head(title: str) -> bool:
    """Whether the title is that of a section's principal, whom a unit names as its liaison.

    A1-9-1（附件1第九条）：“明确一名科室主要负责同志作为联络员”. 科长, 主任, 大队长, 所长 and the
    like are principals; 科员, 文员, 办事员, 干事, ranks such as 四级主任科员 and every 副 are not,
    except a deputy who presides (主持工作). Of several titles (“副局长、办公室主任”) one suffices.
    """
    plain = "".join(unicodedata.normalize("NFKC", title).split())
    if _PRESIDES.search(plain):
        return True
    parts = re.split(r"[、,;/兼]", _REMARK.sub("", plain))
    heads = (_PRINCIPAL.search(part) for part in parts)
    return any(head is not None and not head["lesser"] for head in heads)


def is_title(text: str) -> bool:
    """Whether the text reads as a title rather than as a person's name."""
    return len(text) > 1 and _TITLE.search(_REMARK.sub("", text)) is not None
