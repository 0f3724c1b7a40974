"""Form for bringing in a vocabulary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class VocabularyForm(forms.Form):
    file = forms.FileField(
        label=_("Vocabulary file"),
        required=False,
        help_text=_(
            "SKOS (.ttl, .rdf, .jsonld), a table (.csv), an indented text (.txt), or a list of classes."
        ),
        widget=forms.FileInput(),
    )
    url = forms.URLField(
        label=_("Or its address"), max_length=500, required=False, assume_scheme="https",
        help_text=_("It is fetched, and can be brought up to date from there later."),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, required=False,
        help_text=_(
            "It stands in the address. Choose the name of an existing vocabulary to bring that one up to date."
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("url"):
            self.add_error("file", _("Choose a file, or give an address."))
        return data
