"""How the places that people drew become one: the way, and how many must have drawn a part where that counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.quality.edges import AT_LEAST
from campaigns.questions.merging import USUAL

MOST = 50
MERGED = [
    ("median", _("The median: for outlines what most people drew")),
    (_("Boxes"), [("mean", _("The mean by reliability")), ("max_iou", _("The greatest common overlap"))]),
    (
        _("Outlines"),
        [
            ("union", _("All that anybody drew")),
            ("intersection", _("What all drew")),
            ("medoid", _("The one most like all others")),
            (AT_LEAST, _("What at least so many drew")),
        ],
    ),
]


class MergingFields(forms.Form):
    merged = forms.ChoiceField(
        label=_("How places are merged"), choices=MERGED, required=False,
        help_text=_("Each merged annotation names it. The mean listens more to those whom a model finds reliable."),
    )  # fmt: skip
    at_least = forms.IntegerField(
        label=_("How many must have drawn it"), min_value=1, max_value=MOST, initial=USUAL, required=False,
        help_text=_("Of those who drew the thing: 1 is all that anybody drew. No more than see an image."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The number is asked for where it counts, and is no more than there are people."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        least, overlap = data.get("at_least"), data.get("overlap")
        counts = data.get("merged") == AT_LEAST and data.get("shapes") == "polygon"
        if counts and least and overlap and least > overlap:
            self.add_error(
                "at_least",
                _("No more than %(overlap)d people see an image, so %(least)d cannot have drawn a place.")
                % {"overlap": overlap, "least": least},
            )
        return data

    def merging(self) -> dict[str, Any]:
        """The settings of the question; the number where it belongs."""
        merged = self.cleaned_data["merged"]
        if merged == AT_LEAST:
            return {"merged": merged, "at_least": self.cleaned_data["at_least"] or USUAL}
        return {"merged": merged} if merged else {}


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    question = campaign.question
    return {"merged": question.get("merged", "median"), "at_least": question.get("at_least", USUAL)}
