"""A question about regions: the boxes of one campaign's ground truth become the tasks of another."""

from uuid import uuid4

import pytest

from annotation.geometry import Box
from annotation.models import Annotation
from campaigns.actions import choose_regions, claim, open_campaign
from campaigns.api import shown
from campaigns.models import ConsensusItem, Task
from problems import Conflict, Invalid
from tests.campaigns.outcomes import accept_all, answer, located, merge, tagged, task_at

pytestmark = pytest.mark.django_db
BOXES = ((10.0, 20.0, 30.0, 40.0), (50.0, 60.0, 30.0, 40.0))


@pytest.fixture
def drawn(make_campaign, clef, owner):
    """A campaign of one page whose two decided boxes are the regions to ask about."""
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(box, clef("G")) for box in BOXES])]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    return campaign


def test_each_box_becomes_a_task_once(drawn, make_campaign, owner):
    asking = make_campaign("asking", pages=0, open_it=False, question_kind="tag")
    layer = drawn.ground_truth_layer_id
    assert choose_regions(asking, by=owner, layers=[layer]) == 2
    assert choose_regions(asking, by=owner, layers=[layer]) == 0
    tasks = list(Task.objects.filter(campaign=asking).order_by("position"))
    assert [task.region for task in tasks] == list(BOXES)
    assert [task.position for task in tasks] == [0, 1]


def test_a_tag_on_a_region_is_shown_merged_and_decided_there(drawn, make_campaign, clef, owner, people):
    asking = make_campaign("asking", pages=0, open_it=False, question_kind="tag", overlap=1)
    choose_regions(asking, by=owner, layers=[drawn.ground_truth_layer_id])
    asking = open_campaign(asking, by=owner)
    given = claim(asking, people(asking, 1)[0]).assignment
    assert shown.assignment(given)["task"]["region"] == BOXES[0]
    answer(asking, {1: [tagged(clef("F"))]})
    merge(asking)
    item = ConsensusItem.objects.select_related("annotation").get(consensus__campaign=asking)
    assert item.annotation.box == BOXES[1]
    accept_all(asking, task_at(asking, 1), owner)
    truth = Annotation.objects.get(layer=asking.ground_truth_layer)
    assert truth.box == BOXES[1]
    assert truth.document["target"]["selector"]["value"] == Box(*BOXES[1]).fragment()


def test_layers_that_may_not_be_seen_and_closed_campaigns_are_refused(drawn, make_campaign, owner, manager):
    asking = make_campaign("asking", pages=0, open_it=False, question_kind="tag")
    with pytest.raises(Invalid):
        choose_regions(asking, by=owner, layers=[uuid4()])
    with pytest.raises(Invalid):
        choose_regions(asking, by=manager, layers=[drawn.consensus_layer_id])
    asking.status = "closed"
    asking.save()
    with pytest.raises(Conflict):
        choose_regions(asking, by=owner, layers=[drawn.ground_truth_layer_id])


def test_over_rest(drawn, make_campaign, owner, api):
    make_campaign("asking", pages=0, open_it=False, question_kind="tag")
    api.force_authenticate(owner)
    body = {"layers": [str(drawn.ground_truth_layer_id)]}
    response = api.post("/api/v1/campaigns/asking/canvases/", body)
    assert (response.status_code, response.json()) == (200, {"added": 2, "tasks": 2})
    assert api.post("/api/v1/campaigns/asking/canvases/", {}).status_code == 422


def test_on_the_page(drawn, make_campaign, owner, client):
    make_campaign("asking", pages=0, open_it=False, question_kind="tag")
    client.force_login(owner)
    address = "/campaigns/asking/canvases/"
    assert str(drawn.ground_truth_layer_id) in client.get(address).content.decode()
    response = client.post(address, {"layer": str(drawn.ground_truth_layer_id)})
    assert response.status_code == 302
    assert Task.objects.filter(campaign__slug="asking").count() == 2
    assert client.post(address, {"layer": "nothing"}).status_code == 422
