"""How alike two answers are: wording counts, spacing and punctuation do not."""

import pytest

from lianqi.engines.likeness import likeness, shingles


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("已按规定办理，感谢支持。", "已按规定办理 感谢支持", 100),
        ("ＡＢＣ公司已办理完毕", "abc公司已办理完毕", 100),
        ("变压器已更换，供电恢复正常。", "退税款已于当日划出，请查收。", 0),
        ("", "已办理", 0),
        ("办", "办", 100),
    ],
)
def test_likeness_is_the_share_of_common_runs(one, other, percent):
    assert likeness(shingles(one), shingles(other)) == percent


def test_one_changed_word_in_a_long_answer_leaves_most_runs():
    answer = "您反映的园区南门外路面破损问题，已由养护单位完成修补，并安排每周巡查一次，如再有破损请随时联系我们。"

    share = likeness(shingles(answer), shingles(answer.replace("南门", "北门")))

    assert 75 <= share <= 90
