"""Forms of my page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.actions import find_person
from accounts.models import Scope, User


class SettingsForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Public name"), max_length=60, required=False,
        help_text=_("Shown beside your work. Your user name is shown when you leave it empty."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    orcid = forms.CharField(
        label=_("ORCID iD"), max_length=60, required=False,
        help_text=_("Of researchers: 0000-0002-1825-0097. Nobody sees it unless you say so below or on a certificate."),
    )  # fmt: skip
    is_credited = forms.BooleanField(
        label=_("Name me in the credits of releases, under my public name and with my ORCID iD"),
        required=False,
    )


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


COMMENTS = (
    ("keep", _("It stays, without my name")),
    ("delete", _("It is deleted")),
)


class VisitForm(forms.Form):
    """How what was done without an account is cut from its cookie."""

    comments = forms.ChoiceField(
        label=_("What I wrote beside my answers"), choices=COMMENTS, initial="keep", widget=forms.RadioSelect
    )


class LeaveForm(VisitForm):
    """How an account is erased; whoever has layers of their own may name somebody who is given them."""

    heir = forms.CharField(
        label=_("Who is given what you own"), max_length=254, required=False,
        help_text=_(
            "The user name or e-mail address of somebody with an account. Left empty, your own layers are deleted."
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Your password"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, owns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not owns:
            del self.fields["heir"]
        if not user.has_usable_password():
            self.fields["password"] = forms.CharField(label=_("Your user name"), max_length=150)

    def clean_heir(self) -> User | None:
        who = self.cleaned_data.get("heir", "").strip()
        if not who:
            return None
        heir = find_person(who)
        if heir is None:
            raise forms.ValidationError(_("Nobody here has this name."), code="unknown-person")
        return heir
