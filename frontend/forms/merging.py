"""The settings of a campaign with how many must have drawn a place of an outline, where that is what counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.quality.edges import AT_LEAST
from campaigns.questions.merging import USUAL
from frontend.forms.campaigns import CampaignForm

MOST = 50


class SettingsForm(CampaignForm):
    """Offers one more way to merge outlines, with its number."""

    at_least = forms.IntegerField(
        label=_("How many must have drawn it"), min_value=1, max_value=MOST, initial=USUAL, required=False,
        help_text=_("Of those who drew the thing: 1 is all that anybody drew. No more than see an image."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["merged"]
        field.choices = [
            (name, [*ways, (AT_LEAST, _("What at least so many drew"))] if _has_union(ways) else ways)
            for name, ways in field.choices
        ]

    @classmethod
    def _initial(cls, campaign: Campaign) -> dict[str, Any]:
        return {**super()._initial(campaign), "at_least": campaign.question.get("at_least", USUAL)}

    def clean(self) -> dict[str, Any]:
        """The number is asked for where it counts, and is no more than there are people."""
        data = super().clean()
        least, overlap = data.get("at_least"), data.get("overlap")
        if (
            data.get("merged") == AT_LEAST
            and data.get("shapes") == "polygon"
            and least
            and overlap
            and least > overlap
        ):
            self.add_error(
                "at_least",
                _("No more than %(overlap)d people see an image, so %(least)d cannot have drawn a place.")
                % {"overlap": overlap, "least": least},
            )
        return data

    def values(self) -> dict[str, Any]:
        """With the number where it belongs, and without one that is left over from before."""
        values = super().values()
        question = {name: value for name, value in values["question"].items() if name != "at_least"}
        if question.get("merged") == AT_LEAST:
            question["at_least"] = self.cleaned_data.get("at_least") or USUAL
        return {**values, "question": question}


def _has_union(ways: object) -> bool:
    return isinstance(ways, list | tuple) and "union" in dict(ways)
