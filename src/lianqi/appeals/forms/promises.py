"""Promises in forms: offered as rows where an answer names days, checked, moved, denied."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.appeals import actions
from lianqi.appeals.forms.step_form import StepForm
from lianqi.appeals.models import Promise
from lianqi.appeals.workflow.promises import (
    MOST_PROMISES,
    deniable_promises,
    movable_promises,
    open_promises,
)
from lianqi.engines.promises import FoundPromise, find_promises
from lianqi.engines.promises.sentences import LONGEST
from lianqi.kernel.clock import today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.fields import LongField, YesNoField
from lianqi.kernel.forms import DayField
from lianqi.kernel.workdays import calendar

# What the engine warns of, in the reader's language.
_WARNINGS = {
    "没有这一天，请填写日期。": _("没有这一天，请填写日期。"),
    "工作日历还没有这一年，请填写日期。": _("工作日历还没有这一年，请填写日期。"),
    "这一天已经过去，请核对日期。": _("这一天已经过去，请核对日期。"),
}


def found_in(text: str) -> list[FoundPromise]:
    """Return the dated promises of a text written today, working days by the district's calendar."""
    return find_promises(text, today(), calendar().add_working_days)


def fingerprint(found: Sequence[FoundPromise]) -> str:
    """Return what tells one set of found promises from another; "" where none was found."""
    return sm3("\n".join(f"{one.text}|{one.on}" for one in found).encode())[:16] if found else ""


def offered_rows(found: Sequence[FoundPromise]) -> list[dict[str, Any]]:
    """Return what was found as rows of the form: ticked, unless its day is doubtful."""
    return [
        {
            "text": one.text,
            "on": one.on.isoformat() if one.on else "",
            "warning": _WARNINGS.get(one.warning, ""),
            "keep": not one.warning,
        }
        for one in found
    ]


class PromiseRows(forms.Widget):
    """A row for each promise: tick, words, day. Programs send a list of {text, on} instead."""

    template_name = "appeals/promise_rows.html"
    # Set by the form when it finds other promises than the page had offered.
    offered: Sequence[FoundPromise] | None = None
    source = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the rows as they came in, and the fingerprint of what the page had offered."""
        if not isinstance(data, QueryDict):
            rows = data.get(name) or []
            return {"rows": [{**row, "keep": True} for row in rows], "seen": None}
        said = data.get(f"{name}-count", "0")
        count = min(int(said), MOST_PROMISES) if said.isdecimal() and len(said) < 4 else 0
        rows = [
            {
                "text": data.get(f"{name}-{at}-text", ""),
                "on": data.get(f"{name}-{at}-on", ""),
                "keep": f"{name}-{at}-keep" in data,
            }
            for at in range(count)
        ]
        return {"rows": rows, "seen": data.get(f"{name}-seen")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Rows may always be missing: then nothing was promised."""
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Show what was found just now, else what came in."""
        value = value or {"rows": [], "seen": ""}
        found = self.offered
        rows = value["rows"] if found is None else offered_rows(found)
        seen = (value["seen"] or "") if found is None else fingerprint(found)
        context: dict[str, Any] = super().get_context(name, "", attrs)
        context.update(rows_context(name, self.source, rows, seen))
        return context


def rows_context(
    name: str, source: str, rows: Sequence[dict[str, Any]], seen: str
) -> dict[str, Any]:
    """Return what the template of the rows needs; ``source`` is the field whose text is read."""
    return {"name": name, "source": source, "rows": list(rows), "seen": seen}


class PromisesField(forms.Field):
    """The promises to be entered: a list of {"text", "on"}, days as dates."""

    widget = PromiseRows

    def __init__(self) -> None:
        """Never required: most answers promise no day."""
        super().__init__(label=_("登记为承诺"), required=False)

    def clean(self, value: Any) -> dict[str, Any]:
        """Return ticked rows and fingerprint; ValidationError names the row that is wrong."""
        value = value or {"rows": [], "seen": None}
        kept = [row for row in value["rows"] if row["keep"]]
        if len(kept) > MOST_PROMISES:
            raise forms.ValidationError(_("一次最多登记%d项承诺。") % MOST_PROMISES)
        rows = [self._row(number, row) for number, row in enumerate(kept, 1)]
        return {"rows": rows, "seen": value["seen"]}

    def _row(self, number: int, row: dict[str, Any]) -> dict[str, Any]:
        text = LongField(required=False).clean(str(row["text"])).strip()
        if not text or len(text) > LONGEST:
            raise forms.ValidationError(
                _("第%(number)d项承诺要写1到%(most)d个字。") % {"number": number, "most": LONGEST}
            )
        try:
            day: date | None = DayField(required=False).clean(row["on"])
        except forms.ValidationError:
            day = None
        if day is None:
            raise forms.ValidationError(
                _("第%(number)d项承诺“%(text)s”要写日期，如 2026-11-23。")
                % {"number": number, "text": text[:30]}
            )
        return {"text": text, "on": day}


class PromisingForm(StepForm):
    """A step whose text may promise days: a page asks once more when it finds some."""

    promising = ""  # the field whose text is read
    promises = PromisesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what an answer sent back had promised."""
        super().__init__(*args, **kwargs)
        widget = self.fields["promises"].widget
        widget.source = self.promising
        said = self.initial.get(self.promising, "")
        if said and not self.is_bound:
            widget.offered = found_in(said)

    def clean(self) -> dict[str, Any]:
        """Ask the page to confirm what was found; a program says for itself what it promises."""
        cleaned = super().clean()
        given = cleaned.get("promises")
        seen = given["seen"] if given else self.data.get("promises-seen")
        found = found_in(cleaned.get(self.promising) or "")
        if seen is not None and fingerprint(found) != seen:
            self.fields["promises"].widget.offered = found
            self.errors.pop("promises", None)
            self.add_error("promises", _asked_again(len(found)))
        if given:
            cleaned["promises"] = given["rows"]
        return cleaned


def _asked_again(count: int) -> str:
    if not count:
        return gettext("文字改过后没有承诺日期了，请再提交一次。")
    return gettext("发现 %d 处承诺，请确认后再提交一次；不是承诺的请去掉勾选。") % count


class PromiseChoice(forms.ModelChoiceField):
    """One of the appeal's promises; none named means the next one due."""

    def __init__(self) -> None:
        """Offer nothing until the appeal is known."""
        super().__init__(
            label=_("哪一项承诺"),
            queryset=Promise.objects.none(),
            required=False,
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("没有这项承诺，请刷新页面重新选择。")},
        )

    def label_from_instance(self, promise: Any) -> str:
        """Show day and words."""
        return f"{promise.on:%Y-%m-%d} {promise.text}"


class OnePromiseForm(StepForm):
    """A step on one of the appeal's promises."""

    which: Any = staticmethod(open_promises)
    promise = PromiseChoice()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the promises that this step may be taken on, the next one chosen."""
        super().__init__(*args, **kwargs)
        rows = self.which(self.appeal)
        self.fields["promise"].queryset = rows  # type: ignore[attr-defined]
        self.fields["promise"].initial = rows.first()


class RecheckPromiseForm(OnePromiseForm):
    """兑现复核."""

    act = actions.recheck_promise
    kept = YesNoField(label=_("承诺是否兑现"), yes=_("已兑现"), no=_("未兑现"))
    note = LongField(label=_("复核情况"), rows=4, help_text=_("会原样告诉企业。"))
    reopen = forms.BooleanField(
        label=_("未兑现的，同时重启这件诉求（仅限已归档的）"), required=False
    )


class MovePromiseForm(OnePromiseForm):
    """承诺改期."""

    act = actions.move_promise
    which = staticmethod(movable_promises)
    promised_on = DayField(label=_("新的承诺日期"))
    reason = LongField(label=_("改期原因"), rows=3, help_text=_("会原样告诉企业。"))


class DenyPromiseForm(OnePromiseForm):
    """没有兑现."""

    act = actions.deny_promise
    which = staticmethod(deniable_promises)
    comment = LongField(label=_("现在是什么情况"), required=False, rows=3, max_length=2000)
