"""What is to be drawn, as a curator chooses it, and the pages of a campaign of outlines or points."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Annotation
from campaigns.models import Campaign
from frontend.shown_layers import shapes_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import accept_all, task_at
from tests.campaigns.test_outlines import DOT, LEAF, PROMPT, answered, hand_in, moved, shape
from tests.frontend.curating import GOOD
from tests.frontend.pages import faults

pytestmark = pytest.mark.django_db
Clef = Callable[[str], Concept]


def test_a_curator_chooses_what_is_drawn(desk: Client, campaign: Campaign) -> None:
    sent = {**GOOD, "vocabulary": str(campaign.vocabulary_id), "slug": "leaves", "shapes": "polygon"}
    assert desk.post(reverse("campaign-new"), sent).status_code == 302
    made = Campaign.objects.get(slug="leaves")
    assert made.question["shapes"] == "polygon"
    page = desk.get(reverse("campaign-edit", args=["leaves"])).content.decode()
    assert 'value="polygon"' in page
    # A form that says nothing of shapes leaves them as they are.
    kept = {name: value for name, value in sent.items() if name != "shapes"}
    desk.post(reverse("campaign-edit", args=["leaves"]), kept)
    made.refresh_from_db()
    assert made.question["shapes"] == "polygon"


def test_a_tag_question_has_none(desk: Client, campaign: Campaign) -> None:
    sent = {**GOOD, "vocabulary": str(campaign.vocabulary_id), "slug": "tags", "question_kind": "tag"}
    assert desk.post(reverse("campaign-new"), {**sent, "shapes": "point"}).status_code == 302
    assert "shapes" not in Campaign.objects.get(slug="tags").question


def test_once_people_have_answered_the_fault_stands_beside_the_field(
    desk: Client, make_campaign: CampaignMaker, clef: Clef
) -> None:
    campaign = make_campaign(question={**PROMPT, "shapes": "polygon"})
    hand_in(shape(LEAF, clef("F")))
    sent = {**GOOD, "vocabulary": str(campaign.vocabulary_id), "slug": "clefs", "shapes": "point"}
    response = desk.post(reverse("campaign-edit", args=["clefs"]), sent)
    assert list(faults(response)) == ["shapes"]


@pytest.mark.parametrize("kind", ["polygon", "point"])
def test_the_pages_of_such_a_campaign_open(
    desk: Client, make_campaign: CampaignMaker, clef: Clef, owner: User, kind: str
) -> None:
    campaign = make_campaign(pages=2, question={**PROMPT, "shapes": kind})
    drawn = LEAF if kind == "polygon" else DOT
    answered(campaign, *([shape(moved(drawn, by), clef("F"))] for by in (0, 2, 4)))
    accept_all(campaign, task_at(campaign), owner)
    for name in ("campaign", "campaign-dashboard", "campaign-review", "campaign-people"):
        assert desk.get(reverse(name, args=["clefs"])).status_code == 200, name


@pytest.mark.parametrize(("kind", "drawn"), [("polygon", LEAF), ("point", DOT)])
def test_the_viewer_draws_them_as_they_are(
    make_campaign: CampaignMaker, clef: Clef, kind: str, drawn: list[list[float]]
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": kind})
    hand_in(shape(drawn, clef("F")))
    canvas = task_at(campaign).canvas
    (layer,) = shapes_of([campaign.contributions_layer], canvas, "en")
    assert [[list(point) for point in one["points"]] for one in layer["shapes"]] == [drawn]
    # Pixels of an image are no canvas units: the box stands for such an outline.
    Annotation.objects.filter(layer=campaign.contributions_layer).update(x=1, y=1, w=20, h=20)
    (layer,) = shapes_of([campaign.contributions_layer], canvas, "en")
    assert [list(one["points"]) for one in layer["shapes"]] == [[]]
