"""Filing an appeal for a program: which firm, through which channel, whom to call."""

from collections.abc import Mapping
from typing import Any

from lianqi.appeals.actions import submit_appeal
from lianqi.appeals.api.schemas import AppealIn
from lianqi.appeals.enums import Channel
from lianqi.appeals.forms import AppealForm
from lianqi.appeals.models import Appeal
from lianqi.enterprises.access import (
    acts_for,
    in_appeals_office,
    memberships_now,
    visible_enterprises,
)
from lianqi.enterprises.api import enterprise_named
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import may
from lianqi.kernel.api.bodies import checked
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.problems import fields_refused, form_refused
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.models import User

NOT_LISTED = "名录里没有这个信用代码，或不是您代表的企业，请核对；未入库的企业请先登记。"
OWN_FIELDS = ("kind", "title", "content")


def file_appeal(user: User, raw: Mapping[str, Any]) -> Appeal:
    """File what the program sent on behalf of the token's user.

    Raises:
        NotPermitted: the account neither acts for a firm nor takes appeals down.
        Refused: a field is wrong or missing.
        RuleBroken: the firm may not file, or the text carries a secrecy mark.
        TooManyRequests: the firm has filed too often in this hour.
    """
    if not may(user, "appeals.file"):
        raise NotPermitted("这个账号不能提交诉求：须为企业账号、专班办公室或帮扶干部。")
    given = checked(AppealIn, raw)
    enterprise = _enterprise(user, given.enterprise)
    channel = _channel(user, enterprise, given.channel)
    form = _form(user, enterprise, given)
    if not form.is_valid():
        raise form_refused(form)
    if acts_for(user, enterprise):
        spend("submit", enterprise.pk)
    return submit_appeal(
        enterprise,
        actor=user,
        channel=channel,
        upstream_id=given.upstream_id or "",
        **form.facts(),
    )


def _enterprise(user: User, asked: str | None) -> Enterprise:
    own = memberships_now(user)
    if asked is not None:
        found = enterprise_named(visible_enterprises(user), asked)
        if found is None:
            raise fields_refused({"enterprise": NOT_LISTED})
        return found
    if len(own) == 1:
        return own[0].enterprise
    text = (
        "代企业填报请写明企业的统一社会信用代码。"
        if not own
        else "您代表多家企业，请写明是哪一家（信用代码或 id）。"
    )
    raise fields_refused({"enterprise": text})


def _channel(user: User, enterprise: Enterprise, asked: str | None) -> str:
    if acts_for(user, enterprise):
        if asked not in (None, Channel.WEB):
            raise fields_refused({"channel": "企业自己提交的，渠道只能是 web，可不填。"})
        return Channel.WEB
    if asked == Channel.WEB:
        raise fields_refused({"channel": "代企业填报的，渠道应为 phone、window、visit 或 city。"})
    return asked or (Channel.PHONE if in_appeals_office(user) else Channel.VISIT)


def _form(user: User, enterprise: Enterprise, given: AppealIn) -> AppealForm:
    """Return the page's own form, with the firm's main contact where none is given."""
    name, phone = _known_contact(user, enterprise)
    data = {name: getattr(given, name) for name in OWN_FIELDS}
    data["urgent"] = bool(given.urgent)
    data["sealed"] = bool(given.sealed)
    data["contact_name"] = given.contact_name or name
    data["contact_phone"] = given.contact_phone or str(phone or "")
    # The form takes the mask for "the number we know".
    initial = {} if given.contact_phone else {"contact_phone": phone}
    return AppealForm(data, initial=initial)


def _known_contact(user: User, enterprise: Enterprise) -> tuple[str, Any]:
    main = enterprise.contacts.first()  # type: ignore[attr-defined]
    if main is not None:
        return main.name, main.phone
    return (user.full_name, user.phone) if acts_for(user, enterprise) else ("", None)
