"""The course of a campaign, in the fields of a form: its pilot, the order of its images, its days."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, PredictionRun
from frontend.forms.fields import DateInput, DateTimeInput

COURSE = ("pilot_size", "order", "order_seed", "opens_at", "closes_at", "target_on")


class CourseFields(forms.Form):
    """Whose confidence gives the order is asked only where a model has looked: `offer_runs()` says it."""

    pilot_size = forms.IntegerField(
        label=_("Images of the pilot"), min_value=1, max_value=2**31 - 1, required=False,
        help_text=_("The first so many are offered at the beginning; you go on with all when you like what you see."),
    )  # fmt: skip
    order = forms.ChoiceField(
        label=_("Order of the images"), choices=Campaign.Order.choices, initial=Campaign.Order.SEQUENTIAL,
        help_text=_("It may change while people work: nobody loses what is in hand."),
    )  # fmt: skip
    order_seed = forms.IntegerField(
        label=_("Number of the draw"), min_value=0, max_value=2**31 - 1, initial=1,
        help_text=_("The same number gives the same order at random or in turn."),
    )  # fmt: skip
    opens_at = forms.DateTimeField(
        label=_("Opens by itself"), required=False, widget=DateTimeInput(),
        help_text=_("While it is a draft, and if nothing is missing."),
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label=_("Closes by itself"), required=False, widget=DateTimeInput(),
        help_text=_("From then on nothing is given out; what comes in later is kept without counting."),
    )  # fmt: skip
    target_on = forms.DateField(
        label=_("To be done by"), required=False, widget=DateInput(),
        help_text=_("The overview says whether the work will be done by then. It closes nothing."),
    )  # fmt: skip

    campaign: Campaign | None = None

    def offer_runs(self) -> None:
        """An order by confidence is offered where a model has been asked."""
        runs = PredictionRun.objects.of(self.campaign).select_related("predictor")
        if self.campaign is None or not runs:
            known = [choice for choice in Campaign.Order.choices if choice[0] != Campaign.Order.UNCERTAIN]
            self.fields["order"].choices = known  # type: ignore[attr-defined]
            return
        self.fields["order_run"] = forms.ModelChoiceField(
            label=_("Whose confidence"), queryset=runs, required=False, empty_label=_("None"),
            help_text=_("The run that tells what is uncertain."),
        )  # fmt: skip

    def course(self) -> dict[str, Any]:
        data = self.cleaned_data
        order_run = {"order_run": data["order_run"]} if "order_run" in data else {}
        return {**{name: data[name] for name in COURSE}, **order_run}


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    return {**{name: getattr(campaign, name) for name in COURSE}, "order_run": campaign.order_run_id}
