"""What people type: kept as they see it, without what nobody sees."""

import pytest
from django import forms

from lianqi.kernel.fields import LineField, LongField

ZERO_WIDTH = ["\u200b", "\u200c", "\u200e", "\u200f", "\u2060", "\u2066", "\ufeff", "\u00ad"]
TURNING = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2067", "\u2069"]
FILLERS = ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\u034f"]


@pytest.mark.parametrize("field", [LineField(), LongField()])
@pytest.mark.parametrize("mark", [*ZERO_WIDTH, *TURNING, *FILLERS])
def test_what_nobody_sees_is_dropped_wherever_it_stands(field, mark):
    assert field.clean(f"{mark}停{mark}电{mark}") == "停电"


@pytest.mark.parametrize("field", [LineField(), LongField()])
def test_a_text_of_invisible_characters_alone_is_no_text(field):
    with pytest.raises(forms.ValidationError, match="请填写这一项"):
        field.clean(" \u200b\u202e \ufeff\u3164")


@pytest.mark.parametrize("seen", ["👨‍👩‍👧", "👩🏽‍💻", "❤️‍🔥", "🏳️‍🌈", "𠮷", "é", "（新乡）有限公司"])
def test_what_is_seen_stays_as_it_was(seen):
    assert (LineField().clean(seen), LongField().clean(seen)) == (seen, seen)


def test_a_joiner_between_letters_is_dropped():
    assert LineField().clean("停\u200d电") == "停电"


def test_separators_of_lines_and_paragraphs_become_breaks():
    assert LongField().clean("一\u2028二\u2029三") == "一\n二\n三"
    assert LineField().clean("一\u2028二") == "一 二"


def test_a_control_character_is_still_refused_by_its_line():
    with pytest.raises(forms.ValidationError, match=r"第2行有看不见的控制字符（U\+0007）"):
        LongField().clean("一\n二\a")
