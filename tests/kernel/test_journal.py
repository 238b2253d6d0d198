import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.journal import verify_chain, verify_journal, write_line
from lianqi.kernel.management.worker import Worker
from lianqi.kernel.models import JournalEntry, JournalHead, JournalIdentity
from lianqi.kernel.seals import seal_file, seal_journal
from tests.factories import RegionFactory, UnitFactory
from tests.kernel.threads import together

pytestmark = pytest.mark.django_db
LINES = "kernel_journalentry"
HEADS = "kernel_journalhead"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def a_chain(lines=4):
    unit = UnitFactory()
    for number in range(lines):
        with transaction.atomic():
            write_line(
                unit,
                actor=SYSTEM,
                verb="t.say",
                label="记",
                text=f"第{number}句",
                data={"n": number},
            )
    return unit


def verdict():
    """Run the command; return what it printed and its exit code."""
    out = io.StringIO()
    try:
        call_command("verify_journal", stdout=out)
    except SystemExit as leaving:
        return out.getvalue().strip(), leaving.code
    return out.getvalue().strip(), 0


def test_a_sound_journal_is_counted():
    a_chain(3)
    a_chain(2)

    assert verdict() == ("ok 2 subjects 5 lines", 0)


def test_an_empty_journal_is_sound():
    assert verdict() == ("ok 0 subjects 0 lines", 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "别的话"),
        ("actor_label", "别人"),
        ("label", "别事"),
        ("verb", "t.other"),
        ("audience", "public"),
        ("data", '{"n": 9}'),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("hash", "0" * 64),
        ("previous_hash", "1" * 64),
    ],
)
def test_a_changed_line_is_found(column, value):
    unit = a_chain()
    sql(f"UPDATE {LINES} SET {column} = %s WHERE seq = 2", value)  # noqa: S608 our own names

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 2 行与校验值不符", 1)


def test_a_line_with_a_value_that_none_ever_had_is_found():
    unit = a_chain()
    # A moment before all calendars; what no column could hold, such as words, only SQLite takes.
    value = "garbage" if connection.vendor == "sqlite" else "4713-01-01 00:00:00+00 BC"
    sql(f"UPDATE {LINES} SET at = %s WHERE seq = 2", value)  # noqa: S608 our own names

    said, code = verdict()

    assert (said.startswith(f"broken organisation.unit:{unit.pk} "), code) == (True, 1)


def test_a_removed_line_is_found():
    unit = a_chain()
    sql(f"DELETE FROM {LINES} WHERE seq = 2")  # noqa: S608

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 2 行缺失", 1)


def test_a_removed_first_line_is_found_even_if_the_rest_is_renumbered():
    unit = a_chain()
    sql(f"DELETE FROM {LINES} WHERE seq = 1")  # noqa: S608
    for seq in (2, 3, 4):
        sql(f"UPDATE {LINES} SET seq = %s WHERE seq = %s", seq - 1, seq)  # noqa: S608

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 1 行与校验值不符", 1)


def test_an_inserted_line_is_found():
    unit = a_chain()
    sql(f"UPDATE {LINES} SET seq = 5 WHERE seq = 4")  # noqa: S608
    sql(f"UPDATE {LINES} SET seq = 4 WHERE seq = 3")  # noqa: S608
    forged = JournalEntry.objects.get(seq=2)
    forged.pk, forged.seq = None, 3
    forged.save(force_insert=True)

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 3 行与校验值不符", 1)


def test_reordered_lines_are_found():
    unit = a_chain()
    for seq, to in ((2, 99), (3, 2), (99, 3)):
        sql(f"UPDATE {LINES} SET seq = %s WHERE seq = %s", to, seq)  # noqa: S608

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 2 行与校验值不符", 1)


def test_a_cut_tail_is_found_by_the_head():
    unit = a_chain()
    sql(f"DELETE FROM {LINES} WHERE seq = 4")  # noqa: S608

    assert verdict() == (
        f"broken organisation.unit:{unit.pk} 第 4 行起被截去（应有 4 行）",
        1,
    )


def test_a_tail_cut_together_with_its_head_is_found_by_the_seal():
    unit = a_chain()
    seal_journal()
    third = JournalEntry.objects.get(seq=3)
    sql(f"DELETE FROM {LINES} WHERE seq = 4")  # noqa: S608
    sql(f"UPDATE {HEADS} SET seq = 3, hash = %s", third.hash)  # noqa: S608

    assert verdict() == (
        f"broken organisation.unit:{unit.pk} 第 4 行起被截去（封存时有 4 行）",
        1,
    )


def test_a_chain_removed_altogether_is_found_by_head_then_by_seal():
    unit = a_chain()
    seal_journal()
    sql(f"DELETE FROM {LINES}")  # noqa: S608
    by_head = verdict()
    sql(f"DELETE FROM {HEADS}")  # noqa: S608

    assert by_head == (f"broken organisation.unit:{unit.pk} 全部 4 行已丢失", 1)
    assert verdict() == (f"broken organisation.unit:{unit.pk} 封存后整条记录链已丢失", 1)


def test_a_chain_rewritten_with_fresh_hashes_is_found_by_the_seal():
    unit = a_chain(2)
    seal_journal()
    sql(f"DELETE FROM {LINES}")  # noqa: S608
    sql(f"DELETE FROM {HEADS}")  # noqa: S608
    for text in ("改写一", "改写二"):
        with transaction.atomic():
            write_line(unit, actor=SYSTEM, verb="t.say", label="记", text=text)

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 2 行与封存值不符", 1)


def test_a_missing_head_is_found():
    unit = a_chain()
    sql(f"DELETE FROM {HEADS}")  # noqa: S608

    assert verdict() == (f"broken organisation.unit:{unit.pk} 第 4 行之后的链尾登记缺失", 1)


@pytest.mark.parametrize("how", ["change", "cut", "forge"])
def test_a_touched_seal_file_is_found(how):
    unit = a_chain()
    seal_journal()
    with transaction.atomic():
        write_line(unit, actor=SYSTEM, verb="t.say", label="记")
    seal_journal()
    path = Path(seal_file())
    first, second = path.read_text().splitlines()
    forged = {**json.loads(first), "mark": "0" * 64}
    path.write_text(
        {"change": first.replace("4", "3"), "cut": first[:40], "forge": json.dumps(forged)}[how]
        + f"\n{second}\n"
    )

    assert verdict() == ("broken 封存文件第 1 行被改动", 1)


def test_a_seal_line_taken_out_of_the_file_is_found():
    unit = a_chain()
    seal_journal()
    with transaction.atomic():
        write_line(unit, actor=SYSTEM, verb="t.say", label="记")
    seal_journal()
    path = Path(seal_file())
    path.write_text(path.read_text().splitlines()[1] + "\n")

    assert verdict() == ("broken 封存文件第 1 行之前有缺失", 1)


def grown_by_one(unit):
    with transaction.atomic():
        write_line(unit, actor=SYSTEM, verb="t.say", label="记")


def test_a_seal_file_that_is_gone_is_found():
    unit = a_chain()
    seal_journal()
    seal_file().unlink()
    lost = "已封存至第 4 行，封存文件只到第 0 行（封存文件丢失或被截短）"

    assert verdict() == (f"broken organisation.unit:{unit.pk} {lost}", 1)
    assert verify_chain("organisation.unit", unit.pk).broken.endswith(lost)


def test_the_newest_seal_cut_off_the_end_of_the_file_is_found():
    unit = a_chain()
    seal_journal()
    grown_by_one(unit)
    seal_journal()
    path = seal_file()
    path.write_text(path.read_text().splitlines()[0] + "\n")

    assert verdict() == (
        f"broken organisation.unit:{unit.pk} "
        "已封存至第 5 行，封存文件只到第 4 行（封存文件丢失或被截短）",
        1,
    )


def test_a_database_that_moved_still_finds_its_seals(monkeypatch):
    unit = a_chain()
    seal_journal()
    before = seal_file()
    monkeypatch.setitem(connection.settings_dict, "NAME", "elsewhere")
    grown_by_one(unit)
    seal_journal()

    assert (seal_file(), verdict()) == (before, ("ok 1 subjects 5 lines", 0))


def test_seals_under_a_name_of_old_are_found_and_continued():
    unit = a_chain()
    seal_journal()
    old = seal_file().rename(seal_file().with_name("journal-0123456789ab.jsonl"))
    JournalIdentity.objects.all().delete()
    grown_by_one(unit)
    seal_journal()

    assert (seal_file(), len(old.read_text().splitlines())) == (old, 2)
    assert verdict() == ("ok 1 subjects 5 lines", 0)


def test_seals_of_another_database_in_the_folder_are_left_alone():
    a_chain()
    seal_journal()
    other = seal_file().rename(seal_file().with_name("journal-0123456789ab.jsonl"))
    sql(f"DELETE FROM {LINES}")  # noqa: S608
    sql(f"DELETE FROM {HEADS}")  # noqa: S608
    JournalIdentity.objects.all().delete()
    a_chain(2)
    seal_journal()

    assert verdict() == ("ok 1 subjects 2 lines", 0)
    assert len(other.read_text().splitlines()) == 1


def test_a_long_last_seal_is_found_from_the_end_of_the_file():
    chains = [a_chain(1) for _ in range(500)]
    seal_journal()
    grown_by_one(chains[0])
    seal_journal()

    assert verdict() == ("ok 500 subjects 501 lines", 0)


@pytest.mark.usefixtures("transactional_db")
def test_two_that_seal_at_once_leave_a_sound_file():
    a_chain()

    sealed = together(seal_journal, seal_journal)

    assert sorted(sealed) == [0, 1]
    assert verdict() == ("ok 1 subjects 4 lines", 0)


def test_a_worker_seals_as_it_ends():
    unit = a_chain()
    worker = Worker()
    worker.stop()

    worker.run()

    assert JournalHead.objects.about(unit).get().sealed_seq == 4
    assert verdict() == ("ok 1 subjects 4 lines", 0)


def test_sealing_takes_only_what_grew():
    a_chain()
    first, again = seal_journal(), seal_journal()
    unit = a_chain(1)

    assert (first, again, seal_journal()) == (1, 0, 1)
    assert JournalHead.objects.about(unit).get().sealed_seq == 1


def test_a_line_belongs_inside_the_transaction_of_its_act(transactional_db):
    with pytest.raises(RuntimeError):
        write_line(RegionFactory(), actor=SYSTEM, verb="t.say", label="记")


def test_one_record_is_proved_alone():
    whole, broken = a_chain(3), a_chain(2)
    JournalEntry.objects.about(broken).filter(seq=1).update(text="改")

    assert verify_chain("organisation.unit", whole.pk).broken == ""
    assert verify_chain("organisation.unit", broken.pk).broken.endswith("第 1 行与校验值不符")
    assert (verify_chain("organisation.unit", 0).lines, verify_journal().broken != "") == (0, True)
