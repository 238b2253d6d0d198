"""The descriptive facts of a firm: filled in, compared, and the size class that follows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lianqi.engines.enterprise_size import classify, parse_industry
from lianqi.engines.identifiers import check_uscc
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.enterprises.models import Enterprise, FormerCode
from lianqi.kernel.errors import RuleBroken

FIGURES = ("employees", "revenue_wan", "assets_wan")
# What a firm may correct itself; its name and code come from the licence the office has seen.
OWN_FACTS = ("industry_code", *FIGURES, "address")
DESCRIPTIVE = ("name", *OWN_FACTS)
LABELS = {
    field.name: str(field.verbose_name)
    for field in Enterprise._meta.fields
    if field.name in DESCRIPTIVE
}


def checked_industry(code: str) -> str:
    """Return an industry code as section letter and digits ("C13"); "" stays "".

    Raises:
        RuleBroken: no code of GB/T 4754-2017.
    """
    try:
        return "".join(parse_industry(code)) if code else ""
    except ValueError as wrong:
        raise RuleBroken(str(wrong), field="industry_code") from wrong


def checked_code(uscc: str | None, kind: str) -> str | None:
    """Return the credit code put right; None for a private-economy person, who has none.

    Raises:
        RuleBroken: it is missing or no code of GB 32100-2015.
    """
    if kind == EnterpriseKind.PERSON:
        return None
    try:
        return check_uscc(uscc or "")
    except ValueError as wrong:
        raise RuleBroken(str(wrong), field="uscc") from wrong


def kind_of_code(uscc: str) -> str:
    """Return what the first two characters of a credit code say about its holder (GB 32100)."""
    kinds = {"92": EnterpriseKind.SELF_EMPLOYED, "93": EnterpriseKind.COOPERATIVE}
    return kinds.get(uscc[:2], EnterpriseKind.COMPANY)


def size_of(enterprise: Enterprise) -> str:
    """Return the size class that the firm's figures give, or "" where the table does not apply.

    Raises:
        RuleBroken: unknown industry code, or a negative figure.
    """
    if not enterprise.industry_code:
        return ""
    try:
        found = classify(
            enterprise.industry_code,
            employees=enterprise.employees,
            revenue_wan=enterprise.revenue_wan,
            assets_wan=enterprise.assets_wan,
        )
    except ValueError as wrong:
        raise RuleBroken(str(wrong)) from wrong
    return found or ""


def fill(enterprise: Enterprise, facts: Mapping[str, Any]) -> None:
    """Set the facts given and reckon the size class; nothing but descriptive facts may be given."""
    foreign = set(facts) - set(DESCRIPTIVE)
    if foreign:
        raise TypeError(f"not a descriptive fact of a firm: {sorted(foreign)}")
    for name, value in facts.items():
        empty = None if name in FIGURES else ""
        setattr(enterprise, name, empty if value in (None, "") else value)
    enterprise.industry_code = checked_industry(enterprise.industry_code)
    enterprise.size = size_of(enterprise)


def changes(enterprise: Enterprise, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return (old, new) of each fact that differs from what the directory has."""
    return {
        name: [plain(getattr(enterprise, name)), plain(value)]
        for name, value in facts.items()
        if getattr(enterprise, name) != value
    }


def plain(value: Any) -> Any:
    """Return a value as JSON can keep it."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def changes_in_words(changed: Mapping[str, list[Any]]) -> str:
    """Say what was changed from what into what."""
    said = (
        f"{LABELS[name]}：{_shown(old)} → {_shown(new)}" for name, (old, new) in changed.items()
    )
    return "；".join(said)


def _shown(value: Any) -> str:
    return "（空）" if value in (None, "") else str(value)


def code_is_known(uscc: str | None) -> RuleBroken | None:
    """Return why this code cannot be given to another firm, or None if it is free.

    A former code is taken as well: its firm goes on under a new one (个转企).
    """
    if not uscc:
        return None
    if Enterprise.objects.filter(uscc=uscc).exists():
        return RuleBroken(
            f"统一社会信用代码{uscc}已经登记过，请直接登录；忘记账号请联系诉求响应专班办公室。",
            field="uscc",
        )
    if FormerCode.objects.filter(uscc=uscc).exists():
        return RuleBroken(
            f"统一社会信用代码{uscc}是一家已入库企业的曾用代码，请核对营业执照上的现用代码；"
            "确有疑问请联系诉求响应专班办公室。",
            field="uscc",
        )
    return None
