"""The form of a grouping: how its classes are found, and what it is called."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.permissions import visible_layers
from campaigns.models import Campaign
from campaigns.permissions import visible_campaigns
from taxonomy.models import Vocabulary


def counted_campaigns(person: Any, vocabulary: Vocabulary) -> list[Campaign]:
    """The campaigns about a vocabulary whose ground truth the person may see."""
    campaigns = visible_campaigns(person).filter(vocabulary=vocabulary)
    layers = visible_layers(person).order_by().values("pk")
    return list(campaigns.filter(ground_truth_layer__in=layers).order_by("slug"))


class GroupingForm(forms.Form):
    """A rule, the campaign in whose ground truth it counts, and the titles; the concepts are read beside it."""

    kind = forms.ChoiceField(
        label=_("How the classes are found"), widget=forms.RadioSelect,
        choices=[
            ("at-least", _("At least so many annotations, otherwise roll up to the parent")),
            ("depth", _("By depth in the tree")),
            ("chosen", _("I choose them below")),
        ],
    )  # fmt: skip
    least = forms.IntegerField(label=_("At least so many annotations"), min_value=1, required=False)
    depth = forms.IntegerField(
        label=_("Depth"), min_value=0, max_value=100, required=False, help_text=_("0 are the top concepts.")
    )
    campaign = forms.ChoiceField(label=_("Count the ground truth of"), required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)

    def __init__(self, *args: Any, campaigns: list[Campaign], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.slug, one.title.get(language) or one.title.get("en") or one.slug) for one in campaigns]
        field: Any = self.fields["campaign"]
        field.choices = [("", _("nothing")), *named]

    def rule(self, concepts: list[str]) -> dict[str, Any]:
        """The rule as `taxonomy.actions.groupings` takes it."""
        data = self.cleaned_data
        match data["kind"]:
            case "at-least":
                return {"kind": "at-least", "least": data["least"] or 0}
            case "depth":
                return {"kind": "depth", "depth": -1 if data["depth"] is None else data["depth"]}
        return {"kind": "chosen", "concepts": concepts}
