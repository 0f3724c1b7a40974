"""Outlines of what at least k of those who drew a thing drew: the setting, its bounds, the merge, and what says so."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from annotation.geometry import Polygon
from campaigns.actions import Submission, configure_campaign, create_campaign
from campaigns.actions.consensus import method_of
from campaigns.api.outcomes.review import one_review
from campaigns.documents import points_of
from campaigns.models import ConsensusItem
from campaigns.placed import place_in_words
from campaigns.quality import Rule
from campaigns.quality.outline_consensus import merge_outlines
from campaigns.questions import ConfigError, locate, sequence
from campaigns.questions.merging import method_of_places, parameters_of, rule_of
from problems import Invalid
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import accept_all, answer, merge, released, task_at

Clef = Callable[[str], Concept]
PROMPT = {"prompt": {"en": "Which?"}}
OUTLINES = {**PROMPT, "shapes": "polygon", "merged": "at_least"}


def square(left: float, side: float = 60) -> list[list[float]]:
    return [[left, 100], [left + side, 100], [left + side, 100 + side], [left, 100 + side]]


def leaf(left: float, concept: Concept) -> Submission:
    shape = {"id": str(uuid4()), "points": square(left), "concepts": [str(concept.pk)]}
    return Submission(uuid4(), {"nothing_here": False, "shapes": [shape]})


def areas(lefts: list[int], **rule: Any) -> list[float]:
    found = merge_outlines(
        [square(left) for left in lefts], list(range(len(lefts))), [{"a"}] * len(lefts), seen=5, rule=Rule(**rule)
    )  # fmt: skip
    return [Polygon(item.points).area for item in found]


@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=5), st.integers(1, 5), st.randoms(use_true_random=False)
)
def test_more_people_never_make_it_larger(lefts: list[int], k: int, random: Any) -> None:
    (area,) = areas(lefts, geometry="at_least", least=k)
    shuffled = [*lefts]
    random.shuffle(shuffled)
    assert areas(shuffled, geometry="at_least", least=k) == pytest.approx([area])
    (more,) = areas(lefts, geometry="at_least", least=k + 1)
    assert more <= area * (1 + 1e-9)
    assert areas(lefts, geometry="at_least", least=1) == pytest.approx(areas(lefts, geometry="union"))
    # Where fewer drew it than are asked for it is what all drew.
    assert areas(lefts, geometry="at_least", least=9) == pytest.approx(areas(lefts, geometry="intersection"))
    majority = areas(lefts, geometry="at_least", least=len(lefts) // 2 + 1)
    assert majority == pytest.approx(areas(lefts))
    # All overlap: what k drew begins with the k-th from the left and ends with the k-th from the right.
    held, at = sorted(lefts), min(k, len(lefts))
    assert area == pytest.approx((60 + held[-at] - held[at - 1]) * 60)


def test_a_rule_names_the_number_and_only_then() -> None:
    assert Rule(geometry="at_least", least=3).parameters()["least"] == 3
    assert "least" not in Rule().parameters()
    for wrong in ({"geometry": "at_least"}, {"least": 2}, {"geometry": "at_least", "least": 0}):
        with pytest.raises(ValueError, match="at_least"):
            Rule(**wrong)


@pytest.mark.parametrize(("k", "area"), [(1, 80 * 60), (2, 60 * 60), (3, 40 * 60)])
def test_a_campaign_merges_so(
    make_campaign: CampaignMaker, clef: Clef, owner: User, k: int, area: float
) -> None:
    campaign = make_campaign(pages=1, question={**OUTLINES, "at_least": k})
    answer(campaign, {0: [leaf(left, clef("F")) for left in (100, 110, 120)]})
    merge(campaign)
    item = ConsensusItem.objects.get(consensus__campaign=campaign)
    assert Polygon(points_of(item.annotation)).area == pytest.approx(area)
    assert item.consensus.parameters == {
        "threshold": 0.5, "class_aware": False, "majority": 0.5, "geometry": "at_least", "least": k,
    }  # fmt: skip
    assert item.consensus.method == f"majority outlines, majority labels, 1; at least {k} places, 1"
    shown = one_review(campaign, task_at(campaign).pk, by=owner)["items"][0]
    # At 2 the outline of the middle one is the very one that two drew at every place.
    said = {1: "at least 1 of the 3 drew", 2: "most like all 3", 3: "at least 3 of the 3 drew"}
    assert said[k] in shown["place"]


def test_another_number_merges_what_is_not_decided_anew(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=1, question={**OUTLINES, "at_least": 1})
    answer(campaign, {0: [leaf(left, clef("F")) for left in (100, 110, 120)]})
    merge(campaign)
    campaign = configure_campaign(campaign, {"question": {**campaign.question, "at_least": 3}}, by=owner)
    merge(campaign)
    (item,) = ConsensusItem.objects.filter(consensus__campaign=campaign)
    assert Polygon(points_of(item.annotation)).area == pytest.approx(40 * 60)


@pytest.mark.parametrize("wrong", [0, -1, True, 2.0, "2", None, [2]])
def test_a_number_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(ConfigError) as refused:
        locate.validate_config({"shapes": "polygon", "merged": "at_least", "at_least": wrong})
    assert refused.value.pointer == "/at_least"


def test_what_goes_without_saying() -> None:
    assert locate.validate_config({"shapes": "polygon", "merged": "at_least"})["at_least"] == 2
    assert "at_least" not in locate.validate_config({"shapes": "polygon", "merged": "union", "at_least": 2})
    with pytest.raises(ConfigError):
        locate.validate_config({"merged": "at_least"})  # boxes have no such place


def test_no_more_than_see_an_image(make_campaign: CampaignMaker, owner: User, vocabulary: Vocabulary) -> None:
    campaign = make_campaign(pages=1, overlap=3, question={**OUTLINES, "at_least": 3})
    for changes in ({"question": {**campaign.question, "at_least": 4}}, {"overlap": 2}):
        with pytest.raises(Invalid) as refused:
            configure_campaign(campaign, changes, by=owner)
        assert refused.value.faults[0].pointer == "/question/at_least"
    configure_campaign(campaign, {"question": {**campaign.question, "at_least": 4}, "overlap": 4}, by=owner)
    steps = [{"name": "where", "kind": "locate", "question": {**OUTLINES, "at_least": 9}}]
    with pytest.raises(Invalid) as refused:
        create_campaign(
            by=owner, slug="steps", title={"en": "?"}, vocabulary=vocabulary, question_kind="sequence",
            question={"prompt": {"en": "?"}, "steps": steps},
        )  # fmt: skip
    assert refused.value.faults[0].pointer == "/question/steps/0/question/at_least"


def test_a_step_merges_as_it_says() -> None:
    steps = [
        {"name": "where", "kind": "locate", "question": {**OUTLINES, "at_least": 3}},
        {"name": "what", "kind": "tag", "question": PROMPT},
    ]
    question = sequence.validate_config({"prompt": {"en": "?"}, "steps": steps})
    told = parameters_of(question, rule_of(question))
    assert told["steps"]["where"]["least"] == 3
    assert told["geometry"] == "median"
    assert len(method_of_places(question)) < 60
    assert method_of_places({**question, "steps": question["steps"][1:]}) == ""
    assert sequence._rule_of(question["steps"][0], Rule()) == Rule(geometry="at_least", least=3)
    assert sequence._rule_of(question["steps"][1], Rule()) == Rule()


@pytest.mark.django_db(transaction=True)
def test_a_release_names_it(make_campaign: CampaignMaker, clef: Clef, owner: User) -> None:
    campaign = make_campaign(pages=1, question={**OUTLINES, "at_least": 3})
    answer(campaign, {0: [leaf(left, clef("F")) for left in (100, 110, 120)]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    release = released(campaign, owner)
    provenance = release.manifest["provenance"]
    assert any("at least 3 places" in method for method in provenance["consensus_methods"])
    assert provenance["question"]["at_least"] == 3


def test_the_settings_ask_for_it(make_campaign: CampaignMaker, owner: User, client: Client) -> None:
    campaign = make_campaign(pages=1, question={**OUTLINES, "at_least": 3})
    client.force_login(owner)
    address = f"/campaigns/{campaign.slug}/edit/"
    page = client.get(address)
    html = page.content.decode()
    assert '<option value="at_least" selected>' in html
    assert 'name="at_least" value="3"' in html
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    sent["rights"] = "https://creativecommons.org/publicdomain/zero/1.0/"
    refused = client.post(address, {**sent, "at_least": 4, "overlap": 3})
    assert refused.status_code == 422
    assert "cannot have drawn a place" in refused.content.decode()
    kept = client.post(address, {**sent, "at_least": 2})
    assert kept.status_code == 302, kept.context["form"].errors
    campaign.refresh_from_db()
    assert campaign.question["at_least"] == 2
    assert client.post(address, {**sent, "merged": "union", "at_least": 2}).status_code == 302
    campaign.refresh_from_db()
    assert "at_least" not in campaign.question
    assert method_of(campaign).endswith("union places, 1")


@pytest.mark.parametrize(
    ("parameters", "corners", "people", "said"),
    [
        ({"geometry": "median"}, 0, 3, "median of the 3 boxes"),
        ({"geometry": "mean"}, 0, 3, "mean of the 3 boxes"),
        ({"geometry": "max_iou"}, 0, 3, "overlaps most"),
        ({"geometry": "median"}, 1, 3, "median of the 3 points"),
        ({"geometry": "median"}, 4, 3, "more than half of the 3"),
        ({"geometry": "union"}, 4, 3, "any of the 3"),
        ({"geometry": "intersection"}, 4, 3, "what all 3 drew"),
        ({"geometry": "medoid"}, 4, 3, "most like all 3"),
        ({"geometry": "at_least", "least": 2}, 4, 3, "at least 2 of the 3"),
        ({"geometry": "at_least", "least": 4}, 4, 3, "what all 3 drew, as fewer than 4"),
        ({"geometry": "union", "steps": {"s": {"geometry": "medoid"}}}, 4, 3, "any of the 3"),
        ({"geometry": "union"}, 4, 1, ""),
    ],
)
def test_every_place_is_explained(parameters: dict[str, Any], corners: int, people: int, said: str) -> None:
    text = place_in_words(parameters, corners=corners, people=people)
    assert said in text if said else text == ""
    by_step = place_in_words(
        {"geometry": "median", "steps": {"s": parameters}}, corners=corners, people=people, step="s"
    )
    assert by_step == text


def test_what_falls_apart_is_one_that_somebody_drew() -> None:
    slit_above = [[0, 0], [60, 0], [60, 60], [31, 60], [31, 10], [29, 10], [29, 60], [0, 60]]
    slit_below = [[0, 0], [29, 0], [29, 50], [31, 50], [31, 0], [60, 0], [60, 60], [0, 60]]
    (item,) = merge_outlines(
        [slit_above, slit_below], ["a", "b"], [{"x"}, {"x"}], seen=2, rule=Rule(geometry="at_least", least=2)
    )  # fmt: skip
    assert sorted(item.points) in [sorted(map(tuple, one)) for one in (slit_above, slit_below)]
    text = place_in_words({"geometry": "at_least", "least": 2}, corners=8, people=2, drawn=True)
    assert "no one simple outline" in text
