"""Fills an empty, prepared database with a district of any size, in minutes.

A few hundred sample appeals go through the real actions; the others are copies of their rows with
keys, texts, firms and digests of their own. What the actions give, the copies have.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F, Max
from stdnum.cn import uscc

from benchmarks.patterns import Pattern, Sampler, copied_models, written_fields
from benchmarks.stories import FIRM, PERSON, Sample, samples, shared_out
from benchmarks.texts import Texts, firm_name
from benchmarks.writers import without_indexes, writer
from lianqi.appeals.models import Appeal
from lianqi.demo.district import ISSUED_ON, UNITS, found_district, seat_district
from lianqi.demo.playing import Stage
from lianqi.enterprises.actions import enter_enterprise
from lianqi.enterprises.models import Contact, Enterprise, Membership
from lianqi.kernel.clock import local
from lianqi.kernel.limits import forget_limits
from lianqi.kernel.models import NumberSeries, OutboxMessage, SearchEntry, TimeLimit
from lianqi.kernel.models.outbox import OutboxState
from lianqi.kernel.search import fill_index
from lianqi.organisation.models import User

PLATFORM_UNITS = tuple(code for code, *_ in UNITS)
MOST_DAYS, BATCH = 60, 2_000
FIRM_PREFIX = "firm"
Said = Callable[[str], None]


def load(
    size: int,
    *,
    days: int = 0,
    units: Sequence[str] = PLATFORM_UNITS,
    say: Said = lambda text: None,
) -> None:
    """Load ``size`` appeals into an empty, prepared database.

    ``days`` is how many days of the past the settled samples are spread over (more for a larger
    district, if nothing is said), ``units`` the codes of the units that handle them.
    """
    days = days or max(2, min(size // 300, MOST_DAYS))
    with transaction.atomic():
        seat_district(found_district())
        # All replies read the same here; that is no sign of anything.
        TimeLimit.objects.filter(key="appeal.signal.likeness").update(amount=101)
        forget_limits()
        clerk = User.objects.get(username="appeals_office")
        firms = _found_firms(clerk, max(20, min(size // 20, 20_000)))
        say("district and firms are there")
        sample_firm = _found_sample_firm(clerk)
        shares = shared_out(samples(units, days), size)
        patterns = _played(sample_firm, [(s, n) for s, n in shares if n], say)
    with without_indexes(model._meta.db_table for model in copied_models()):
        _copy_out(patterns, firms, size, say)
    say("rows and indexes are there")
    fill_index(Appeal._meta.label_lower)
    say("every appeal can be searched")
    _tidy_up()


# --- who is there


def _found_firms(clerk: User, number: int) -> list[tuple[int, int, str, str]]:
    """Enter firms with an account each; return (firm, account, name of firm, name of person)."""
    sample = enter_enterprise(
        actor=clerk, uscc=_code(0), name=firm_name(0), contact_name="联系人某",
        contact_phone="13800138000",
    )  # fmt: skip
    contact = sample.contacts.get()
    like = {
        name: getattr(sample, name)
        for name in ("state", "kind", "origin", "registered_at", "verified_at")
    }
    firms = Enterprise.objects.bulk_create(
        Enterprise(uscc=_code(n), name=firm_name(n), **like) for n in range(1, number + 1)
    )
    shut = make_password(None)
    people = User.objects.bulk_create(
        User(username=f"{FIRM_PREFIX}{n}", full_name=f"员工{n}", password=shut)
        for n in range(1, number + 1)
    )
    Contact.objects.bulk_create(
        Contact(enterprise=firm, name=contact.name, phone=contact.phone, main=True)
        for firm in firms
    )
    Membership.objects.bulk_create(
        Membership(user=person, enterprise=firm, since=ISSUED_ON)
        for person, firm in zip(people, firms, strict=True)
    )
    return [
        (firm.pk, person.pk, firm.name, person.full_name)
        for firm, person in zip(firms, people, strict=True)
    ]


def _found_sample_firm(clerk: User) -> Enterprise:
    firm = enter_enterprise(
        actor=clerk, uscc=_code(99_999), name=FIRM, contact_name="联系人某",
        contact_phone="13800138000",
    )  # fmt: skip
    person = User.objects.create_user("sample", full_name=PERSON)
    Membership.objects.create(user=person, enterprise=firm, since=date(2020, 8, 21))
    return firm


def _code(number: int) -> str:
    body = f"91410700MB{number:06d}X"
    return body + uscc.calc_check_digit(body)


# --- the samples


def _played(
    firm: Enterprise, shares: list[tuple[Sample, int]], say: Said
) -> list[tuple[Pattern, int]]:
    """Take each sample through the actions, read its rows, and remove them again."""
    stage = Stage([firm])
    sampler = Sampler(firm.pk, firm.memberships.get().user_id)
    found = []
    for sample, count in shares:
        appeal = stage.play(sample.scene)
        # As the worker leaves them; nobody may get a sample's mail.
        OutboxMessage.objects.filter(state=OutboxState.WAITING).update(
            state=OutboxState.SENT, sent_at=F("created_at"), attempts=1
        )
        found.append((sampler.pattern(appeal), count))
    say(f"{len(found)} samples went through the actions")
    _remove_samples()
    return found


def _remove_samples() -> None:
    about = {"subject_type": Appeal._meta.label_lower}
    for model in reversed(copied_models()):
        columns = {column.name for column in model._meta.concrete_fields}
        model._base_manager.filter(**about if "subject_id" in columns else {}).delete()
    SearchEntry.objects.filter(**about).delete()


# --- the copies


def _copy_out(
    patterns: list[tuple[Pattern, int]],
    firms: list[tuple[int, int, str, str]],
    size: int,
    say: Said,
) -> None:
    columns = {
        model._meta.db_table: [column.column for column in written_fields(model)]
        for model in copied_models()
    }
    last_keys = {
        model._meta.db_table: model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        for model in copied_models()
    }
    out, batch, done = writer(columns), [], 0
    for pattern, slots in _copies(patterns, firms, last_keys):
        batch.append((pattern, slots))
        if len(batch) >= BATCH:
            out.write(batch)
            done += len(batch)
            batch = []
            if done % 50_000 == 0:
                say(f"{done:,} of {size:,}")
    out.write(batch)
    out.close()
    _move_sequences()


def _copies(
    patterns: list[tuple[Pattern, int]],
    firms: list[tuple[int, int, str, str]],
    last_keys: dict[str, int],
) -> Iterator[tuple[Pattern, dict[str, Any]]]:
    texts, numbers, total = Texts(), dict[int, int](), 0
    for pattern, count in patterns:
        year = local(pattern.submitted_at).year
        for _ in range(count):
            total += 1
            numbers[year] = numbers.get(year, 0) + 1
            firm, person, firm_said, person_said = firms[total % len(firms)]
            slots = {
                "number": f"SQ{year}-{numbers[year]:05d}",
                "title": texts.title(total),
                "content": texts.content(),
                "firm": firm_said,
                "firm_id": firm,
                "person": person_said,
                "person_id": person,
            }
            pattern.fill(slots, last_keys)
            yield pattern, slots
    for year, last in numbers.items():
        NumberSeries.objects.update_or_create(key="appeal", year=year, defaults={"last": last})


def _move_sequences() -> None:
    """Let PostgreSQL's sequences go on after the keys that were given here."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in copied_models():
            if model._meta.pk.is_relation:  # its key is the appeal's
                continue
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'),"  # noqa: S608 our own names
                f' (SELECT COALESCE(MAX(id), 1) FROM "{table}"))'
            )


def _tidy_up() -> None:
    """Let the planner know what is there, as it would after a night in service."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
