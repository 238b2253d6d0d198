"""Bearer tokens and the units."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.security import HttpBearer
from pydantic import BaseModel, Field

from lianqi.kernel.access import may
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.rate_limits import spend_here
from lianqi.organisation.access import visible_units
from lianqi.organisation.actions import user_of_token
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Unit, User

router = Router(tags=["单位"])


class TokenAuth(HttpBearer):
    """The caller is the user behind the token; a browser's session counts for nothing here.

    With a ``permission`` it is asked before anything of the request is read, so that whoever may
    not ask at all is told that, and not what the question lacks; ``refusal`` is what they are told.
    """

    def __init__(self, permission: str = "", refusal: str = "") -> None:
        """Keep what the caller must be allowed."""
        super().__init__()
        self.permission, self.refusal = permission, refusal

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the token's user, if the token and the account are in force.

        Raises:
            TooManyRequests: the user's programs have called too often in this minute.
            NotPermitted: the user may not ask this.
        """
        user = user_of_token(token.strip())
        if user is not None:
            spend_here("api", user.pk)
            if self.permission and not may(user, self.permission):
                raise NotPermitted(self.refusal)
        return user


class UnitItem(BaseModel):
    """A unit's code and name."""

    code: str
    name: str


class Leader(BaseModel):
    """The unit's leader in charge."""

    name: str
    title: str


class Liaison(BaseModel):
    """The unit's liaison."""

    name: str
    title: str
    phone: str = Field(description="掩码，如 138****8000；未登记为空")


class UnitDetail(UnitItem):
    """A unit and whom to turn to."""

    leader: Leader | None
    liaison: Liaison | None


@router.get("/units", response=list[UnitItem], summary="单位代码和名称")
def unit_list(request: HttpRequest) -> list[Any]:
    """Return all units in use, in the roster's order."""
    return list(Unit.objects.filter(active=True).values("code", "name"))


@router.get("/units/{code}", response=UnitDetail, summary="单位的分管领导和联络员（工作人员可见）")
def unit_detail(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return a unit with its leader and liaison."""
    units = visible_units(request.auth) if code.isprintable() else Unit.objects.none()  # type: ignore[attr-defined]
    unit = units.filter(code=code).first()
    if unit is None:
        raise Http404
    posts = (
        Appointment.objects.in_force()
        .own()
        .filter(unit=unit, body=None, post__in=(Post.LEADER, Post.LIAISON))
    )
    held = {post.post: post for post in posts.select_related("user")}
    return {
        "code": unit.code,
        "name": unit.name,
        "leader": _person(held.get(Post.LEADER)),
        "liaison": _person(held.get(Post.LIAISON)),
    }


def _person(held: Appointment | None) -> dict[str, str] | None:
    if held is None:
        return None
    return {"name": held.user.full_name, "title": held.title, "phone": str(held.user.phone or "")}
