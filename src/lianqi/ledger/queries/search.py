"""What an item of the ledger is found by: its own texts, and whatever was said in its course.

Whoever may see an item may read its whole record; so the row filter alone decides who finds what.
Enterprises see no items, so nothing stands in their scopes but number and title.
"""

import re
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.models import JournalEntry
from lianqi.kernel.search import Query, Scope, Text, Texts, find, read_query, searched_through
from lianqi.ledger.models import Item

ABOUT_ITEMS = Item._meta.label_lower
FIELDS = {"编号": (Scope.TITLE,), "事项": (Scope.TITLE,)}
LOOKED_INTO = frozenset({Scope.TITLE, Scope.INTERNAL})
NUMBER = re.compile(r"DB\d{4}-\d{4,}", re.IGNORECASE)


def search_texts(items: Sequence[Item]) -> dict[int, Texts]:
    """Return by key what each item is found by; reports, replies and reasons stand in its journal."""
    lines: dict[int, list[JournalEntry]] = {item.pk: [] for item in items}
    rows = JournalEntry.objects.filter(subject_type=ABOUT_ITEMS, subject_id__in=list(lines))
    for line in rows.order_by("subject_id", "seq"):
        lines[line.subject_id].append(line)
    return {
        item.pk: {
            Scope.TITLE: [Text(_("编号"), item.number), Text(_("事项"), item.title)],
            Scope.INTERNAL: [
                Text(_("内容"), item.text),
                Text(_("依据"), item.basis),
                Text(_("专项"), item.programme),
                *_said(lines[item.pk]),
            ],
        }
        for item in items
    }


def _said(lines: Sequence[JournalEntry]) -> Iterator[Text]:
    for line in lines:
        # The first line repeats the title.
        if line.text and not line.verb.endswith(".draft"):
            yield Text(line.label, line.text)


searched_through(ABOUT_ITEMS, search_texts)


def item_query(text: str) -> Query:
    """Read what was written into the search box of the ledger."""
    return read_query(text, FIELDS)


def text_asked(text: str) -> Q:
    """Return the condition for items that match; a whole number is looked up as it stands."""
    if NUMBER.fullmatch(text.strip()):
        return Q(number=text.strip().upper())
    return find(item_query(text), about=ABOUT_ITEMS, scopes=LOOKED_INTO, fields=FIELDS).condition
