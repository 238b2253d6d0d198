"""The roster as it stands today: each unit's leader and liaison, and what is odd about them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianqi.engines.roster import is_section_head
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Body, Unit


@dataclass(frozen=True)
class RosterLine:
    """One unit of the roster."""

    number: int
    unit: Unit
    leader: Appointment | None
    liaison: Appointment | None

    @property
    def warnings(self) -> list[str]:
        """Return what does not fit the rules (第九条：科室主要负责同志任联络员)."""
        found = []
        if self.leader is None:
            found.append(_("没有分管领导（附件1 四（二））"))
        if self.liaison is None:
            return [*found, _("没有联络员（第九条）")]
        if not is_section_head(self.liaison.title):
            found.append(_("联络员不是科室负责人（第九条）"))
        if self.liaison.user.phone is None:
            found.append(_("联络员没有登记手机"))
        return found


def roster_lines() -> list[RosterLine]:
    """Return the units on the platform in their order, with who holds the two posts today."""
    held = {
        (post.unit_id, post.post): post
        for post in Appointment.objects.in_force()
        .own()
        .filter(body=None, post__in=[Post.LEADER, Post.LIAISON])
        .select_related("user")
    }
    units = Unit.objects.filter(active=True, on_platform=True)
    return [
        RosterLine(
            number, unit, held.get((unit.pk, Post.LEADER)), held.get((unit.pk, Post.LIAISON))
        )
        for number, unit in enumerate(units, 1)
    ]


def matching(lines: list[RosterLine], text: str) -> list[RosterLine]:
    """Return the lines in which a unit's or person's name contains the text."""
    return [line for line in lines if text in _searched(line)] if text else lines


def _searched(line: RosterLine) -> str:
    people = [post.user.full_name for post in (line.leader, line.liaison) if post]
    return " ".join([line.unit.name, *line.unit.aliases, *people])


def bodies_with_people() -> list[tuple[Body, list[Appointment]]]:
    """Return conference and task forces in their order, each with who serves in it today."""
    serving: dict[int, list[Appointment]] = {}
    rows = (
        Appointment.objects.in_force()
        .exclude(body=None)
        .select_related("user", "unit", "acting_for__user")
    )
    order = list(Post)
    for post in sorted(rows, key=lambda row: (order.index(Post(row.post)), row.pk)):
        serving.setdefault(post.body_id or 0, []).append(post)
    bodies = Body.objects.select_related("host_unit").order_by("code")
    return [(body, serving.get(body.pk, [])) for body in bodies]
