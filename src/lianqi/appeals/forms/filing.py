"""Filing an appeal: by the firm itself, or by a clerk or helper on its behalf."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.actions import submit_appeal
from lianqi.appeals.enums import Channel, Kind
from lianqi.appeals.forms.likeness import ToldTextarea
from lianqi.appeals.models import Appeal
from lianqi.engines.identifiers import fold_code
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.files import inspect_all
from lianqi.kernel.forms import MultipleFileField
from lianqi.kernel.phones import PhoneFormField
from lianqi.kernel.uploads import APPEAL_EVIDENCE

NO_SECRETS = _("请勿填写或上传涉密内容。")


class AppealForm(forms.Form):
    """What a firm tells: kind, title, what happened, whom to call, files."""

    # Where cases like the one that is being written are looked for.
    like_url_name = "appeals:appeal_like"

    kind = forms.ChoiceField(label=_("类别"), choices=Kind, widget=forms.RadioSelect)
    title = LineField(label=_("一句话说明"), min_length=4, max_length=100)
    content = LongField(label=_("具体情况"), min_length=5, rows=7, help_text=NO_SECRETS)
    contact_name = LineField(label=_("联系人"), max_length=40)
    contact_phone = PhoneFormField(label=_("联系电话"))
    urgent = forms.BooleanField(label=_("紧急（停水停电、安全、生产中断等）"), required=False)
    sealed = forms.BooleanField(
        label=_("对承办单位保密，不让它知道是哪家企业"),
        required=False,
        help_text=_(
            "勾选后，承办单位看不到企业名称、信用代码、联系人和电话，只能在系统里留言；"
            "专班办公室能看到，好给您回电。内容和附件里请不要写名称。"
        ),
    )
    files = MultipleFileField(
        label=_("照片或文件"),
        required=False,
        help_text=_("最多9个，每个不超过20MB；图片、PDF、Word、Excel。"),
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let the text be told beside like cases."""
        super().__init__(*args, **kwargs)
        told = self.fields["content"]
        told.widget = ToldTextarea(self.like_url_name, told.widget.attrs)

    def clean_files(self) -> Any:
        """Inspect the files before anything is written."""
        try:
            return inspect_all(self.cleaned_data["files"], rule=APPEAL_EVIDENCE)
        except RuleBroken as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused

    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {key: value for key, value in self.cleaned_data.items() if key != "idempotency_key"}

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Appeal:
        """File the appeal for the firm."""
        return submit_appeal(enterprise, actor=actor, **self.facts())


class EnterpriseField(LineField):
    """A verified firm or person, named by credit code or by full name."""

    def clean(self, value: Any) -> Any:
        """Return the one party that is meant; ValidationError if none or several are."""
        text = super().clean(value)
        verified = Enterprise.objects.filter(state=EnterpriseState.VERIFIED)
        found = list(verified.filter(Q(uscc=fold_code(text)) | Q(name=text))[:2])
        if not found:
            raise forms.ValidationError(
                _("名录里没有这个信用代码或名称，请核对，或先登记企业。"), code="unknown_enterprise"
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("有几家同名，请改填统一社会信用代码。"), code="several_enterprises"
            )
        return found[0]


class ClerkAppealForm(AppealForm):
    """The same, told at the window, on the phone, on a visit, or by the city platform."""

    field_order = ("enterprise", "channel", "upstream_id", "kind", "title", "content")

    enterprise = EnterpriseField(
        label=_("企业"),
        help_text=_("填写统一社会信用代码或名称；民营经济人士填姓名。未入库的请先登记。"),
    )
    channel = forms.ChoiceField(
        label=_("渠道"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        initial=Channel.PHONE,
    )
    upstream_id = LineField(label=_("市平台编号"), required=False, max_length=60)

    def facts(self) -> dict[str, Any]:
        """Return what the action takes besides the firm."""
        return {key: value for key, value in super().facts().items() if key != "enterprise"}
