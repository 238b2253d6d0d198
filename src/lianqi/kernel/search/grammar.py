"""What a person may write into a search box, read into words to be found and words to be absent."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lianqi.engines.textmining import searchable

LONGEST_QUERY = 200
MOST_WORDS = 16
_QUOTES = '"“”„«»「」『』'
_OR = frozenset({"或", "or", "|"})
# One piece: a minus, a field's name, then a phrase in quotes or a word up to the next blank.
_PIECE = re.compile(
    rf"(?P<minus>[-－−])?(?:(?P<field>[^\s:：{_QUOTES}]{{1,10}})[:：])?"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|$)|(?P<word>\S+))"
)


@dataclass(frozen=True)
class Term:
    """One word or phrase as it is searched, and the field it is asked for in ("" = anywhere)."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Query:
    """All ``clauses`` must hold, each by one of its terms; none of ``excluded`` may be found."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.clauses or self.excluded)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """All terms that may be marked where they are found."""
        return tuple(term for clause in self.clauses for term in clause)


def read_query(text: str, fields: Collection[str] = ()) -> Query:
    """Read a line of the search box; nothing that is typed is an error.

    Blanks part words, all of which must be found. "…" is one phrase, -word must not be found,
    ``a 或 b`` (OR, |) is either, and a name of ``fields`` with a colon narrows the word behind it.
    What cannot be read so is searched as it stands. Only the first ``LONGEST_QUERY`` characters and
    ``MOST_WORDS`` words count; ``notes`` say if there were more.
    """
    reading = _Reading()
    if len(text) > LONGEST_QUERY:
        reading.notes.append(_("查找内容太长，只按前 %d 个字查找。") % LONGEST_QUERY)
    for piece in _PIECE.finditer(text[:LONGEST_QUERY]):
        if piece["word"] and piece[0].casefold() in _OR:
            reading.joining = bool(reading.clauses)
        elif (term := _term(piece, fields)).text:
            if reading.words == MOST_WORDS:
                reading.notes.append(_("词太多，只按前 %d 个查找。") % MOST_WORDS)
                break
            reading.take(term, absent=bool(piece["minus"]))
    if text.strip() and not reading.words:
        reading.notes.append(_("没有可以查找的字，已列出全部。"))
    return Query(tuple(map(tuple, reading.clauses)), tuple(reading.excluded), tuple(reading.notes))


@dataclass
class _Reading:
    """What has been read so far; ``joining`` while an 或 waits for its second word."""

    clauses: list[list[Term]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    joining: bool = False

    @property
    def words(self) -> int:
        return sum(map(len, self.clauses)) + len(self.excluded)

    def take(self, term: Term, *, absent: bool) -> None:
        if absent:
            self.excluded.append(term)
        elif self.joining:
            self.clauses[-1].append(term)
        else:
            self.clauses.append([term])
        self.joining = False


def _term(piece: "re.Match[str]", fields: Collection[str]) -> Term:
    said = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    name = piece["field"] or ""
    if name in fields:
        return Term(searchable(said), name)
    # A colon that is no field's is text, and so is a minus without a word behind it.
    return Term(searchable(f"{name}：{said}" if name else said))
