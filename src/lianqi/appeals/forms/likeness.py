"""The text that like cases are looked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

SHORTEST = 2
LONGEST = 2_000


class ToldTextarea(forms.Textarea):
    """Where somebody tells what happened; like cases appear below it meanwhile."""

    template_name = "appeals/told_textarea.html"

    def __init__(self, like_url_name: str, attrs: dict[str, Any] | None = None) -> None:
        """Look for like cases at this address."""
        super().__init__(attrs)
        self.like_url_name = like_url_name

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the address."""
        context = super().get_context(name, value, attrs)
        return {**context, "like_url": reverse(self.like_url_name)}


class LikenessForm(forms.Form):
    """Title and content as far as they have been typed; nothing in them is an error here."""

    title = forms.CharField(
        label=_("一句话说明"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Read what has been typed."""
        super().__init__(given, auto_id="like_%s")
        self.full_clean()

    def text(self) -> tuple[str, str]:
        """Return title and content, as much of them as is compared."""
        said = self.cleaned_data
        return said.get("title", "")[:LONGEST], said.get("content", "")[:LONGEST]

    @property
    def asked(self) -> bool:
        """Whether enough has been typed to be compared."""
        return len("".join(self.text()).strip()) >= SHORTEST
