"""Forms of the settings pages: limits, calendar, office hours, and the reckoning aid."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.engines.tabular import TableUnreadable
from lianqi.kernel.actions.limits import MOST
from lianqi.kernel.calendar_text import ReadCalendar, read_calendar
from lianqi.kernel.clock import SHANGHAI, local, now, today
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField, in_words, offer
from lianqi.kernel.models import TimeLimit
from lianqi.kernel.models.calendar import DayKind
from lianqi.kernel.models.limits import CLOCK_UNITS, LimitUnit
from lianqi.kernel.uploads import IMPORT_FILE, UploadRefused, inspect_upload

CLOCK = forms.TimeInput(format="%H:%M", attrs={"placeholder": "08:30", "inputmode": "numeric"})


class LimitForm(forms.Form):
    """A new value of a limit from a day on."""

    amount = forms.IntegerField(label=_("数值"), min_value=1, max_value=MOST)
    unit = forms.ChoiceField(label=_("单位"), choices=in_words(LimitUnit.choices))
    basis = LineField(
        label=_("依据"),
        max_length=200,
        help_text=_("如会议纪要、文件名称和文号；会显示在时限说明里。"),
    )
    effective_from = DayField(
        label=_("生效日期"), help_text=_("不早于今天。格式：2026-11-23。已开始的时限不受影响。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer today as the day."""
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = today


class CalendarDayForm(forms.Form):
    """One day set apart."""

    date = DayField(label=_("日期"))
    kind = forms.ChoiceField(
        label=_("性质"), choices=in_words(DayKind.choices), widget=forms.RadioSelect
    )
    name = LineField(label=_("名称"), max_length=40, help_text=_("如国庆节"))
    source = LineField(label=_("依据"), max_length=300, help_text=_("如国务院办公厅通知的文号"))


class RemoveDayForm(forms.Form):
    """Why a day becomes an ordinary one again."""

    reason = LineField(label=_("删除原因"), max_length=200)


class CalendarYearForm(forms.Form):
    """A whole year, pasted or uploaded; ``read`` holds what was understood."""

    text = LongField(
        label=_("粘贴全年安排"),
        required=False,
        rows=8,
        help_text=_(
            "每行一天：日期,性质,名称。例如 2027-01-01,放假,元旦；2027-01-03,调休上班,元旦。"
        ),
    )
    file = forms.FileField(
        label=_("或上传表格"), required=False, help_text=_("csv 或 xlsx，三列：日期、性质、名称")
    )
    source = LineField(
        label=_("依据"), max_length=300, help_text=_("如国务院办公厅关于2027年部分节假日安排的通知")
    )

    read: ReadCalendar | None = None

    def clean(self) -> dict[str, Any]:
        """Read the table; one of text and file must be given."""
        data = super().clean() or {}
        text, file = data.get("text"), data.get("file")
        if bool(text) == bool(file):
            raise forms.ValidationError(_("请粘贴全年安排，或者上传一个表格（二者选一）。"))
        try:
            if file:
                clean = inspect_upload(file.name or "", file, accept=IMPORT_FILE)
                self.read = read_calendar(clean.name, clean.content)
            else:
                self.read = read_calendar("", str(text).replace("，", ",").encode())
        except UploadRefused as refused:
            raise forms.ValidationError(refused.message) from refused
        except TableUnreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable
        return data


class OfficeHoursForm(forms.Form):
    """Office hours from a day on."""

    morning_start = forms.TimeField(label=_("上午上班"), widget=CLOCK)
    morning_end = forms.TimeField(label=_("上午下班"), widget=CLOCK)
    afternoon_start = forms.TimeField(label=_("下午上班"), widget=CLOCK)
    afternoon_end = forms.TimeField(label=_("下午下班"), widget=CLOCK)
    effective_from = DayField(label=_("生效日期"), help_text=_("不早于今天。格式：2026-11-23"))
    source = LineField(label=_("依据"), max_length=200, help_text=_("如作息时间调整通知"))


class ReckonForm(forms.Form):
    """算一算: when something that starts then is due."""

    day = DayField(label=_("起算日期"))
    clock = forms.TimeField(label=_("起算时间"), widget=CLOCK, help_text=_("24 小时制，如 15:40"))
    limit = forms.ChoiceField(label=_("时限"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the limits in force today and this moment as the start."""
        super().__init__(*args, **kwargs)
        rows: dict[str, TimeLimit] = {}
        for row in TimeLimit.objects.filter(effective_from__lte=today(), unit__in=CLOCK_UNITS):
            rows.setdefault(row.key, row)
        offer(self, "limit", [(key, str(row)) for key, row in rows.items()])
        moment = local(now())
        self.fields["day"].initial = moment.date()
        self.fields["clock"].initial = moment.time().replace(second=0, microsecond=0)

    @property
    def start(self) -> datetime:
        """Return the start that was typed, Beijing time."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], SHANGHAI)
