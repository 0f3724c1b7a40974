"""Yes, no or cannot tell: the answers are made with the campaign, and everything works with them."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from campaigns.models import Campaign
from taxonomy.actions.editing import describe_concept
from taxonomy.documents import values_of
from taxonomy.models import Concept, Vocabulary
from taxonomy.skos import LabelValue
from tests.campaigns.conftest import make_manifest, make_vocabulary
from tests.campaigns.journey import Journey, read

FLAG: dict[str, Any] = {
    "question_kind": "flag",
    "question": {"prompt": {"en": "Is there a watermark?", "fr": "Y a-t-il un filigrane ?"}},
}


@pytest.fixture
def journey(owner: User) -> Journey:
    return Journey(owner, "watermarks")


def ids(journey: Journey) -> dict[str, str]:
    """The concept of each answer, as a volunteer's page learns it."""
    shown = journey.call("get", "api-campaign-detail")["question"]
    assert (shown["draws"], shown["takes_nothing"]) == (False, False)
    return {one["name"]: one["concept"] for one in shown["answers"]}


def test_the_answers_are_made_with_the_campaign(journey: Journey) -> None:
    made = journey.make(**FLAG)
    vocabulary = Vocabulary.objects.get(slug=made["vocabulary"])
    assert (vocabulary.slug, vocabulary.title) == (
        "watermarks-answers", {"en": "Answers: Asked", "fr": "Réponses\u00a0: Demandé"},
    )  # fmt: skip
    for language, labels in (
        ("en", ["Yes", "No", "Cannot tell"]),
        ("fr", ["Oui", "Non", "Impossible à dire"]),
    ):
        found = journey.call("get", "api-campaign-concepts", lang=language)
        assert [item["label"] for item in found["items"]] == labels
        assert [item["id"] for item in found["items"]] == list(ids(journey).values())
    letters = [one["letters"] for one in journey.call("get", "api-campaign-detail")["question"]["answers"]]
    assert letters == [{"en": "y", "fr": "o"}, {"en": "n", "fr": "n"}, {}]


@pytest.mark.django_db(transaction=True)
def test_from_the_question_to_the_release(journey: Journey, owner: User) -> None:
    journey.make(**FLAG, overlap=3)
    pages = make_manifest(5, owner)
    journey.call("post", "api-campaign-canvases", {"manifests": [str(pages.pk)]})
    journey.open()
    said = {name: {"concepts": [pk]} for name, pk in ids(journey).items()}
    yes, no, unsure = said["yes"], said["no"], said["unsure"]
    tasks = journey.answer([[yes, yes, no, yes], [yes, yes, no, no], [yes, unsure, unsure, unsure]])
    journey.merge()
    assert journey.call("get", "api-figures")["canvases"] == 4
    simulated = journey.call("get", "api-simulate")
    assert simulated["tasks"] == 4
    words = {condition["rule"] for rule in simulated["rules"] for condition in rule["retirement"]}
    assert words == {"agreement", "posterior"}, "nobody can say “nothing here”"
    assert journey.judge({tasks[3]["id"]: ids(journey)["unsure"]}) == 4
    marked = journey.call("post", "api-gold", {"clearest": 1}, status=201)
    assert marked["tasks"] == [tasks[0]["id"]]
    journey.configure(qualify_count=1)
    assert journey.answer([[yes]])[0]["id"] == tasks[0]["id"], "who comes now is given the known answer first"
    skills = [row["skill"] for row in journey.call("get", "api-campaign-participants")["results"]]
    assert sorted((skill["gold"]["of"], skill["others"]["of"]) for skill in skills) == [
        (0, 1), (0, 1), (0, 3), (1, 0),
    ], "beside the others only where these agree"  # fmt: skip
    files = journey.release()
    (table,) = (text for name, text in files.items() if name.endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [(row["notation"], row["support"], row["seen"]) for row in rows] == [
        ("yes", "3", "3"), ("yes", "2", "3"), ("no", "2", "3"), ("unsure", "3", "3"),
    ]  # fmt: skip
    *pages_of_it, _collection = read(files, ".w3c.json")
    assert sum(len(page["items"]) for page in pages_of_it) == 4
    assert len(read(files, ".coco.json")["images"]) == 4


def test_fewer_people_are_enough(journey: Journey, owner: User) -> None:
    rule = [{"rule": "posterior", "people": 2, "certainty": 0.9, "accuracy": 0.8}]
    journey.make(**FLAG, overlap=5, retirement=rule)
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(1, owner).pk)]})
    journey.open()
    yes = {"concepts": [ids(journey)["yes"]]}
    journey.answer([[yes], [yes]])
    retirement = journey.campaign.tasks.get().retirements.get()
    # Three answers, each as likely at first: r = 0.8 · 2 / 0.2 = 8, and 64 / (64 + 2).
    assert retirement.figures["certainty"] == pytest.approx(64 / 66, abs=1e-6)


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"nothing_here": True}, "/nothing_here"),
        ({}, "/concepts"),
        ({"concepts": [str(uuid4())]}, "/concepts/0"),
        ({"concepts": ["yes"]}, "/concepts/0"),
    ],
)
def test_what_is_no_answer_is_refused(
    journey: Journey, owner: User, answer: dict[str, Any], pointer: str
) -> None:
    journey.make(**FLAG)
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(1, owner).pk)]})
    journey.open()
    given = journey.call("post", "api-assignment-claim", {})
    body = {"id": str(uuid4()), "assignment": given["assignment"]["id"], **answer}
    refused = journey.call("post", "api-contribution-submit", body, status=422)
    assert refused["errors"][0]["pointer"] == pointer


def test_a_curator_renames_the_answers(journey: Journey, owner: User) -> None:
    journey.make(**FLAG)
    yes = Concept.objects.get(pk=ids(journey)["yes"])
    (value,) = values_of(yes.vocabulary, [yes.uri]).values()
    labels = (LabelValue("pref", "en", "There is one"), LabelValue("pref", "fr", "Il y en a un"))
    describe_concept(yes, type(value)(**{**_fields(value), "labels": labels}), by=owner)
    found = journey.call("get", "api-campaign-concepts", lang="en")["items"]
    assert [item["label"] for item in found] == ["There is one", "No", "Cannot tell"]


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_other_settings_leave_the_answers_as_they_are(journey: Journey) -> None:
    journey.make(**FLAG)
    before = ids(journey)
    changed = journey.configure(question={"prompt": {"en": "Is there a seal?"}})
    assert changed["question"]["answers"] == before
    assert journey.configure(question={**changed["question"], "answers": {}})["config_version"] == 2
    assert Vocabulary.objects.count() == 1


def test_answers_settle_with_the_first_contribution(journey: Journey, owner: User) -> None:
    journey.make(**FLAG)
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(1, owner).pk)]})
    words = {"yes": {"en": "One"}, "no": {"en": "None"}, "unsure": {"en": "Who knows"}}
    journey.configure(question={**FLAG["question"], "answers": words})
    found = journey.call("get", "api-campaign-concepts", lang="en")["items"]
    assert [item["label"] for item in found] == ["One", "None", "Who knows"]
    journey.open()
    journey.answer([[{"concepts": [ids(journey)["yes"]]}]])
    before = ids(journey)
    journey.configure(question={**FLAG["question"], "answers": words}, status=409)
    assert ids(journey) == before
    assert Vocabulary.objects.filter(slug__startswith="watermarks").count() == 2


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"vocabulary": "clefs"}, "/vocabulary"),
        ({"question": {"answers": "yes"}}, "/question/answers"),
        ({"question": {"answers": {"yes": str(uuid4())}}}, "/question/answers"),
        ({"question": {"answers": {"yes": {"en": 3}}}}, "/question/answers"),
        ({"question": {"many": True}}, "/question/many"),
        ({"title": {}}, "/title"),
        ({"title": {"en": " "}}, "/title"),
        ({"retirement": [{"rule": "nothing_here"}]}, "/retirement/0/rule"),
        ({"question_kind": "tag"}, "/vocabulary"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_their_place(
    journey: Journey, settings: dict[str, Any], pointer: str
) -> None:
    make_vocabulary("clefs")
    refused = journey.make(**{**FLAG, **settings}, status=422)
    assert refused["errors"][0]["pointer"] == pointer
    assert Vocabulary.objects.count() == 1, "nothing is left behind"
    assert not Campaign.objects.exists()


def test_a_draft_may_ask_something_else(journey: Journey) -> None:
    make_vocabulary("clefs")
    prompt = {"prompt": {"en": "Which?"}}
    journey.make(question_kind="tag", question=prompt, vocabulary="clefs")
    asked = journey.configure(question_kind="flag", question=prompt)
    assert (asked["vocabulary"], set(asked["question"]["answers"])) == (
        "watermarks-answers", {"yes", "no", "unsure"},
    )  # fmt: skip
    back = journey.configure(question_kind="tag", question=prompt, vocabulary="clefs")
    assert (back["vocabulary"], "answers" in back["question"]) == ("clefs", False)


def test_a_definition_takes_the_words_along(journey: Journey, owner: User) -> None:
    journey.make(**FLAG)
    told = journey.call("get", "api-campaign-definition")
    assert told["vocabulary"] is None
    assert told["question"]["answers"]["unsure"] == {"en": "Cannot tell", "fr": "Impossible à dire"}
    again = Journey(owner, "again")
    made = again.call("put", "api-campaign-definition", told, status=201)
    assert made["vocabulary"] == "again-answers"
    assert {**again.call("get", "api-campaign-definition"), "slug": "watermarks"} == told
    assert set(ids(again).values()).isdisjoint(ids(journey).values())


def test_a_copy_asks_with_the_same_answers(journey: Journey, owner: User) -> None:
    journey.make(**FLAG)
    made = journey.call("post", "api-campaign-copy", {"slug": "copy"}, status=201)
    assert made["vocabulary"] == "watermarks-answers"
    assert ids(Journey(owner, "copy")) == ids(journey)
