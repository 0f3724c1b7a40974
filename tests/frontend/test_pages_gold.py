"""The pages about known answers: marked and taken back, the settings, how reliable people are, both arms."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Layer
from campaigns.actions import configure_campaign, join_campaign
from campaigns.actions.gold import withdraw_gold
from campaigns.known import gold_in_force
from campaigns.models import Campaign, PredictionRun, Predictor
from frontend.forms.releases import LICENCES
from frontend.plates import finished_page
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, located, released
from tests.campaigns.test_gold import KNOWN, answer_known, make_seeded

Clef = Callable[[str], Concept]


@pytest.fixture
def seeded(make_campaign: CampaignMaker, clef: Clef, owner: User) -> Campaign:
    return make_seeded(make_campaign, clef, owner)


@pytest.fixture
def olga(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_marked_and_taken_back_by_one_click_each(seeded: Campaign, olga: Client) -> None:
    address = reverse("campaign-gold", args=["clefs"])
    task = gold_in_force(seeded).values_list("task", flat=True)[0]
    page = olga.post(address, {"wants": "withdraw", "id": task}, follow=True).content.decode()
    assert "1 answer is no longer given out" in page
    assert gold_in_force(seeded).count() == KNOWN - 1
    marked = olga.post(address, {"wants": "clearest", "count": 5}, follow=True)
    assert "1 answer is known now." in marked.content.decode()
    assert gold_in_force(seeded).count() == KNOWN
    batch = marked.redirect_chain[0][0].partition("marked=")[2]
    olga.post(address, {"wants": "undo", "id": batch})
    assert gold_in_force(seeded).count() == KNOWN - 1
    olga.post(address, {"wants": "mark", "id": task})
    assert gold_in_force(seeded).count() == KNOWN


@pytest.mark.parametrize("count", ["", "0", "501", "x"])
def test_how_many_of_the_clearest_is_a_number(seeded: Campaign, olga: Client, count: str) -> None:
    response = olga.post(reverse("campaign-gold", args=["clefs"]), {"wants": "clearest", "count": count})
    assert response.status_code == 422


def test_the_settings_are_per_cent(seeded: Campaign, olga: Client) -> None:
    address = reverse("campaign-edit", args=["clefs"])
    form = olga.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert (data["gold_share"], data["qualify_share"], data["blind_share"]) == ("50", "70", "0")
    data = {name: value for name, value in data.items() if value is not False}
    sent = {
        **data,
        "rights": LICENCES[0][0],
        "gold_share": "12.5",
        "qualify_count": "3",
        "blind_share": "7",
        "gold_feedback": "on",
        "requalify": "on",
    }
    assert olga.post(address, sent).status_code == 302
    seeded.refresh_from_db()
    assert (seeded.gold_share, seeded.qualify_count, seeded.blind_share) == (0.125, 3, 0.07)
    assert (seeded.qualify_share, seeded.gold_feedback, seeded.requalify) == (0.7, True, True)
    assert olga.post(address, {**sent, "gold_share": "51"}).status_code == 422
    refused = olga.post(address, {**sent, "qualify_count": "0"})
    assert refused.status_code == 422
    assert "Only known answers both before the first other image and among" in refused.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_invitation_shows_no_page_whose_answer_is_known(seeded: Campaign, owner: User) -> None:
    released(seeded, owner)
    assert finished_page(seeded, "en") is None  # all that is decided is known
    task = gold_in_force(seeded).order_by("task__position")[1].task
    withdraw_gold(seeded, tasks=[task.pk], by=owner)
    page = finished_page(seeded, "en")
    assert page is not None
    assert page.canvas.pk == task.canvas_id


def test_how_reliable_people_are_stands_beside_them(seeded: Campaign, olga: Client, clef: Clef) -> None:
    ann = join_campaign(seeded, visitor="ann")
    for _number in range(3):
        answer_known(seeded, ann, lambda: located([(ONE, clef("F"))]))
    page = " ".join(olga.get(reverse("campaign-people", args=["clefs"])).content.decode().split())
    assert '<span class="num">88%</span> <span class="quiet small">46% to 100%, 3 cases</span>' in page


def test_the_overview_shows_both_arms(seeded: Campaign, olga: Client, owner: User) -> None:
    address = reverse("campaign-dashboard", args=["clefs"])
    assert "What suggestions do" not in olga.get(address).content.decode()
    predictor = Predictor.objects.create(
        campaign=seeded, kind="match_template", name="Find more", version="1"
    )
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label={}, created_by=owner)
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    configure_campaign(seeded, {"shown_run": run, "blind_share": 0.5}, by=owner)
    page = olga.get(address).content.decode()
    assert "Seen with suggestions" in page
    assert "Seen without" in page
