"""A reader's name and time across every page of a copy that is handed out."""

import io
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.oxml import parse_xml
from docx.shared import Pt

from lianqi.engines.officialdoc.archive import without_moment
from lianqi.engines.officialdoc.measures import FANGSONG
from lianqi.engines.officialdoc.pieces import shape, width_of
from lianqi.engines.officialdoc.reading import open_document

_LONGEST, _HEIGHT = 470, 40  # points: what fits across a page aslant
_PICTURE = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    "<w:pict>"
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t" o:connecttype="rect"/>'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id={name} o:spid={name} type="#_x0000_t136" style="position:absolute;'
    "margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251654144;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:page;"
    'mso-position-vertical:center;mso-position-vertical-relative:page" o:allowincell="f"'
    ' fillcolor="#c0c0c0" stroked="f"><v:fill opacity=".5"/>'
    "<v:textpath style={face} string={words}/></v:shape></w:pict></w:r>"
)


def watermark(content: bytes, text: str) -> bytes:
    """Return a copy of a .docx with the text aslant across each page, behind the words.

    Raises:
        DocumentUnreadable: the file is no sound .docx.
    """
    word = open_document(content)
    two_sided = word.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(word.sections):
        headers = [section.header]
        if two_sided:
            headers.append(section.even_page_header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        for place, header in enumerate(headers):
            _mark(header, text, f"watermark{number}-{place}")
    target = io.BytesIO()
    word.save(target)
    return without_moment(target.getvalue())


def _mark(header: Any, text: str, name: str) -> None:
    if header.is_linked_to_previous:
        header.is_linked_to_previous = False
        # A header of its own must not push the type area down.
        shape(header.paragraphs[0], line=Pt(1))
    width = min(_LONGEST, width_of(text, _HEIGHT))
    picture = _PICTURE.format(
        name=quoteattr(name),
        width=round(width),
        height=round(_HEIGHT * width / max(width_of(text, _HEIGHT), 1)),
        face=quoteattr(f'font-family:"{FANGSONG}"'),
        words=quoteattr(text),
    )
    header.paragraphs[0]._p.append(parse_xml(picture))
