"""Forms of the steps by which a firm keeps its name, and the office looks at its files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals import actions
from lianqi.appeals.forms.step_form import StepForm
from lianqi.kernel.forms import MultipleFileField


class SealForm(StepForm):
    """要求保密."""

    act = actions.seal_appeal


class LiftSealForm(StepForm):
    """取消保密."""

    act = actions.lift_seal


class ReleaseFileForm(StepForm):
    """放行附件."""

    act = actions.release_file
    which = forms.ChoiceField(
        label=_("放行哪个附件"),
        widget=forms.RadioSelect,
        help_text=_("先打开原件看过：有没有名称、印章、姓名、电话、车牌。文件属性会自动清除。"),
    )
    files = MultipleFileField(
        label=_("换成遮盖过的文件"),
        required=False,
        help_text=_("原件里有企业信息的，遮盖后在这里上传一个；不传则放行原件。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the files that are withheld, each with what the check found."""
        super().__init__(*args, **kwargs)
        withheld = self.appeal.sealed_files.filter(released=None).select_related("original")
        self.fields["which"].choices = [
            (str(file.pk), "：".join([str(file), "，".join(file.findings)]).rstrip("："))
            for file in withheld
        ]
