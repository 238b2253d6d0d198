"""Issuing: a number, the data frozen, the file kept, a line on the record. And the draft before."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, models

from lianqi.engines.officialdoc import (
    ENGINE_VERSION,
    KINDS,
    ContentRefused,
    Kind,
    OfficialDocument,
    write_document,
)
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local, now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import IssuedDocument
from lianqi.kernel.models.document import DocumentAccess
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.numbering import next_number
from lianqi.kernel.uploads import CleanFile, classification_mark
from lianqi.kernel.uploads.rules import CONTENT_TYPES

_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|\r\n\t]")
_LONGEST_NAME = 150
LONGEST_WORD = 12


def issue_document(
    kind: str,
    subject: models.Model,
    content: Mapping[str, Any],
    *,
    actor: Actor,
    issuer_word: str,
    year: int | None = None,
    numbered: bool = True,
    access: str = DocumentAccess.RECORD,
) -> IssuedDocument:
    """Issue a document about a saved record: number it, freeze data and file, write a line.

    Call it inside the transaction of the action, as late as possible: the number's series stays
    locked until the commit, and a rolled-back act gives its number back. ``issuer_word`` is the
    organ's word in the number (新高民联办); the kind adds its own.

    Raises:
        RuleBroken: the content or the legal form refuses it; ``field`` names the field.
        KeyError: there is no such kind.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("issue_document() belongs inside the transaction of the act that issues")
    form = KINDS[kind]
    if len(issuer_word) > LONGEST_WORD:
        raise RuleBroken(f"机关代字最多{LONGEST_WORD}个字。", field="issuer_word")
    frozen = _frozen(form, content)
    _made(form, frozen, _draft_number(form, issuer_word, year), draft=True)  # refused early
    at = now()
    year = year or local(at).year
    serial = next_number(series_key(form, issuer_word), year) if _runs(form, numbered) else None
    number = form.number_text(issuer_word, year, serial) if serial else ""
    document = _made(form, frozen, number)
    file = write_document(document)
    title = document.title.replace("\n", "")
    issued = IssuedDocument.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        kind=kind,
        title=title,
        number=number,
        issuer_word=issuer_word,
        year=year,
        serial=serial,
        issuer=(document.organs[0] if document.organs else document.compiler or document.printer),
        data=frozen,
        engine_version=ENGINE_VERSION,
        access=access,
        issued_by_id=actor.pk,
        issued_at=at,
    )
    # The file belongs to the document, not to its record: there it would be read past its access.
    clean = CleanFile(
        name=file_name(number, title),
        content=file,
        content_type=CONTENT_TYPES["docx"],
        size=len(file),
        sm3=sm3(file),
    )
    [issued.file] = attach(issued, [clean], actor=actor, audience=Audience.INTERNAL)
    issued.save(update_fields=["file"])
    # The line is read by all who see the record, a restricted document's title is not.
    named = f"《{title}》" if access == DocumentAccess.RECORD else ""
    write_line(
        subject,
        actor=actor,
        verb="document.issue",
        label="发文",
        text=f"印发{form.label}{named}{number and f'（{number}）'}。",
        data={"document": issued.pk, "kind": kind, "number": number, "sm3": clean.sm3},
        at=at,
    )
    return issued


def preview_document(
    kind: str, content: Mapping[str, Any], *, issuer_word: str = "", year: int | None = None
) -> bytes:
    """Return the .docx of what would be issued, with a blank where its number will stand.

    Raises:
        RuleBroken: the content or the legal form refuses it.
    """
    form = KINDS[kind]
    number = _draft_number(form, issuer_word, year)
    return write_document(_made(form, _frozen(form, content), number, draft=True))


def draft_name(kind: str, content: Mapping[str, Any]) -> str:
    """Return the file name of a preview, which says that it is a draft.

    Raises:
        RuleBroken: the content or the legal form refuses it.
    """
    form = KINDS[kind]
    made = _made(form, _frozen(form, content), "", draft=True)
    return file_name("（稿）", made.title.replace("\n", ""))


def series_key(form: Kind, issuer_word: str) -> str:
    """Return the key of the series that numbers of this kind and issuer run in."""
    return f"document:{form.key}:{issuer_word}"


def file_name(number: str, title: str) -> str:
    """Return the file's name: number and title without what file systems refuse."""
    return f"{_NOT_IN_NAMES.sub('', f'{number}{title}')[:_LONGEST_NAME]}.docx"


def _runs(form: Kind, numbered: bool) -> bool:
    return numbered and form.numbered


def _draft_number(form: Kind, issuer_word: str, year: int | None) -> str:
    if not form.numbered:
        return ""
    return form.number_text(issuer_word, year or local(now()).year, None)


def _frozen(form: Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    try:
        frozen = form.freeze(content)
    except ContentRefused as refused:
        raise RuleBroken(str(refused), field=refused.field) from refused
    for name, words in _texts(frozen):
        if classification_mark(words):
            raise RuleBroken("内容中有密级标志，本系统不得办理涉密公文。", field=name)
    return frozen


def _made(
    form: Kind, frozen: Mapping[str, Any], number: str, *, draft: bool = False
) -> OfficialDocument:
    try:
        return form.document(frozen, number=number, draft=draft)
    except ContentRefused as refused:
        raise RuleBroken(str(refused), field=refused.field) from refused


def _texts(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from ((name, words) for _, words in _texts(one))
            elif isinstance(one, str):
                yield name, one
