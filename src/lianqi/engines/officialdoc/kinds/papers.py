"""通知, 通报, 报告, 请示, 函, 简报: what is written freely, in the form that each of them has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from lianqi.engines.officialdoc.document import Block, Layout, OfficialDocument, Text
from lianqi.engines.officialdoc.kinds.content import Content, listed
from lianqi.engines.officialdoc.kinds.kind import Kind

_NO_SIGNER = "{}不是上行文，不标注签发人。"
# 条例 第十五条: an upward paper goes to one organ.
_ENDS = {"report": "特此报告。", "request": "妥否，请批示。"}


@dataclass(frozen=True, kw_only=True)
class Issued(Content):
    """What every paper with a head, a signature and a foot has."""

    organ: Annotated[str, "发文机关署名"]
    dated: Annotated[date, "成文日期"]
    mark: Annotated[str, "发文机关标志"] = ""  # as a rule the organ and 文件, see mark_of
    copies: Annotated[tuple[str, ...], "抄送机关"] = ()
    printer: Annotated[str, "印发机关"] = ""  # as a rule the organ itself
    printed_on: Annotated[date | None, "印发日期"] = None  # as a rule the day of the document
    urgency: Annotated[str, "紧急程度"] = ""  # 特急 or 加急
    contact: Annotated[str, "联系人和电话"] = ""  # becomes the 附注
    sealed: Annotated[bool, "是否加盖印章"] = True


@dataclass(frozen=True, kw_only=True)
class Paper(Issued):
    """A paper written freely: ``text`` is plain text, headings as 一、 and （一）, a line each."""

    title: Annotated[str, "标题"]
    recipients: Annotated[tuple[str, ...], "主送机关"]
    text: Annotated[str, "正文"]
    attachments: Annotated[tuple[str, ...], "附件名称"] = ()
    not_here: ClassVar[Mapping[str, str]] = {"signer": _NO_SIGNER.format("本文种")}


@dataclass(frozen=True, kw_only=True)
class UpwardPaper(Issued):
    """报告 and 请示: to the superior organ, with the name of who signs it."""

    title: Annotated[str, "标题"]
    recipients: Annotated[tuple[str, ...], "主送机关"]
    signer: Annotated[str, "签发人"]
    text: Annotated[str, "正文"]
    attachments: Annotated[tuple[str, ...], "附件名称"] = ()


@dataclass(frozen=True, kw_only=True)
class Bulletin(Content):
    """简报: compiled by a unit, with its own head; goes out by 报, 送 and 发."""

    title: Annotated[str, "标题"]
    text: Annotated[str, "正文"]
    compiler: Annotated[str, "编发单位"]
    dated: Annotated[date, "编发日期"]
    mark: Annotated[str, "报头名称"] = "简报"
    report_to: Annotated[tuple[str, ...], "报"] = ()
    send_to: Annotated[tuple[str, ...], "送"] = ()
    give_to: Annotated[tuple[str, ...], "发"] = ()
    not_here: ClassVar[Mapping[str, str]] = {
        "recipients": "简报不写主送机关，用“报、送、发”写明发放范围。",
        "organ": "简报不署名、不盖印，编发单位写在报头。",
    }


def paragraphs(text: str) -> list[Block]:
    """Return plain text as paragraphs, a line each."""
    return [Text(line.strip()) for line in text.splitlines() if line.strip()]


def issued(
    content: Issued,
    key: str,
    *,
    title: str,
    blocks: list[Block],
    layout: Layout,
    number: str,
    recipients: tuple[str, ...],
    signer: str = "",
    attachments: tuple[str, ...] = (),
) -> OfficialDocument:
    """Return a document with a head, a signature and a foot."""
    return OfficialDocument(
        form=key,
        title=title,
        blocks=blocks,
        layout=layout,
        mark=content.mark or (content.organ if layout == Layout.LETTER else f"{content.organ}文件"),
        number=number,
        urgency=content.urgency,
        signer=signer,
        recipients=listed(recipients),
        attachments=attachments,
        organs=(content.organ,),
        dated=content.dated,
        sealed=content.sealed,
        remark=content.contact and f"联系人：{content.contact}",
        copies=listed(content.copies),
        printer=content.printer or content.organ,
        printed_on=content.printed_on or content.dated,
    )


def _paper(key: str, layout: Layout = Layout.DOCUMENT):  # type: ignore[no-untyped-def]
    def compose(content: Paper | UpwardPaper, number: str) -> OfficialDocument:
        blocks = paragraphs(content.text)
        ending = _ENDS.get(key, "")
        if ending and not _ends_already(key, content.text):
            blocks.append(Text(ending))
        return issued(
            content,
            key,
            title=content.title,
            blocks=blocks,
            layout=layout,
            number=number,
            recipients=content.recipients,
            signer=getattr(content, "signer", ""),
            attachments=content.attachments,
        )

    return compose


def _ends_already(key: str, text: str) -> bool:
    last = text.strip().splitlines()[-1]
    return ("报告" in last[-6:]) if key == "report" else ("请" in last[-8:])


def _bulletin(content: Bulletin, number: str) -> OfficialDocument:
    groups = (("报", content.report_to), ("送", content.send_to), ("发", content.give_to))
    return OfficialDocument(
        form="bulletin",
        title=content.title,
        blocks=paragraphs(content.text),
        layout=Layout.BULLETIN,
        mark=content.mark,
        issue=number,
        compiler=content.compiler,
        printed_on=content.dated,
        distribution=[f"{label}：{listed(names)}" for label, names in groups if names],
        printer=content.compiler,
    )


PAPERS = (
    Kind("notice", "通", Paper, _paper("notice")),
    Kind("circular", "通报", Paper, _paper("circular")),
    Kind("report", "报", UpwardPaper, _paper("report")),
    Kind("request", "请", UpwardPaper, _paper("request")),
    Kind("letter", "函", Paper, _paper("letter", Layout.LETTER)),
    Kind("bulletin", "简报", Bulletin, _bulletin),
)
