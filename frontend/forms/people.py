"""The form that gives somebody a role in a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role

NO_ROLE = "none"


class PersonForm(forms.Form):
    """Give somebody a role in the campaign, or take it away."""

    who = forms.CharField(label=_("User name or e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"), choices=[*Role.choices, (NO_ROLE, _("No role"))], initial=Role.REVIEWER
    )

    def clean_role(self) -> Role | None:
        role = self.cleaned_data["role"]
        return None if role == NO_ROLE else Role(role)

    def clean_who(self) -> User:
        who = self.cleaned_data["who"].strip().replace("\x00", "")
        user = (
            User.objects.filter(username__iexact=who).first()
            or User.objects.filter(email__iexact=who).first()
        )
        if user is None:
            raise forms.ValidationError(_("Nobody with this name or address has an account here yet."))
        return user
