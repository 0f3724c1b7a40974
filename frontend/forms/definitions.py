"""Forms by which a campaign is made from a definition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 5 * 2**20


class DefinitionFileForm(forms.Form):
    file = forms.FileField(
        label=_("Definition"),
        help_text=_("The JSON file that a campaign's settings page gives, here or on another site."),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("A definition has up to 5 MB."), code="too-large")
        return file


class StartForm(forms.Form):
    """Under which address the campaign is made; the definition goes along, as it was looked at."""

    definition = forms.CharField(widget=forms.HiddenInput)
    slug = forms.SlugField(label=_("Short name"), max_length=60, help_text=_("It stands in the address."))
