"""Which sentences of an answer promise something until a day."""

import re
from dataclasses import dataclass
from datetime import date

from lianqi.engines.promises.days import AddWorkingDays, NamedDay, named_days

LONGEST = 300
MOST = 20
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]?")
_CLAUSE_END = re.compile(r"[，,、：:]")
# What follows a day that something is to be done by.
_UNTIL = re.compile(r"^(?:\d{1,2}[时点])?(?:之前|以前|前)")
_DEED_WORDS = """
    完成 办结 落实 到位 开工 启动 交付 建成 通车 实施 答复 回复 反馈 解决 上门 提供 出台 发放 拨付 支付 到账
    修复 整改 验收 处理 协调 联系 公布 印发 兑现 恢复 开通 审批 办理 办妥 办好 安装 修好
"""
_DEEDS = re.compile(rf"^(?:之内|以内|内)?[，,]?$|{'|'.join(_DEED_WORDS.split())}")
_WITHIN = ("内", "底", "末", "季度", "半年")
_WILL = re.compile(r"将|会于|会在|预计|计划|拟|力争|争取|确保|保证|承诺|安排|着手")
_OVER = re.compile(r"已|曾|近$|过去$|此前|截至|截止|最近$|连续$")
_CITED = re.compile(r"自$|根据|按照|依据|《")
_ASKED_OF_FIRM = re.compile(
    r"请(?!专班|领导|示)[^，。]{0,6}$|请您|请贵|请企业|请于|请在|您可|贵公司可|逾期"
)


@dataclass(frozen=True)
class FoundPromise:
    """A promise as found: its words, the last day meant (None: cannot be told), and a warning."""

    text: str
    on: date | None
    warning: str = ""


def find_promises(
    text: str, written_on: date, add_working_days: AddWorkingDays | None = None
) -> list[FoundPromise]:
    """Return the dated promises of a text, in its order; each distinct promise once.

    A day is a promise if it stands before 前, 内, 底 or the like, or its clause looks ahead
    (将, 预计, 计划 …); not if it tells of the past, cites a document, or asks something of the firm.
    """
    found: list[FoundPromise] = []
    for sentence in _SENTENCE.finditer(text):
        found += _in_sentence(sentence.group().strip(), written_on, add_working_days)
    return list(dict.fromkeys(found))[:MOST]


def _in_sentence(
    sentence: str, written_on: date, add_working_days: AddWorkingDays | None
) -> list[FoundPromise]:
    days = [
        day
        for day in named_days(sentence, written_on, add_working_days)
        if _is_promised(sentence, day)
    ]
    begins = [0, *(_clause_end(sentence, day) for day in days[:-1])]
    ends = [*begins[1:], len(sentence)]
    return [
        FoundPromise(_trimmed(sentence[begin:end]), day.day, day.warning)
        for begin, end, day in zip(begins, ends, days, strict=False)
        if end > begin
    ]


def _is_promised(sentence: str, day: NamedDay) -> bool:
    before = _CLAUSE_END.split(sentence[: day.start])[-1]
    after = _CLAUSE_END.split(sentence[day.end :])[0]
    if _ASKED_OF_FIRM.search(before) or _OVER.search(before):
        return False
    if _WILL.search(before + after):
        return True
    if _CITED.search(before) or after.startswith("已"):
        return False
    if _UNTIL.match(after):
        return True
    return day.words.endswith(_WITHIN) and bool(_DEEDS.search(after.rstrip("。！；!;")))


def _clause_end(sentence: str, day: NamedDay) -> int:
    """Return where the clause that names the day ends, its mark included."""
    mark = _CLAUSE_END.search(sentence, day.end)
    return mark.end() if mark else len(sentence)


def _trimmed(text: str) -> str:
    return text.strip().strip("，,、").strip()[:LONGEST]
