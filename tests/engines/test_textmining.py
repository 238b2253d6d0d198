"""Characters as they are searched, and likeness of texts."""

import pytest

from lianqi.engines.textmining import (
    Likeness,
    bigrams,
    searchable,
    searchable_characters,
    spread,
    telling_bigrams,
)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("ＰＶＣ 管材\n", "pvc管材"),
        ("Café ﬁn ㎡ ½", "cafefinm21⁄2"),
        ("停\u200b电\x00", "停电"),
        ("ŉ", "ʼn"),
        ("", ""),
    ],
)
def test_a_text_is_searched_in_its_plain_form(written, searched):
    assert searchable(written) == searched
    assert "".join(searchable_characters(written)) == searched


def test_every_character_begins_a_gram():
    assert bigrams("停电了") == ["停电", "电了", "了"]
    assert bigrams("") == []


def test_marks_tell_nothing():
    assert telling_bigrams("停电，停电。") == {"停电": 2}


def test_the_same_text_is_alike_and_a_strange_one_is_not():
    text = "厂区夜间停电影响生产"
    likeness = Likeness(text, spread([text, "幼儿园学费太贵"]), 2)

    assert likeness.of(text) == pytest.approx(1)
    assert likeness.of("幼儿园学费太贵") == 0
    assert 0 < likeness.of("夜间停电三次") < 1


def test_a_rare_word_weighs_more_than_a_common_one():
    frequency = spread(["请问停电", "请问办证", "请问补贴", "请问学费"])
    likeness = Likeness("请问停电", frequency, 4)

    assert likeness.of("停电") > likeness.of("请问")


@pytest.mark.parametrize(("one", "other"), [("", "停电"), ("停电", ""), ("，。", "停电")])
def test_a_text_without_words_is_like_nothing(one, other):
    assert Likeness(one, {}, 0).of(other) == 0
