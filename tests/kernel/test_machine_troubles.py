"""A full disk and a database that is away: what is said, what is refused, what goes on."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from lianqi.kernel import chores
from lianqi.kernel.clock import now
from lianqi.kernel.files import KEPT_WITHOUT_ROW, attach, sweep_files
from lianqi.kernel.management.worker import Worker
from lianqi.kernel.models import Attachment, OutboxMessage, WorkerBeat
from lianqi.kernel.outages import Outage, outage_of
from lianqi.kernel.sessions import SessionStore
from lianqi.kernel.space import volumes
from lianqi.kernel.uploads import CleanFile
from lianqi.organisation.enums import Post
from tests.factories import entrepreneur, file_appeal, person
from tests.kernel.visitors import signed_in

pytestmark = pytest.mark.django_db
EVERYTHING = 10**9  # MiB: more than any disk has, so that only the reserve is left
FULL_SAID = "服务器存储空间已满，这次提交没有保存，也没有改动任何数据；登录和查询照常。"


@pytest.fixture
def full(settings):
    """Let every disk have only its reserve left, however large the one below is."""
    settings.LIANQI_RESERVE_MB = EVERYTHING
    monkey = pytest.MonkeyPatch()
    monkey.setattr("lianqi.kernel.space.RESERVE_SHARE", 1.1)
    yield
    monkey.undo()


def fill_database():
    """Make the database itself say that its disk is full."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$")
        [pages] = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            for number in range(2000):
                cursor.execute(
                    "INSERT INTO kernel_revision (name, number) VALUES (%s, 1)",
                    [f"{number}{'长' * 9000}"],
                )
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def full_database():
    """Return the error that a full disk of the database raises."""
    try:
        with transaction.atomic():
            fill_database()
    except OperationalError as raised:
        return raised
    raise AssertionError("the database found room")


# --- what an error means


def test_a_full_disk_of_the_database_or_of_the_files_is_told_from_an_error_of_ours():
    found = [
        outage_of(full_database()),
        outage_of(OSError(28, "No space left on device")),
        outage_of(OSError(2, "No such file")),
        outage_of(ValueError("坏了")),
        outage_of(None),
    ]

    assert found == [Outage.FULL, Outage.FULL, None, None, None]


def test_a_misspelt_statement_is_an_error_of_ours():
    with pytest.raises(Exception, match="nowhere") as raised, transaction.atomic():
        connection.cursor().execute("SELECT 1 FROM nowhere")

    assert outage_of(raised.value) is None


@pytest.mark.urls("tests.kernel.failing_urls")
@pytest.mark.parametrize(
    ("how", "status", "title"),
    [
        ("full", 507, "存储空间已满，暂时不能提交"),
        ("away", 503, "系统正忙，请稍后再试"),
        ("ours", 500, "系统出了故障"),
    ],
)
def test_each_trouble_has_its_page_and_its_problem(how, status, title):
    client = Client(raise_request_exception=False)

    page, answer = client.get(f"/fail/{how}/"), client.get(f"/api/v1/fail/{how}/")

    assert (page.status_code, page.content.decode().count(f"<title>{title} ·")) == (status, 1)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert page.headers.get("Retry-After") == answer.headers.get("Retry-After")
    assert page.headers.get("Retry-After") == (None if how == "ours" else "10")


# --- with only the reserve left


def test_what_is_submitted_is_refused_while_reading_and_signing_in_go_on(full):
    firm = entrepreneur(username="firm")
    reader = signed_in(firm)

    refused = reader.post("/portal/new/", {})
    program = reader.post("/api/v1/appeals", {}, content_type="application/json")
    newcomer = Client()
    entered = newcomer.post("/accounts/login/", {"login": "firm", "password": "Lianqi-2026"})

    assert (refused.status_code, refused.content.decode().count(FULL_SAID)) == (507, 1)
    assert (program.status_code, json.loads(program.content)["code"]) == (507, "storage_full")
    assert (entered.status_code, newcomer.get("/portal/").status_code) == (302, 200)


def test_the_worker_waits_and_says_that_it_lives(full):
    file_appeal()
    waiting = OutboxMessage.objects.filter(state="waiting").count()

    done = Worker().round()

    assert (done, WorkerBeat.objects.count()) == (0, 1)
    assert OutboxMessage.objects.filter(state="waiting").count() == waiting


def test_healthz_and_the_jobs_page_say_so(full, client):
    report = client.get("/healthz").json()
    page = signed_in(person(Post.SYSADMIN)).get("/jobs/").content.decode()

    assert (report["status"], report["space"]["status"]) == ("degraded", "full")
    assert page.count("已满，暂停提交") == len(volumes())


def test_the_keeper_is_told_once_a_day_that_a_disk_is_nearly_full(settings, time_machine):
    time_machine.move_to("2026-11-23 10:00+08:00", tick=False)
    settings.LIANQI_SPACE_ALARM_PERCENT = 0
    chores.watch_space()
    chores.watch_space()
    first = OutboxMessage.objects.count()
    time_machine.move_to("2026-11-24 10:00+08:00", tick=False)
    chores.watch_space()

    told = set(OutboxMessage.objects.values_list("recipient", flat=True))
    assert (first, OutboxMessage.objects.count()) == (len(volumes()), 2 * len(volumes()))
    assert told == {"system:sysadmin"}


def test_a_disk_with_room_alarms_nobody():
    assert (chores.watch_space(), OutboxMessage.objects.count()) == ("空间充足", 0)


@pytest.mark.django_db(transaction=True)  # SQLite gives up the whole transaction when it is full
def test_a_session_keeps_what_it_had_when_there_is_no_room_and_is_not_invented(monkeypatch):
    session = SessionStore()
    session["a"] = 1
    session.create()

    def no_room(*_):
        raise full_database()

    monkeypatch.setattr(SessionStore, "create_model_instance", no_room)
    session["a"] = 2

    session.save()

    with pytest.raises(OperationalError):
        SessionStore().create()
    session["_auth_user_id"] = "7"  # a sign-in
    with pytest.raises(OperationalError):
        session.save()
    monkeypatch.undo()
    assert dict(SessionStore(session.session_key).items()) == {"a": 1}


# --- files


def test_a_sweep_removes_old_files_without_a_row_and_nothing_else(settings):
    kept = attach_one()
    folder = Path(settings.MEDIA_ROOT) / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    names = {"old": "ab" + "0" * 30, "young": "ab" + "1" * 30, "foreign": "notes.txt"}
    for name in names.values():
        (folder / name).write_text("x")
    long_ago = (now() - KEPT_WITHOUT_ROW - timedelta(hours=1)).timestamp()
    os.utime(folder / names["old"], (long_ago, long_ago))
    os.utime(folder / names["young"], (now().timestamp(), now().timestamp()))
    os.utime(folder / names["foreign"], (long_ago, long_ago))
    os.utime(Path(settings.MEDIA_ROOT) / kept.path, (long_ago, long_ago))

    swept = sweep_files()

    left = sorted(path.name for path in Path(settings.MEDIA_ROOT).glob("??/*"))
    assert swept == 1
    assert left == sorted([names["young"], names["foreign"], Path(kept.path).name])


def test_a_file_that_finds_no_room_leaves_nothing_behind(settings, monkeypatch):
    def no_room(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_room)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        attach_one()

    assert (Attachment.objects.count(), list(Path(settings.MEDIA_ROOT).glob("??/*"))) == (0, [])


def attach_one():
    appeal = file_appeal()
    file = CleanFile("a.txt", b"x", "text/plain", 1, "0" * 64)
    return attach(appeal, [file], actor=appeal.filed_by, audience="enterprise")[0]


# --- requests that are refused unread


@pytest.mark.parametrize(
    ("stated", "status", "title"),
    [
        ({"CONTENT_LENGTH": str(65 * 1024 * 1024)}, 413, "文件太大"),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": None}, 411, "请求没有写明长度"),
    ],
)
def test_what_is_too_large_or_of_unknown_length_is_refused_unread(stated, status, title):
    client = Client()

    def ask(path):
        request = client._base_environ(PATH_INFO=path, REQUEST_METHOD="POST") | stated
        return client.request(**{k: v for k, v in request.items() if v is not None})

    page, answer = ask("/portal/new/"), ask("/api/v1/appeals")

    assert (page.status_code, page.content.decode().count(f"<title>{title} ·")) == (status, 1)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_only_so_many_large_bodies_are_read_at_once(settings):
    settings.LIANQI_UPLOADS_AT_ONCE = 0
    client = Client()

    large = client.post("/accounts/login/", {"login": "x" * 70_000, "password": "y"})
    small = client.post("/accounts/login/", {"login": "x", "password": "y"})

    assert (large.status_code, large["Retry-After"], small.status_code) == (503, "10", 422)
