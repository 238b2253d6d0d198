import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from lianqi.kernel.models import CalendarDay, TimeLimit

PATIENCE = 120  # seconds until a process must have done what the test waits for


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return the environment of a prepared home, made once: compressing takes its time."""
    environment = home_of(tmp_path_factory.mktemp("prepared"))
    return environment, lianqi(environment, "prepare")


def home_of(tmp_path):
    """Return an environment with a home, and so a database, of its own."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        **kept,
        "LIANQI_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "lianqi.config.settings",
    }


def lianqi(environment, *words):
    """Run a command to its end; return its exit code and what it printed."""
    done = subprocess.run(  # noqa: S603 our own command
        [sys.executable, "-m", "lianqi", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout.strip()


@contextmanager
def running(environment, *words):
    """Keep a command running for the time of the block."""
    process = subprocess.Popen(  # noqa: S603 our own command
        [sys.executable, "-u", "-m", "lianqi", *words],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def until(asked):
    """Wait until the function returns something; fail after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = asked()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("waited in vain")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_fresh_home_is_prepared_and_preparing_again_changes_nothing(prepared):
    environment, first = prepared

    again = lianqi(environment, "prepare")
    worked = lianqi(environment, "worker", "--once")
    sealed = lianqi(environment, "seal_journal")
    proved = lianqi(environment, "verify_journal")

    assert (first[0], first[1].splitlines()[1]) == (0, "工作日历：新增 255 天")
    assert again[1].splitlines()[0] == "数据库和缓存表已就绪，静态文件未变"
    assert {line.rpartition("新增 ")[2] for line in again[1].splitlines()[1:]} == {
        "0 天",
        "0 项",
        "0 件",
    }
    assert (worked[0], worked[1].startswith("done ")) == (0, True)
    assert (sealed[0], sealed[1].startswith("sealed 0 subjects into ")) == (0, True)
    assert proved == (0, "ok 0 subjects 0 lines")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_cleanly_when_told_to(prepared, number):
    environment, _ = prepared

    with running(environment, "worker") as worker:
        started = worker.stdout.readline().strip()
        worker.send_signal(number)
        code = worker.wait(PATIENCE)
        said = worker.stdout.read().strip()

    assert (started, code, said) == ("worker started", 0, "worker stopped")


def test_serving_answers_restarts_a_dead_worker_and_stops_both(prepared):
    environment, port = prepared[0], free_port()

    with running(environment, "serve", "--port", str(port)) as house:
        first = until(lambda: (health(port) or {}).get("worker", {}).get("beat_age") is not None)
        [worker] = children(house.pid, "worker")
        os.kill(worker, signal.SIGKILL)
        [other] = until(lambda: [pid for pid in children(house.pid, "worker") if pid != worker])
        house.terminate()
        code = house.wait(PATIENCE)

    assert (first, code) == (True, 0)
    assert (alive(other), health(port)) == (False, None)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an order of Linux")
def test_nothing_is_left_running_when_the_house_is_killed_outright(prepared):
    environment, port = prepared[0], free_port()

    with running(environment, "serve", "--port", str(port)) as house:
        beating = until(lambda: (health(port) or {}).get("worker", {}).get("beat_age") is not None)
        [worker], [web] = children(house.pid, "worker"), children(house.pid, "granian")
        servers = children(web, "granian")
        house.kill()
        ended = until(lambda: not any(alive(pid) for pid in (worker, web, *servers)))

    assert (beating, len(servers), ended) == (True, 1, True)


def health(port):
    """Return what the health page says, or None while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return json.load(answer)
    except OSError:
        return None


def children(parent, word):
    """Return the living children of a process whose command line ends with the word."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdecimal():
            continue
        try:
            with open(f"/proc/{entry}/stat") as stat, open(f"/proc/{entry}/cmdline") as line:
                fields, words = stat.read().rpartition(")")[2].split(), line.read().split("\0")
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z" and word in words:
            found.append(int(entry))
    return found


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.django_db
def test_filling_leaves_what_a_district_has_set():
    TimeLimit.objects.filter(key="appeal.accept").update(amount=7)
    CalendarDay.objects.filter(date__year=2020).delete()
    out = io.StringIO()

    call_command("prepare", stdout=out)

    assert TimeLimit.objects.get(key="appeal.accept").amount == 7
    assert CalendarDay.objects.filter(date__year=2020).count() == 0


def test_the_permission_sheet_names_each_permission_what_it_allows_and_who_has_it():
    out, table = io.StringIO(), io.StringIO()

    call_command("permission_sheet", stdout=out)
    call_command("permission_sheet", csv=True, stdout=table)

    lines = [line.split("\t") for line in out.getvalue().strip().splitlines()]
    rows = list(csv.reader(io.StringIO(table.getvalue())))
    assert rows[0] == ["权限", "可以做什么", "谁可以"]
    assert rows[1:] == lines
    assert [row for row in lines if len(row) != 3 or not all(row)] == []


def test_a_port_in_use_is_said_and_nothing_is_started(prepared):
    environment, _ = prepared
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-m", "lianqi", "serve", "--port", str(port)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert f"端口 {port} 已被别的程序占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_gets_no_traceback(prepared):
    environment, _ = prepared
    process = subprocess.Popen(
        [sys.executable, "-m", "lianqi", "permission_sheet", "--csv"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()

    assert process.stderr.read() == b""
    process.wait(PATIENCE)
