"""The form that makes the clearest decided tasks known answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.gold import MOST_AT_ONCE


class ClearestForm(forms.Form):
    """How many of the clearest to mark."""

    count = forms.IntegerField(
        label=_("How many of the clearest"), min_value=1, max_value=MOST_AT_ONCE, initial=20,
        help_text=_("Those first about which people differed least before they were decided."),
    )  # fmt: skip
