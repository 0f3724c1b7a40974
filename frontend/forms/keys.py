"""The form for a key to a layer."""

from django import forms
from django.utils.translation import gettext_lazy as _

VALID_FOR = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which viewer or web page it is for, so that you recognise it.")
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("Valid for"), choices=VALID_FOR, coerce=int, initial=90)
