"""Word and Excel files (OOXML): macros, embedded objects and remote references are refused."""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import unquote, urlsplit

from lianqi.kernel.uploads.archives import Archive
from lianqi.kernel.uploads.hardened_xml import local, read_xml
from lianqi.kernel.uploads.rules import CONTENT_TYPES, Checked, UploadRefused
from lianqi.kernel.uploads.sniff import refused_start, sniff

_MAIN_PARTS = {f"{CONTENT_TYPES[kind]}.main+xml": kind for kind in ("docx", "xlsx")}
_MACRO_TYPE = re.compile(r"(?i)macroenabled|vbaproject|vbadata|intlmacrosheet|macrosheet")
_MACRO_MEMBER = re.compile(r"(?:^|/)(?:vbaproject|vbadata)[^/]*$|/macrosheets/")
_EMBEDDED_MEMBER = re.compile(
    r"/(?:activex|embeddings|webextensions)/|(?:^|/)oleobject[^/]*$"
    r"|\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|jar|lnk|msi|swf|html?|mht(?:ml)?"
    r"|zip|rar|7z|docx?|docm|xlsx?|xlsm|xlsb|pptx?|rtf|pdf)$"
)
_EXTERNAL_MEMBER = re.compile(r"/externallinks/|/connections\.xml$|/querytables/")
_EMBEDDED_RELATION = {"oleObject", "package", "control", "aFChunk", "frame", "subDocument"}
_LINK_SCHEMES = {"", "http", "https", "mailto", "tel"}
_LOCAL_TEMPLATE = re.compile(r"(?i)^(?:file:///)?(?:[a-z]:[\\/][^\\/]|[^\\/:]+$)")
_DDE_FIELD = re.compile(r"(?i)(?:^|\s)DDE(?:AUTO)?\s")
_TEXT_MEMBER = re.compile(
    r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
    r"|xl/(?:sharedstrings|workbook|comments\d*|drawings/drawing\d+)\.xml"
    r"|docprops/(?:core|custom)\.xml"
)
_SHEET_MEMBER = re.compile(r"xl/(?:work|chart)sheets/[^/]+\.xml")
_SHEET_TEXT = re.compile(
    rb"<(?:\w+:)?(t|(?:odd|even|first)(?:Header|Footer))(?:\s[^<>]*)?>([^<]{1,4096})</"
)
_SHEET_OVERLAP = 8 * 1024
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|([LCR])|[A-Z])')
_LINE_ENDS = {"p", "br", "cr", "si", "is", "title", "subject", "keywords", "category", "lpwstr"}
_TEXT_LIMIT = 500_000


def check_office(data: bytes, kind: str) -> Checked:
    """Walk every member of the container; give back its texts for the mark search.

    Raises:
        UploadRefused: mismatch, macro, embedded, external, xml_entity, and those of ``Archive``.
    """
    archive = Archive(data)
    members = {info.filename.lower(): info for info in archive.members}
    for name in members:
        _check_member_name(name)
    if "[content_types].xml" not in members:
        raise UploadRefused(
            "archive", "这是压缩包，不是 Word 或 Excel 文件，请解压后逐个上传（OFD 请转为 PDF）。"
        )
    _check_main_part(archive, members["[content_types].xml"], kind)
    texts = [text for name, info in members.items() for text in _read_member(archive, name, info)]
    return Checked(data, tuple(texts))


def _check_member_name(name: str) -> None:
    rooted = f"/{name}"
    if _MACRO_MEMBER.search(rooted):
        raise _macro()
    if _EMBEDDED_MEMBER.search(rooted):
        raise _embedded()
    if _EXTERNAL_MEMBER.search(rooted):
        raise _external("对其他工作簿或数据库的引用", "在“数据”中断开链接")


def _check_main_part(archive: Archive, info: zipfile.ZipInfo, kind: str) -> None:
    declared: list[str] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if name in {"Override", "Default"}:
            declared.append(attributes.get("ContentType", ""))

    read_xml(archive.chunks(info), on_start=note)
    if any(_MACRO_TYPE.search(declaration) for declaration in declared):
        raise _macro()
    mains = {_MAIN_PARTS[declaration] for declaration in declared if declaration in _MAIN_PARTS}
    if mains != {kind}:
        raise UploadRefused(
            "mismatch", f"内容不是 {kind} 文件，与扩展名不符，请用 Word 或 Excel 另存为 {kind}。"
        )


def _read_member(archive: Archive, name: str, info: zipfile.ZipInfo) -> Iterator[str]:
    chunks = archive.chunks(info)
    if name.endswith(".rels"):
        read_xml(chunks, on_start=_check_relation)
    elif _SHEET_MEMBER.fullmatch(name):
        yield from _sheet_texts(chunks)
    elif _TEXT_MEMBER.fullmatch(name):
        yield _member_text(chunks)
    elif name.endswith(".xml"):
        read_xml(chunks)
    else:
        _check_binary(chunks)


def _check_binary(chunks: Iterator[bytes]) -> None:
    """A picture, font or printer setting: anything that starts like a file of its own is refused.

    The rest is unpacked too, so that the limits hold for it.
    """
    head = next(chunks, b"")
    if sniff(head) in {"zip", "ole", "pdf"} or _forbidden_start(head):
        raise _embedded()
    for _ in chunks:
        pass


def _forbidden_start(head: bytes) -> bool:
    refusal = refused_start(head)
    return refusal is not None and refusal[0] in {"executable", "archive"}


def _check_relation(name: str, attributes: dict[str, str]) -> None:
    if name != "Relationship":
        return
    values = {local(key): value for key, value in attributes.items()}
    relation = values.get("Type", "").rpartition("/")[2]
    if relation in _EMBEDDED_RELATION:
        raise _embedded()
    if relation.startswith("vbaProject"):
        raise _macro()
    if values.get("TargetMode", "").lower() == "external":
        _check_external(relation, unquote(values.get("Target", "")).strip())


def _check_external(relation: str, target: str) -> None:
    if relation == "hyperlink" and _is_plain_link(target):
        return
    # Word names the author's own template by its local path: nothing is fetched from there.
    if relation == "attachedTemplate" and _LOCAL_TEMPLATE.match(target):
        return
    if relation == "hyperlink":
        raise _external("指向本机、网络共享或脚本的链接", "取消这些超链接")
    raise _external("从外部加载的内容（图片、模板等）", "改为直接插入，或另存为 PDF")


def _is_plain_link(target: str) -> bool:
    try:
        scheme = urlsplit(target).scheme
    except ValueError:
        return False
    return scheme.lower() in _LINK_SCHEMES and not target.startswith(("\\\\", "//"))


class _TextCollector:
    """Gathers the visible text of one XML part, a line per paragraph, and checks its fields."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.instructions: list[str] = []
        self.in_instruction = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.in_instruction = name == "instrText"
        if name == "tab":
            self.text(" ")
        elif name == "fldChar":  # fields follow one another without a blank
            self.instructions.append(" ")
        elif name in {"fldSimple", "textpath", "sheet"}:
            self._attribute(name, {local(key): value for key, value in attributes.items()})

    def _attribute(self, name: str, values: dict[str, str]) -> None:
        if name == "fldSimple":
            self.instructions.append(f" {values.get('instr', '')} ")
        elif name == "textpath":  # a watermark
            self.text(f"\n{values.get('string', '')}\n")
        else:
            self.text(f"\n{values.get('name', '')}\n")

    def end(self, name: str) -> None:
        self.in_instruction = False
        if name in _LINE_ENDS:
            self.text("\n")

    def text(self, piece: str) -> None:
        if self.in_instruction:
            self.instructions.append(piece)
        elif self.size < _TEXT_LIMIT:
            self.size += len(piece)
            self.pieces.append(piece)


def _member_text(chunks: Iterable[bytes]) -> str:
    collector = _TextCollector()
    read_xml(chunks, on_start=collector.start, on_end=collector.end, on_text=collector.text)
    if _DDE_FIELD.search(f" {''.join(collector.instructions)} "):
        raise UploadRefused(
            "active_content", "文中有会启动其他程序的域（DDE），请删除该域或另存为 PDF。"
        )
    return "".join(collector.pieces)


def _sheet_texts(chunks: Iterable[bytes]) -> Iterator[str]:
    """Inline strings and print headers; by pattern, for a sheet may hold millions of cells."""
    cells: list[str] = []
    headers: list[str] = []

    def watched() -> Iterator[bytes]:
        tail = b""
        for chunk in chunks:
            window = tail + chunk
            end = 0
            for found in _SHEET_TEXT.finditer(window):
                end = found.end()
                _keep_sheet_text(found, cells, headers)
            tail = window[max(end, len(window) - _SHEET_OVERLAP) :]
            yield chunk

    read_xml(watched())
    return chain(headers, ["\n".join(cells)])


def _keep_sheet_text(found: re.Match[bytes], cells: list[str], headers: list[str]) -> None:
    text = html.unescape(found[2].decode("utf-8", "replace"))
    if found[1] == b"t":
        if len(cells) < _TEXT_LIMIT // 50:
            cells.append(text)
    elif len(headers) < 64:
        headers.append(_HEADER_CODE.sub(lambda code: "\n" if code[1] else "", text))


def _macro() -> UploadRefused:
    return UploadRefused("macro", "文件含有宏，不能上传，请另存为不含宏的 docx 或 xlsx。")


def _embedded() -> UploadRefused:
    return UploadRefused(
        "embedded",
        "文件里嵌有其他文件、控件或图表数据对象，不能上传，请删除嵌入对象，或另存为 PDF。",
    )


def _external(what: str, advice: str) -> UploadRefused:
    return UploadRefused("external", f"文件含有{what}，不能上传，请{advice}后重新保存。")
