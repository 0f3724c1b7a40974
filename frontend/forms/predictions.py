"""Forms of predictions: a model that is to look at the images, and which of its runs people see."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, PredictionRun


class ShownRunForm(forms.Form):
    """Which predictions contributors see."""

    run = forms.ModelChoiceField(
        label=_("Predictions shown to contributors"),
        queryset=PredictionRun.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = PredictionRun.objects.of(campaign).select_related("predictor")
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = run_label  # type: ignore[attr-defined]


def run_label(run: PredictionRun) -> str:
    return f"{run.predictor.name} · {date_format(localtime(run.created_at), 'SHORT_DATETIME_FORMAT')}"


class TemplateMatchForm(forms.Form):
    """*Find more like this*: what people have drawn so far serves as examples."""

    examples = forms.IntegerField(
        label=_("Examples per label"), min_value=1, max_value=10, initial=3,
        help_text=_("The boxes that most people agree on are taken as examples."),
    )  # fmt: skip
    threshold = forms.FloatField(
        label=_("Least likeness"), min_value=0.3, max_value=0.99, initial=0.7,
        help_text=_("From 0 to 1. Higher finds less and errs less."),
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )  # fmt: skip


class HttpPredictorForm(forms.Form):
    """A model behind an address."""

    name = forms.CharField(label=_("Name of the model"), max_length=120)
    version = forms.CharField(label=_("Version"), max_length=60, required=False)
    url = forms.URLField(label=_("Address"), max_length=2000, assume_scheme="https")
    labels = forms.CharField(
        label=_("Labels"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_(
            "One a line: the model’s class, =, and the notation of the concept. For example: clef.G = clef-g"
        ),
    )  # fmt: skip
