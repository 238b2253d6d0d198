"""What a firm is found by in the directory: name, initials of the name, present and former codes."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lianqi.engines.identifiers import check_uscc
from lianqi.engines.pinyin import initials
from lianqi.enterprises.models import Contact, Enterprise, FormerCode
from lianqi.kernel.phones import phone_index
from lianqi.kernel.search import Scope, Text, Texts, find, read_query, searched_through

ABOUT_FIRMS = Enterprise._meta.label_lower
WHOEVER_SEES_A_FIRM = frozenset({Scope.NAME})


def search_texts(firms: Sequence[Enterprise]) -> dict[int, Texts]:
    """Return by key what each firm is found by."""
    former: dict[int, list[str]] = {firm.pk: [] for firm in firms}
    rows = FormerCode.objects.filter(enterprise__in=list(former)).order_by("pk")
    for firm_pk, code in rows.values_list("enterprise", "uscc"):
        former[firm_pk].append(code)
    return {
        firm.pk: {
            Scope.NAME: [
                Text(_("企业"), firm.name),
                *(Text(_("企业名称首字母"), letters) for letters in initials(firm.name)),
                Text(_("统一社会信用代码"), firm.uscc or ""),
                *(Text(_("原统一社会信用代码"), code) for code in former[firm.pk]),
            ]
        }
        for firm in firms
    }


searched_through(ABOUT_FIRMS, search_texts)


def firms_asked(text: str) -> Q:
    """Return the condition for firms that match what was written into the search box.

    A whole code or phone number is looked up exactly, also a contact's whole number that no text holds.
    """
    try:
        code = check_uscc(text)
    except ValueError:
        pass
    else:
        former = FormerCode.objects.filter(enterprise=OuterRef("pk"), uscc=code)
        return Q(uscc=code) | Q(Exists(former))
    found = find(read_query(text), about=ABOUT_FIRMS, scopes=WHOEVER_SEES_A_FIRM).condition
    try:
        index = phone_index(text)
    except ValueError:
        return found
    called = Contact.objects.filter(enterprise=OuterRef("pk"), phone_index=index)
    return found | Q(Exists(called))
