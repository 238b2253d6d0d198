"""What is measured: pages of a loaded district, each for the person whose work it is."""

import itertools
import json
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.client import Target
from benchmarks.stories import BUSY_UNIT
from benchmarks.texts import COMMON_WORD, RARE_WORD
from lianqi.appeals.models import Appeal
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.paging import query_url
from lianqi.organisation.actions import issue_token
from lianqi.organisation.models import User

UNIT = "swj"


@dataclass(frozen=True)
class Goal:
    """At most so many milliseconds alone, at least so many a second with eight at once."""

    p50: float
    a_second: float


@dataclass(frozen=True)
class Case:
    """A page with its goal (at a million appeals) and the floor that it is compared with."""

    key: str
    title: str
    target: Target
    goal: Goal
    floor: str
    queries: int


FLOORS = {
    "fifty": ("底线：模板里50行", "/fifty/", 200),
    "one": ("底线：读一行", "/one/", 200),
    "insert": ("底线：插一行", "/insert/", 201),
}


def floor_target(port: int, key: str) -> Target:
    """Return a page of the floor."""
    _, path, status = FLOORS[key]
    return Target(port, path, body=(lambda: b"{}") if key == "insert" else None, expected=status)


def cases(port: int) -> list[Case]:
    """Return what is measured on the product that listens on this port."""
    liaison, office, head, busy = (
        User.objects.get(username=name)
        for name in (f"{UNIT}_liaison", "appeals_office", "tf_head", f"{BUSY_UNIT}_leader")
    )
    appeal = Appeal.objects.filter(state="closed", lead_unit__isnull=False).latest("pk")
    reader = User.objects.get(username=f"{appeal.lead_unit.code}_liaison")
    listed = reverse("appeals:appeal_list")
    pages = [
        ("list", "本单位在办清单（按到期）", liaison, query_url(listed, view="open"), Goal(16, 120), "fifty"),
        ("record", "诉求详情和时间线", reader, appeal.get_absolute_url(), Goal(10, 180), "one"),
        ("search_rare", "搜索少见的两字词", office, query_url(listed, q=RARE_WORD), Goal(25, 80), "fifty"),
        ("search_common", "搜索常见的两字词", office, query_url(listed, q=COMMON_WORD), Goal(25, 80), "fifty"),
        ("board", "专班看板", head, reverse("appeals:board"), Goal(14, 130), "one"),
        ("desk", "工作台（500项待办）", busy, reverse("kernel:desk"), Goal(18, 110), "fifty"),
    ]  # fmt: skip
    found = [
        Case(key, title, Target(port, path, (_cookie(user),)), goal, base, _queries(user, path))
        for key, title, user, path, goal, base in pages
    ]
    filing = _filing(port, office)
    return [*found, Case("file", "提交诉求（接口）", filing, Goal(8, 350), "insert", _sent(filing))]


def export_target(port: int, most: int) -> tuple[Target, int]:
    """Return the export of the newest appeals, at most about ``most``, and how many they are."""
    user = User.objects.get(username="appeals_office")
    moments = Appeal.objects.order_by("-submitted_at").values_list("submitted_at", flat=True)
    since = "" if moments.count() <= most else f"{moments[most]:%Y-%m-%d}"
    path = query_url(reverse("appeals:appeal_export"), view="all", sort="new", since=since)
    rows = Appeal.objects.all()
    if since:
        rows = rows.filter(submitted_at__date__gte=since)
    return Target(port, path, (_cookie(user),)), rows.count()


def _filing(port: int, office: User) -> Target:
    firms = list(Enterprise.objects.filter(memberships__isnull=False)[:200])
    token = issue_token(office, actor=office, label="benchmark")
    numbers = itertools.count()

    def body() -> bytes:
        number = next(numbers)
        told = {
            "kind": "help",
            "title": f"厂区外线夜间跳闸第{number}次",
            "content": "近两周夜班跳闸多次，热处理炉停炉，希望协调检查外线。",
            "channel": "phone",
            "enterprise": firms[number % len(firms)].uscc,
        }
        return json.dumps(told, ensure_ascii=False).encode()

    headers = (f"Authorization: Bearer {token}",)
    return Target(port, "/api/v1/appeals", headers, body, 201)


def _session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _cookie(user: User) -> str:
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={_session(user)}"


def _queries(user: User, path: str) -> int:
    """Return how many queries the page asks once the process is warm."""
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = _session(user)
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(path)
    return len(asked)


def _sent(target: Target) -> int:
    given = {"HTTP_AUTHORIZATION": target.headers[0].removeprefix("Authorization: ")}
    client = Client(headers={"host": "127.0.0.1"})
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.post(
                target.path, target.request().split(b"\r\n\r\n", 1)[1], "application/json", **given
            )
    return len(asked)
