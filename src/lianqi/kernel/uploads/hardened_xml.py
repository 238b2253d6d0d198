"""XML read as a stream; declarations of types or entities are refused (XXE, billion laughs)."""

import codecs
from collections.abc import Callable, Iterable
from xml.parsers import expat

from lianqi.kernel.uploads.archives import damaged
from lianqi.kernel.uploads.rules import UploadRefused

MOST_EVENTS = 1_000_000
MOST_DEPTH = 500  # expat keeps every open tag in memory
_ENCODINGS = {None, "utf-8", "us-ascii"}

OnStart = Callable[[str, dict[str, str]], None]
OnName = Callable[[str], None]


def read_xml(
    chunks: Iterable[bytes],
    *,
    on_start: OnStart | None = None,
    on_end: OnName | None = None,
    on_text: OnName | None = None,
) -> None:
    """Feed the document to the callbacks; element names come without prefix.

    After a million start tags the callbacks fall silent, the checks go on.

    Raises:
        UploadRefused: xml_entity, damaged (not well-formed, nested too deeply, or not UTF-8).
    """
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    parser.ExternalEntityRefHandler = _refuse_declaration
    parser.XmlDeclHandler = _check_encoding
    _listen(parser, on_start, on_end)
    parser.CharacterDataHandler = on_text
    try:
        _feed(parser, chunks)
    except (expat.ExpatError, ValueError):
        raise damaged() from None


def local(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]


def _feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    first = True
    for chunk in chunks:
        if first and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise damaged()
        first = False
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _listen(parser: expat.XMLParserType, on_start: OnStart | None, on_end: OnName | None) -> None:
    events = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal events, depth, on_start, on_end
        events += 1
        depth += 1
        if depth > MOST_DEPTH:
            raise damaged()
        if events > MOST_EVENTS:
            on_start = on_end = parser.CharacterDataHandler = None
        if on_start:
            on_start(local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if on_end:
            on_end(local(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end


def _refuse_declaration(*_: object) -> int:
    raise UploadRefused(
        "xml_entity", "文件内部含有 DOCTYPE 或实体声明，不能上传，请用 Word 或 Excel 重新另存。"
    )


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding.lower() if encoding else None) not in _ENCODINGS:
        raise damaged()
