"""A kind of document: its legal form, how it is numbered, and what makes it from its content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lianqi.engines.officialdoc.document import Layout, OfficialDocument
from lianqi.engines.officialdoc.forms import FORMS, Form, form_problems
from lianqi.engines.officialdoc.kinds.content import (
    Content,
    ContentRefused,
    plain_content,
    read_content,
    required_fields,
)

ENGINE_VERSION = "1"  # raised whenever the same data makes another file


@dataclass(frozen=True)
class Kind:
    """One kind: ``word`` stands in its number behind the issuer's, ``compose`` makes the document."""

    key: str
    word: str
    content: type[Content]
    compose: Callable[[Any, str], OfficialDocument]

    @property
    def form(self) -> Form:
        """Return the legal form: layout, statutory or not, upward or not."""
        return FORMS[self.key]

    @property
    def label(self) -> str:
        """Return what the office calls it."""
        return self.form.name

    @property
    def layout(self) -> Layout:
        """Return the format of GB/T 9704-2012 it is written in."""
        return self.form.layout

    @property
    def numbered(self) -> bool:
        """Whether documents of this kind run in a series; only sheets for one meeting do not."""
        return bool(self.word)

    @property
    def required(self) -> tuple[str, ...]:
        """Return the fields that its content must have."""
        return required_fields(self.content)

    def number_text(self, issuer_word: str, year: int, serial: int | None) -> str:
        """Return the number as it is printed; without a serial, the place where it will stand."""
        if self.layout == Layout.BULLETIN:
            return f"{year}年第{serial or '　'}期"
        return f"{issuer_word}{self.word}〔{year}〕{serial or '　'}号"

    def freeze(self, given: Mapping[str, Any] | Content) -> dict[str, Any]:
        """Return content as JSON that makes the same document again.

        Raises:
            ContentRefused: a field is missing, of the wrong sort or not known.
        """
        return plain_content(read_content(self.content, given, self.label))

    def document(
        self, given: Mapping[str, Any] | Content, *, number: str = "", draft: bool = False
    ) -> OfficialDocument:
        """Return the document made from the content, its legal form proved.

        Raises:
            ContentRefused: the content or the legal form refuses it; says why in a sentence.
        """
        document = self.compose(read_content(self.content, given, self.label), number)
        for problem in form_problems(document):
            if not (draft and problem.field == "number"):
                raise ContentRefused(problem.text, problem.field)
        return document
