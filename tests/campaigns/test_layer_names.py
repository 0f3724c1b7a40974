"""The layers of a campaign bear its title, in each language with the words of that language."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from accounts.models import User
from annotation.models import Layer
from campaigns.actions import configure_campaign
from campaigns.layer_names import layer_name, prediction_layer_name
from campaigns.models import Predictor
from frontend.templatetags.rubricator import model_name
from tests.campaigns.conftest import CampaignMaker

pytestmark = pytest.mark.django_db
TITLES = {"en": "Draw every clef", "fr": "Dessinez chaque clé"}


def test_each_language_has_its_own_words_whatever_its_maker_speaks(make_campaign: CampaignMaker) -> None:
    with translation.override("fr"):
        campaign = make_campaign(title=TITLES)
    assert campaign.ground_truth_layer.label == {
        "en": "Draw every clef – Ground truth",
        "fr": "Dessinez chaque clé – Vérité de terrain",
    }


def test_a_language_that_we_do_not_speak_gets_english_words() -> None:
    assert layer_name({"la": "Claves"}, Layer.Kind.DECISIONS) == {"la": "Claves – Decisions"}


def test_another_title_is_another_name_but_not_of_a_layer_that_somebody_named(
    make_campaign: CampaignMaker, owner: User
) -> None:
    campaign = make_campaign(title=TITLES)
    Layer.objects.filter(pk=campaign.consensus_layer_id).update(label={"en": "What most saw"})
    configure_campaign(campaign, {"title": {"en": "Clefs", "fr": "Clés"}}, by=owner)
    names = {layer.kind: layer.label for layer in Layer.objects.all()}
    assert names["decisions"] == {"en": "Clefs – Decisions", "fr": "Clés – Décisions"}
    assert names["consensus"] == {"en": "What most saw"}


def test_a_model_keeps_its_name_and_ours_has_one_in_each_language() -> None:
    assert prediction_layer_name(Predictor(name="yolo", version="8")) == {"en": "yolo 8"}
    ours = prediction_layer_name(Predictor(name="Find more like this", version="1"))
    assert ours == {"en": "Find more like this 1", "fr": "Chercher d’autres pareils 1"}
    with translation.override("fr"):
        assert [model_name("yolo"), model_name("Find more like this")] == [
            "yolo",
            "Chercher d’autres pareils",
        ]


def test_layers_from_before_are_named_anew(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(title=TITLES)
    Layer.objects.filter(pk=campaign.decisions_layer_id).update(
        label={"en": "Draw every clef – Decisions", "fr": "Dessinez chaque clé – Decisions"}
    )
    Layer.objects.filter(pk=campaign.consensus_layer_id).update(label={"fr": "Le mien"})
    import_module("campaigns.migrations.0041_layers_named_in_their_language").name_layers(apps, None)
    names = {layer.kind: layer.label for layer in Layer.objects.all()}
    assert names["decisions"] == {
        "en": "Draw every clef – Decisions",
        "fr": "Dessinez chaque clé – Décisions",
    }
    assert names["consensus"] == {"fr": "Le mien"}
