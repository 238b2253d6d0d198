"""`lianqi parse_plan`: what it prints, and how it refuses."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import UnitFactory

ANNEXES = Path(__file__).parents[1] / "data" / "annex_tasks.txt"

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("parse_plan", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json_lists_the_tasks_of_the_annexes():
    told = json.loads(run(ANNEXES, "--json"))

    assert len(told) == 19
    assert (told[0]["title"], told[0]["units"], told[0]["dates"]) == (
        "建立服务对象名录",
        ["人力资源部", "经济发展局"],
        ["2020-08-10"],
    )


def test_registered_units_lend_their_names(tmp_path):
    UnitFactory(name="税务局", aliases=["区税务局"])
    plan = tmp_path / "计划.txt"
    plan.write_text("2021年计划\n1.落实减税。（区税务局；6月底完成）")

    [task] = json.loads(run(plan, "--json"))

    assert (task["lead_unit"], task["warnings"]) == ("税务局", [])


def test_people_read_who_leads_by_when_and_what_is_doubtful(tmp_path):
    plan = tmp_path / "计划.txt"
    plan.write_text("一、减税\n1.落实政策。（税务局牵头，财政局配合，6月前）")

    told = run(plan, "--year", "2021").splitlines()

    assert told == [
        "  1 落实政策",
        "    一、减税",
        "    牵头：税务局　责任单位：税务局、财政局",
        "    时限：6月前 → 2021-06-30",
        "    存疑：“6月前”按6月底计，请核对。",
        "共 1 项任务，计划年度 2021",
    ]


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (b"", (), "文件是空的。请确认选对了文件，再重新上传。"),
        (b"abc", ("--year", "21"), "计划年度应为四位数的年份，如 --year 2021。"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, more, said):
    plan = tmp_path / "计划.txt"
    plan.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run(plan, *more)

    assert str(refused.value) == said


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "没有.txt")

    assert str(refused.value) == f"打不开文件“{tmp_path / '没有.txt'}”：No such file or directory。"
