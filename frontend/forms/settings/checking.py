"""How well it is done, in the fields of a form: known answers, images without suggestions, who reviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.templates import CHECKS
from frontend.forms.fields import PercentField

WATCHING = ("gold_share", "qualify_count", "qualify_share", "blind_share")
SWITCHES = ("gold_feedback", "requalify")
REVIEWING = ("examples_wanted", "reviews")


class CheckingFields(forms.Form):
    """The page of a new draft asks for none of it."""

    gold_share = PercentField(
        label=_("Known answers among the images"), most=50,
        help_text=_("In per cent. Meanwhile the ground truth is not public, since it would give them away."),
    )  # fmt: skip
    gold_feedback = forms.BooleanField(
        label=_("Tell people the known answer after they have handed in"), required=False,
        help_text=_("It teaches; whoever is told also knows that this one was known."),
    )  # fmt: skip
    qualify_count = forms.IntegerField(
        label=_("Known answers before anything else"), min_value=0, max_value=100, required=False,
        help_text=_("How many somebody new is given first. 0: everybody begins at once."),
    )  # fmt: skip
    qualify_share = PercentField(
        label=_("How well they must be answered"), most=100,
        help_text=_("Mean score in per cent. Who stays below may try again after a day."),
    )  # fmt: skip
    requalify = forms.BooleanField(
        label=_("Whoever falls below it while working passes known answers anew"), required=False,
        help_text=_(
            "Judged by the newest known answers, as many as come first. What was handed in stays and counts."
        ),
    )  # fmt: skip
    blind_share = PercentField(
        label=_("Images without suggestions"), most=100,
        help_text=_("In per cent; chance decides for each image. The overview then compares both."),
    )  # fmt: skip
    examples_wanted = forms.IntegerField(
        label=_("Examples wanted of each label"), min_value=0, max_value=10_000, required=False,
        help_text=_(
            "The review begins with disputes about labels that have fewer decided examples. "
            "0: all labels count the same."
        ),
    )  # fmt: skip
    reviews = forms.TypedChoiceField(
        label=_("Who decides"), choices=[(1, _("One reviewer")), (2, _("Two reviewers who say the same"))],
        coerce=int, empty_value=None, required=False, initial=1,
        help_text=_("Neither sees what the other said. Where they differ, a third settles it."),
    )  # fmt: skip

    campaign: Campaign | None = None
    begun_from: Campaign | None = None

    @property
    def judges(self) -> bool:
        return self.campaign is not None and self.campaign.traits.judges

    def offer_checks(self) -> None:
        if self.judges:
            del self.fields["blind_share"]  # what is judged is shown to everybody

    def watching(self) -> dict[str, Any]:
        """Known answers and the blind arm, as far as the page asks about them: a new draft does not, and has
        what its template passes on."""
        if self.campaign is None:
            return {name: getattr(self.begun_from, name) for name in CHECKS} if self.begun_from else {}
        given = {name: self.cleaned_data.get(name) for name in WATCHING}
        kept = {name: value for name, value in given.items() if value is not None}
        return {**kept, **{name: self.cleaned_data[name] for name in SWITCHES}}

    def reviewing(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in REVIEWING if data[name] is not None}


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    return {name: getattr(campaign, name) for name in (*WATCHING, *SWITCHES, *REVIEWING)}
