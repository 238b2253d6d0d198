"""Seals: the ends of the journal's chains, kept in a keyed file outside the database."""

import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.models import JournalEntry, JournalHead, JournalIdentity

Newest = dict[tuple[str, int], tuple[int, str]]
TAIL = 65_536  # bytes read at a time from the end of the file


def seal_file() -> Path:
    """Return the file of seals of this database, kept outside it.

    The file bears the identity that the database carries in itself, so a moved or restored
    database finds it again. Where there is none by that name (sealed by an earlier version, or
    the identity was tampered with), a file that seals lines of this database is its file.
    """
    folder = Path(settings.LIANQI_SEAL_FOLDER)
    identity = JournalIdentity.objects.values_list("name", flat=True).first()
    own = folder / f"journal-{identity or 'unnamed'}.jsonl"
    if own.exists():
        return own
    others = sorted(folder.glob("journal-*.jsonl"))
    return next((path for path in others if path == _name_of_old() or _is_ours(path)), own)


def _name_of_old() -> Path:
    """Return the name that versions before 0.2 gave the file: a digest of the database's address."""
    at = connection.settings_dict
    digest = sm3(f"{connection.vendor}|{at['HOST']}|{at['PORT']}|{at['NAME']}".encode())[:12]
    return Path(settings.LIANQI_SEAL_FOLDER) / f"journal-{digest}.jsonl"


def _is_ours(path: Path) -> bool:
    """Say whether the file's first seal holds a line of this database, by its digest."""
    with path.open(encoding="utf-8") as file:
        row = _read_row(file.readline())
    if not hmac.compare_digest(row["mark"], _mark(row["seal"])):
        return False
    digests = [head["hash"] for head in json.loads(row["seal"])["heads"][:50]]
    return JournalEntry.objects.filter(hash__in=digests).exists()


def _mark(body: str) -> str:
    return hmac.new(bytes.fromhex(settings.LIANQI_SEAL_KEY), body.encode(), "sha256").hexdigest()


def seal_journal() -> int:
    """Write the heads of all chains that grew since the last seal; return how many.

    The file is only appended to, flushed to disk and keyed; copy it off the machine daily.
    """
    grown = JournalHead.objects.filter(seq__gt=F("sealed_seq")).order_by("pk")
    if not grown.exists():
        return 0
    if not JournalIdentity.objects.exists():
        # Both of two that begin at once keep the one row that got there first.
        row = JournalIdentity(pk=1, name=secrets.token_hex(6))
        JournalIdentity.objects.bulk_create([row], ignore_conflicts=True)
    Path(settings.LIANQI_SEAL_FOLDER).mkdir(parents=True, exist_ok=True)
    with seal_file().open("a+b") as file:
        # Workers seal hourly and as they end: each waits for the seal before its own.
        fcntl.flock(file, fcntl.LOCK_EX)
        heads: list[dict[str, Any]] = [
            {"type": head.subject_type, "id": head.subject_id, "seq": head.seq, "hash": head.hash}
            for head in grown.iterator(chunk_size=5000)
        ]
        if not heads:
            return 0
        seal = {"at": now().isoformat(), "previous": _last_mark(file), "heads": heads}
        body = json.dumps(seal, ensure_ascii=False, sort_keys=True)
        line = json.dumps({"seal": body, "mark": _mark(body)}) + "\n"
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
        with transaction.atomic():
            for head in heads:
                rows = JournalHead.objects.filter(subject_type=head["type"], subject_id=head["id"])
                rows.update(sealed_seq=head["seq"])
    return len(heads)


def _last_mark(file: Any) -> str:
    """Return the mark of the file's last line, reading from its end: the file grows for years."""
    at, tail = file.seek(0, os.SEEK_END), b""
    while at > 0 and b"\n" not in tail.rstrip(b"\n"):
        step = min(TAIL, at)
        at -= step
        file.seek(at)
        tail = file.read(step) + tail
    last = tail.rstrip(b"\n").rpartition(b"\n")[2]
    return _read_row(last.decode("utf-8", "replace"))["mark"] if last else ""


def newest_seals() -> tuple[Newest, str]:
    """Return the last sealed line of every chain, or what is wrong with the seals."""
    seals: Newest = {}
    for problem, seal in read_seals():
        if problem:
            return {}, problem
        seals.update({(s["type"], s["id"]): (s["seq"], s["hash"]) for s in seal["heads"]})
    return seals, ""


def read_seals() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("", seal) for each sound seal of this database, or (problem, {}) and stop."""
    path, previous = seal_file(), ""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        # Whoever seals now is let finish: half a line is no broken seal.
        fcntl.flock(file, fcntl.LOCK_SH)
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
