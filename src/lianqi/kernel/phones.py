"""Telephone numbers that are stored encrypted, found by blind index and always shown masked."""

from typing import Any

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.functions import NullIf, Substr
from django.db.models.query_utils import DeferredAttribute

from lianqi.engines.identifiers import mask_phone, normalise_phone
from lianqi.kernel.crypto import (
    CryptoError,
    blind_index,
    decrypt_field,
    encrypt_field,
    needs_reencryption,
    same_digest,
)

PURPOSE = "phone"
INDEX_LENGTH = 64
UNREADABLE = "（号码无法解密）"


def phone_index(text: str) -> str:
    """Blind index of a number as typed, for ``filter(phone_index=phone_index(text))``.

    Raises:
        ValueError: not a telephone number (Chinese message).
    """
    return blind_index(normalise_phone(text), PURPOSE)


class Phone:
    """A telephone number whose every textual form is the mask (个人信息保护法 第51条：去标识化).

    Plain digits are never kept in the object, so neither a log, a template, an export, a debug
    page nor a pickle can show them. Only ``reveal_plain`` gives the number.
    """

    __slots__ = ("ciphertext", "index")

    def __init__(self, index: str, ciphertext: str) -> None:
        self.index = index
        self.ciphertext = ciphertext

    @classmethod
    def of(cls, text: str) -> "Phone":
        """Seal a number as typed. Raises ValueError (Chinese) if it is no telephone number."""
        plain = normalise_phone(text)
        index = blind_index(plain, PURPOSE)
        return cls(index, encrypt_field(plain, f"{PURPOSE}:{index}"))

    @classmethod
    def from_stored(cls, stored: str) -> "Phone":
        """Read the column's text: index, colon, ciphertext."""
        index, _, ciphertext = stored.partition(":")
        return cls(index, ciphertext)

    @property
    def stored(self) -> str:
        """The column's text, sealed anew if the key has been rotated since."""
        if needs_reencryption(self.ciphertext):
            plain = self.reveal_plain()
            return f"{self.index}:{encrypt_field(plain, f'{PURPOSE}:{self.index}')}"
        return f"{self.index}:{self.ciphertext}"

    @property
    def mask(self) -> str:
        """The number with its middle hidden, 138****8000."""
        try:
            return mask_phone(self.reveal_plain())
        except CryptoError:
            return UNREADABLE

    def reveal_plain(self) -> str:
        """The full number. Only the logged reveal action may call this.

        Raises:
            CryptoError: the key is missing, or index and ciphertext do not belong together.
        """
        return decrypt_field(self.ciphertext, f"{PURPOSE}:{self.index}")

    def __str__(self) -> str:
        return self.mask

    def __repr__(self) -> str:
        return self.mask

    def __format__(self, spec: str) -> str:
        return format(self.mask, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Phone):
            return NotImplemented
        return same_digest(self.index, other.index)

    def __hash__(self) -> int:
        return hash(self.index)


class PhoneAttribute(DeferredAttribute):
    """Seals a number the moment it is assigned, so that no instance carries plain digits."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if not hasattr(value, "resolve_expression"):
            value = self.field.to_python(value)
        instance.__dict__[self.field.attname] = value


class PhoneField(models.TextField):
    """A model field that holds a ``Phone`` or None; assigning text checks and seals it.

    Assigning something that is no telephone number raises ValidationError. The column cannot be
    compared (each encryption differs): search by a sibling ``PhoneIndexField``.
    """

    description = "加密保存的电话号码"
    descriptor_class = PhoneAttribute

    def from_db_value(self, value: str | None, *args: Any) -> Phone | None:
        return Phone.from_stored(value) if value else None

    def to_python(self, value: Any) -> Phone | None:
        if value is None or isinstance(value, Phone):
            return value
        text = str(value).strip()
        if not text:
            return None
        if _is_stored(text):
            return Phone.from_stored(text)
        try:
            return Phone.of(text)
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from None

    def get_prep_value(self, value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            return value
        phone = self.to_python(value)
        if phone is None:
            return None if self.null else ""
        return phone.stored

    def value_to_string(self, obj: models.Model) -> str:
        """What ``dumpdata`` writes: the ciphertext, which ``loaddata`` takes back."""
        phone = self.to_python(self.value_from_object(obj))
        return phone.stored if phone else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"电话号码字段 {self.name} 是加密的，不能用 {lookup_name} 查找，"
            "请用它的 PhoneIndexField 和 phone_index(号码)。"
        )

    def formfield(self, **kwargs: Any) -> Any:
        # Past TextField.formfield, which would choose a textarea.
        return models.Field.formfield(self, **{"form_class": PhoneFormField, **kwargs})


class PhoneIndexField(models.GeneratedField):
    """The blind index of the PhoneField named, null while that is empty; indexed.

    The database derives it from the stored text, so ``save(update_fields=...)``, ``bulk_create``,
    ``bulk_update`` and ``update()`` cannot leave it behind.
    """

    def __init__(self, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("db_index", not kwargs.get("unique", False))
        super().__init__(
            expression=NullIf(Substr(source, 1, INDEX_LENGTH), models.Value("")),
            output_field=models.CharField(max_length=INDEX_LENGTH, null=True),
            db_persist=True,
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        derived = {"expression", "output_field", "db_persist"}
        kept = {key: value for key, value in kwargs.items() if key not in derived}
        kept.setdefault("db_index", False)  # ours is true unless said
        return name, path, [*args, self.source], kept


class PhoneFormField(forms.CharField):
    """Reads a telephone number into a ``Phone``; an untouched mask means "unchanged"."""

    default_error_messages = {"required": "请填写联系电话（手机 11 位，或区号加固定电话）。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.present: Phone | None = None

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Remember what the form started with: the mask comes back if nobody retyped it."""
        initial = form.get_initial_for_field(self, field_name)
        self.present = initial if isinstance(initial, Phone) else None
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Phone | None:
        if self.present is not None and str(value or "").strip() == self.present.mask:
            return self.present
        text = super().clean(value)
        if not text:
            return None
        try:
            return Phone.of(text)
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "tel", "autocomplete": "tel"}


def _is_stored(text: str) -> bool:
    return len(text) > INDEX_LENGTH and text[INDEX_LENGTH] == ":"
