"""What an evaluation counts by image opens these images; two evaluations open those on which they differ."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from campaigns.evaluated_images import BETTER, differing, images_behind, shown_images
from campaigns.models import Campaign, Evaluation
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.evaluations import evaluated, pages_of, run_on_three_pages, run_that_said, three_pages
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, merge, released, tagged

Clef = Callable[[str], Concept]
pytestmark = pytest.mark.django_db(transaction=True)
PROMPT = {"prompt": {"en": "Which?"}}


@pytest.fixture
def boxes(campaign: Campaign, owner: User, clef: Clef) -> Evaluation:
    release = three_pages(campaign, owner, clef)
    return evaluated(run_on_three_pages(campaign, owner, clef), release, owner, score=0.5)


@pytest.fixture
def tags(make_campaign: CampaignMaker, owner: User, clef: Clef) -> tuple[Campaign, Evaluation, Evaluation]:
    """Three images of F; the first model says F, G, nothing; the second F, F, G."""
    campaign = make_campaign("kind", pages=3, question_kind="tag", question=PROMPT)
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f) for _person in range(3)] for page in range(3)})
    merge(campaign)
    decide_everything(campaign, owner)
    one, two, three = pages_of(campaign)
    release = released(campaign, owner)
    first = run_that_said(campaign, owner, [(one, None, f, 0.9), (two, None, g, 0.9)])
    said = [(one, None, f, 0.9), (two, None, f, 0.9), (three, None, g, 0.9)]
    second = run_that_said(campaign, owner, said, name="Better")
    return campaign, evaluated(first, release, owner), evaluated(second, release, owner)


def counted(evaluation: Evaluation, **asked: str) -> int:
    return images_behind(evaluation, **asked).count()  # type: ignore[arg-type]


def test_every_image_is_kept_with_what_was_right_on_it(boxes: Evaluation) -> None:
    assert counted(boxes) == boxes.canvas_count == 3
    overall = boxes.figures["overall"]
    sums = [sum(getattr(one, part) for one in boxes.images.all()) for part in ("tp", "fp", "fn")]
    assert sums == [overall["tp"], overall["fp"], overall["fn"]]
    assert counted(boxes, kind="right") + counted(boxes, kind="wrong") == 3


@pytest.mark.parametrize("name", ["boxes", "tags"])
def test_specificity_opens_all_images_that_it_counts(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    evaluation: Evaluation = made if isinstance(made, Evaluation) else made[1]
    for row in evaluation.figures["classes"]:
        pk = evaluation.figures["labels"][row["label"]]["id"]
        silent, without = (counted(evaluation, kind=kind, row=pk) for kind in ("silent", "without"))
        if without:
            assert row["specificity"] == pytest.approx(silent / without)
        else:
            assert row["specificity"] is None


def test_links_on_the_tree_open_their_images(tags: tuple[Campaign, Evaluation, Evaluation]) -> None:
    _campaign, first, _second = tags
    found = first.figures["hierarchy"]
    assert found["by_links"]
    for row in found["by_links"]:
        assert counted(first, kind="links", links=str(row["links"])) == row["n"]
    assert sum(row["n"] for row in found["by_links"]) == counted(first, kind="links")
    assert counted(first, kind="tree") == 3
    assert round(3 * first.figures["overall"]["accuracy"]) == counted(first, kind="right") == 1


def test_where_two_differ(tags: tuple[Campaign, Evaluation, Evaluation], clef: Clef) -> None:
    campaign, first, second = tags
    found = differing(first, second)
    # Of the third image the first says nothing and the second something wrong.
    assert set(found.canvases) == {page.pk for page in pages_of(campaign)[1:]}
    assert found.counts["any"] == 2
    assert found.counts["only-second"] == 1
    assert found.counts["only-first"] == 0
    for better in BETTER:
        assert len(differing(first, second, better=better).canvases) == found.counts[better]
    assert differing(first, first).canvases == ()
    g = str(clef("G").pk)
    assert len(differing(first, second, row=g).canvases) == 2
    shown = shown_images(found.canvases, [first, second])
    assert {(one.sides[0].said, one.sides[1].said) for one in shown} == {
        ((g,), (str(clef("F").pk),)), ((), (g,)),
    }  # fmt: skip
    back = differing(second, first)
    assert (back.counts["first"], back.counts["second"]) == (found.counts["second"], found.counts["first"])


def test_what_is_no_name_is_refused(boxes: Evaluation) -> None:
    for asked in ({"kind": "x"}, {"kind": "silent", "row": "x"}, {"kind": "links", "links": "-1"}):
        with pytest.raises(Invalid):
            images_behind(boxes, **asked)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        differing(boxes, boxes, better="x")
    with pytest.raises(Invalid):
        differing(boxes, boxes, row="x")
    boxes.figures["version"] = 3
    with pytest.raises(Conflict):
        images_behind(boxes)


def test_over_rest(
    tags: tuple[Campaign, Evaluation, Evaluation], owner: User, client: Client,
    django_assert_num_queries: Callable[..., object],
) -> None:  # fmt: skip
    _campaign, first, second = tags
    client.force_login(owner)
    images = client.get(f"/api/v1/evaluations/{first.pk}/images/", {"kind": "wrong"}).json()
    assert images["count"] == 2
    assert {"canvas", "picture", "true", "said", "fp", "fn", "links"} <= set(images["results"][0])
    address = f"/api/v1/evaluations/{first.pk}/differences/"
    apart = client.get(address, {"with": str(second.pk)}).json()
    assert apart["counts"]["any"] == len(apart["results"]) == 2
    assert {"first", "second", "true"} <= set(apart["results"][0])
    assert client.get(address, {"with": str(second.pk), "offset": "2"}).json()["results"] == []
    assert client.get(address).status_code == 400
    for wrong in ({"better": "x"}, {"row": "x"}, {"offset": "-1"}, {"offset": "9" * 30}):
        assert client.get(address, {"with": str(second.pk), **wrong}).status_code == 422
    for wrong in ({"kind": "x"}, {"kind": "links", "links": "a"}):
        assert client.get(f"/api/v1/evaluations/{first.pk}/images/", wrong).status_code == 422
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        shown_images(differing(first, second).canvases, [first, second])


def test_boxes_differ_by_what_was_found(campaign: Campaign, owner: User, clef: Clef) -> None:
    release = three_pages(campaign, owner, clef)
    one, _two, three, _four = pages_of(campaign)
    first = evaluated(run_on_three_pages(campaign, owner, clef), release, owner, score=0.5)
    said = [(one, ONE, clef("F"), 0.9), (one, TWO, clef("G"), 0.9), (three, ONE, clef("F"), 0.9)]
    second = evaluated(run_that_said(campaign, owner, said, name="Better"), release, owner, score=0.5)
    found = differing(first, second)
    assert found.counts["any"] == 3
    assert found.counts["second"] == 3
