import csv
from collections import defaultdict
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.enterprise_size import SECTIONS, Number, Size, classify, size_label

ORDER = ["micro", "small", "medium", "large"]
ARGUMENTS = {"employees": "employees", "revenue": "revenue_wan", "assets": "assets_wan"}
Row = dict[str, dict[str, int]]


def table() -> dict[str, Row]:
    """Lower bounds by row number, indicator and grade, read apart from the engine."""
    rows: dict[str, Row] = defaultdict(dict)
    source = files("lianqi.engines") / "data" / "size_thresholds.csv"
    for line in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        bounds = {grade: int(line[f"{grade}_min"]) for grade in ("large", "medium", "small")}
        for code in line["gb4754_codes"].split(","):
            rows[code][ARGUMENTS[line["indicator"]]] = bounds
    return rows


TABLE = table()
STEPS = [
    (code, grade, lower)
    for code in TABLE
    for grade, lower in (("large", "medium"), ("medium", "small"), ("small", "micro"))
]


def at_bounds(code: str, grade: str) -> dict[str, Number]:
    return {argument: bounds[grade] for argument, bounds in TABLE[code].items()}


@pytest.mark.parametrize(("code", "grade", "lower"), STEPS)
def test_at_all_lower_bounds_the_grade_is_reached(code: str, grade: str, lower: str) -> None:
    assert classify(code, **at_bounds(code, grade)) == grade


@pytest.mark.parametrize(("code", "grade", "lower"), STEPS)
def test_one_indicator_just_below_drops_one_grade(code: str, grade: str, lower: str) -> None:
    for argument, bounds in TABLE[code].items():
        figures = at_bounds(code, grade) | {argument: bounds[grade] - Decimal("0.01")}

        assert classify(code, **figures) == lower


def test_all_sixteen_rows_are_tested() -> None:
    source = files("lianqi.engines") / "data" / "size_thresholds.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))

    assert sorted({int(row["seq"]) for row in rows}) == list(range(1, 17))
    assert {row["source"] for row in rows} == {
        "统计上大中小微型企业划分办法(2017) 国统字〔2017〕213号"
    }


def test_the_public_example_of_a_software_firm_is_medium() -> None:
    assert classify("I65", employees=103, revenue_wan=15735) == "medium"


def test_a_failing_indicator_drops_as_far_as_it_must() -> None:
    assert (
        classify("C", employees=5000, revenue_wan=1999),
        classify("C", employees=5000, revenue_wan=299),
        classify("C", employees=0, revenue_wan=10**6),
    ) == ("small", "micro", "micro")


@pytest.mark.parametrize(
    ("industry", "size"),
    [
        ("C13", "medium"),
        ("c13", "medium"),
        ("Ｃ１３", "medium"),
        (" C 1311 ", "medium"),
        ("1311", "medium"),
        ("C", "medium"),
        ("A", "large"),
        ("A0111", "large"),
        ("L", "medium"),
        ("L7211", "medium"),
        ("E", "medium"),
        ("F51", "medium"),
        ("51", "medium"),
        ("5199", "medium"),
        ("F5211", "large"),
        ("G54", "medium"),
        ("G59", "large"),
        ("G591", "medium"),
        ("G5910", "medium"),
        ("K7010", "medium"),
        ("k7010", "medium"),
        ("K701", "medium"),
        ("K7020", "medium"),
        ("K7030", "large"),
        ("K709", "large"),
        ("M", "large"),
        ("M7320", "large"),
        ("Q85", "large"),
        ("R", "large"),
    ],
)
def test_a_code_finds_its_row(industry: str, size: Size) -> None:
    figures = {"employees": 300, "revenue_wan": 30000, "assets_wan": 9000}

    assert classify(industry, **figures) == size


@pytest.mark.parametrize(
    "industry",
    [
        "F",
        "G",
        "H",
        "I",
        "K",
        "K70",
        "Q",
        "G53",
        "G5310",
        "J",
        "J66",
        "K7040",
        "P",
        "P83",
        "Q84",
        "Q8411",
        "S",
        "S91",
        "T",
        "97",
    ],
)
def test_what_the_table_does_not_cover_has_no_size(industry: str) -> None:
    assert classify(industry, employees=300, revenue_wan=30000, assets_wan=9000) is None


@pytest.mark.parametrize(
    ("industry", "figures"),
    [
        ("C13", {"employees": 100}),
        ("C13", {"revenue_wan": 300}),
        ("E", {"revenue_wan": 80000}),
        ("M", {"revenue_wan": 80000}),
        ("A", {}),
    ],
)
def test_a_missing_indicator_leaves_the_size_open(
    industry: str, figures: dict[str, Number]
) -> None:
    assert classify(industry, **figures) is None


@pytest.mark.parametrize(
    ("industry", "figures"),
    [("C13", {"employees": 19}), ("C13", {"revenue_wan": 299}), ("E", {"assets_wan": 10})],
)
def test_one_indicator_below_the_small_bound_decides_whatever_the_others_are(
    industry: str, figures: dict[str, Number]
) -> None:
    assert classify(industry, **figures) == "micro"


def test_an_indicator_the_row_does_not_ask_for_may_be_missing() -> None:
    assert (classify("M", employees=100), classify("A", revenue_wan=50.0)) == ("medium", "small")


@pytest.mark.parametrize(
    ("industry", "message"),
    [
        ("制造业", "应按 GB/T 4754-2017 填写门类字母或2至4位数字，如 C、C13、K7010。"),
        ("", "应按 GB/T 4754-2017 填写门类字母或2至4位数字，如 C、C13、K7010。"),
        ("C1", "应按 GB/T 4754-2017 填写门类字母或2至4位数字，如 C、C13、K7010。"),
        ("U", "应按 GB/T 4754-2017 填写门类字母或2至4位数字，如 C、C13、K7010。"),
        ("C13111", "应按 GB/T 4754-2017 填写门类字母或2至4位数字，如 C、C13、K7010。"),
    ],
)
def test_an_unknown_industry_is_refused(industry: str, message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        classify(industry, employees=1)

    assert str(refusal.value) == f"行业代码“{industry}”不认识，{message}"


@pytest.mark.parametrize("division", ["00", "98", "99"])
def test_an_unknown_division_is_refused(division: str) -> None:
    with pytest.raises(ValueError, match=f"^行业大类 {division} 不存在"):
        classify(division, employees=1)


def test_letter_and_division_must_agree() -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        classify("C51", employees=1)

    assert str(refusal.value) == (
        "行业代码“C51”的门类与大类不一致：大类 51 属于门类 F（批发和零售业），不属于 C（制造业）。"
    )


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"employees": -1}, "从业人员应为不小于0的数字，现为 -1，请核对。"),
        ({"revenue_wan": -0.5}, "营业收入应为不小于0的数字，现为 -0.5，请核对。"),
        ({"assets_wan": Decimal("-2")}, "资产总额应为不小于0的数字，现为 -2，请核对。"),
        ({"revenue_wan": float("nan")}, "营业收入应为不小于0的数字，现为 nan，请核对。"),
    ],
)
def test_a_negative_figure_is_refused(figures: dict[str, Number], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        classify("M", **figures)


def test_the_sections_cover_each_division_once() -> None:
    divisions = [n for section in SECTIONS.values() for n in range(section.first, section.last + 1)]

    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert divisions == list(range(1, 98))
    assert SECTIONS["C"] == ("制造业", 13, 43)


@pytest.mark.parametrize(
    ("code", "label"),
    [("large", "大型"), ("medium", "中型"), ("small", "小型"), ("micro", "微型")],
)
def test_each_size_has_its_label(code: str, label: str) -> None:
    assert size_label(code) == label


def test_an_unknown_size_has_no_label() -> None:
    with pytest.raises(
        ValueError, match=r"^企业规模“huge”不认识，应为 large、medium、small 或 micro。$"
    ):
        size_label("huge")


@given(
    st.sampled_from(sorted(TABLE)),
    st.tuples(*[st.integers(0, 250_000)] * 3),
    st.tuples(*[st.integers(0, 250_000)] * 3),
)
def test_a_firm_that_grows_never_drops(
    code: str, figures: tuple[int, int, int], growth: tuple[int, int, int]
) -> None:
    before = classify(code, *figures)
    after = classify(code, *(a + b for a, b in zip(figures, growth, strict=True)))

    assert ORDER.index(str(before)) <= ORDER.index(str(after))
