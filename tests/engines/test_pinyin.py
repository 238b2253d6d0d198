"""Names by the first letters of their pinyin."""

import pytest

from lianqi.engines.pinyin import MOST, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("精工机械", ["jgjx"]),
        ("新乡市精工机械有限公司", ["xxsjgjxyxgs", "xxjgjxyxgs"]),
        ("长葛银行", ["cgyh", "cgyx", "zgyh", "zgyx"]),
        ("恒达（ＡBC）3号 厂", ["hdabc3hc"]),
        ("市区", ["sq"]),
        ("ABC Ltd. 24", []),
        ("", []),
    ],
)
def test_a_name_is_given_by_its_first_letters_in_each_reading(name, letters):
    assert initials(name) == letters


def test_a_name_of_many_readings_keeps_the_first_of_them():
    assert len(initials("长" * 40)) == MOST
