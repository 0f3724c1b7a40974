"""The form that asks which images or regions become tasks, as people fill it in."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models import Layer
from campaigns.choosing import layers_to_ask_of
from campaigns.models import Campaign, PredictionRun
from frontend.forms.fields import PercentField
from frontend.forms.predictions import run_label
from frontend.templatetags.rubricator import lang
from taxonomy.folding import fold
from taxonomy.models import Concept

OF = [
    ("canvases", _("Images")),
    ("regions", _("The boxes of a layer")),
    ("predictions", _("The boxes that a model has predicted")),
]
SAYS = [
    ("", _("No matter what a layer says")),
    ("has", _("Only images about which the layer says it")),
    ("lacks", _("Only images about which the layer does not say it")),
]
PRIORITIES = [
    ("", _("The number below, or none")),
    ("confidence", _("What the model is surest of first")),
    ("doubt", _("What the model is least sure of first")),
]


class WantedForm(forms.Form):
    """`query()` is what `campaigns.choosing.Wanted` reads; the action names what cannot be found."""

    of = forms.ChoiceField(label=_("What becomes tasks"), choices=OF)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=200,
        help_text=_("Stands in the label of the image, or in the title or the description of its source."),
    )  # fmt: skip
    layer = forms.ModelChoiceField(label=_("Layer"), queryset=Layer.objects.none(), required=False)
    says = forms.ChoiceField(
        label=_("Images by what the layer says"), choices=SAYS, required=False,
        help_text=_("That the concept is there or, without a concept, anything."),
    )  # fmt: skip
    concept = forms.CharField(
        label=_("Concept"), required=False, max_length=500,
        help_text=_("Label, notation or address in the vocabulary of the campaign. What is below it counts as well."),
    )  # fmt: skip
    run = forms.ModelChoiceField(
        label=_("Run of a model"), queryset=PredictionRun.objects.none(), required=False
    )
    least_confidence = PercentField(label=_("Confidence from (%)"), most=100)
    most_confidence = PercentField(label=_("Confidence to (%)"), most=100)
    least_width = forms.FloatField(label=_("Width of the image from"), required=False, min_value=0)
    priority_by = forms.ChoiceField(label=_("Priority"), choices=PRIORITIES, required=False)
    priority = forms.FloatField(
        label=_("Priority as a number"), required=False,
        help_text=_("Where the campaign goes by priority, the highest comes first."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: User, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign = campaign
        fields: Any = self.fields
        fields["layer"].queryset = layers_to_ask_of(person).order_by("-created_at")
        fields["layer"].label_from_instance = lambda layer: lang(layer.label) or str(layer.pk)
        runs = PredictionRun.objects.of(campaign).select_related("predictor")
        fields["run"].queryset = runs.order_by("-created_at")
        fields["run"].label_from_instance = run_label

    def clean_concept(self) -> Concept | None:
        said = self.cleaned_data["concept"].strip().replace("\x00", "")
        if not said:
            return None
        named = Q(uri=said) | Q(notation=said) | Q(labels__folded=fold(said))
        concept = self._campaign.vocabulary.concepts.filter(named).order_by("preorder").first()
        if concept is None:
            raise forms.ValidationError(_("The vocabulary of the campaign has no such concept."))
        return concept

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("says") and not data.get("layer"):
            self.add_error("layer", _("Choose the layer that says it."))
        if data.get("of") == "regions" and not data.get("layer"):
            self.add_error("layer", _("Choose the layer whose boxes become tasks."))
        if data.get("of") == "predictions" and not data.get("run"):
            self.add_error("run", _("Choose the run whose predictions become tasks."))
        return data

    def query(self) -> dict[str, Any]:
        """What was asked for, as JSON."""
        data = self.cleaned_data
        names = (
            "of",
            "text",
            "least_confidence",
            "most_confidence",
            "least_width",
            "priority_by",
            "priority",
        )
        query = {name: data[name] for name in names if data[name] not in (None, "")}
        layer, concept = data["layer"] and str(data["layer"].pk), data["concept"] and str(data["concept"].pk)
        if data["says"]:
            query[data["says"]] = {"layer": layer, "concept": concept}
        if data["of"] == "regions":
            query["layers"] = [layer]
        if data["of"] == "predictions":
            query["run"] = str(data["run"].pk)
        if data["of"] != "canvases" and concept and not data["says"]:
            query["concepts"] = [concept]
        return query
