"""How places and labels become one, as a campaign chooses: the mean by reliability, the union, the tree coin."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from annotation.geometry import Polygon
from campaigns.actions import Submission, configure_campaign
from campaigns.actions.reliability import learn_reliability
from campaigns.documents import points_of
from campaigns.models import Campaign, ConsensusItem, ReliabilityModel
from campaigns.questions import ConfigError, locate
from taxonomy.actions.tree import rebuild_tree
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker, make_concept
from tests.campaigns.outcomes import ONE, answer, located, merge, tagged

Clef = Callable[[str], Concept]
PROMPT = {"prompt": {"en": "Which?"}}
BOXES = [(100, 100, 40, 80), (104, 100, 40, 80), (112, 100, 40, 80)]


def items(campaign: Campaign) -> list[ConsensusItem]:
    rows = ConsensusItem.objects.filter(consensus__campaign=campaign)
    return list(rows.select_related("annotation", "consensus__task").order_by("consensus__task__position"))


@pytest.mark.parametrize(("how", "left"), [("median", 104), ("mean", 316 / 3), ("max_iou", None)])
def test_boxes_are_merged_as_chosen(
    make_campaign: CampaignMaker, clef: Clef, how: str, left: float | None
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "merged": how})
    answer(campaign, {0: [located([(box, clef("F"))]) for box in BOXES]})
    merge(campaign)
    (item,) = items(campaign)
    x = item.annotation.x
    assert x == pytest.approx(left, abs=1e-3) if left else 103 < x < 107
    assert item.consensus.parameters["geometry"] == how
    assert (how in item.consensus.method) == (how != "median")


def test_another_way_merges_what_is_not_decided_anew(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=1, question=PROMPT)
    answer(campaign, {0: [located([(box, clef("F"))]) for box in BOXES]})
    merge(campaign)
    assert items(campaign)[0].annotation.x == 104
    campaign = configure_campaign(campaign, {"question": {**campaign.question, "merged": "mean"}}, by=owner)
    merge(campaign)
    assert items(campaign)[0].annotation.x == pytest.approx(316 / 3, abs=1e-3)


def test_the_mean_listens_to_the_reliable(make_campaign: CampaignMaker, clef: Clef, owner: User) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "merged": "mean"}, weighing="one-coin")
    people = answer(campaign, {0: [located([(box, clef("F"))]) for box in BOXES]})
    merge(campaign)
    # Of boxes a model learns from what was merged before, by whoever's votes alike.
    learn_reliability(campaign)
    row = ReliabilityModel.objects.get(campaign=campaign)
    known = {people[0].pk: 0.9, people[1].pk: 0.3, people[2].pk: 0.3}
    state = {**row.state, "accuracy": {str(pk): value for pk, value in known.items()}}
    ReliabilityModel.objects.filter(pk=row.pk).update(state=state, contributions=1000)
    ConsensusItem.objects.get().consensus.delete()
    merge(campaign)
    (item,) = items(campaign)
    authors = [
        one.contribution_shape.contribution.participant_id
        for one in sorted(item.members.all(), key=lambda member: member.annotation.x)
        for one in [one.annotation]
    ]
    weights = [known[who] for who in authors]
    expected = sum(w * box[0] for w, box in zip(weights, BOXES, strict=True)) / sum(weights)
    assert item.annotation.x == pytest.approx(expected, abs=1e-3)


def leaf(left: float, concept: Concept) -> Submission:
    points = [[left, 100], [left + 60, 100], [left + 60, 160], [left, 160]]
    shape = {"id": str(uuid4()), "points": points, "concepts": [str(concept.pk)]}
    return Submission(uuid4(), {"nothing_here": False, "shapes": [shape]})


@pytest.mark.parametrize(
    ("how", "area"), [("median", 3600), ("union", 80 * 60), ("intersection", 40 * 60), ("medoid", 3600)]
)
def test_outlines_are_merged_as_chosen(
    make_campaign: CampaignMaker, clef: Clef, how: str, area: float
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": "polygon", "merged": how})
    answer(campaign, {0: [leaf(left, clef("F")) for left in (100, 110, 120)]})
    merge(campaign)
    (item,) = items(campaign)
    assert Polygon(points_of(item.annotation)).area == pytest.approx(area)


def test_a_way_that_the_shapes_do_not_have_is_refused() -> None:
    for config in ({"merged": "union"}, {"shapes": "point", "merged": "mean"}, {"merged": 3}):
        with pytest.raises(ConfigError):
            locate.validate_config(config)
    assert "merged" not in locate.validate_config({"merged": "median"})


@pytest.fixture
def clefs(make_campaign: CampaignMaker, clef: Clef, vocabulary: Vocabulary) -> Callable[..., Campaign]:
    make_concept(vocabulary, clef("G"), "G1", ("French clef", "clef"), 0)
    make_concept(vocabulary, clef("G"), "G2", ("Treble clef", "clef"), 1)
    rebuild_tree(vocabulary)

    def made(kind: str, weighing: str) -> Campaign:
        return make_campaign(
            pages=4, overlap=3, question_kind=kind, question={**PROMPT, "coarser_counts": True},
            weighing=weighing,
        )  # fmt: skip

    return made


@pytest.mark.parametrize("weighing", ["tree-coin", "tree-dawid-skene"])
@pytest.mark.parametrize("kind", ["tag", "locate"])
def test_the_models_of_the_tree_decide_as_low_as_they_are_sure(
    clefs: Callable[..., Campaign], clef: Clef, kind: str, weighing: str
) -> None:
    campaign = clefs(kind, weighing)
    said: dict[int, tuple[str, ...]] = {0: ("G1", "G1", "G"), 1: ("G1", "G2", "G"), 2: ("G2", "G2", "G")}
    rows: dict[int, list[Any]] = {
        page: [tagged(clef(one)) if kind == "tag" else located([(ONE, clef(one))]) for one in names]
        for page, names in said.items()
    }
    rows[3] = [tagged() if kind == "tag" else located([]) for _person in range(3)]
    answer(campaign, rows)
    merge(campaign)
    learn_reliability(campaign)
    merge(campaign)
    found = {one.consensus.task.position: one for one in items(campaign)}
    labels = {
        page: [str(link.concept) for link in one.annotation.concept_links.all()]
        for page, one in found.items()
    }
    assert labels == {0: [str(clef("G1"))], 1: [str(clef("G"))], 2: [str(clef("G2"))]}
    known = dict(map(tuple, found[1].posterior))
    assert known[str(clef("G").pk)] > 0.5 > known[str(clef("G1").pk)]
    assert found[1].consensus.method.endswith(f"{weighing}, 1")


def test_the_form_asks_how(make_campaign: CampaignMaker, owner: User, client: Client) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "merged": "max_iou"})
    client.force_login(owner)
    page = client.get(f"/campaigns/{campaign.slug}/edit/").content.decode()
    assert '<option value="max_iou" selected>' in page
