"""Forms about accounts and posts."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField
from lianqi.kernel.phones import PhoneFormField
from lianqi.organisation.actions import appoint, end_appointment, open_account
from lianqi.organisation.enums import BODY_POSTS, SYSTEM_POSTS, UNIT_POSTS, Post
from lianqi.organisation.models import Appointment, Body, Unit, User


class AccountFilter(forms.Form):
    """The search line of the account list."""

    q = LineField(label=_("用户名或姓名"), required=False)
    view = forms.CharField(required=False, widget=forms.HiddenInput)


class AccountForm(forms.Form):
    """Opens an account."""

    full_name = LineField(label=_("姓名"), max_length=40)
    username = LineField(
        label=_("用户名"),
        max_length=60,
        help_text=_("3 至 60 个小写字母、数字、点、横线或下划线，以字母开头；开户后不能改。"),
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9._-]{2,59}$",
                _("用户名要以小写字母开头，只能用小写字母、数字、点、横线、下划线，3 至 60 个字。"),
            )
        ],
    )
    phone = PhoneFormField(label=_("手机"), required=False)
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("填了就会收到安全提醒。")
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def save(self, *, actor: Any) -> tuple[User, str]:
        """Open the account; return it with its one-time password."""
        facts = {key: value for key, value in self.cleaned_data.items() if key != "idempotency_key"}
        return open_account(actor=actor, **facts)


class ReasonForm(forms.Form):
    """Asks why; for acts that close or open doors."""

    reason = LongField(
        label=_("原因"), max_length=200, rows=3, help_text=_("写进审计记录，请写清依据。")
    )


class ConfirmForm(forms.Form):
    """Asks for nothing but the confirmation itself."""


class EndAppointmentForm(forms.Form):
    """Ends a post."""

    last_day = DayField(label=_("任至哪一天（含当天）"))

    def save(self, held: Appointment, *, actor: Any) -> Appointment:
        """End the post."""
        return end_appointment(held, actor=actor, last_day=self.cleaned_data["last_day"])


def _post_choices(*, administrators: bool) -> list[Any]:
    def named(posts: frozenset[str]) -> list[tuple[str, Any]]:
        return [(post.value, post.label) for post in Post if post in posts]

    groups: list[Any] = [(_("议事机构"), named(BODY_POSTS)), (_("单位"), named(UNIT_POSTS))]
    if administrators:
        groups.append((_("系统运行（三员分立）"), named(SYSTEM_POSTS)))
    return [("", _("请选择")), *groups]


class AppointmentForm(forms.Form):
    """Puts a person into a post."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("人员"), empty_label=_("请选择"))
    post = forms.ChoiceField(label=_("岗位"))
    body = forms.ModelChoiceField(
        Body.objects.order_by("code"),
        label=_("议事机构"),
        required=False,
        empty_label=_("不属于议事机构"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.filter(active=True),
        label=_("单位"),
        required=False,
        empty_label=_("不属于单位"),
        help_text=_("议事机构成员填其所在单位；单位岗位必填。"),
    )
    title = LineField(label=_("职务"), max_length=60, required=False)
    valid_from = DayField(label=_("任职起"))
    source = LineField(
        label=_("依据"), max_length=200, help_text=_("如文件名和文号、会议纪要、分工通知。")
    )

    def __init__(self, *args: Any, people: Any, administrators: bool, **kwargs: Any) -> None:
        """Offer these people, and the administrators' posts to whoever may fill them."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["user"].queryset = people.order_by("full_name", "pk")
        fields["user"].label_from_instance = lambda user: f"{user.full_name}（{user.username}）"
        fields["post"].choices = _post_choices(administrators=administrators)
        fields["valid_from"].initial = today

    def save(self, *, actor: Any) -> Appointment:
        """Appoint the person."""
        facts = dict(self.cleaned_data)
        return appoint(facts.pop("user"), actor=actor, **facts)
