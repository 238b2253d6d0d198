"""What a kind of document is made from: plain data with named fields, read strictly and frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")


class ContentRefused(ValueError):
    """The content cannot become this document; says why in a sentence, and which field."""

    def __init__(self, sentence: str, name: str = "") -> None:
        super().__init__(sentence)
        self.field = name


@dataclass(frozen=True, kw_only=True)
class Content:
    """The fields of one kind of document, each annotated with what the office calls it.

    A field without a default must be given. Subclasses say what theirs mean.
    """

    # Fields that people look for and that this kind must not have, with the reason.
    not_here: ClassVar[Mapping[str, str]] = {}


def required_fields(form: type) -> tuple[str, ...]:
    """Return the names of the fields that must be given."""
    return tuple(item.name for item in fields(form) if item.default is MISSING)


def read_content(form: type[Content], given: Mapping[str, Any] | Content, name: str) -> Content:
    """Return plain data as the content of a kind called ``name``.

    Raises:
        ContentRefused: a field is missing, empty, of the wrong sort or not known.
    """
    return given if isinstance(given, form) else _read(form, given, name)  # type: ignore[arg-type]


def _read(form: type, given: Mapping[str, Any], name: str) -> Any:
    for key in given:
        if key in getattr(form, "not_here", {}):
            raise ContentRefused(form.not_here[key], key)  # type: ignore[attr-defined]
    known = {item.name: item for item in fields(form)}
    strange = sorted(set(given) - set(known))
    if strange:
        raise ContentRefused(f"{name}没有“{'、'.join(strange)}”这一项。", strange[0])
    hints = get_type_hints(form, include_extras=True)
    found = {}
    for key, item in known.items():
        kind, label = get_args(hints[key])[:2]
        value = given.get(key, MISSING)
        if _is_told(item, value, label, name):
            found[key] = _value(kind, value, f"{name}的{label}", key, name)
    return form(**found)


def _is_told(item: Field[Any], value: Any, label: str, name: str) -> bool:
    """Whether the field is given; refuse an empty one that must be."""
    empty = value is MISSING or value is None or (value in ("", [], ()))
    if isinstance(value, str):
        empty = not value.strip()
    if empty and item.default is MISSING:
        raise ContentRefused(f"{name}要写明{label}。", item.name)
    return not empty


def _value(kind: Any, value: Any, label: str, key: str, name: str) -> Any:
    try:
        return _converted(kind, value, name)
    except (TypeError, ValueError) as problem:
        if isinstance(problem, ContentRefused):
            raise
        raise ContentRefused(f"{label}看不懂。", key) from problem


def _converted(kind: Any, value: Any, name: str) -> Any:
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        many = [value] if isinstance(value, str | Mapping) else value
        return tuple(_converted(inner, one, name) for one in many)
    if is_dataclass(kind):
        return value if isinstance(value, kind) else _read(kind, value, name)  # type: ignore[arg-type]
    return _plain_value(_bare(kind), value)


def _bare(kind: Any) -> Any:
    """Return the type of ``date | None``."""
    options = [option for option in get_args(kind) if option is not type(None)]
    return options[0] if options else kind


def _plain_value(kind: Any, value: Any) -> Any:
    if kind is str:
        if not isinstance(value, str):
            raise TypeError(value)
        return value.strip()
    if kind is datetime:
        return _in_china(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if kind is date:
        return _day(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def _in_china(moment: datetime) -> datetime:
    return moment.astimezone(_CHINA).replace(tzinfo=None) if moment.tzinfo else moment


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return _in_china(value).date()
    return date.fromisoformat(value) if isinstance(value, str) else value


def plain_content(content: Any) -> dict[str, Any]:
    """Return content as JSON keeps it; ``read_content`` makes the same of it again."""
    return {item.name: _plain(getattr(content, item.name)) for item in fields(content)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return plain_content(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, StrEnum) else value


def listed(names: Iterable[str]) -> str:
    """Return names as a document lists them."""
    return "、".join(names)
