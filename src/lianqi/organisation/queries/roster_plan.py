"""What entering a roster would change, reckoned before anything is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.engines.roster import RosterRow, canonical_unit
from lianqi.kernel.crypto import sm3
from lianqi.kernel.phones import phone_index
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Unit, User

NEW, UPDATED, UNCHANGED = "new", "updated", "unchanged"
LABELS = {NEW: _("新任"), UPDATED: _("更新"), UNCHANGED: _("未变")}
TONES = {NEW: "blue", UPDATED: "amber", UNCHANGED: "grey"}


@dataclass(frozen=True)
class PlannedSeat:
    """One post of one unit: who holds it, who shall hold it, and what that makes of it."""

    unit: Unit
    post: str
    name: str
    title: str
    phone: str | None = field(repr=False)
    held: Appointment | None
    kind: str

    @property
    def post_label(self) -> str:
        """Return the post's name."""
        return str(Post(self.post).label)

    @property
    def kind_label(self) -> str:
        """Return what becomes of the post, in words."""
        return str(LABELS[self.kind])

    @property
    def tone(self) -> str:
        """Return the badge's colour."""
        return TONES[self.kind]

    @property
    def before(self) -> str:
        """Return who holds the post now, with the title."""
        return (
            f"{self.held.user.full_name} {self.held.title}".strip()
            if self.held
            else gettext("空缺")
        )

    @property
    def after(self) -> str:
        """Return who shall hold it, with the title."""
        return f"{self.name} {self.title}".strip()

    @property
    def phone_changes(self) -> bool:
        """Whether the holder's number would be written anew."""
        return self.kind == UPDATED and _phone_differs(self.held, self.phone)


@dataclass(frozen=True)
class RosterPlan:
    """All posts of a roster in its order, and the units that nobody has registered."""

    seats: list[PlannedSeat]
    unknown: list[tuple[int, str]]
    unit_count: int

    @property
    def counts(self) -> dict[str, int]:
        """Return how many units and people, and how many of these are new, updated, unchanged."""
        kinds = [seat.kind for seat in self.seats]
        return {
            "units": self.unit_count,
            "people": len(kinds),
            **{kind: kinds.count(kind) for kind in LABELS},
        }

    @property
    def changes(self) -> list[PlannedSeat]:
        """Return the seats that would change."""
        return [seat for seat in self.seats if seat.kind != UNCHANGED]

    @property
    def fingerprint(self) -> str:
        """Return a digest of what would change, so that a confirmation fits what was shown."""
        told = [f"{s.unit.code}|{s.post}|{s.before}|{s.after}|{s.kind}" for s in self.seats]
        return sm3("\n".join(told).encode())


def roster_plan(rows: Iterable[RosterRow]) -> RosterPlan:
    """Compare a roster with who holds the posts today (clause A3-T-1)."""
    units = {unit.name: unit for unit in Unit.objects.all()}
    known = {name: unit.aliases for name, unit in units.items()}
    held = {
        (post.unit_id, post.post): post
        for post in Appointment.objects.in_force()
        .own()
        .filter(body=None, post__in=[Post.LEADER, Post.LIAISON])
        .select_related("user")
    }
    seats: list[PlannedSeat] = []
    unknown: list[tuple[int, str]] = []
    count = 0
    for row in rows:
        name = canonical_unit(row.unit, known)
        if name is None:
            unknown.append((row.line, row.unit))
            continue
        count += 1
        unit = units[name]
        for post, person, title, phone in (
            (Post.LEADER, row.leader, row.leader_title, None),
            (Post.LIAISON, row.liaison, row.liaison_title, row.phone),
        ):
            if person:
                now_held = held.get((unit.pk, post))
                kind = _kind(now_held, person, title, phone)
                seats.append(PlannedSeat(unit, post, person, title, phone, now_held, kind))
    return RosterPlan(seats, unknown, count)


def _kind(held: Appointment | None, name: str, title: str, phone: str | None) -> str:
    if held is None or held.user.full_name != name:
        return NEW
    return UPDATED if held.title != title or _phone_differs(held, phone) else UNCHANGED


def _phone_differs(held: Appointment | None, phone: str | None) -> bool:
    return bool(held and phone and held.user.phone_index != phone_index(phone))


def same_person(unit: Unit, name: str, phone: str | None) -> User | None:
    """Return who of this unit, now or earlier, has the name (and, if one is given, the number)."""
    rows = User.objects.filter(full_name=name, appointments__unit=unit).distinct()
    if phone:
        rows = rows.filter(phone_index=phone_index(phone))
    return rows.order_by("-is_active", "pk").first()


def unknown_units_text(unknown: Sequence[tuple[int, str]]) -> str:
    """Say which units of a roster nobody has registered, with their lines."""
    named = "、".join(f"第{line}行“{name}”" for line, name in unknown)
    return f"有{len(unknown)}个单位没有登记：{named}。请先登记单位（或其别名），再重新导入。"
