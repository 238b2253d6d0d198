"""Marking what was found: in a title, and in a piece cut from the text around the first hit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from lianqi.engines.textmining import searchable, searchable_characters
from lianqi.kernel.search.grammar import Query
from lianqi.kernel.search.index import Text

BEFORE, AFTER = 18, 60


@dataclass(frozen=True)
class Hit:
    """A piece of a text with the words found in it, and what that text is called."""

    label: str
    piece: SafeString


def marked(text: str, query: Query) -> SafeString:
    """Return a text as HTML with every word of the query in ``<mark>``."""
    return _marked(text, _spans(text, query) if query.wanted else ())


def first_hit(texts: Iterable[Text], query: Query) -> Hit | None:
    """Return a piece around the first word found in the first of the texts that holds one."""
    wanted = [term.text for term in query.wanted]
    for said in texts:
        plain = searchable(said.text)
        if any(word in plain for word in wanted):
            return Hit(said.label, _piece(said.text, _spans(said.text, query)))
    return None


def _piece(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    begin, end = max(0, spans[0][0] - BEFORE), min(len(text), spans[0][0] + AFTER)
    inside = [(max(s, begin) - begin, min(e, end) - begin) for s, e in spans if s < end]
    head, tail = "…" if begin else "", "…" if end < len(text) else ""
    return format_html("{}{}{}", head, _marked(text[begin:end], inside), tail)


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where the words of a query stand in a text as it was written, without overlaps."""
    characters = searchable_characters(text)
    plain = "".join(characters)
    # For each searched character the place of the written one it comes from.
    places = [at for at, searched in enumerate(characters) for _ in searched]
    found = sorted(
        (places[at], places[at + len(term.text) - 1] + 1)
        for term in query.wanted
        for at in _occurrences(plain, term.text)
    )
    spans: list[tuple[int, int]] = []
    for begin, end in found:
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _occurrences(plain: str, word: str) -> Iterable[int]:
    at = plain.find(word)
    while at >= 0:
        yield at
        at = plain.find(word, at + 1)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    pieces, at = [], 0
    for begin, end in spans:
        pieces.append((conditional_escape(text[at:begin]), text[begin:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[at:])
