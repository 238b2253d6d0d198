"""What leaves the database goes through one table: written with the act, delivered later."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.access import people_at
from lianqi.kernel.clock import local, now
from lianqi.kernel.leases import LEASE, SLACK, holder, put_down, take_in_hand, unheld
from lianqi.kernel.models import Duty, Notice, OutboxMessage
from lianqi.kernel.models.outbox import Channel, OutboxState

MOST_ATTEMPTS = 12
MOST_CRASHES = 5
LONGEST_PAUSE = timedelta(hours=6)
TOOK_DOWN = "发送这条消息时后台进程意外退出。"
# Channels that end in this database; all others talk to somebody outside.
WITHIN = frozenset({Channel.DESK})
# Who looks after the machinery sits at this desk of the organisation room.
KEEPER = "system:sysadmin"
# The desks written to by the act that is going on in this thread, if its line wants to name them.
_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


class GatewayMissing(Exception):
    """No gateway is set up for the channel."""


@contextmanager
def noting_recipients() -> Iterator[list[str]]:
    """Collect the desks that are written to within the block, for the journal line of the act.

    A step taken within a step collects its own.
    """
    desks: list[str] = []
    token = _noted.set(desks)
    try:
        yield desks
    finally:
        _noted.reset(token)


def tell_desk(duty: Duty) -> None:
    """Tell whoever sits at the duty's desk that it has arisen."""
    due = f"请于{moment_text(local(duty.due_at))}前办理。" if duty.due_at else ""
    if duty.undated:
        due = "工作日历未录入，期限待补；请照常办理。"
    enqueue(
        Channel.DESK,
        duty.holder,
        title=f"待{duty.label}：{duty.matter}",
        text=due,
        url=duty.url,
    )


def tell_keeper(year: int, *, text: str, once: str) -> None:
    """Tell the keeper of the calendar that a year is missing, once for each occasion."""
    enqueue(
        Channel.DESK,
        KEEPER,
        title=f"{year}年工作日历还没有录入",
        text=text,
        url=reverse("kernel:calendar_year", args=[year]),
        once=once,
    )


def enqueue(
    channel: str,
    recipient: str,
    *,
    title: str,
    text: str = "",
    url: str = "",
    once: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put a message into the outbox, in the caller's transaction.

    ``once`` names the occasion: a second message with the same name is silently not written.
    """
    noted = _noted.get()
    if noted is not None and channel == Channel.DESK and recipient not in noted:
        noted.append(recipient)
    moment = now()
    message = OutboxMessage(
        channel=channel,
        recipient=recipient,
        title=title[:200],
        text=text,
        url=url,
        created_at=moment,
        not_before=not_before or moment,
        once=once,
    )
    if once:
        OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    else:
        message.save(force_insert=True)


def text_firm(recipient: str, *, title: str, text: str, path: str) -> None:
    """Write a text message with a link, where a gateway is set up; it looks the number up itself."""
    if settings.LIANQI_SMS:
        enqueue(Channel.SMS, recipient, title=title, text=f"{text}{settings.BASE_URL}{path}")


def deliver_waiting(most: int = 200) -> int:
    """Deliver what is due, oldest first; return how many messages left.

    What people read here goes first: a gateway that hangs must not hold up their notices.
    """
    inside = Q(channel__in=WITHIN)
    return _deliver_some(inside, most) + _deliver_some(~inside, most)


def _deliver_some(which: Q, most: int) -> int:
    waiting = _due().filter(which).order_by("not_before", "pk")
    sent, silent = 0, set[str]()
    for pk, channel in list(waiting.values_list("pk", "channel")[:most]):
        if channel in silent or not _claim(pk):
            continue
        problem = _deliver(OutboxMessage.objects.get(pk=pk))
        if problem is None:
            sent += 1
        elif _is_silence(problem):
            # Nobody answers: the others of this channel wait for the next round, not each for itself.
            silent.add(channel)
    return sent


def _due() -> QuerySet[OutboxMessage]:
    moment = now()
    # Written, or put off, later than could be: that was before the clock was set back.
    ahead = Q(created_at__gt=moment + SLACK, not_before=F("created_at")) | Q(
        attempts__gt=0, not_before__gt=moment + LONGEST_PAUSE + SLACK
    )
    due = Q(not_before__lte=moment) | ahead
    return OutboxMessage.objects.filter(due, unheld(moment), state=OutboxState.WAITING)


def _claim(pk: int) -> bool:
    """Take a message by one UPDATE, so that of two workers exactly one gets it.

    The try counts from here, so that a message that takes its worker down is given up too.
    """
    free = _due().filter(pk=pk)
    interrupted = free.exclude(leased_until=None)
    if interrupted.exists():
        interrupted.update(crashes=F("crashes") + 1, error=TOOK_DOWN)
        hopeless = free.filter(crashes__gte=MOST_CRASHES)
        hopeless.update(state=OutboxState.DEAD, leased_until=None, leased_by="")
    claim = {"leased_until": now() + LEASE, "leased_by": holder()}
    return bool(free.update(**claim, attempts=F("attempts") + 1))


def _deliver(message: OutboxMessage) -> Exception | None:
    """Send a claimed message; return what went wrong, or None."""
    send = _gateways[message.channel]
    take_in_hand()
    try:
        if message.channel in WITHIN:
            with transaction.atomic():
                send(message)
                _mark_sent(message)
        else:
            # No transaction while talking to the outside: SQLite's would keep every writer waiting.
            send(message)
            _mark_sent(message)
    except Exception as problem:  # noqa: BLE001 a gateway may fail in any way; the row says how
        _put_back(message, problem)
        return problem
    finally:
        put_down()
    return None


def _is_silence(problem: Exception) -> bool:
    """Whether nobody answered, as against an answer that refuses this one message."""
    answered = isinstance(problem, smtplib.SMTPException) and not isinstance(
        problem, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError
    )
    return isinstance(problem, OSError) and not answered


def _mark_sent(message: OutboxMessage) -> None:
    _let_go(message, state=OutboxState.SENT, sent_at=now(), error="")


def _put_back(message: OutboxMessage, problem: Exception) -> None:
    """Try again later, twice as long each time up to six hours; give up after a day or so."""
    pause = min(timedelta(seconds=30 * 2**message.attempts), LONGEST_PAUSE)
    spent = message.attempts >= MOST_ATTEMPTS
    _let_go(
        message,
        error=f"{type(problem).__name__}: {problem}"[:300],
        not_before=now() + pause,
        state=OutboxState.DEAD if spent else OutboxState.WAITING,
    )


def _let_go(message: OutboxMessage, **told: object) -> None:
    # Only what this process still holds: after a lost lease another worker has it.
    mine = OutboxMessage.objects.filter(pk=message.pk, leased_by=holder())
    mine.update(leased_until=None, leased_by="", **told)


def _to_desk(message: OutboxMessage) -> None:
    """Fan out to the people at the desk: a notice each, and a mail where an address is known."""
    for person in people_at(message.recipient):
        origin = f"outbox:{message.pk}:{person.pk}"
        Notice.objects.get_or_create(
            origin=origin,
            defaults={
                "user": person,
                "at": message.created_at,
                "title": message.title,
                "text": message.text,
                "url": message.url,
            },
        )
        if person.email:
            enqueue(
                Channel.EMAIL,
                person.email,
                title=message.title,
                text=message.text,
                url=message.url,
                once=f"mail:{origin}",
            )


def _by_mail(message: OutboxMessage) -> None:
    link = f"\n\n{settings.BASE_URL}{message.url}" if message.url else ""
    EmailMessage(
        subject=f"【联企】{message.title}".replace("\n", " "),
        body=f"{message.text}{link}",
        to=[message.recipient],
        headers={"Message-ID": f"<outbox-{message.pk}@lianqi>"},
    ).send()


def _no_gateway(message: OutboxMessage) -> None:
    raise GatewayMissing(f"{message.get_channel_display()}网关尚未接入")


_gateways: dict[str, Callable[[OutboxMessage], None]] = {
    Channel.DESK: _to_desk,
    Channel.EMAIL: _by_mail,
    Channel.SMS: _no_gateway,
    Channel.WECOM: _no_gateway,
    Channel.DINGTALK: _no_gateway,
}


def connect_gateway(channel: str, send: Callable[[OutboxMessage], None]) -> None:
    """Set the function that delivers a channel's messages; it raises to have them tried again."""
    _gateways[channel] = send
