"""Same hand or not: two regions beside each other, from the making of pairs to the release."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from campaigns.actions.definitions import campaign_from, copy_campaign
from campaigns.beside import beside_of, fetch_beside, left_of
from campaigns.models import Assignment, Contribution, Task
from tests.campaigns.journey import Journey, read
from tests.campaigns.pairs import initials

COMPARE: dict[str, Any] = {
    "question_kind": "compare",
    "question": {"prompt": {"en": "Same hand?", "fr": "Même main ?"}},
}


@pytest.fixture
def journey(owner: User) -> Journey:
    return Journey(owner, "hands")


def ids(journey: Journey) -> dict[str, str]:
    """The concept of each answer, as a volunteer's page learns it."""
    shown = journey.call("get", "api-campaign-detail")["question"]
    assert (shown["pairs"], shown["draws"], shown["takes_nothing"]) == (True, False, False)
    return {one["name"]: one["concept"] for one in shown["answers"]}


def pair(journey: Journey, layer: Any, **how: Any) -> Any:
    body = {"layers": [str(layer.pk)], "pairs": {"by": "chance", **how}}
    return journey.call("post", "api-campaign-canvases", body)


@pytest.mark.django_db(transaction=True)
def test_from_the_pairs_to_the_release(journey: Journey, owner: User) -> None:
    journey.make(**COMPARE, overlap=3)
    layer, regions = initials(owner)
    assert pair(journey, layer) == {"added": 6, "tasks": 6}, "each of four beside each other"
    assert pair(journey, layer, seed=2) == {"added": 0, "tasks": 6}
    journey.open()
    said = {name: {"concepts": [pk]} for name, pk in ids(journey).items()}
    same, different = said["same"], said["different"]
    tasks = journey.answer([[same, different, same], [same, different, different], [same, same, same]])
    for task in tasks:
        assert {task["about"], task["beside"]["annotation"]} <= {str(one.pk) for one in regions}
        assert task["left"] in (task["about"], task["beside"]["annotation"])
    journey.merge()
    assert journey.call("get", "api-figures")
    shown = journey.call("get", "api-review-next")["task"]
    assert shown["beside"]["canvas"]["uri"]
    assert journey.judge({}) == 3
    files = journey.release()
    *pages, _collection = read(files, ".w3c.json")
    (first, *_others) = [item for page in pages for item in page["items"]]
    assert first["motivation"] == "linking"
    assert len(first["target"]) == 2


def test_the_answers_come_in_two_sets(journey: Journey) -> None:
    journey.make(**COMPARE)
    assert list(ids(journey)) == ["same", "likely", "different", "unsure"]
    journey.configure(question={**COMPARE["question"], "asks": "object"})
    assert list(ids(journey)) == ["same", "part", "kin", "different", "unsure"]
    refused = journey.configure(question={**COMPARE["question"], "asks": "weather"}, status=422)
    assert refused["errors"][0]["pointer"] == "/question/asks"


def test_which_stands_left_is_settled_with_the_lease_and_told_with_the_answer(
    journey: Journey, owner: User, contributor: User
) -> None:
    journey.make(**COMPARE)
    layer, _regions = initials(owner)
    pair(journey, layer)
    journey.open()
    given = journey.call("post", "api-assignment-claim", {})["assignment"]
    again = journey.call("post", "api-assignment-claim", {"resume": True})["assignment"]
    assert given["task"]["left"] == again["task"]["left"]
    answer = {"assignment": given["id"], "concepts": [ids(journey)["same"]]}
    refused = journey.call(
        "post", "api-contribution-submit", {"id": str(uuid4()), **answer, "left": str(uuid4())}, status=422
    )
    assert refused["errors"][0]["pointer"] == "/left"
    body = {"id": str(uuid4()), **answer, "left": given["task"]["about"]}
    journey.call("post", "api-contribution-submit", body, status=201)
    assert Contribution.objects.get().answer["left"] == given["task"]["about"]


def test_chance_decides_which_stands_left(journey: Journey, owner: User) -> None:
    journey.make(**COMPARE)
    layer, _regions = initials(owner)
    pair(journey, layer)
    task = Task.objects.first()
    assert task is not None
    sides = {left_of(Assignment(pk=UUID(int=number), task=task)) for number in range(2)}
    assert sides == {str(task.about_id), str(task.beside_id)}


@pytest.mark.django_db(transaction=True)
def test_the_table_of_a_release_has_both_regions(journey: Journey, owner: User) -> None:
    journey.make(**COMPARE, overlap=1)
    layer, _regions = initials(owner, each=1)
    pair(journey, layer)
    journey.open()
    journey.answer([[{"concepts": [ids(journey)["same"]]}]])
    journey.merge()
    assert journey.judge({}) == 1
    files = journey.release()
    (table,) = (text for name, text in files.items() if name.endswith(".pairs.csv"))
    (row,) = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    task = Task.objects.get()
    assert (row["a"], row["b"]) == (str(task.about_id), str(task.beside_id))
    assert (row["a_x"], row["b_width"], row["notation"]) == ("50", "100", "same")
    assert (row["support"], row["seen"], row["status"]) == ("1", "1", "accepted")
    assert row["a_canvas"] != row["b_canvas"]
    assert row["b_iiif"].startswith("https://")
    assert not [name for name in files if name.endswith((".coco.json", "v1.csv"))]


def test_a_definition_takes_its_answers_along_and_a_copy_its_pairs(journey: Journey, owner: User) -> None:
    words = {name: {"en": name.upper()} for name in ("same", "part", "kin", "different", "unsure")}
    journey.make(question_kind="compare", question={"asks": "object", "answers": words})
    layer, _regions = initials(owner)
    pair(journey, layer)
    told = journey.call("get", "api-campaign-definition")
    assert told["question"]["answers"]["kin"] == {"en": "KIN"}
    assert told["sources"] == []
    elsewhere, missing = campaign_from(told, slug="elsewhere", by=owner)
    assert (elsewhere.question["asks"], elsewhere.tasks.count(), missing) == ("object", 0, [])
    copy = copy_campaign(journey.campaign, slug="again", by=owner)
    assert copy.tasks.filter(beside__isnull=False).count() == 6


def test_pairs_are_fetched_at_once_however_many_they_are(
    journey: Journey, owner: User, django_assert_num_queries: Any
) -> None:
    journey.make(**COMPARE)
    layer, _regions = initials(owner, each=4)
    pair(journey, layer)
    tasks = list(Task.objects.all())
    assert len(tasks) == 28
    with django_assert_num_queries(1):
        fetch_beside(tasks)
        assert all(beside_of(task) for task in tasks)
