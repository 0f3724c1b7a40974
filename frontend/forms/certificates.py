"""The form by which somebody has what they did written down."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CertificateForm(forms.Form):
    campaign = forms.ChoiceField(label=_("Of what"), required=False)
    name = forms.CharField(
        label=_("Your name on it"), max_length=120,
        help_text=_("Your public name, or the name that you want others to know you by."),
    )  # fmt: skip
    with_orcid = forms.BooleanField(label=_("With my ORCID iD"), required=False)

    def __init__(self, *args: Any, campaigns: Iterable[tuple[str, str]], orcid: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.choices = [("", _("All campaigns together")), *campaigns]
        if not orcid:
            del self.fields["with_orcid"]
