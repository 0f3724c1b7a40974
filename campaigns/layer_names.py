"""What the layers of a campaign are called: in every language of its title, in the words of that language."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from annotation.models import Layer
from campaigns.models import Campaign, Predictor
from campaigns.predictors import match_template

LAYERS = {
    "contributions_layer": Layer.Kind.CONTRIBUTIONS,
    "consensus_layer": Layer.Kind.CONSENSUS,
    "decisions_layer": Layer.Kind.DECISIONS,
    "ground_truth_layer": Layer.Kind.GROUND_TRUTH,
}


def layer_name(title: Mapping[str, str], kind: Layer.Kind) -> dict[str, str]:
    """The title and what the layer holds, language by language; English words where we do not speak the language."""
    named = {}
    for language, text in title.items():
        with translation.override(language):
            named[language] = f"{text} – {kind.label}"
    return named


def rename_layers(campaign: Campaign, *, before: Mapping[str, str]) -> None:
    """Give the layers the new title, those that still bear the one `before`: a name that people gave stays."""
    for field, kind in LAYERS.items():
        ours = Layer.objects.filter(pk=getattr(campaign, f"{field}_id"), label=layer_name(before, kind))
        ours.update(label=layer_name(campaign.title, kind))


def prediction_layer_name(predictor: Predictor) -> dict[str, str]:
    """A model is called the same in every language; what this house looks with has a name in each."""
    version = predictor.version if not predictor.assists else ""
    if predictor.name != match_template.LABEL:
        return {"en": f"{predictor.name} {version}".strip()}
    named = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            named[language] = f"{_(match_template.LABEL)} {version}".strip()
    return named
