"""Records like a text that is being written: candidates by the index, ranked by their bigrams."""

from collections import Counter
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from lianqi.engines.textmining import Likeness, searchable, spread, telling_bigrams
from lianqi.kernel.models import SearchEntry
from lianqi.kernel.models.search import Scope
from lianqi.kernel.search.finding import candidates, some_ids

# How much is looked at: enough for five good ones, and a page that answers while somebody types.
SAMPLE, RENEWED, TELLING, CANDIDATES, RANKED = 300, 200, 24, 1_000, 40
LONGEST_TEXT = 400
# A bigram in more records of the sample tells little.
COMMON, ALWAYS = 15, 8
READ_BY_ALL = frozenset({Scope.TITLE, Scope.OPEN})


def alike(
    title: str,
    content: str,
    *,
    about: str,
    rows: QuerySet[Any],
    most: int = 5,
    least: float = 0.1,
) -> list[tuple[int, float]]:
    """Return keys and likeness (0 to 1) of the ``rows`` most like a text, the most alike first.

    Only titles and contents that a firm may see are compared, so that nothing internal shows through.
    ``least`` is the likeness below which nothing is said.
    """
    entries = SearchEntry.objects.filter(subject_type=about)
    newest = entries.order_by("-subject_id").values_list("pk", flat=True).first()
    if newest is None:
        return []
    frequency, total = _sampled(about, newest // RENEWED)
    grams = _telling(title, content, frequency)
    if not grams:
        return []
    ids = some_ids(candidates(entries, grams, READ_BY_ALL), CANDIDATES * 3)
    found = entries.filter(subject_id__among=ids, subject_id__in=rows.order_by().values("pk"))
    texts = {
        key: _compared(*said)
        for key, *said in found.order_by("-subject_id").values_list(
            "subject_id", "title_text", "open_text"
        )[:CANDIDATES]
    }
    sharing = Counter({key: sum(gram in text for gram in grams) for key, text in texts.items()})
    likeness = Likeness(_compared(searchable(title), searchable(content)), frequency, total)
    ranked = ((key, likeness.of(texts[key])) for key, _ in sharing.most_common(RANKED))
    return sorted((one for one in ranked if one[1] >= least), key=lambda one: -one[1])[:most]


@lru_cache(maxsize=8)
def _sampled(about: str, age: int) -> tuple[Counter[str], int]:
    """Return in how many of the newest records each bigram occurs, and how many these are.

    Reckoned anew when some hundred records have come (``age``); what is kept is only a weight.
    """
    entries = SearchEntry.objects.filter(subject_type=about).order_by("-subject_id")
    texts = list(entries.values_list("title_text", "open_text")[:SAMPLE])
    return spread(_compared(*said) for said in texts), len(texts)


def _compared(title: str, content: str) -> str:
    """Return the text that is compared: the title twice, for it says the most, and what follows."""
    return f"{title}\n{title}\n{content.partition(chr(10))[0][:LONGEST_TEXT]}"


def _telling(title: str, content: str, frequency: Counter[str]) -> list[str]:
    """Return the bigrams that tell the text from others: of the title first, the rarest first.

    A few of the title are taken however common: many may complain of one matter in one week.
    """
    in_title, in_content = (
        sorted(telling_bigrams(text), key=lambda gram: (frequency[gram], gram))
        for text in (title, content[:LONGEST_TEXT])
    )
    grams = in_title[:ALWAYS] + [
        gram for gram in in_title[ALWAYS:] + in_content if frequency[gram] <= COMMON
    ]
    return list(dict.fromkeys(grams))[:TELLING]
