"""Writing journal lines, and proving their chains whole against heads and seals."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import DataError, connection, models, transaction

from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.access import Actor, cover_lines, may
from lianqi.kernel.clock import local, now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.language import in_record_language
from lianqi.kernel.models import JournalEntry, JournalHead
from lianqi.kernel.models.about import pointer
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.seals import newest_seals
from lianqi.kernel.search import index_subject

GENESIS = "0" * 64


def line_hash(entry: JournalEntry) -> str:
    """Return the SM3 digest over the line before and everything this line says."""
    return sm3(hashed_text(entry).encode())


def hashed_text(entry: JournalEntry) -> str:
    """Return what a line's digest is taken over: the line before and everything this line says."""
    said = {
        "subject": f"{entry.subject_type}:{entry.subject_id}",
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "actor_label": entry.actor_label,
        "verb": entry.verb,
        "label": entry.label,
        "text": entry.text,
        "data": entry.data,
        "audience": entry.audience,
        "previous": entry.previous_hash,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def write_line(
    subject: models.Model,
    *,
    actor: Actor,
    verb: str,
    label: str,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    audience: str = Audience.INTERNAL,
    at: datetime | None = None,
    signature: str = "",
    new: bool = False,
) -> JournalEntry:
    """Append a line to the record's chain, inside the transaction of the act it reports.

    What an act says is found from then on: the record's texts are indexed with its line.
    ``signature`` is in which capacity the actor signs, where that is not the usual one. A ``new``
    record was written in this transaction: nobody else can have begun its chain.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal line belongs inside the transaction of its act")
    with in_record_language():
        signature = signature or actor.signature()
    where = pointer(subject)
    head = JournalHead(**where, seq=0, hash=GENESIS) if new else _locked_head(where)
    entry = JournalEntry(
        **where,
        seq=head.seq + 1,
        at=at or now(),
        actor_id=actor.pk,
        actor_label=signature,
        verb=verb,
        label=label,
        text=text,
        # Through JSON and back, so that what is hashed is what a later reader loads.
        data=json.loads(json.dumps(data or {}, ensure_ascii=False, default=str)),
        audience=audience,
        previous_hash=head.hash,
    )
    entry.hash = line_hash(entry)
    entry.save(force_insert=True)
    head.seq, head.hash = entry.seq, entry.hash
    if new:
        head.save(force_insert=True)
    else:
        head.save(update_fields=["seq", "hash"])
    index_subject(subject)
    return entry


def _locked_head(where: Mapping[str, Any]) -> JournalHead:
    """Return the end of the record's chain, which nobody else may lengthen until the commit."""
    heads = JournalHead.objects.filter(**where)
    if connection.features.has_select_for_update:
        heads = heads.select_for_update()
    head = heads.first()
    if head is None:
        # Of two first lines at once, the second waits here and goes on from the first.
        opening = JournalHead(**where, seq=0, hash=GENESIS)
        JournalHead.objects.bulk_create([opening], ignore_conflicts=True)
        head = heads.get()
    return head


def last_act(subject: models.Model, reader: Actor) -> str:
    """Return "已由 X 于 T“受理”" of the record's last line, or "" if the reader may not know."""
    line = JournalEntry.objects.filter(**pointer(subject)).order_by("-seq").first()
    if line is None or (
        line.audience == Audience.INTERNAL
        and not may(reader, f"{subject._meta.app_label}.see_internal", subject)
    ):
        return ""
    cover_lines(reader, [line])
    when = moment_text(local(line.at))
    if line.actor_id is not None and line.actor_id == reader.pk:
        return f"您已于{when}“{line.label}”"
    return f"已由{line.actor_label}于{when}“{line.label}”"


@dataclass(frozen=True)
class Verdict:
    """What a proof of the journal found: counts, and the first thing that is broken."""

    subjects: int
    lines: int
    broken: str = ""


def verify_journal() -> Verdict:
    """Read every chain against its hashes, its head and the seals; stop at the first break."""
    try:
        return _verify_all()
    except (ValueError, TypeError, OverflowError, DataError):
        return Verdict(0, 0, _unreadable())  # a value that no line ever had cannot even be loaded


def _unreadable() -> str:
    """Name the first chain with a line that cannot be loaded."""
    chains = JournalEntry.objects.order_by("subject_type", "subject_id").distinct()
    for kind, number in chains.values_list("subject_type", "subject_id"):
        try:
            list(JournalEntry.objects.filter(subject_type=kind, subject_id=number))
        except (ValueError, TypeError, OverflowError, DataError):
            return f"{kind}:{number} 有一行已被改得无法读取"
    return "有一行已被改得无法读取"


def _verify_all() -> Verdict:
    heads = {
        (head.subject_type, head.subject_id): head
        for head in JournalHead.objects.iterator(chunk_size=5000)
    }
    # Read after the heads: a seal made in between covers more than they say, never less.
    seals, problem = newest_seals()
    if problem:
        return Verdict(0, 0, problem)
    rows = JournalEntry.objects.order_by("subject_type", "subject_id", "seq")
    lines = subjects = 0
    for subject, entries in groupby(
        rows.iterator(chunk_size=2000), key=lambda entry: (entry.subject_type, entry.subject_id)
    ):
        head, sealed = heads.pop(subject, None), seals.pop(subject, None)
        count, broken = _verify_chain(subject, entries, head, sealed)
        lines += count
        if broken:
            # It may have grown since the heads were read: ask it alone before crying out.
            broken = verify_chain(*subject).broken
        if broken:
            return Verdict(subjects, lines, broken)
        subjects += 1
    for (kind, number), head in sorted(heads.items()):
        return Verdict(subjects, lines, f"{kind}:{number} 全部 {head.seq} 行已丢失")
    for kind, number in sorted(seals):
        return Verdict(subjects, lines, f"{kind}:{number} 封存后整条记录链已丢失")
    return Verdict(subjects, lines)


def verify_chain(subject_type: str, subject_id: int) -> Verdict:
    """Read the chain of one record against its hashes, its head and the seals."""
    where = {"subject_type": subject_type, "subject_id": subject_id}
    with transaction.atomic():
        # The head's row is locked, so that no line is added between reading it and the lines.
        heads = JournalHead.objects.filter(**where)
        if connection.features.has_select_for_update:
            heads = heads.select_for_update()
        head = heads.first()
        entries = list(JournalEntry.objects.filter(**where).order_by("seq"))
    seals, problem = newest_seals()
    if problem:
        return Verdict(0, 0, problem)
    seal = seals.get((subject_type, subject_id))
    if head is None and seal is None and not entries:
        return Verdict(0, 0)
    lines, broken = _verify_chain((subject_type, subject_id), entries, head, seal)
    return Verdict(0 if broken else 1, lines, broken)


def _verify_chain(
    subject: tuple[str, int],
    entries: Iterable[JournalEntry],
    head: JournalHead | None,
    seal: tuple[int, str] | None,
) -> tuple[int, str]:
    name = f"{subject[0]}:{subject[1]}"
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            return expected - 1, f"{name} 第 {expected} 行缺失"
        if entry.previous_hash != previous or entry.hash != _digest(entry):
            return expected - 1, f"{name} 第 {entry.seq} 行与校验值不符"
        if seal and seal[0] == entry.seq and seal[1] != entry.hash:
            return expected - 1, f"{name} 第 {entry.seq} 行与封存值不符"
        expected, previous = expected + 1, entry.hash
    last = expected - 1
    if head is None:
        return last, f"{name} 第 {last} 行之后的链尾登记缺失"
    end = _wrong_at_the_end(head, last, previous, seal[0] if seal else 0)
    return last, f"{name} {end}" if end else ""


def _digest(entry: JournalEntry) -> str:
    """Return a line's digest; "" for what can be no line, such as one without a moment."""
    return line_hash(entry) if entry.at is not None else ""


def _wrong_at_the_end(head: JournalHead, last: int, digest: str, in_file: int) -> str:
    """Say what is wrong with where a chain ends: by its head, by the file, by what was sealed."""
    if (head.seq, head.hash) != (last, digest):
        return f"第 {last + 1} 行起被截去（应有 {head.seq} 行）"
    if in_file > last:
        return f"第 {last + 1} 行起被截去（封存时有 {in_file} 行）"
    if head.sealed_seq > in_file:
        # The database says it was sealed: the file, or its newest seals, have been taken away.
        return (
            f"已封存至第 {head.sealed_seq} 行，封存文件只到第 {in_file} 行（封存文件丢失或被截短）"
        )
    return ""
