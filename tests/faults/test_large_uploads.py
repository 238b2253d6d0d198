"""F10: uploads that are huge, of unknown length, or so slow that they would hold every thread."""

import json
import socket
import time
from pathlib import Path

from tests.faults.clients import NOTHING, Ledger, Program, crowd_of
from tests.faults.houses import until
from tests.faults.measure import record, rounds

GIB = 1024 * 1024 * 1024
PIECE = b"\0" * 65536
SLOW = 8
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"


def send(house, length, most=2 * GIB, path="/portal/new/"):
    """Send zeros until the server has had enough; return the first line of its answer, and how many."""
    sent = 0
    with socket.create_connection(("127.0.0.1", house.port), 60) as line:
        line.sendall(HEAD.format(path=path, length=length).encode())
        chunked = length.startswith("Transfer")
        line.settimeout(0.2)
        try:
            while sent < most:
                line.sendall(b"10000\r\n" + PIECE + b"\r\n" if chunked else PIECE)
                sent += len(PIECE)
                if _answered(line):
                    break
        except OSError:
            pass  # it has closed: the answer lies there to be read
        line.settimeout(60)
        try:
            answer = line.recv(65536).decode("utf-8", "replace")
        except OSError:
            answer = ""
    return answer.partition("\r\n")[0], sent


def _answered(line):
    line.setblocking(False)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        line.settimeout(0.2)


def peak(pids):
    """Return the most memory, in MiB, that one of the processes has ever had."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def test_two_gigabytes_are_refused_before_they_are_read(house, seed):
    before = peak(house.web_workers())

    stated = send(house, f"Content-Length: {2 * GIB}")
    chunked = send(house, "Transfer-Encoding: chunked")
    program = Program(house, seed.tokens["firm0"])
    status, _, text = program.ask(
        "POST",
        "/api/v1/appeals",
        b"",
        **{"Content-Length": str(2 * GIB), "Authorization": f"Bearer {program.token}"},
    )

    grown = peak(house.web_workers()) - before
    assert (stated[0].split()[1], chunked[0].split()[1]) == ("413", "411")
    assert (status, json.loads(text)["code"]) == (413, "too_large")
    assert max(stated[1], chunked[1]) < 64 * 1024 * 1024
    assert grown < 64
    record(
        "F10",
        "上传 2 GB",
        read_mb=max(stated[1], chunked[1]) // 1024 // 1024,
        memory_grown_mb=max(grown, 0),
    )


def test_slow_uploads_do_not_keep_others_from_working(house, seed):
    ledger, lines = Ledger(), []
    for _ in range(4 * SLOW):
        line = socket.create_connection(("127.0.0.1", house.port), 60)
        length = "Content-Length: 10000000"
        line.sendall(HEAD.format(path="/accounts/login/", length=length).encode() + b"--x")
        lines.append(line)

    with crowd_of(house, seed.tokens, ledger):
        for _ in range(rounds(3, 30)):
            for line in lines:
                try:
                    line.sendall(b"\0" * 100)
                except OSError:
                    continue  # refused: too many at once
            time.sleep(0.3)
        until(lambda: len(ledger.receipts) > 16)
    for line in lines:
        line.close()

    found = house.reckon()
    assert ledger.settle(found) == NOTHING
    assert ledger.statuses == {}
    record("F10", f"{4 * SLOW} 个慢速上传", submits=len(ledger.receipts), refused_submits=0)
