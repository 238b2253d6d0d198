"""Puts what the engine refuses beside the field it is about."""

from django.forms import BaseForm

from lianqi.kernel.errors import RuleBroken


def show_refusal(form: BaseForm, problem: RuleBroken) -> int:
    """Add the refusal to the form; return the status to answer with."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return problem.status
