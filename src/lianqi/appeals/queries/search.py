"""What an appeal is found by, who may find it by what, and where in it the words were found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.access import (
    handling_units,
    identity_known,
    is_helper,
    known_appeals,
    may_know_sealed,
    oversees_appeals,
)
from lianqi.appeals.models import Appeal, CoHandler, HandlingUnit
from lianqi.appeals.workflow.covering import words_of
from lianqi.engines.deidentify import cover
from lianqi.engines.pinyin import initials
from lianqi.enterprises.access import acts_for_some_enterprise
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.search import (
    Field,
    Found,
    Hit,
    Query,
    Scope,
    Text,
    Texts,
    find,
    first_hit,
    read_query,
    searched_through,
)
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.access import is_official
from lianqi.organisation.models import User
from lianqi.organisation.queries.units import units_called

ABOUT_APPEALS = Appeal._meta.label_lower
# What may be written before a colon in the search box, and which texts it looks into.
TEXT_FIELDS = {"编号": (Scope.TITLE,), "标题": (Scope.TITLE,), "企业": (Scope.NAME, Scope.SEALED)}
UNIT_FIELD = "单位"
FIELDS = (*TEXT_FIELDS, UNIT_FIELD)
FOR_FIRMS = frozenset({Scope.TITLE, Scope.OPEN, Scope.NAME})
FOR_UNITS = FOR_FIRMS | {Scope.INTERNAL}


# --- the texts


def search_texts(appeals: Sequence[Appeal]) -> dict[int, Texts]:
    """Return by key what each appeal is found by.

    Whatever is said in the course of an appeal stands in its journal, with its audience; so the
    journal is what is searched, besides the appeal's own title, content and names. Where the firm
    keeps its name from the units, the names and the texts as they were written stand apart, under
    ``Scope.SEALED``: its title, content and lines do not tell them (ADR 16); lines from before the
    seal are covered here, as they are when they are read. The firm itself looks there too, so that
    internal lines as they were written have a scope of their own.
    """
    prefetch_related_objects(appeals, "enterprise", "filed_by", "sealed_texts")
    secret = words_of(appeal for appeal in appeals if appeal.sealed)
    lines: dict[int, list[JournalEntry]] = {appeal.pk: [] for appeal in appeals}
    rows = JournalEntry.objects.filter(subject_type=ABOUT_APPEALS, subject_id__in=list(lines))
    for line in rows.order_by("subject_id", "seq"):
        lines[line.subject_id].append(line)
    return {
        appeal.pk: _texts(appeal, lines[appeal.pk], secret.get(appeal.pk)) for appeal in appeals
    }


def _texts(appeal: Appeal, lines: Iterable[JournalEntry], secret: list[str] | None) -> Texts:
    """Return the texts by who may find by them; ``secret`` are a sealed appeal's words to cover."""
    written = list(_said(lines))
    said = [(_covered(text, secret), internal) for text, internal in written] if secret else written
    reworded = [
        (text, internal)
        for (text, internal), (told, _same) in zip(written, said, strict=True)
        if told != text
    ]
    return {
        Scope.TITLE: [
            Text(_("编号"), appeal.number),
            Text(_("标题"), appeal.title),
            Text(_("市平台编号"), appeal.upstream_id),
        ],
        Scope.OPEN: [
            Text(_("内容"), appeal.content),
            *(text for text, internal in said if not internal),
        ],
        Scope.INTERNAL: [text for text, internal in said if internal],
        Scope.SEALED if appeal.sealed else Scope.NAME: [
            *_names(appeal),
            *_originals(appeal),
            *(text for text, internal in reworded if not internal),
        ],
        Scope.SEALED_INTERNAL: [text for text, internal in reworded if internal],
    }


def _covered(text: Text, secret: list[str]) -> Text:
    return Text(text.label, cover(text.text, names=secret))


def _names(appeal: Appeal) -> list[Text]:
    firm = appeal.enterprise
    return [
        Text(_("企业"), firm.name),
        *(Text(_("企业名称首字母"), letters) for letters in initials(firm.name)),
        Text(_("统一社会信用代码"), firm.uscc or ""),
        Text(_("联系人"), appeal.contact_name),
    ]


def _originals(appeal: Appeal) -> list[Text]:
    return [Text(kept.label, kept.text) for kept in appeal.sealed_texts.all()]  # type: ignore[attr-defined]


def _said(lines: Iterable[JournalEntry]) -> Iterator[tuple[Text, bool]]:
    """Yield what was said and whether it is internal; a remark in a line's data always is."""
    for line in lines:
        # The first line repeats the title.
        if line.text and line.verb != "appeal.submit":
            yield Text(line.label, line.text), line.audience == Audience.INTERNAL
        note = line.data.get("note", "")
        if note:
            yield Text(line.label, str(note)), True


searched_through(
    ABOUT_APPEALS,
    search_texts,
    told_in={"enterprises.enterprise": lambda firm: Appeal.objects.filter(enterprise=firm)},
)


# --- who finds what


@dataclass(frozen=True)
class Reader:
    """How far a person may look into the texts of appeals: all over, or of some appeals only."""

    scopes: frozenset[Scope]
    # More is known of the appeals that this person's units handle.
    units: frozenset[int] = frozenset()

    def of(self, appeal: Appeal, helping: set[int], known: set[int]) -> frozenset[Scope]:
        """Return what may be shown of one appeal.

        ``helping`` are appeals the units help with, ``known`` those whose firm the person may know.
        """
        handled = appeal.lead_unit_id in self.units or appeal.pk in helping
        scopes = self.scopes | FOR_UNITS if handled else self.scopes
        return _knowing(scopes) if appeal.pk in known else scopes


def _knowing(scopes: frozenset[Scope]) -> frozenset[Scope]:
    """Return where whoever knows a sealed firm looks: internal words only if those are shown at all."""
    more = {Scope.SEALED, Scope.SEALED_INTERNAL} if Scope.INTERNAL in scopes else {Scope.SEALED}
    return scopes | more


def reader(user: User) -> Reader:
    """Return how far this person may look."""
    if oversees_appeals(user):
        return Reader(FOR_UNITS)
    return Reader(FOR_FIRMS, frozenset(handling_units(user)))


@dataclass(frozen=True)
class TextAsked:
    """The condition that an appeal matches; ``walked`` if a list is walked row by row by it."""

    condition: Q
    walked: bool
    is_frequent: bool


def text_asked(user: User, query: Query) -> TextAsked:
    """Return how to find the appeals that match, by texts that this person may see of them."""
    plain = _text_asked(user, query, lambda scopes: scopes)
    if not may_know_sealed(user):
        return plain
    # Of a sealed appeal whose firm the reader may know, the names are searched too.
    known = Q(sealed_at__isnull=False) & identity_known(user)
    told = _text_asked(user, query, _knowing)
    return TextAsked(
        plain.condition & ~known | told.condition & known,
        walked=plain.walked or told.walked,
        is_frequent=plain.is_frequent,
    )


def _text_asked(
    user: User, query: Query, into: Callable[[frozenset[Scope]], frozenset[Scope]]
) -> TextAsked:
    """Return how to find by the scopes that ``into`` makes of those this person looks into."""
    looking = reader(user)
    if not looking.units:
        return _told(_found(user, query, into(looking.scopes)))
    handled = _found(user, query, into(looking.scopes | FOR_UNITS))
    if not (is_helper(user) or acts_for_some_enterprise(user)):
        return _told(handled)  # all that this person sees is handled by their units
    open_to_all = _found(user, query, into(looking.scopes))
    return TextAsked(
        handled.condition & _handled_by(looking.units) | open_to_all.condition,
        walked=handled.ids is None or open_to_all.ids is None,
        is_frequent=handled.is_frequent,
    )


def _told(found: Found) -> TextAsked:
    return TextAsked(found.condition, found.ids is None, found.is_frequent)


def _found(user: User, query: Query, scopes: frozenset[Scope]) -> Found:
    fields: dict[str, Field] = {**TEXT_FIELDS, UNIT_FIELD: partial(_of_unit, user)}
    return find(query, about=ABOUT_APPEALS, scopes=scopes, fields=fields)


def _of_unit(user: User, said: str) -> QuerySet[Appeal]:
    """Return the appeals of the units that are called so; who helps is said to officials only."""
    units = [unit.pk for unit in units_called(said)]
    if is_official(user):
        return Appeal.objects.filter(_handled_by(units))
    return Appeal.objects.filter(lead_unit_id__in=units)


def _handled_by(units: Iterable[int]) -> Q:
    handled = HandlingUnit.objects.filter(appeal=OuterRef("pk"), unit_id__in=list(units))
    return Q(Exists(handled))


def appeal_query(text: str) -> Query:
    """Read what was written into the search box of appeals."""
    return read_query(text, FIELDS)


# --- where it was found


def hits_in(user: User, appeals: Sequence[Appeal], query: Query) -> dict[int, Hit | None]:
    """Return by key where each appeal holds a word, its title and the firm's name aside."""
    looking = reader(user)
    helpers = CoHandler.objects.filter(appeal__in=appeals, unit_id__in=looking.units, active=True)
    helping = set(helpers.values_list("appeal_id", flat=True)) if looking.units else set()
    texts, known = search_texts(appeals), known_appeals(user, appeals)
    return {
        appeal.pk: first_hit(_shown(texts[appeal.pk], looking.of(appeal, helping, known)), query)
        for appeal in appeals
    }


def _shown(texts: Texts, scopes: frozenset[Scope]) -> Iterator[Text]:
    for scope in (
        Scope.OPEN,
        Scope.INTERNAL,
        Scope.SEALED,
        Scope.SEALED_INTERNAL,
        Scope.NAME,
    ):
        for text in texts.get(scope, ()) if scope in scopes else ():
            yield Text(word(text.label), text.text)
