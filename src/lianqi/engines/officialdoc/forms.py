"""The kinds of documents that the office issues, and what the form of each demands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lianqi.engines.officialdoc.document import Layout, OfficialDocument

_NUMBER = re.compile(r"\S+〔\d{4}〕[1-9]\d*号")
_YEAR_IN_NUMBER = re.compile(r"[〔\[(（【]\s*(\d+)\s*[〕\])）】]")
# 申请批准, 报请批准 tell of a request made elsewhere and ask for nothing here.
_ASKS = re.compile(r"妥否|当否|(?<![申报])请(?:予)?(?:批示|审批|批复|批准|核准)")
_SEPARATE_MATTERS = re.compile(r"[、，；]")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of document: statutory or not, its layout, whether it goes upward or has a number."""

    key: str
    name: str
    layout: Layout
    statutory: bool = True
    upward: bool = False
    numbered: bool = True
    needs_recipient: bool = True


# 党政机关公文处理工作条例 第八条 names the statutory ones; the rest are attached or internal papers.
FORMS = {
    form.key: form
    for form in (
        Form("meeting_notice", "会议通知", Layout.DOCUMENT),
        Form("notice", "通知", Layout.DOCUMENT),
        Form("circular", "通报", Layout.DOCUMENT),
        Form("report", "报告", Layout.DOCUMENT, upward=True),
        Form("request", "请示", Layout.DOCUMENT, upward=True),
        Form("letter", "函", Layout.LETTER),
        Form("consultation", "征求意见函", Layout.LETTER),
        Form("minutes", "会议纪要", Layout.MINUTES, needs_recipient=False),
        Form("bulletin", "简报", Layout.BULLETIN, statutory=False, numbered=False, needs_recipient=False),
        Form("assignment", "交办通知书", Layout.SHEET, statutory=False),
        Form("supervision", "督办单", Layout.SHEET, statutory=False),
        Form("topic_approval", "议题审批单", Layout.SHEET, statutory=False, numbered=False, needs_recipient=False),
        Form("attendance_sheet", "签到表", Layout.SHEET, statutory=False, numbered=False, needs_recipient=False),
        Form("statement", "对账单", Layout.SHEET, statutory=False, needs_recipient=False),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with the form; an error must be mended, a warning may be answered for."""

    field: str
    text: str
    error: bool = True


def form_problems(document: OfficialDocument) -> list[FormProblem]:
    """Return what the document's form forbids or makes doubtful; empty if it may be issued."""
    form = FORMS[document.form]
    return [*_missing(document, form), *_number(document, form), *_upward(document, form)]


def _missing(document: OfficialDocument, form: Form) -> Iterator[FormProblem]:
    if not document.title.strip():
        yield FormProblem("title", "标题没有填写。")
    if not document.blocks:
        yield FormProblem("blocks", "正文没有内容。")
    if form.needs_recipient and not document.recipients.strip():
        yield FormProblem("recipients", f"{form.name}要写主送机关。")
    if form.layout in (Layout.DOCUMENT, Layout.LETTER) and not document.organs:
        yield FormProblem("organs", f"{form.name}要写发文机关署名。")
    if form.layout in (Layout.DOCUMENT, Layout.LETTER) and document.dated is None:
        yield FormProblem("dated", f"{form.name}要写成文日期。")
    kind = form.name[-1:] if form.layout == Layout.LETTER else form.name[-2:]
    if form.statutory and not document.title.strip().endswith(kind):
        yield FormProblem("title", f"标题末尾应写明文种“{kind}”。", error=False)


def _number(document: OfficialDocument, form: Form) -> Iterator[FormProblem]:
    if not document.number:
        if form.numbered:
            yield FormProblem("number", f"{form.name}要有发文字号。")
        return
    if not form.numbered:
        yield FormProblem("number", f"{form.name}不编发文字号。")
    year = _YEAR_IN_NUMBER.search(document.number)
    if year and len(year[1]) != 4:
        yield FormProblem("number", "发文字号的年份要写四位数，如〔2026〕。")
    elif not _NUMBER.fullmatch(document.number) and form.layout != Layout.MINUTES:
        yield FormProblem(
            "number",
            "发文字号应为“机关代字〔四位年份〕序号号”，序号不加“第”、不编虚位，如新开〔2026〕1号。",
        )


def _upward(document: OfficialDocument, form: Form) -> Iterator[FormProblem]:
    text = "".join(getattr(block, "words", "") for block in document.blocks)
    if form.upward and not document.signer:
        yield FormProblem("signer", f"{form.name}是上行文，要标注签发人。")
    if not form.upward and document.signer:
        yield FormProblem("signer", f"{form.name}不是上行文，不标注签发人。")
    if form.key == "request" and len(_SEPARATE_MATTERS.split(document.recipients.strip())) > 1:
        yield FormProblem("recipients", "请示只能有一个主送机关，需同时送其他机关的用抄送。")
    if form.key == "report" and _ASKS.search(text):
        yield FormProblem("blocks", "报告不得夹带请示事项；需要上级答复的请改用请示。", error=False)
