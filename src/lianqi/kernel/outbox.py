"""What leaves the database goes through one table: written with the act, delivered later."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.access import people_at
from lianqi.kernel.clock import local, now
from lianqi.kernel.models import Duty, Notice, OutboxMessage
from lianqi.kernel.models.outbox import Channel, OutboxState

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 12


class GatewayMissing(Exception):
    """No gateway is set up for the channel."""


def tell_desk(duty: Duty) -> None:
    """Tell whoever sits at the duty's desk that it has arisen."""
    due = f"请于{moment_text(local(duty.due_at))}前办理。" if duty.due_at else ""
    enqueue(
        Channel.DESK,
        duty.holder,
        title=f"待{duty.label}：{duty.matter}",
        text=due,
        url=duty.url,
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
    """Deliver what is due, oldest first; return how many messages left."""
    sent = 0
    waiting = OutboxMessage.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now()),
        state=OutboxState.WAITING,
        not_before__lte=now(),
    ).order_by("not_before", "pk")
    for pk in list(waiting.values_list("pk", flat=True)[:most]):
        if _claim(pk):
            sent += _deliver(OutboxMessage.objects.get(pk=pk))
    return sent


def _claim(pk: int) -> bool:
    """Take a message by one UPDATE, so that of two workers exactly one gets it."""
    moment = now()
    free = OutboxMessage.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=moment), pk=pk, state=OutboxState.WAITING
    )
    return bool(free.update(leased_until=moment + LEASE))


def _deliver(message: OutboxMessage) -> int:
    try:
        with transaction.atomic():
            _gateways[message.channel](message)
            message.state, message.sent_at, message.error = OutboxState.SENT, now(), ""
            message.attempts += 1
            message.leased_until = None
            message.save()
    except Exception as problem:  # noqa: BLE001 a gateway may fail in any way; the row says how
        message.refresh_from_db()
        _put_back(message, problem)
        return 0
    return 1


def _put_back(message: OutboxMessage, problem: Exception) -> None:
    """Try again later, twice as long each time up to six hours; give up after a day or so."""
    message.attempts += 1
    message.error = f"{type(problem).__name__}: {problem}"[:300]
    message.leased_until = None
    pause = timedelta(seconds=min(30 * 2**message.attempts, 6 * 3600))
    message.not_before = now() + pause
    if message.attempts >= MOST_ATTEMPTS:
        message.state = OutboxState.DEAD
    message.save()


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
