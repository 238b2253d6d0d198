"""How a sealed appeal is told and signed: without anything that says whose it is (ADR 16)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from lianqi.appeals.access import identity_known, known_appeals
from lianqi.appeals.enums import SEALED_FIRM, Channel
from lianqi.appeals.models import Appeal, Exclusion, FactsPack, PublicCase, Unsealing
from lianqi.engines.deidentify import Hit, addressed_names, cover, find, firm_names
from lianqi.enterprises.access import enterprise_desk, enterprise_ids, in_appeals_office
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, Membership
from lianqi.kernel.access import Actor, Desk, LinkHolder, tell_lines_through
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.access import load_posts
from lianqi.organisation.models import Region

SHORTEST_ADDRESS = 6


def identity_words(appeal: Appeal) -> list[str]:
    """Return every word by which the firm of an appeal, or whoever speaks for it, can be known."""
    return words_of([appeal])[appeal.pk]


def words_of(appeals: Iterable[Appeal]) -> dict[int | None, list[str]]:
    """Return by key what ``identity_words`` says of each appeal, in five queries for all of them.

    An appeal that is being filed has no key yet; firms and filers must be loaded.
    """
    rows = list(appeals)
    if not rows:
        return {}
    firms = {one.enterprise_id for one in rows}
    people, codes = _names_by_firm(firms), _codes_by_firm(firms)
    load_posts(one.filed_by for one in rows)
    regions = places()
    found: dict[int | None, list[str]] = {}
    for one in rows:
        names = {one.contact_name, *people[one.enterprise_id]}
        if not in_appeals_office(one.filed_by):
            names.add(one.filed_by.full_name)
        words = [*firm_words(one.enterprise, regions), *codes[one.enterprise_id]]
        found[one.pk] = [
            *words,
            *(word for name in sorted(names) for word in addressed_names(name)),
        ]
    return found


def _names_by_firm(firms: Iterable[int]) -> defaultdict[int, set[str]]:
    """Return the names of each firm's contacts and accounts."""
    people: defaultdict[int, set[str]] = defaultdict(set)
    contacts = Contact.objects.filter(enterprise__in=firms).values_list("enterprise", "name")
    accounts = Membership.objects.filter(enterprise__in=firms)
    for firm, name in [*contacts, *accounts.values_list("enterprise", "user__full_name")]:
        people[firm].add(name)
    return people


def _codes_by_firm(firms: Iterable[int]) -> defaultdict[int, list[str]]:
    codes: defaultdict[int, list[str]] = defaultdict(list)
    rows = FormerCode.objects.filter(enterprise__in=firms).values_list("enterprise", "uscc")
    for firm, code in rows.order_by("pk"):
        codes[firm].append(code)
    return codes


def firm_words(firm: Enterprise, regions: list[str]) -> list[str]:
    """Return a firm's names, short and long, its code and its address; ``regions`` are ``places()``."""
    words = firm_names(firm.name, regions=regions)
    address = firm.address if len(firm.address) >= SHORTEST_ADDRESS else ""
    return [word for word in (*words, firm.uscc, address) if word]


def places() -> list[str]:
    """Return the district's names, and the city's that they begin with: 新乡高新区 gives 新乡 too."""
    names = [name for pair in Region.objects.values_list("name", "short_name") for name in pair]
    return [*names, *(name[:2] for name in names if len(name) > 3)]


def covered(appeal: Appeal, text: str) -> str:
    """Return a text as it may be kept with a sealed appeal; other appeals keep it as it is."""
    return cover(text, names=identity_words(appeal)) if appeal.sealed and text else text


def finds_in(appeal: Appeal, *texts: str) -> list[Hit]:
    """Return what in these texts tells whose appeal it is."""
    words = identity_words(appeal)
    return [hit for text in texts for hit in find(text, names=words, people=False)]


# --- who signs, owes and waits


def signed_for(appeal: Appeal, actor: Actor) -> str:
    """Return the signature of whoever speaks for the firm of a sealed appeal, "" for anybody else."""
    if not appeal.sealed or (actor.pk is None and not isinstance(actor, LinkHolder)):
        return ""
    if isinstance(actor, LinkHolder):
        return f"{SEALED_FIRM}（凭链接）"
    speaks = appeal.enterprise_id in enterprise_ids(actor)
    # A helper cadre is paired with firms: the name would lead to them.
    helped = appeal.filed_by_id == actor.pk and not in_appeals_office(actor)
    return SEALED_FIRM if speaks or helped else ""


def firm_desk(appeal: Appeal) -> Desk:
    """Return the firm's desk, without its name if the appeal is sealed."""
    desk = enterprise_desk(appeal.enterprise)
    return Desk(desk.key, SEALED_FIRM) if appeal.sealed else desk


def called(appeal: Appeal, desk_key: str) -> str:
    """Return what the firm's desk is called in a sealed appeal's lines, "" for any other desk."""
    desk = firm_desk(appeal)
    return desk.label if appeal.sealed and desk.key == desk_key else ""


def called_beside(record: Any, desk_key: str) -> str:
    """Call the firm's desk in the lines of a record beside an appeal as in the appeal's own."""
    return called(record.appeal, desk_key)


def firm_label(appeal: Appeal) -> str:
    """Return how records name the firm."""
    return SEALED_FIRM if appeal.sealed else appeal.enterprise.name


# --- lines written before the seal, and words that slipped into later ones


def cover_lines(user: Any, lines: Iterable[JournalEntry]) -> None:
    """Cover signature and words in lines of sealed appeals that this reader may not know."""
    _cover(user, [(line, line.subject_id) for line in lines])


def _cover(user: Any, lines: list[tuple[JournalEntry, int]]) -> None:
    """Cover lines as ``cover_lines`` does, each given with the appeal whose firm it may tell."""
    wanted = {appeal for _line, appeal in lines}
    rows = Appeal.objects.filter(pk__in=wanted, sealed_at__isnull=False)
    appeals = {appeal.pk: appeal for appeal in rows.select_related("enterprise", "filed_by")}
    hidden = set(appeals) - known_appeals(user, appeals.values())
    people = _speakers([appeals[pk] for pk in hidden])
    words = words_of(appeals[pk] for pk in hidden)
    for line, pk in lines:
        if pk in hidden:
            if line.actor_id in people[pk]:
                line.actor_label = SEALED_FIRM
            line.actor_label = cover(line.actor_label, names=words[pk])
            line.text = cover(line.text, names=words[pk])
            line.data = {name: _covered(said, words[pk]) for name, said in line.data.items()}


def _covered(said: Any, words: Iterable[str]) -> Any:
    """Cover the texts among a line's data: a remark, a list of names."""
    if isinstance(said, str):
        return cover(said, names=words)
    return [_covered(one, words) for one in said] if isinstance(said, list) else said


def _speakers(appeals: list[Appeal]) -> dict[int, set[int]]:
    """Return by appeal the accounts that speak for its firm, and the helper who filed it."""
    accounts: defaultdict[int, set[int]] = defaultdict(set)
    firms = {one.enterprise_id for one in appeals}
    rows = Membership.objects.filter(enterprise__in=firms).values_list("enterprise", "user")
    for firm, account in rows:
        accounts[firm].add(account)
    load_posts(one.filed_by for one in appeals)
    return {
        one.pk: accounts[one.enterprise_id]
        | (set() if in_appeals_office(one.filed_by) else {one.filed_by_id})
        for one in appeals
    }


def _secret_signers(user: Any) -> Q:
    """Lines of the firm's own people on sealed appeals: a search for a name must not find them."""
    sealed = Appeal.objects.filter(sealed_at__isnull=False, pk=OuterRef("subject_id"))
    unknown = sealed.exclude(identity_known(user))
    return Q(subject_type=Appeal._meta.label_lower) & Q(Exists(unknown.filter(_SPOKEN)))


# Who signs a line speaks for the firm, or is the helper who filed for it.
_SPOKEN = Q(enterprise__memberships__user=OuterRef("actor")) | Q(
    filed_by=OuterRef("actor"), channel=Channel.VISIT
)
tell_lines_through(Appeal._meta.label_lower, cover=cover_lines, secret_signers=_secret_signers)


def _tell_lines_beside(model: type[Model]) -> None:
    """Tell the lines of a record beside an appeal as the appeal's own.

    They call the firm by its label since labels took the place of its name; older ones do not, and
    a line of the chain is never written anew.
    """
    label = model._meta.label_lower

    def cover_beside(user: Any, lines: Iterable[JournalEntry]) -> None:
        found = list(lines)
        records = model._default_manager.filter(pk__in={line.subject_id for line in found})
        whose = dict(records.values_list("pk", "appeal"))
        _cover(
            user,
            [(line, whose[line.subject_id]) for line in found if line.subject_id in whose],
        )

    def secret_signers_beside(user: Any) -> Q:
        beside = model._default_manager.filter(pk=OuterRef(OuterRef("subject_id")))
        sealed = Appeal.objects.filter(sealed_at__isnull=False, pk__in=beside.values("appeal"))
        unknown = sealed.exclude(identity_known(user))
        return Q(subject_type=label) & Q(Exists(unknown.filter(_SPOKEN)))

    tell_lines_through(label, cover=cover_beside, secret_signers=secret_signers_beside)


for _model in (Unsealing, PublicCase, Exclusion, FactsPack):
    _tell_lines_beside(_model)
