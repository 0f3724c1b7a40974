"""Forms of my page."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope


class SettingsForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Public name"), max_length=60, required=False,
        help_text=_("Shown beside your work. Your user name is shown when you leave it empty."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What you use it for, so that you recognise it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateTimeField(
        label=_("Valid until"), required=False, help_text=_("Without a date it is valid until you revoke it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
