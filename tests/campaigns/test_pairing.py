"""Pairs are made of regions: by label, by chance, by likeness, from a table; each once, whoever makes them at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import cv2
import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from annotation.addresses import annotation_uri
from annotation.models import Canvas
from campaigns.actions.pairing import choose_listed, choose_pairs
from campaigns.models import Campaign, Task, TaskChoice
from problems import Conflict, Invalid
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import make_manifest
from tests.campaigns.journey import Journey
from tests.campaigns.pairs import initials, mark
from tests.campaigns.test_compare import COMPARE
from work.actions import run_job


@pytest.fixture
def journey(owner: User) -> Journey:
    made = Journey(owner, "hands")
    made.make(**COMPARE)
    return made


def post(journey: Journey, layer: Any, status: int = 200, **how: Any) -> Any:
    body = {"layers": [str(layer.pk)], "pairs": how}
    return journey.call("post", "api-campaign-canvases", body, status=status)


def test_within_a_label(journey: Journey, owner: User) -> None:
    words = list(journey.campaign.vocabulary.concepts.order_by("preorder"))
    layer, canvas = make_layer(owner), make_manifest(1, owner).canvases.get()
    mark(layer, canvas, [(0, 0, 10, 10), (20, 0, 10, 10), (40, 0, 10, 10)], words[0].pk)
    mark(layer, canvas, [(0, 50, 10, 10), (20, 50, 10, 10)], words[1].pk)
    mark(layer, canvas, [(0, 90, 10, 10), (20, 90, 10, 10)])
    assert post(journey, layer, by="label", most=2)["added"] == 3, (
        "two of three, one of one, none without a label"
    )
    assert post(journey, layer, by="label", most=50)["added"] == 1, "what was left of the first"


def test_only_across_sources(journey: Journey, owner: User) -> None:
    layer, _regions = initials(owner, each=3)
    assert post(journey, layer, by="chance", most=100, across=True)["added"] == 9
    for task in Task.objects.select_related("canvas", "beside__canvas"):
        assert task.beside is not None
        assert task.beside.canvas is not None
        assert task.canvas.manifest_id != task.beside.canvas.manifest_id


def test_one_place_stands_for_all_annotations_on_it(journey: Journey, owner: User) -> None:
    layer, canvas = make_layer(owner), make_manifest(1, owner).canvases.get()
    mark(layer, canvas, [(0, 0, 10, 10), (0, 0, 10, 10), (50, 0, 10, 10)])
    assert post(journey, layer, by="chance")["added"] == 1


def test_a_table_reports_each_row_that_makes_no_pair(journey: Journey, owner: User, stranger: User) -> None:
    layer, (a, b, c, _d) = initials(owner)
    hidden = make_layer(stranger)
    (secret,) = mark(hidden, make_manifest(1, stranger, is_public=False).canvases.get(), [(0, 0, 9, 9)])
    rows = [
        "left;right", f"{a.pk};{annotation_uri(b)}", f"{b.pk};{a.pk}", f"{a.pk};{a.pk}", f"{c.pk};{secret.pk}",
        f"{uuid4()};{c.pk}", "nonsense;more", "", f"{c.pk};{a.pk};with a remark",
    ]  # fmt: skip
    told = journey.call(
        "post", "api-campaign-canvases", {"pairs": {"by": "table", "table": "\ufeff" + "\r\n".join(rows)}}
    )
    assert (told["added"], told["tasks"]) == (2, 2)
    assert [fault["row"] for fault in told["faults"]] == [3, 4, 5, 6, 7]
    again = choose_listed(journey.campaign, f"{b.pk},{a.pk}", by=owner)
    assert [fault.row for fault in again.faults] == [1]
    with pytest.raises(Invalid):
        choose_listed(journey.campaign, "left,right", by=owner)
    assert layer.annotations.count() == 4


@pytest.mark.django_db(transaction=True)
def test_whoever_makes_the_same_pairs_at_once_makes_them_once(owner: User) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE)
    layer, regions = initials(owner, each=4)
    campaign = journey.campaign
    turned = "\n".join(f"{b.pk},{a.pk}" for a in regions for b in regions if a.pk < b.pk)

    def make(number: int) -> int:
        try:
            if number % 2:
                return choose_listed(campaign, turned, by=owner).added
            query = {"by": "chance", "most": 100, "layers": [str(layer.pk)], "seed": number}
            return choose_pairs(campaign, query, by=owner).added
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        added = list(people.map(make, range(6)))
    assert sum(added) == 8 * 7 // 2 == Task.objects.count()
    seen = {frozenset(pair) for pair in Task.objects.values_list("about", "beside")}
    assert len(seen) == 28


def test_the_database_knows_a_pair_in_either_order(journey: Journey, owner: User) -> None:
    layer, _regions = initials(owner, each=1)
    post(journey, layer, by="chance")
    task = Task.objects.get()
    for about, beside in ((task.beside_id, task.about_id), (task.about_id, task.about_id)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.create(
                campaign=task.campaign, canvas=task.canvas, position=99, about_id=about, beside_id=beside
            )


@pytest.mark.django_db(transaction=True)
def test_the_most_alike_stand_beside_each_other(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE)
    layer, regions = initials(owner)
    # On each page the first initial is a ring and the second a cross.
    page = np.full((1400, 1000), 230, dtype=np.uint8)
    cv2.circle(page, (100, 105), 35, 20, 8)
    cv2.line(page, (180, 70), (260, 140), 20, 8)
    cv2.line(page, (180, 140), (260, 70), 20, 8)

    def given(canvas: Canvas, *, longest: int) -> Any:
        return page

    monkeypatch.setattr("campaigns.pairing.gray_page", given)
    told = post(journey, layer, status=202, by="alike", each=1)
    assert told["added"] == 0
    choice = TaskChoice.objects.get()
    run_job(str(choice.job_id))
    choice.refresh_from_db()
    assert choice.added == 2
    found = {frozenset(pair) for pair in Task.objects.values_list("about", "beside")}
    assert found == {frozenset((regions[0].pk, regions[2].pk)), frozenset((regions[1].pk, regions[3].pk))}
    assert run_job(str(choice.job_id)) is None or Task.objects.count() == 2, "run again it makes none twice"


def test_what_cannot_be_paired_is_refused_in_a_sentence(
    journey: Journey, owner: User, stranger: User
) -> None:
    layer, _regions = initials(owner)
    theirs = make_layer(stranger)
    page = str(make_manifest(1, owner).pk)
    for body, code, status in (
        ({"layers": [str(layer.pk)]}, "required", 422),
        ({"manifests": [page]}, "required", 422),
        ({"layers": [], "pairs": {"by": "chance"}}, "nothing-chosen", 422),
        ({"layers": [str(theirs.pk)], "pairs": {"by": "chance"}}, "unknown-source", 422),
        ({"layers": [str(layer.pk)], "pairs": {"by": "table", "table": ""}}, "nothing-chosen", 422),
    ):
        refused = journey.call("post", "api-campaign-canvases", body, status=status)
        assert code in str(refused), refused
    refused = journey.call("post", "api-choices", {"of": "regions", "layers": [str(layer.pk)]}, status=409)
    assert refused["code"] == "regions-only"
    refused = post(journey, layer, by="weather", status=422)
    assert "weather" in str(refused)


def test_who_compares_nothing_makes_no_pairs(make_campaign: Any, owner: User) -> None:
    campaign: Campaign = make_campaign(pages=1)
    layer, _regions = initials(owner)
    with pytest.raises(Conflict) as refused:
        choose_pairs(campaign, {"by": "chance", "layers": [str(layer.pk)]}, by=owner)
    assert refused.value.code == "not-comparing"
