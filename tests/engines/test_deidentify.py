"""What tells who somebody is, is found however it is written."""

import pytest

from lianqi.engines.deidentify import COVER, addressed_names, cover, find, firm_names

NAME = "新乡市星河精工科技有限公司"
BRACKETS = str.maketrans("", "", "()（）")
CODE = "91410700MA45ABCD1X"


def found(text, **asked):
    return [(hit.kind, hit.text) for hit in find(text, **asked)]


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "１３８００１３８０００",
        "1 3 8 0 0 1 3 8 0 0 0",
        "138\u200b0013\u200b8000",
        "138\ufeff00138000",
        "+86 13800138000",
        "8613800138000",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "138.0013.8000",
        "(138)0013-8000",
        "138****8000",
        "0373-3012345",
        "（0373）3012345",
        "400-800-1234",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(written):
    [hit] = find(f"请拨打{written}找我")

    assert hit.kind == "phone"
    assert cover(f"请拨打{written}找我").translate(BRACKETS) == f"请拨打{COVER}找我"


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月23日至2026年12月1日停电三次",
        "补贴12500.50元，用地30亩",
        "依据附件3五（四）第12条",
        "诉求编号 SQ2026-00001",
        "十一月二十三日，一百二十三万五千元",
        "热处理炉温度1380度，批次20261123",
    ],
)
def test_dates_amounts_and_numbers_of_papers_are_no_finds(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("11010519491231002X", "id"),
        ("110105 19491231 002x", "id"),
        ("１１０１０５１９４９１２３１００２Ｘ", "id"),
        ("410711800101123", "id"),
        ("6222 0212 0001 2345 679", "card"),
        ("wang.li@example.com", "email"),
        ("wang.li ＠ example．com", "email"),
        ("微信号：lianqi_2026", "account"),
        ("豫G12345", "plate"),
        ("豫G·D12345", "plate"),
    ],
)
def test_other_numbers_and_addresses_are_found(written, kind):
    assert found(f"材料见 {written} 谢谢") == [(kind, written)]


def test_a_credit_code_is_found_even_when_it_is_mistyped():
    assert [kind for kind, _ in found(f"代码{CODE}。")] == ["uscc"]
    assert [kind for kind, _ in found(f"代码{CODE[:8]} {CODE[8:]}。")] == ["uscc"]


@pytest.mark.parametrize(
    "written",
    [
        "新乡市星河精工科技有限公司",
        "新 乡 市 星 河 精 工 科 技 有 限 公 司",
        "新乡市（星河）精工科技有限公司",
        "星\u200b河精工",
        "星河",
        "“星河精工科技”",
    ],
)
def test_a_firm_is_found_by_its_full_name_and_by_its_short_ones(written):
    names = firm_names(NAME, regions=["新乡"])

    assert cover(f"我们{written}反映", names=names).replace("“", "").replace("”", "") == (
        f"我们{COVER}反映"
    )


def test_the_short_names_leave_out_place_trade_and_legal_form():
    assert firm_names(NAME, regions=["新乡"]) == [
        "新乡市星河精工科技有限公司",
        "新乡市星河精工科技",
        "星河精工科技",
        "星河精工",
        "星河",
    ]


def test_latin_names_are_found_in_any_case_and_width():
    assert cover("ＡＢＣ－ｔｅｃｈ 供货", names=["abc tech"]) == f"{COVER} 供货"


def test_forms_of_address_are_found_but_already_hidden_names_are_not():
    assert [text for _, text in found("张总、李先生和赵晓明女士，王某某，总体来看")] == [
        "张总",
        "李先生",
        "赵晓明女士",
    ]


def test_a_person_is_covered_by_name_and_by_title():
    assert cover("请找欧阳明或者欧总", names=addressed_names("欧阳明")) == f"请找{COVER}或者{COVER}"


def test_what_overlaps_is_covered_once():
    [hit] = find("星河精工科技", names=["星河精工", "精工科技"])

    assert (hit.kind, hit.text) == ("name", "星河精工科技")


def test_covering_twice_changes_nothing_more():
    once = cover("星河的电话13800138000", names=["星河"])

    assert (once, cover(once, names=["星河"])) == (f"{COVER}的电话{COVER}", once)


def test_a_text_without_finds_stays_as_it_is():
    assert cover("厂区夜间停电影响生产。\n请协调。", names=["星河"]) == (
        "厂区夜间停电影响生产。\n请协调。"
    )
