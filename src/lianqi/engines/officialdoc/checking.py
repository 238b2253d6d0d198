"""Reads a .docx back and reports each deviation from GB/T 9704-2012 with its clause."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from lianqi.engines.officialdoc.measures import (
    AREA_HEIGHT,
    AREA_WIDTH,
    BODY,
    LINES,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SMALL,
    TITLE,
    TITLE_CHARACTERS,
    TOP,
)
from lianqi.engines.officialdoc.measures import LEFT as BINDING
from lianqi.engines.officialdoc.reading import (
    DocumentUnreadable,
    Line,
    header_lines,
    lines_of,
    open_document,
)
from lianqi.engines.officialdoc.wording import heading_and_rest, level_of

__all__ = ["Deviation", "DocumentUnreadable", "check_document"]

_NUMBER = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{0,12})\s*(?P<open>[〔\[(（【])(?P<year>\d{1,4})[〕\])）】]\s*(?P<rest>第?\s*\d+\s*号)"
)
_DAY = re.compile(r"(\d{2,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$")
_CHINESE_DAY = re.compile(
    r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$"
)
_RECIPIENTS = re.compile(r"^[^。！？]{2,120}[：:]$")
_ATTACHMENTS = re.compile(r"^附件\s*[:：]")
_MILLIMETRE = 36_000
_TOLERANCE = 1.0  # mm, as 5.2.1 allows for 天头 and 订口
_LEVEL_FACES = {1: "黑体", 2: "楷体", 3: "仿宋", 4: "仿宋"}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as the standard has it: which clause, where, what, what it should be."""

    clause: str
    place: str
    found: str
    expected: str

    def as_json(self) -> dict[str, str]:
        """Return it as other programs read it."""
        return {
            "clause": self.clause,
            "place": self.place,
            "found": self.found,
            "expected": self.expected,
        }


def check_document(content: bytes) -> list[Deviation]:
    """Return what in a .docx deviates from GB/T 9704-2012, in the order of the page.

    Only what a paper of this standard has is judged: a sheet without a head is not asked for one.

    Raises:
        DocumentUnreadable: the file is no sound .docx.
    """
    word = open_document(content)
    lines = [line for line in lines_of(word) if line.words]
    if not lines and not word.tables:
        raise DocumentUnreadable("文件里没有文字，无法检查。")
    head = header_lines(word)
    number = next((line for line in lines[:12] if _NUMBER.fullmatch(_squeezed(line))), None)
    title = _title(lines)
    body = _body(lines, title)
    return [
        *_page(word),
        *_head(lines, head, number),
        *_title_line(title),
        *_text(body),
        *_closing(body),
        *_page_numbers(word),
    ]


def _squeezed(line: Line) -> str:
    """Return the number of a line that may also name the signatory."""
    return re.split(r"\s{2,}|\t|签发人", line.words)[0].strip()


def _mm(length: Any) -> float:
    return round(length / _MILLIMETRE, 1) if length is not None else 0.0


# --- page


def _page(word: Document) -> Iterator[Deviation]:
    section = word.sections[0]
    width, height = _mm(section.page_width), _mm(section.page_height)
    if abs(width - _mm(PAGE_WIDTH)) > 1 or abs(height - _mm(PAGE_HEIGHT)) > 1:
        yield Deviation("5.1", "纸张", f"{width}×{height}毫米", "A4，210×297毫米")
        return
    for clause, place, found, expected in (
        ("5.2.1", "天头（上白边）", _mm(section.top_margin), _mm(TOP)),
        ("5.2.1", "订口（左白边）", _mm(section.left_margin), _mm(BINDING)),
    ):
        if abs(found - expected) > _TOLERANCE:
            yield Deviation(clause, place, f"{found}毫米", f"{expected}±1毫米")
    area_width = width - _mm(section.left_margin) - _mm(section.right_margin)
    area_height = height - _mm(section.top_margin) - _mm(section.bottom_margin)
    if abs(area_width - _mm(AREA_WIDTH)) > 2 or abs(area_height - _mm(AREA_HEIGHT)) > 2:
        yield Deviation("5.2.1", "版心", f"{area_width:.0f}×{area_height:.0f}毫米", "156×225毫米")


# --- head


def _head(lines: Sequence[Line], head: Sequence[Line], number: Line | None) -> Iterator[Deviation]:
    first = [*head, *lines[:6]]
    mark = next((line for line in first if _is_red(line)), None)
    if mark is None and number is None:
        return  # 简报 beside, a paper without mark and number has no head to be judged
    if mark is None:
        yield Deviation("7.2.4", "发文机关标志", "没有红色的发文机关标志", "红色小标宋体字，居中")
    else:
        yield from _mark_line(mark)
    if number is not None:
        yield from _number_line(number, head)
    if not any(line.red_rule for line in [*head, *lines[:12]]):
        yield Deviation("7.2.7", "版头分隔线", "没有", "发文字号下4毫米处与版心等宽的红色分隔线")


def _is_red(line: Line) -> bool:
    return bool(line.words) and all(
        color.startswith(("FF00", "E", "D", "C")) for color in line.colors
    )


def _mark_line(mark: Line) -> Iterator[Deviation]:
    if mark.align != "center":
        yield Deviation("7.2.4", "发文机关标志", "没有居中", "居中排布")
    if mark.faces - {"小标宋"}:
        yield Deviation("7.2.4", "发文机关标志", "、".join(sorted(mark.faces)), "小标宋体字")


def _number_line(line: Line, head: Sequence[Line]) -> Iterator[Deviation]:
    found = _NUMBER.fullmatch(_squeezed(line))
    if found is None:
        return
    shown = found[0]
    if found["open"] != "〔":
        yield Deviation("7.2.5", "发文字号", shown, "年份用六角括号“〔〕”括入")
    if len(found["year"]) != 4:
        yield Deviation("7.2.5", "发文字号", shown, "年份标全称，四位数")
    serial = "".join(found["rest"].split())
    if serial.startswith("第"):
        yield Deviation("7.2.5", "发文字号", shown, "发文顺序号不加“第”字")
    if serial.lstrip("第").startswith("0"):
        yield Deviation("7.2.5", "发文字号", shown, "发文顺序号不编虚位，1不编为01")
    upward = "签发人" in line.words
    if not head and not upward and line.align != "center":
        yield Deviation("7.2.5", "发文字号", "没有居中", "发文机关标志下空二行，居中")


# --- title


def _title(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of the title: the first black centred ones that are larger than the text."""
    found: list[Line] = []
    for line in lines[:20]:
        large = line.align == "center" and line.size > BODY.pt and not _is_red(line)
        if large:
            found.append(line)
        elif found:
            break
    return found


def _title_line(title: Sequence[Line]) -> Iterator[Deviation]:
    if not title:
        yield Deviation("7.3.1", "标题", "没有居中的2号字标题", "2号小标宋体字，居中")
        return
    for line in title:
        if line.sizes != {TITLE.pt}:
            yield Deviation("7.3.1", "标题", f"{line.size:g}磅", "2号字（22磅）")
        if line.faces - {"小标宋"}:
            yield Deviation("7.3.1", "标题", "、".join(sorted(line.faces)), "小标宋体字")
        if len(line.words) > TITLE_CHARACTERS + 1:
            yield Deviation(
                "7.3.1", "标题", f"一行{len(line.words)}字", "分行排布，词意完整、长短适宜"
            )
        if line.words.endswith(("。", "！", "；")):
            yield Deviation("7.3.1", "标题", f"以“{line.words[-1]}”结尾", "标题末尾不加标点")


# --- text


def _body(lines: Sequence[Line], title: Sequence[Line]) -> list[Line]:
    after = title[-1].place if title else 0
    return [line for line in lines if line.place > after and not line.framed]


def _text(body: Sequence[Line]) -> Iterator[Deviation]:
    for index, line in enumerate(body):
        place = f"“{line.words[:12]}”"
        if index == 0 and _RECIPIENTS.match(line.words):
            yield from _recipients(line)
        if _is_foot(line):
            continue
        if line.sizes - {BODY.pt}:
            sizes = "、".join(f"{size:g}磅" for size in sorted(line.sizes))
            yield Deviation("5.2.2", place, sizes, "3号字（16磅）")
        if line.colors - {"000000"}:
            yield Deviation("5.2.4", place, "有颜色的文字", "黑色")
        yield from _faces(line, place)
        if line.line_height is not None and not _fits_lines(line.line_height):
            yield Deviation("5.2.3", place, f"行距{line.line_height:g}磅", f"每面{LINES}行，约29磅")


def _fits_lines(height: float) -> bool:
    return 27.5 <= height <= AREA_HEIGHT.pt / LINES + 0.5


def _is_foot(line: Line) -> bool:
    """Whether the line is one of the foot, set without a frame."""
    return (
        line.size == SMALL.pt and line.words.startswith(("抄送", "报", "送", "发"))
    ) or line.words.endswith("印发")


def _recipients(line: Line) -> Iterator[Deviation]:
    if line.words.endswith(":"):
        yield Deviation("7.3.2", "主送机关", "半角冒号", "全角冒号")
    if line.first_indent > 0 or line.left_indent > 0:
        yield Deviation("7.3.2", "主送机关", "前有空格或缩进", "居左顶格")


def _faces(line: Line, place: str) -> Iterator[Deviation]:
    level = level_of(line.words)
    heading, _ = heading_and_rest(line.words)
    allowed = {"仿宋"}
    if level and heading:
        allowed.add(_LEVEL_FACES[level])
        wanted = _LEVEL_FACES[level]
        if wanted not in line.faces:
            shown = "、".join(sorted(line.faces))
            yield Deviation("7.3.3", place, shown, f"第{'一二三四'[level - 1]}层标题用{wanted}")
            return
    if line.words.startswith(("出席", "请假", "列席")):
        allowed.add("黑体")
    strange = line.faces - allowed
    if strange:
        yield Deviation("5.2.2", place, "、".join(sorted(strange)), "仿宋体字")


def _closing(body: Sequence[Line]) -> Iterator[Deviation]:
    for line in body:
        if _ATTACHMENTS.match(line.words):
            yield from _attachment(line)
        if _CHINESE_DAY.search(line.words) and line.align == "right":
            yield Deviation("7.3.5.4", "成文日期", line.words, "用阿拉伯数字，如2026年1月5日")
        day = _DAY.search(line.words)
        if day and len(line.words) <= 14:
            if len(day[1]) != 4:
                yield Deviation("7.3.5.4", "成文日期", line.words, "年份标全称")
            if day[2].startswith("0") or day[3].startswith("0"):
                yield Deviation("7.3.5.4", "成文日期", line.words, "月、日不编虚位，1不编为01")


def _attachment(line: Line) -> Iterator[Deviation]:
    if ":" in line.words[:4]:
        yield Deviation("7.3.4", "附件说明", "半角冒号", "全角冒号")
    if line.words.endswith(("。", "；", "，")):
        yield Deviation("7.3.4", "附件说明", f"名称后有“{line.words[-1]}”", "附件名称后不加标点")


# --- page numbers


def _page_numbers(word: Document) -> Iterator[Deviation]:
    section = word.sections[0]
    footers = [section.footer]
    two_sided = word.settings.odd_and_even_pages_header_footer
    if two_sided:
        footers.append(section.even_page_footer)
    pages = [
        paragraph for footer in footers for paragraph in footer.paragraphs if _has_page(paragraph)
    ]
    if not pages:
        yield Deviation("7.5", "页码", "没有页码", "4号半角宋体数字，两侧各放一条一字线")
        return
    if not two_sided:
        yield Deviation("7.5", "页码", "单双页位置相同", "单页码居右空一字，双页码居左空一字")
    for paragraph in pages:
        text = "".join(paragraph.text.split())
        if not re.fullmatch(r"[—－-]\d*[—－-]", text):
            yield Deviation("7.5", "页码", f"“{text}”", "数字左右各放一条一字线，如— 1 —")
            return


def _has_page(paragraph: Any) -> bool:
    codes = [code.text or "" for code in paragraph._p.iter(qn("w:instrText"))]
    simple = [field.get(qn("w:instr")) or "" for field in paragraph._p.iter(qn("w:fldSimple"))]
    return any("PAGE" in code.upper() for code in [*codes, *simple])
