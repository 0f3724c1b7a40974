"""What is made of several counts opens all that it is made of; what was set aside opens exactly that."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from annotation.models import Canvas
from campaigns.evaluated import pairs_behind
from campaigns.evaluated_images import images_behind
from campaigns.models import Campaign, Evaluation
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released, tagged

Clef = Callable[[str], Concept]
PROMPT = {"prompt": {"en": "Which?"}}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boxes(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    """Two images of F and G; the model also speaks of a third image, of a whole one, and once without confidence."""
    campaign = make_campaign("boxes", pages=2, question=PROMPT)
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [located([(ONE, f), (TWO, g)]) for _p in range(3)] for page in range(2)})
    merge(campaign)
    decide_everything(campaign, owner)
    one, two = pages_of(campaign)
    outside = _outside(campaign)
    said = [
        (one, ONE, f, 0.9), (one, TWO, f, 0.8), (two, ONE, f, None), (two, TWO, g, 0.05),
        (two, None, g, 0.7), (outside, ONE, f, 0.6), (outside, TWO, clef("C"), None),
    ]  # fmt: skip
    return evaluated(run_that_said(campaign, owner, said), released(campaign, owner), owner, score=0.5)


def _outside(campaign: Campaign) -> Canvas:
    """Another page of the same book, on which nothing is asked."""
    page = pages_of(campaign)[0]
    return Canvas.objects.create(
        manifest=page.manifest,
        uri=f"https://example.org/{uuid4()}",
        position=999,
        width=page.width,
        height=page.height,
    )


@pytest.fixture
def tags(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    """Of four images the first three have answers of three people, the last one of one."""
    campaign = make_campaign("kind", pages=4, question_kind="tag", question=PROMPT)
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f), tagged(f), tagged(g)] for page in range(3)})
    answer(campaign, {3: [tagged(f)]})
    merge(campaign)
    decide_everything(campaign, owner)
    said = [(page, None, f, 0.9) for page in pages_of(campaign)]
    return evaluated(run_that_said(campaign, owner, said), released(campaign, owner), owner, score=0.5)


def counted(evaluation: Evaluation, kind: str, **asked: str) -> int:
    return pairs_behind(evaluation, kind=kind, **asked).count()


def test_a_composite_opens_the_true_the_false_and_the_missed(boxes: Evaluation) -> None:
    overall = boxes.figures["overall"]
    assert counted(boxes, "counted") == sum(overall[part] for part in ("tp", "fp", "fn"))
    assert counted(boxes, "whole") == counted(boxes, "counted") + counted(boxes, "below")
    assert counted(boxes, "below") == boxes.figures["score"]["below"] == 1
    for row in boxes.figures["classes"]:
        pk = boxes.figures["labels"][row["label"]]["id"]
        assert counted(boxes, "counted", row=pk) == row["tp"] + row["fp"] + row["fn"]


def test_sides_are_those_of_true_things_and_of_what_is_false(boxes: Evaluation) -> None:
    small = counted(boxes, "whole", side_to="32")
    large = counted(boxes, "whole", side_from="32")
    assert small + large == counted(boxes, "whole")
    edge = str((TWO[2] * TWO[3]) ** 0.5)
    false = pairs_behind(boxes, kind="whole", side_from=edge, side_to=str(float(edge) + 1e-6)).filter(
        true_label=None
    )
    assert [pair.box for pair in false] == [list(map(float, TWO))]


def test_what_was_set_aside_opens_exactly_that(boxes: Evaluation, owner: User, client: Client) -> None:
    client.force_login(owner)
    counts = boxes.figures["counts"]
    assert (counts["elsewhere"], counts["other_shape"], counts["unscored"]) == (2, 1, 1)
    page = client.get(f"/evaluations/{boxes.pk}/").content.decode()
    for kind, scores in (("elsewhere", [0.6, None]), ("other_shape", [0.7]), ("unscored", [None])):
        found = client.get(f"/api/v1/evaluations/{boxes.pk}/cells/", {"kind": kind}).json()
        assert found["count"] == counts[kind] == boxes.figures["kept_aside"][kind]
        assert [one["score"] for one in found["results"]] == scores
        assert all(one["annotation"] and one["true"] is None for one in found["results"])
        assert f"kind={kind}" in page
        assert client.get(f"/evaluations/{boxes.pk}/cells/?kind={kind}").status_code == 200
    # Nothing else has grown by them.
    assert pairs_behind(boxes).count() == 4
    assert counted(boxes, "scored") == counts["predictions"] == 4


def test_every_composite_on_the_page_opens_something(boxes: Evaluation, owner: User, client: Client) -> None:
    client.force_login(owner)
    page = client.get(f"/evaluations/{boxes.pk}/").content.decode()
    assert page.count("kind=counted") >= 1 + len(boxes.figures["classes"])
    assert page.count("kind=whole") >= 10
    for kind, said in (("counted", "Right, false and missed"), ("whole", "too unsure to count")):
        assert said in client.get(f"/evaluations/{boxes.pk}/cells/?kind={kind}").content.decode()


@pytest.mark.parametrize("name", ["boxes", "tags"])
def test_each_person_of_the_ceiling_opens_their_images(
    name: str, request: pytest.FixtureRequest, owner: User, client: Client
) -> None:
    evaluation: Evaluation = request.getfixturevalue(name)
    people = evaluation.figures["ceiling"]["people"]
    client.force_login(owner)
    page = client.get(f"/evaluations/{evaluation.pk}/").content.decode()
    for place, one in enumerate(people):
        images = client.get(
            f"/api/v1/evaluations/{evaluation.pk}/images/", {"kind": "people", "person": place}
        ).json()["count"]
        assert images == (one["n"] if name == "tags" else 2)
        assert f"kind=people&amp;person={place}" in page
        address = f"/evaluations/{evaluation.pk}/images/?kind=people&person={place}"
        assert one["person"] in client.get(address).content.decode()
    assert images_behind(evaluation, kind="people").count() == (3 if name == "tags" else 2)


def test_what_cannot_be_told_is_refused(boxes: Evaluation, owner: User, client: Client) -> None:
    client.force_login(owner)
    for wrong in ("x", "-1", "9" * 30):
        with pytest.raises(Invalid):
            images_behind(boxes, kind="people", person=wrong)
        assert client.get(f"/evaluations/{boxes.pk}/images/?kind=people&person={wrong}").status_code == 422
    assert images_behind(boxes, kind="people", person="77").count() == 0
    assert client.get(f"/evaluations/{boxes.pk}/images/?kind=people&person=9999").status_code == 200
    boxes.figures["version"] = 4
    with pytest.raises(Conflict):
        images_behind(boxes, kind="people")
