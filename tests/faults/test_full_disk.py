"""F3: the disk of the database, or of the files, is full, and has room again."""

import pytest

from tests.faults.clients import NOTHING, Browser, Ledger, crowd_of
from tests.faults.disks import MIB, small_disk
from tests.faults.houses import House, until
from tests.faults.measure import record

# SQLite's log grows to 4 MiB before it is begun anew: the reserve must hold it.
DISK, LEFT = 256, 10  # MiB
RESERVE = {"LIANQI_RESERVE_MB": "12", "LIANQI_SPACE_ALARM_PERCENT": "90"}
SAID = "存储空间已满，暂时不能提交"
CLEAN_ANSWERS = {0, 503, 507}


@pytest.mark.engine("sqlite")
def test_with_only_the_reserve_left_people_sign_in_and_read_but_do_not_submit(seed, tmp_path):
    ledger = Ledger()

    with (
        small_disk(tmp_path / "disk", DISK) as disk,
        House(seed.copy(tmp_path / "disk" / "home"), **RESERVE) as house,
    ):
        with crowd_of(house, seed.tokens, ledger):
            until(lambda: len(ledger.receipts) > 8)
            disk.fill(house, leave=LEFT * MIB)
            until(lambda: ledger.statuses.get(507, 0) > 8)
            newcomer = Browser(house, "firm7")
            signed_in = newcomer.sign_in()
            reads = newcomer.ask("GET", "/portal/appeals/")[0]
            status, headers, page = newcomer.post("/portal/new/", {})
            health = house.health()
            disk.clear(house)
            before = len(ledger.receipts)
            until(lambda: len(ledger.receipts) > before + 8)
        found = house.reckon()

    assert (signed_in, reads, status, headers["Retry-After"]) == (302, 200, 507, "10")
    assert page.count(SAID) == 2
    assert (health["status"], health["space"]["status"]) == ("degraded", "full")
    assert ledger.settle(found) == NOTHING
    assert set(ledger.statuses) <= CLEAN_ANSWERS
    record(
        "F3",
        "数据库所在磁盘只剩保留空间",
        submits=len(ledger.receipts),
        refused=ledger.statuses.get(507, 0),
        lost=0,
        duplicate=0,
    )


@pytest.mark.engine("sqlite")
def test_a_disk_full_to_the_last_byte_loses_nothing_and_work_goes_on_by_itself(seed, tmp_path):
    ledger = Ledger()

    with (
        small_disk(tmp_path / "disk", DISK) as disk,
        House(seed.copy(tmp_path / "disk" / "home")) as house,
    ):
        reader = Browser(house, "firm7")
        reader.sign_in()
        with crowd_of(house, seed.tokens, ledger):
            until(lambda: len(ledger.receipts) > 8)
            disk.fill(house)
            until(lambda: ledger.statuses.get(507, 0) > 8)
            reads = reader.ask("GET", "/portal/appeals/")[0]
            disk.clear(house)
            before = len(ledger.receipts)
            until(lambda: len(ledger.receipts) > before + 8)
        found = house.reckon()

    assert reads == 200
    assert ledger.settle(found) == NOTHING
    assert set(ledger.statuses) <= CLEAN_ANSWERS
    record(
        "F3",
        "数据库所在磁盘写满",
        submits=len(ledger.receipts),
        refused=ledger.statuses.get(507, 0),
        lost=0,
        duplicate=0,
    )


def test_an_upload_onto_a_full_disk_leaves_neither_row_nor_file(seed, tmp_path):
    content = ("夜间停电记录。" * 20_000).encode()

    with small_disk(tmp_path / "disk", 8) as disk:
        files = tmp_path / "disk" / "files"
        with House(seed.copy(), LIANQI_FILES=str(files)) as house:
            firm = Browser(house, "firm7")
            firm.sign_in()
            first = firm.submit_with_file("one", content)
            disk.fill(house, leave=len(content) // 2)
            full = [firm.submit_with_file(f"full{number}", content) for number in range(3)]
            while_full = house.reckon()
            disk.clear(house)
            again = [firm.submit_with_file(f"full{number}", content) for number in range(3)]
            found = house.reckon()

    assert full == [507, 507, 507]
    assert while_full["files"] == {"rows": 1, "broken": [], "orphans": 0}
    assert found["files"] == {"rows": 4, "broken": [], "orphans": 0}
    assert [key for key, _ in found["appeals"]] == ["one", "full0", "full1", "full2"]
    assert [number for _, number in found["appeals"]] == [first, *again]
    record("F3", "附件所在磁盘写满", uploads=7, refused=3, rows_without_file=0, orphans=0)
