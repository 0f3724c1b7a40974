"""Form for bringing in a vocabulary."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VocabularyForm(forms.Form):
    file = forms.FileField(
        label=_("Vocabulary file"),
        help_text=_("SKOS in Turtle (.ttl), or a table (.csv) with a label and a parent in each row."),
        widget=forms.FileInput(attrs={"accept": ".ttl,.csv,text/turtle,text/csv"}),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, required=False,
        help_text=_(
            "It stands in the address. Choose the name of an existing vocabulary to bring that one up to date."
        ),
    )  # fmt: skip
