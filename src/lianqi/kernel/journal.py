"""Writing journal lines, sealing the chains outside the database, and proving them whole."""

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.language import in_record_language
from lianqi.kernel.models import JournalEntry, JournalHead
from lianqi.kernel.models.about import pointer
from lianqi.kernel.models.journal import Audience

GENESIS = "0" * 64


def line_hash(entry: JournalEntry) -> str:
    """Return the SM3 digest over the line before and everything this line says."""
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
    return sm3(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


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
    signed: str = "",
) -> JournalEntry:
    """Append a line to the record's chain, inside the transaction of the act it reports.

    ``signed`` stands for the actor's own signature where the record keeps secret who acts.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal line belongs inside the transaction of its act")
    with in_record_language():
        signature = signed or actor.signature()
    where = pointer(subject)
    heads = JournalHead.objects.filter(**where)
    if connection.features.has_select_for_update:
        heads = heads.select_for_update()
    head = heads.first()
    entry = JournalEntry(
        **where,
        seq=head.seq + 1 if head else 1,
        at=at or now(),
        actor_id=actor.pk,
        actor_label=signature,
        verb=verb,
        label=label,
        text=text,
        # Through JSON and back, so that what is hashed is what a later reader loads.
        data=json.loads(json.dumps(data or {}, ensure_ascii=False, default=str)),
        audience=audience,
        previous_hash=head.hash if head else GENESIS,
    )
    entry.hash = line_hash(entry)
    entry.save(force_insert=True)
    if head:
        head.seq, head.hash = entry.seq, entry.hash
        head.save(update_fields=["seq", "hash"])
    else:
        JournalHead.objects.create(**where, seq=1, hash=entry.hash)
    return entry


@dataclass(frozen=True)
class Verdict:
    """What a proof of the journal found: counts, and the first thing that is broken."""

    subjects: int
    lines: int
    broken: str = ""


def verify_journal() -> Verdict:
    """Read every chain against its hashes, its head and the seals; stop at the first break."""
    heads = {
        (head.subject_type, head.subject_id): head
        for head in JournalHead.objects.iterator(chunk_size=5000)
    }
    seals, problem = _newest_seals()
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
    seals, problem = _newest_seals()
    if problem:
        return Verdict(0, 0, problem)
    where = {"subject_type": subject_type, "subject_id": subject_id}
    with transaction.atomic():
        # The head's row is locked, so that no line is added between reading it and the lines.
        heads = JournalHead.objects.filter(**where)
        if connection.features.has_select_for_update:
            heads = heads.select_for_update()
        head = heads.first()
        entries = list(JournalEntry.objects.filter(**where).order_by("seq"))
    seal = seals.get((subject_type, subject_id))
    if head is None and seal is None and not entries:
        return Verdict(0, 0)
    lines, broken = _verify_chain((subject_type, subject_id), entries, head, seal)
    return Verdict(0 if broken else 1, lines, broken)


def _newest_seals() -> tuple[dict[tuple[str, int], tuple[int, str]], str]:
    """Return the last sealed line of every chain, or what is wrong with the seals."""
    seals: dict[tuple[str, int], tuple[int, str]] = {}
    for problem, seal in read_seals():
        if problem:
            return {}, problem
        seals.update({(s["type"], s["id"]): (s["seq"], s["hash"]) for s in seal["heads"]})
    return seals, ""


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
        if entry.previous_hash != previous or entry.hash != line_hash(entry):
            return expected - 1, f"{name} 第 {entry.seq} 行与校验值不符"
        if seal and seal[0] == entry.seq and seal[1] != entry.hash:
            return expected - 1, f"{name} 第 {entry.seq} 行与封存值不符"
        expected, previous = expected + 1, entry.hash
    last = expected - 1
    if head is None:
        return last, f"{name} 第 {last} 行之后的链尾登记缺失"
    if (head.seq, head.hash) != (last, previous):
        return last, f"{name} 第 {last + 1} 行起被截去（应有 {head.seq} 行）"
    if seal and seal[0] > last:
        return last, f"{name} 第 {last + 1} 行起被截去（封存时有 {seal[0]} 行）"
    return last, ""


def seal_file() -> Path:
    """Return the file of seals of this database, kept outside it."""
    folder = Path(settings.LIANQI_SEAL_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    at = connection.settings_dict
    name = sm3(f"{connection.vendor}|{at['HOST']}|{at['PORT']}|{at['NAME']}".encode())[:12]
    return folder / f"journal-{name}.jsonl"


def _mark(body: str) -> str:
    return hmac.new(bytes.fromhex(settings.LIANQI_SEAL_KEY), body.encode(), "sha256").hexdigest()


def seal_journal() -> int:
    """Write the heads of all chains that grew since the last seal; return how many.

    The file is only appended to, flushed to disk and keyed; copy it off the machine daily.
    """
    grown = JournalHead.objects.filter(seq__gt=F("sealed_seq")).order_by("pk")
    heads: list[dict[str, Any]] = [
        {"type": head.subject_type, "id": head.subject_id, "seq": head.seq, "hash": head.hash}
        for head in grown.iterator(chunk_size=5000)
    ]
    if not heads:
        return 0
    path = seal_file()
    previous = _last_mark(path)
    seal = {
        "at": now().isoformat(),
        "previous": previous,
        "heads": heads,
    }
    body = json.dumps(seal, ensure_ascii=False, sort_keys=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"seal": body, "mark": _mark(body)}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with transaction.atomic():
        for head in heads:
            rows = JournalHead.objects.filter(subject_type=head["type"], subject_id=head["id"])
            rows.update(sealed_seq=head["seq"])
    return len(heads)


def _last_mark(path: Path) -> str:
    mark = ""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                mark = json.loads(line)["mark"]
    return mark


def read_seals() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("", seal) for each sound seal of this database, or (problem, {}) and stop."""
    path, previous = seal_file(), ""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = _read_row(line)
            if not hmac.compare_digest(row["mark"], _mark(row["seal"])):
                yield f"封存文件第 {number} 行被改动", {}
                return
            seal = json.loads(row["seal"])
            if seal["previous"] != previous:
                yield f"封存文件第 {number} 行之前有缺失", {}
                return
            previous = row["mark"]
            yield "", seal


def _read_row(line: str) -> dict[str, str]:
    """Return seal and mark of a line; a line that was cut or overwritten has the wrong mark."""
    try:
        row = json.loads(line)
        return {"seal": str(row["seal"]), "mark": str(row["mark"])}
    except (ValueError, KeyError, TypeError):
        return {"seal": "", "mark": ""}
