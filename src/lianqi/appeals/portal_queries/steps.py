"""The steps a firm may take on its page, in the firm's words."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor


@dataclass(frozen=True)
class FirmStep:
    """How a step is offered: its name, the button under its form, its weight, what follows."""

    label: Any
    submit: Any
    tone: str
    note: Any
    draft: str = ""


@dataclass(frozen=True)
class StepLink:
    """A button to a step's form."""

    key: str
    label: str
    url: str
    tone: str


RATING_NOTE = _(
    "评价会如实记录，办理单位看得到内容。评“不满意”“非常不满意”的，由专班办公室核实，"
    "可以要求重新办理一次；重办后仍不满意的，提请专班组长研究。"
)
FIRM_STEPS = {
    "rate": FirmStep(_("评价这次答复"), _("提交评价"), "primary", RATING_NOTE),
    "supplement": FirmStep(
        _("补充材料"),
        _("提交"),
        "normal",
        _("提交后，办理单位马上就能看到。"),
        draft="supplement",
    ),
    "nudge": FirmStep(
        _("催一下"),
        _("催一下"),
        "normal",
        _("办理单位会收到提醒，专班办公室也看得到。每天可以催一次。"),
    ),
    "deny_promise": FirmStep(
        _("没有兑现"),
        _("反映没有兑现"),
        "normal",
        _("专班办公室会马上收到；已登记兑现的，重新复核并告诉您结果。"),
    ),
    "seal": FirmStep(
        _("对承办单位保密"),
        _("要求保密"),
        "normal",
        _(
            "承办单位将看不到企业名称、信用代码、联系人和电话，只能在系统里给您留言；"
            "专班办公室能看到，好给您回电。派单以后就不能再保密。"
        ),
    ),
    "lift_seal": FirmStep(
        _("取消保密"),
        _("取消保密"),
        "normal",
        _("取消后，承办单位能看到企业名称和联系人，可以直接给您打电话。"),
    ),
    "withdraw": FirmStep(
        _("撤回"),
        _("撤回这件诉求"),
        "danger",
        _("撤回后不再办理，记录保留。以后有需要，可以重新反映。"),
    ),
}


def firm_steps(appeal: Appeal, actor: Actor) -> list[StepLink]:
    """Return the buttons of the firm's page: what the workflow lets this person do now."""
    now_open = {step.key for step in APPEAL.open_steps(appeal, actor)}
    return [
        StepLink(key, str(step.label), _address(appeal, key), step.tone)
        for key, step in FIRM_STEPS.items()
        if key in now_open
    ]


def _address(appeal: Appeal, key: str) -> str:
    return reverse("portal:appeal_step", args=[appeal.number, key])
