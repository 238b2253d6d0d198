"""Likeness of texts by character bigrams."""

from lianqi.engines.textmining import rank

TEXTS = ["消防验收整改意见理解不一致", "园区路灯不亮影响夜班工人", "夜间停电影响生产", ""]


def test_the_most_alike_comes_first_and_strangers_do_not_come():
    ranked = rank("厂区夜间停电，生产线停工", TEXTS)

    assert [index for index, _ in ranked] == [2]


def test_a_text_is_most_like_itself():
    [(index, score), *_] = rank(TEXTS[0], TEXTS)

    assert (index, score) == (0, 1.0)


def test_of_two_numbers_the_same_one_is_more_alike():
    assert [index for index, _ in rank("申报R2025补贴", ["r2026", "r2025"])] == [1, 0]


def test_equal_scores_keep_their_order_and_nothing_asks_for_nothing():
    assert [index for index, _ in rank("停电", ["停电", "停电"])] == [0, 1]
    assert (rank("", TEXTS), rank("停电", [])) == ([], [])
