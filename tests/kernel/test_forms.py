from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.kernel.forms import DayField, FaceRating, MomentField, MultipleFileField
from lianqi.kernel.templatetags.ui import icon


class DayForm(forms.Form):
    day = DayField(label="日期")


@pytest.mark.parametrize("typed", ["2026-11-23", "20261123", "2026/11/23", "2026年11月23日"])
def test_a_day_may_be_typed_in_each_usual_way(typed):
    assert DayField().clean(typed) == date(2026, 11, 23)


def test_a_wrong_day_or_time_is_answered_with_the_format():
    with pytest.raises(forms.ValidationError, match="请写成 2026-11-23 这样的格式"):
        DayField().clean("23/11")
    with pytest.raises(forms.ValidationError, match="请写成 2026-11-23 17:30 这样的格式"):
        MomentField().clean("明天")


def test_a_day_input_shows_the_value_as_it_is_typed():
    html = str(DayForm(initial={"day": date(2026, 11, 23)})["day"])

    assert html.partition("<button")[0] == (
        '<span class="day"><input type="text" name="day" value="2026-11-23" autocomplete="off"'
        ' required aria-describedby="id_day_helptext" id="id_day">\n'
    )


def test_five_faces_are_five_labelled_radios():
    class RatingForm(forms.Form):
        level = forms.ChoiceField(
            widget=FaceRating, choices=[("5", "非常满意"), ("1", "非常不满意")]
        )

    html = str(RatingForm()["level"])

    assert html == (
        '<div class="faces" id="id_level"><div>'
        f'<label for="id_level_0">{icon("mood-happy")}'
        '<input type="radio" name="level" value="5" required id="id_level_0">\n'
        "<span>非常满意</span></label>"
        f'<label for="id_level_1">{icon("mood-smile")}'
        '<input type="radio" name="level" value="1" required id="id_level_1">\n'
        "<span>非常不满意</span></label></div></div>"
    )


def test_several_files_are_cleaned_to_a_list_in_order():
    files = [SimpleUploadedFile("一.txt", b"1"), SimpleUploadedFile("二.txt", b"2")]

    assert MultipleFileField().clean(files) == files
    assert MultipleFileField(required=False).clean([]) == []


def test_one_empty_file_among_several_is_refused():
    files = [SimpleUploadedFile("一.txt", b"1"), SimpleUploadedFile("二.txt", b"")]

    with pytest.raises(forms.ValidationError, match="所提交的是空文件"):
        MultipleFileField().clean(files)


def test_a_required_file_must_be_chosen():
    with pytest.raises(forms.ValidationError, match="这个字段是必填项"):
        MultipleFileField().clean([])
