"""The form of a release, and the licences that one may stand under."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from taxonomy.models import Grouping

LICENCES = [
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
    ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
    ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
]


class ReleaseForm(forms.Form):
    """What a release says of itself."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is in this release and what changed since the last one."),
    )  # fmt: skip
    rights = forms.ChoiceField(label=_("Licence"), choices=LICENCES)
    is_public = forms.BooleanField(label=_("Everybody may download it"), required=False, initial=True)
    grouping = forms.ModelChoiceField(
        Grouping.objects.none(), label=_("Grouping"), required=False, empty_label=_("every concept by itself"),
        help_text=_("COCO and CSV then name its classes, with the concepts beside them."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grouping"]
        field.queryset = Grouping.objects.filter(vocabulary=campaign.vocabulary)
