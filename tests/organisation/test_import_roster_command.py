"""`lianqi import_roster`: the annex's own text, the dry run, and everything that is refused."""

import json
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from lianqi.engines.roster import parse_roster
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.models import Appointment, Region, Unit, User
from tests.factories import UnitFactory

ANNEX = Path(__file__).parents[1] / "data" / "annex3_roster.txt"
REGION = ["--create-units", "--region", "410771", "高新区"]

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("import_roster", *map(str, arguments), stdout=out)
    return out.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return str(refused.value)


def register_annex_units():
    for row in parse_roster("annex.txt", ANNEX.read_bytes()).rows:
        UnitFactory(name=row.unit)


def counts():
    return (Unit.objects.count(), User.objects.count(), Appointment.objects.count())


def table(rows):
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def test_the_dry_run_prints_the_annex_and_changes_nothing():
    told = json.loads(run(ANNEX, "--json"))

    assert (told["count"], len(told["units"])) == (18, 18)
    assert sum(w["code"] == "liaison_not_section_head" for w in told["warnings"]) == 9
    assert {unit["phone"] for unit in told["units"]} == {"138****8000"}
    assert counts() == (0, 0, 0)


@pytest.fixture
def before_migrate(tmp_path):
    """Run the installed command where no database exists yet."""

    def run_outside(*arguments):
        return subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-m", "lianqi", "import_roster", str(ANNEX), *arguments],
            env={"LIANQI_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_outside


def test_the_dry_run_needs_no_database(before_migrate):
    done = before_migrate("--json")

    assert (done.returncode, json.loads(done.stdout)["count"], done.stderr) == (0, 18, "")


def test_without_a_database_the_import_says_what_to_run(before_migrate):
    done = before_migrate()

    said = "CommandError: 数据库还没有建好或连不上，请先运行 lianqi migrate 再导入。\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_the_annex_is_entered_with_its_nine_warnings():
    register_annex_units()

    lines = run(ANNEX).splitlines()

    assert lines[-1] == "18 个单位，36 人：新任 36，未变 0"
    assert sum("附件1第九条" in line for line in lines) == 9
    assert counts() == (18, 36, 36)
    assert set(JournalEntry.objects.values_list("actor_label", flat=True)) == {"系统"}


def test_entering_it_twice_changes_nothing():
    register_annex_units()
    run(ANNEX)

    assert run(ANNEX).splitlines()[-1] == "18 个单位，36 人：新任 0，未变 36"
    assert counts() == (18, 36, 36)


def test_unknown_units_are_all_named_and_nothing_is_changed():
    UnitFactory(name="纪工委")

    message = refusal(ANNEX)

    assert message.splitlines()[0] == "有17个单位没有登记，没有改动任何数据："
    assert message.splitlines()[1] == "  第20行 人力资源部"
    assert counts() == (1, 0, 0)


def test_unknown_units_can_be_registered_on_the_way():
    lines = run(ANNEX, *REGION).splitlines()

    assert lines[-1] == "18 个单位，36 人：新任 36，未变 0"
    assert Region.objects.get().short_name == "高新区"
    assert Unit.objects.order_by("order").first().name == "纪工委"


def test_without_a_region_units_are_not_registered():
    message = refusal(ANNEX, "--create-units")

    assert message.startswith("数据库里还没有区域，没有改动任何数据。")
    assert counts() == (0, 0, 0)


def test_a_new_name_takes_the_post_over(tmp_path):
    unit = UnitFactory(name="税务局")
    heading = ["单位", "领导姓名", "职务", "联络员姓名", "职务", "手机"]
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(table([heading, ["税务局", "刘某某", "副局长", "卫某", "科长", "13800138000"]]))
    new.write_bytes(table([heading, ["税务局", "刘某某", "局长", "钱某", "科长", "13800138001"]]))
    run(old)

    told = run(new).splitlines()

    assert told == [
        "  1 税务局 分管领导 刘某某 局长 更新（原：刘某某 副局长）",
        "  2 税务局 联络员 钱某 科长 新任（原：卫某 科长）",
        "1 个单位，2 人：新任 1，更新 1，未变 0",
    ]
    held = Appointment.objects.in_force().filter(unit=unit)
    assert sorted(str(post.user) for post in held) == ["刘某某", "钱某"]


def test_a_new_number_of_the_same_person_is_entered(tmp_path):
    UnitFactory(name="税务局")
    file = tmp_path / "roster.csv"
    text = "单位,领导姓名,职务,联络员姓名,职务,手机\n税务局,刘某某,副局长,卫某,科长,{}\n"
    file.write_text(text.format("13800138000"), encoding="utf-8")
    run(file)
    file.write_text(text.format("13800138001"), encoding="utf-8")

    assert run(file).splitlines()[-1] == "1 个单位，2 人：新任 0，更新 1，未变 1"
    assert str(User.objects.get(full_name="卫某").phone) == "138****8001"
    assert Appointment.objects.count() == 2


def test_text_in_gb18030_is_read(tmp_path):
    file = tmp_path / "名单.txt"
    file.write_bytes(ANNEX.read_text(encoding="utf-8").encode("gb18030"))

    assert json.loads(run(file, "--json"))["count"] == 18


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "nothing.txt"

    assert refusal(path) == f"找不到文件“{path}”，请核对路径。"


def test_a_folder_is_refused(tmp_path):
    message = refusal(tmp_path, "--json")

    assert message == f"“{tmp_path}”是文件夹，不是文件。请给出名单文件（xlsx、csv、txt）。"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "文件“empty.txt”：文件是空的"),
        ("broken.xlsx", b"PK\x03\x04broken", "文件“broken.xlsx”："),
        ("renamed.xlsx", b"plain text", "文件“renamed.xlsx”：内容不是 xlsx 文件"),
        ("letter.txt", "关于召开会议的通知\n请准时参加。\n".encode(), "文件里没"),
        ("tool.exe", b"MZ\x90\x00", "文件“tool.exe”：名册文件不收“.exe”文件"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "文件“old.xls”：这是旧版"),
        ("secret.txt", "机密★5年\n单位\n".encode(), "文件“secret.txt”：正文中有密级标志"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_is_no_roster_is_refused_in_chinese(tmp_path, name, content, said, options):
    file = tmp_path / name
    file.write_bytes(content)

    message = refusal(file, *options)

    assert (message[: len(said)], counts()) == (said, (0, 0, 0))
