"""The body 主体: title, recipients, text with its levels, tables, attachments, signature."""

from collections.abc import Sequence

from docx.document import Document
from docx.shared import Pt

from lianqi.engines.officialdoc.document import (
    Layout,
    OfficialDocument,
    Text,
    day_in_words,
)
from lianqi.engines.officialdoc.measures import (
    AREA_WIDTH,
    BODY,
    FANGSONG,
    HEI,
    KAI,
    PLAIN_INDENT,
    SEAL_INDENT,
    SONG_MARK,
    TITLE,
    TITLE_CHARACTERS,
)
from lianqi.engines.officialdoc.pieces import say, shape, width_of
from lianqi.engines.officialdoc.tables import write_table
from lianqi.engines.officialdoc.wording import heading_and_rest, level_of, title_lines

CHARACTER = BODY.pt
_TITLE_LINE = Pt(34)
_FACES = {0: FANGSONG, 1: HEI, 2: KAI, 3: FANGSONG, 4: FANGSONG}


def write_body(word: Document, document: OfficialDocument) -> None:
    """Write everything between head and foot."""
    for line in title_lines(document.title, TITLE_CHARACTERS):
        say(shape(word.add_paragraph(), align="center", line=_TITLE_LINE), line, SONG_MARK, TITLE)
    if document.layout == Layout.SHEET and document.number:
        say(shape(word.add_paragraph(), align="right"), f"编号：{document.number}", FANGSONG)
    else:
        shape(word.add_paragraph())
    if document.recipients:
        recipients = document.recipients.rstrip("：:")
        say(shape(word.add_paragraph()), f"{recipients}：", FANGSONG)
    for place, block in enumerate(document.blocks, 1):
        if isinstance(block, Text):
            _write_text(word, block.words)
        else:
            write_table(word, block, last=place == len(document.blocks))
    _write_attachments(word, document.attachments)
    _write_attendance(word, document)
    _write_signature(word, document)
    if document.remark:
        remark = document.remark.strip("（）")
        say(shape(word.add_paragraph(), first=2 * CHARACTER), f"（{remark}）", FANGSONG)


def _write_text(word: Document, words: str) -> None:
    for line in words.split("\n"):
        if not line.strip():
            continue
        paragraph = shape(word.add_paragraph(), first=2 * CHARACTER)
        heading, rest = heading_and_rest(line.strip())
        if heading:
            say(paragraph, heading, _FACES[level_of(line)])
        say(paragraph, rest, FANGSONG)


def _write_attachments(word: Document, names: Sequence[str]) -> None:
    """7.3.4: one line free, two characters in; several are numbered, nothing at the end."""
    if not names:
        return
    shape(word.add_paragraph())
    label = "附件："
    for number, name in enumerate(names, 1):
        mark = f"{number}." if len(names) > 1 else ""
        hang = width_of(f"{label}{mark}", CHARACTER)
        paragraph = shape(word.add_paragraph(), left=2 * CHARACTER + hang, first=-hang)
        shown = label if number == 1 else "\u3000" * 3
        say(paragraph, f"{shown}{mark}{name.strip().rstrip('。；')}", FANGSONG)


def _write_attendance(word: Document, document: OfficialDocument) -> None:
    """10.3: one line free, two characters in, names behind the colon, lines aligned there."""
    if not document.attendance:
        return
    shape(word.add_paragraph())
    for line in document.attendance:
        hang = width_of(f"{line.role}：", CHARACTER)
        paragraph = shape(word.add_paragraph(), left=2 * CHARACTER + hang, first=-hang)
        say(paragraph, f"{line.role}：", HEI)
        say(paragraph, line.names, FANGSONG)


def _write_signature(word: Document, document: OfficialDocument) -> None:
    if document.layout in (Layout.MINUTES, Layout.BULLETIN) or not document.organs:
        return  # 纪要 and 简报 bear no signature and no seal
    # The seal needs room: two lines free before it, one without (7.3.5).
    for _ in range(2 if document.sealed else 1):
        shape(word.add_paragraph())
    day = day_in_words(document.dated) if document.dated else ""
    if document.sealed:
        _signature_under_seal(word, document.organs, day)
    else:
        _plain_signature(word, document.organs, day)


def _signature_under_seal(word: Document, organs: Sequence[str], day: str) -> None:
    """7.3.5.1: the date four characters from the right, each organ centred above it."""
    day_width = width_of(day, CHARACTER)
    widest = max(width_of(organ, CHARACTER) for organ in organs)
    # A name wider than the date must not run out of the type area.
    right = max(SEAL_INDENT * CHARACTER, (widest - day_width) / 2)
    for organ in organs:
        over = (width_of(organ, CHARACTER) - day_width) / 2
        say(shape(word.add_paragraph(), align="right", right=max(right - over, 0)), organ, FANGSONG)
    say(shape(word.add_paragraph(), align="right", right=right), day, FANGSONG)


def _plain_signature(word: Document, organs: Sequence[str], day: str) -> None:
    """7.3.5.2: the organ two characters from the right, the date two characters further in."""
    area, inset = AREA_WIDTH.pt, PLAIN_INDENT * CHARACTER
    widest, day_width = max(width_of(o, CHARACTER) for o in organs), width_of(day, CHARACTER)
    organ_left = area - inset - max(widest, day_width + inset)
    for organ in organs:
        say(shape(word.add_paragraph(), align="left", left=max(organ_left, 0)), organ, FANGSONG)
    say(shape(word.add_paragraph(), align="left", left=max(organ_left + inset, 0)), day, FANGSONG)
