"""Short texts: what may be written, and the way from the question to the release."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from annotation.models import Annotation
from campaigns.accepted import accepted_items
from campaigns.models import GoldScore
from campaigns.questions import AnswerError, ConfigError, describe
from taxonomy.models import Vocabulary
from tests.campaigns.conftest import make_manifest
from tests.campaigns.journey import Journey, read
from tests.campaigns.test_quality_texts import table

DESCRIBE: dict[str, Any] = {
    "question_kind": "describe",
    "question": {"prompt": {"en": "What does the first line say?"}, "purpose": "supplementing"},
}


def wrote(value: str, language: str = "la") -> dict[str, Any]:
    return {"texts": [{"value": value, "language": language}]}


def check(answer: Any, **config: Any) -> Any:
    return describe.validate_answer(
        answer, config=describe.validate_config(config), canvas_size=(10, 10), allowed_concepts=()
    )


def refusal(answer: Any, **config: Any) -> tuple[str, str]:
    with pytest.raises(AnswerError) as caught:
        check(answer, **config)
    assert caught.value.sentence.endswith(".")
    return caught.value.pointer, caught.value.code


def test_a_text_has_one_form() -> None:
    (text,) = check(wrote("  e\u0301leison\r\nChriste ", "FR-ca"), multiline=True)["texts"]
    assert text == {"value": "éleison\nChriste", "language": "fr-CA"}
    (text,) = check(wrote("\u200fשלום", "he"))["texts"]
    assert text["value"] == "\u200fשלום", "marks of direction stay"


@pytest.mark.parametrize(
    ("answer", "config", "place"),
    [
        ({}, {}, ("/texts", "empty-answer")),
        ([], {}, ("", "not-an-object")),
        ({"texts": "Kyrie"}, {}, ("/texts", "not-a-list")),
        ({"texts": ["Kyrie"]}, {}, ("/texts/0", "not-an-object")),
        ({"texts": [{"value": 3, "language": "la"}]}, {}, ("/texts/0/value", "wrong-type")),
        ({"texts": [{"value": "a", "language": "la", "html": 1}]}, {}, ("/texts/0/html", "unknown-field")),
        ({"texts": [{"value": "a"}]}, {}, ("/texts/0/language", "not-a-language")),
        (wrote("a", "l@tin"), {}, ("/texts/0/language", "not-a-language")),
        (wrote("a", "x" * 40), {}, ("/texts/0/language", "not-a-language")),
        (wrote("a", "de"), {"languages": ["la", "FR"]}, ("/texts/0/language", "language-not-offered")),
        (wrote("  \u200b "), {}, ("/texts/0/value", "empty-answer")),
        (wrote("a\nb"), {}, ("/texts/0/value", "several-lines")),
        (wrote("a\u2028b"), {}, ("/texts/0/value", "several-lines")),
        (wrote("a\x00b"), {}, ("/texts/0/value", "control-character")),
        (wrote("a\ud800b"), {}, ("/texts/0/value", "control-character")),
        (wrote("abcd"), {"max_length": 3}, ("/texts/0/value", "text-too-long")),
        ({**wrote("a"), "nothing_here": True}, {}, ("/nothing_here", "contradiction")),
        ({"nothing_here": True}, {"required": True}, ("/nothing_here", "not-asked")),
        ({"texts": [wrote("a")["texts"][0]] * 2}, {}, ("/texts/1", "too-many-texts")),
        ({**wrote("a"), "concepts": [str(uuid4())]}, {}, ("/concepts", "not-asked")),
        ({**wrote("a"), "shapes": [{}]}, {}, ("/shapes", "not-asked")),
    ],
)
def test_what_is_no_answer(answer: Any, config: dict[str, Any], place: tuple[str, str]) -> None:
    assert refusal(answer, **config) == place


@pytest.mark.parametrize(
    ("config", "place"),
    [
        ({"languages": "en"}, ("/languages", "not-a-list")),
        ({"languages": ["en", "EN"]}, ("/languages/1", "repeated")),
        ({"languages": ["", "en"]}, ("/languages/0", "not-a-language")),
        ({"languages": [f"a{n:02}" for n in range(101)]}, ("/languages", "too-many")),
        ({"max_length": 5001}, ("/max_length", "too-large")),
        ({"max_length": 0}, ("/max_length", "too-small")),
        ({"purpose": "tagging"}, ("/purpose", "unknown-choice")),
        ({"many": True}, ("/many", "unknown-setting")),
        ([], ("", "not-an-object")),
    ],
)
def test_settings_that_make_no_sense(config: Any, place: tuple[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        describe.validate_config(config)
    assert (caught.value.pointer, caught.value.code) == place


@given(st.text(max_size=40))
def test_whatever_is_taken_is_taken_again(value: str) -> None:
    try:
        once = check(wrote(value), multiline=True)
    except AnswerError:
        return
    assert check(once, multiline=True) == once


@pytest.fixture
def journey(owner: User) -> Journey:
    return Journey(owner, "lines")


def begin(journey: Journey, owner: User, pages: int = 1, **settings: Any) -> None:
    journey.make(**{**DESCRIBE, "overlap": 3, **settings})
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(pages, owner).pk)]})
    journey.open()


@pytest.mark.django_db(transaction=True)
def test_from_the_question_to_the_release(journey: Journey, owner: User) -> None:
    begin(journey, owner, pages=4)
    assert not Vocabulary.objects.get(slug="lines-answers").concepts.exists()
    shown = journey.call("get", "api-campaign-detail")["question"]
    assert (shown["writes"], shown["purpose"], shown["max_length"]) == (True, "supplementing", 1000)
    nothing = {"nothing_here": True}
    tasks = journey.answer(
        [
            [wrote("Kyrie"), wrote("Gloria in excelsis"), nothing, wrote("=1+1")],
            [wrote("Kyrie "), wrote("Gloria in exelsis"), nothing, wrote("=1+1")],
            [wrote("Kirie"), wrote("Sanctus"), wrote("Agnus"), wrote("=1+1")],
        ]
    )
    journey.merge()
    figures = journey.call("get", "api-figures")
    assert (figures["coefficient"], figures["canvases"]) == ("1 - CER", 4)
    assert figures["value"] == pytest.approx(_mean_of_four())
    for _round in range(4):
        found = journey.call("get", "api-review-next")
        task = found["task"]["id"]
        items: list[dict[str, Any]] = []
        if task == tasks[1]["id"]:
            (item,) = found["items"]
            assert item["text"] is None
            assert [one["value"] for one in item["written"]] == [
                "Gloria in excelsis", "Gloria in exelsis", "Sanctus",
            ]  # fmt: skip
            accepted = {"id": item["id"], "verdict": "accepted"}
            body = {"id": str(uuid4()), "task": task, "items": [accepted]}
            refused = journey.call("post", "api-decisions", body, status=422)
            assert refused["errors"][0]["code"] == "text-undecided"
            chosen = {"value": "Gloria in\nexcelsis", "language": "la"}
            corrected = {"id": item["id"], "verdict": "corrected", "text": chosen}
            refused = journey.call("post", "api-decisions", {**body, "items": [corrected]}, status=422)
            assert refused["errors"][0]["pointer"] == "/items/0/text/value"
            items = [{**corrected, "text": {"value": "Gloria in excelsis", "language": "la"}}]
        elif task == tasks[2]["id"]:
            items = [{"id": item["id"], "verdict": "rejected"} for item in found["items"]]
        else:
            items = [{"id": item["id"], "verdict": "accepted"} for item in found["items"]]
        journey.call("post", "api-decisions", {"id": str(uuid4()), "task": task, "items": items}, status=201)
    # Two who wrote Kyrie, the one who wrote what was chosen, two who rightly said nothing, three formulas.
    assert sum(accepted_items(journey.campaign).values()) == 2 + 1 + 2 + 3
    files = journey.release()
    (table,) = (text for name, text in files.items() if name.endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [(row["text"], row["language"], row["support"], row["seen"]) for row in rows] == [
        ("Kyrie", "la", "2", "3"), ("Gloria in excelsis", "la", "3", "3"), ("", "", "", ""), ("'=1+1", "la", "3", "3"),
    ]  # fmt: skip
    first, *_pages = read(files, ".w3c.json")
    (item,) = first["items"]
    assert item["motivation"] == "supplementing"
    assert item["body"] == [
        {
            "type": "TextualBody",
            "value": "Kyrie",
            "format": "text/plain",
            "language": "la",
            "purpose": "supplementing",
        }
    ]
    assert "no place for texts" in read(files, ".coco.json")["info"]["note"]
    assert read(files, ".agreement.json")["texts"]["units"] == 4
    assert journey.campaign.releases.get().manifest["counts"]["texts"] == 3


def _mean_of_four() -> float:
    """Of each image the mean over three pairs: Kyrie, Kyrie, Kirie; three lines; nothing twice and Agnus; the same."""
    sanctus = 2 - table("Gloria in excelsis", "Sanctus") / 18 - table("Gloria in exelsis", "Sanctus") / 17
    return ((1 + 0.8 + 0.8) / 3 + (1 - 1 / 18 + sanctus) / 3 + 1 / 3 + 1) / 4


@pytest.mark.django_db(transaction=True)
def test_alike_texts_are_enough(journey: Journey, owner: User) -> None:
    begin(journey, owner, overlap=5, retirement=[{"rule": "agreement", "people": 2, "likeness": 0.8}])
    journey.answer([[wrote("Kyrie eleison")], [wrote("Gloria")], [wrote("Kyrie eleyson")]])
    figures = journey.campaign.tasks.get().retirements.get().figures
    assert figures["likeness"] == pytest.approx(1 - 1 / 13, abs=1e-6)


@pytest.mark.django_db(transaction=True)
def test_known_texts_are_scored_by_their_likeness(journey: Journey, owner: User) -> None:
    begin(journey, owner, pages=3)
    tasks = journey.answer([[wrote("Kyrie"), wrote("Kyrie")]] * 3)
    journey.merge()
    while (found := journey.call("get", "api-review-next"))["task"]:
        items = [{"id": item["id"], "verdict": "accepted"} for item in found["items"]]
        body = {"id": str(uuid4()), "task": found["task"]["id"], "items": items}
        journey.call("post", "api-decisions", body, status=201)
    journey.call("post", "api-gold", {"clearest": 1}, status=201)
    journey.configure(qualify_count=1, gold_feedback=True)
    (given,) = journey.answer([[wrote("Kyrje")]])
    assert given["id"] in {task["id"] for task in tasks}
    skills = [row["skill"] for row in journey.call("get", "api-campaign-participants")["results"]]
    measured = sorted((skill["gold"]["of"], skill["others"]["of"]) for skill in skills)
    assert measured == [(0, 2), (0, 2), (0, 2), (1, 0)]
    (scored,) = GoldScore.objects.filter(contribution__task__campaign=journey.campaign)
    assert (scored.score, scored.concepts) == (0.8, {})


@pytest.mark.django_db(transaction=True)
def test_an_amended_text_is_another_annotation(journey: Journey, owner: User) -> None:
    begin(journey, owner)
    given = journey.call("post", "api-assignment-claim", {})["assignment"]
    body = {"id": str(uuid4()), "assignment": given["id"], **wrote("Kyrie")}
    journey.call("post", "api-contribution-submit", body, status=201)
    (row,) = Annotation.objects.filter(layer=journey.campaign.contributions_layer)
    assert (row.motivations, row.words) == (["supplementing"], "kyrie")
    amended = {"id": str(uuid4()), "based_on": 1, **wrote("Gloria", "fr")}
    answer = journey.curator.put(reverse("api-contribution", args=[body["id"]]), amended, format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["answer"]["texts"] == [{"value": "Gloria", "language": "fr"}]
    row.refresh_from_db()
    assert (row.words, row.revision) == ("gloria", 2)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"weighing": "one-coin"}, "weighing-of-texts"),
        ({"retirement": [{"rule": "posterior", "people": 2}]}, "rule-unfit"),
    ],
)
@pytest.mark.django_db
def test_what_is_not_made_for_texts_is_refused(journey: Journey, settings: dict[str, Any], code: str) -> None:
    refused = journey.make(**DESCRIBE, **settings, status=422)
    assert refused["errors"][0]["code"] == code
