"""What is left out or read once for speed says the same as before."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template, engines
from django.utils import translation

from lianqi.appeals.models import Appeal
from lianqi.kernel.cells import main_cell, plain_cell, text_cell, tick_cell
from lianqi.kernel.clock import SHANGHAI, now
from lianqi.kernel.models import Duty, Notice
from lianqi.kernel.paging import COUNT_CEILING, counts_up_to_ceiling
from lianqi.kernel.revisions import Kept, raise_revision, revisions_read_once
from lianqi.kernel.templatetags.ui import capped
from tests.factories import UserFactory

KEPT = [("a", "1"), ("a", "2"), ("b", "3"), (None, "4")]
pytestmark = pytest.mark.django_db


def rendered(text, **context):
    return engines["django"].from_string(text).render(context)


def test_several_sets_are_counted_in_one_query_each_up_to_the_ceiling(django_assert_num_queries):
    Duty.objects.bulk_create(
        Duty(
            subject_type="appeals.appeal", subject_id=n, workflow="appeal", key="sign", label="签收",
            matter="一件", url="/", holder="unit:1:liaison", holder_label="联络员",
            opened_at=now(), started_at=now(), due_at=now() + timedelta(days=n % 5),
        )
        for n in range(COUNT_CEILING + 7)
    )  # fmt: skip

    with django_assert_num_queries(1):
        counts = counts_up_to_ceiling(
            all=Duty.objects.values("pk"),
            three=Duty.objects.filter(subject_id__lt=3).values("pk"),
            none=Duty.objects.none(),
            others=Notice.objects.values("pk"),
        )

    assert counts == {"all": COUNT_CEILING + 1, "three": 3, "none": 0, "others": 0}


def test_a_number_beyond_the_ceiling_is_said_as_such():
    assert [capped(n) for n in (0, COUNT_CEILING, COUNT_CEILING + 1)] == ["0", "1,000", "1,000+"]


def test_revisions_are_read_once_and_a_change_in_the_same_request_is_seen(
    django_assert_num_queries,
):
    built = []
    kept = Kept("test", lambda: built.append(1) or len(built))
    raise_revision("test")

    with revisions_read_once():
        with django_assert_num_queries(1):
            first = [kept.get(), kept.get(), kept.get()]
        raise_revision("test")
        after = kept.get()

    assert (first, after) == ([1, 1, 1], 2)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('{% translate "诉求响应" %}', "Appeals"),
        ('{% translate "诉求响应" as name %}[{{ name }}]', "[Appeals]"),
        ("{% translate word %}", "Appeals"),
        ('{% translate "100% 不在目录" %}', "100% 不在目录"),
        ('{% translate "诉求响应" noop %}', "诉求响应"),
    ],
)
def test_plain_words_are_translated_as_django_would(template, said):
    with translation.override("en"):
        assert rendered(template, word="诉求响应") == said


def test_a_select_is_drawn_as_django_draws_it():
    class One(forms.Form):
        kind = forms.ChoiceField(
            choices=[("", "<全部>"), ("组", [("a", "甲"), ("b", "乙")])], initial="b"
        )

    drawn = str(One()["kind"])

    assert " ".join(drawn.split()) == (
        '<select name="kind" required id="id_kind"> <option value="">&lt;全部&gt;</option>'
        ' <optgroup label="组"> <option value="a">甲</option>'
        ' <option value="b" selected>乙</option> </optgroup> </select>'
    )


def test_state_and_kind_are_said_as_their_choices_say():
    appeal = Appeal(state="handling", kind="help")

    assert (appeal.get_state_display(), appeal.get_kind_display()) == ("办理中", "求助")


def test_kept_markup_is_rendered_once_for_each_key_and_language():
    template = Template("{% kept key %}{{ word }}{% endkept %}")

    said = [template.render(Context({"key": key, "word": word})) for key, word in KEPT]
    with translation.override("en"):
        said.append(template.render(Context({"key": "a", "word": "5"})))

    assert said == ["1", "1", "3", "4", "5"]


def test_cells_escape_what_they_show():
    hostile = '"><script>'
    shown = "&quot;&gt;&lt;script&gt;"

    cells = [
        plain_cell("l", hostile),
        text_cell("l", hostile, hostile),
        main_cell(hostile, hostile, mark=hostile),
        tick_cell("l", "f", "n", hostile, hostile),
    ]

    assert [cell.count("<script>") for cell in cells] == [0, 0, 0, 0]
    assert [cell.count(shown) for cell in cells] == [1, 2, 3, 2]


def test_moments_come_back_in_utc_as_they_were_written():
    written = datetime(2026, 3, 9, 17, 30, 5, 123_456, tzinfo=SHANGHAI)
    notice = Notice.objects.create(
        user=UserFactory(), title="t", text="", url="/", at=written, origin="t"
    )

    read = Notice.objects.get(pk=notice.pk).at

    assert (read, read.tzinfo) == (written, UTC)
