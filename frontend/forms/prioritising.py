"""The form in which a curator brings a table of priorities."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _


class PrioritiesForm(forms.Form):
    """`id` is made with the page: a form that is sent twice brings one table."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    file = forms.FileField(
        label=_("CSV table"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_(
            "A line for each image: the id of the task or image, or the image’s address, and a number. "
            "Up to 1,000,000 lines."
        ),
    )
