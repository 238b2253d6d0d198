"""Forms of the appeals room: they clean input and call one action each."""

from lianqi.appeals.forms.filing import AppealForm, ClerkAppealForm
from lianqi.appeals.forms.steps import STEP_FORMS, RateForm, StepForm, step_form

__all__ = ["STEP_FORMS", "AppealForm", "ClerkAppealForm", "RateForm", "StepForm", "step_form"]
