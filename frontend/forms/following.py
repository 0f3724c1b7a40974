"""Forms of what is followed: how often to look again, what becomes of new members."""

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Every, SourceCollection


class WatchForm(forms.Form):
    every = forms.ChoiceField(
        label=_("Look again"), choices=Every.choices,
        help_text=_("Reports what is gone, moved, resized or relicensed. Only what has changed is read."),
    )  # fmt: skip


class FollowForm(WatchForm):
    wants = forms.ChoiceField(label=_("Bring in"), choices=SourceCollection.Wants.choices)
    field_order = ["wants", "every"]
