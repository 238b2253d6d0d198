"""The name of a view of one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.fields import LineField


class ViewNameForm(forms.Form):
    """How a view is called, and the filters it stands for."""

    name = LineField(label=_("视图名称"), max_length=20)
    query = forms.CharField(widget=forms.HiddenInput, required=False)
