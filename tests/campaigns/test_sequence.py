"""Several questions in sequence: what may be asked and answered, and the way from the steps to the release."""

import csv
import html
import io
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from annotation.models import Annotation
from campaigns.models import ConsensusItem, ContributionShape
from campaigns.questions import AnswerError, ConfigError, sequence
from campaigns.questions.steps import is_asked
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import make_manifest, make_vocabulary
from tests.campaigns.journey import Journey, read, signed_in
from work.actions import run_job

YES, NO, UNSURE, CLEF, G, F = (str(UUID(int=n)) for n in range(1, 7))
ALLOWED = {YES, NO, UNSURE, CLEF, G, F}
ANSWERS = {"yes": YES, "no": NO, "unsure": UNSURE}
PROMPT = {"prompt": {"en": "?"}}


def step(name: str, kind: str, condition: Any = None, **question: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "question": {**PROMPT, **question}, "condition": condition}


THREE = [
    step("watermark", "flag", answers=ANSWERS),
    step("where", "locate", {"step": "watermark", "answers": ["yes"]}),
    step("words", "describe", {"step": "where", "something": True}),
]


def config(*steps: Any) -> dict[str, Any]:
    return sequence.validate_config({"prompt": {"en": "All"}, "steps": list(steps)})


def flag(pk: str) -> dict[str, Any]:
    return {"concepts": [pk]}


def box(concept: str = G, **more: Any) -> dict[str, Any]:
    shape = {"id": str(uuid4()), "box": [1, 2, 30, 40], "concepts": [concept], "origin": "drawn", **more}
    return {"shapes": [shape]}


def words(value: str = "Kyrie") -> dict[str, Any]:
    return {"texts": [{"value": value, "language": "la"}]}


def check(answer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    return sequence.validate_answer(answer, config=asked, canvas_size=(1000, 1400), allowed_concepts=ALLOWED)


@pytest.mark.parametrize(
    "steps",
    [
        {"watermark": flag(NO)},
        {"watermark": flag(UNSURE)},
        {"watermark": flag(YES), "where": {"nothing_here": True}},
        {"watermark": flag(YES), "where": box(), "words": words()},
        {"watermark": flag(YES), "where": box(), "words": {"nothing_here": True}},
    ],
)
def test_every_step_that_is_asked_is_answered(steps: dict[str, Any]) -> None:
    asked = config(*THREE)
    answer = check({"steps": steps, "comment": " Faint. "}, asked)
    assert list(answer["steps"]) == list(steps)
    assert (answer["nothing_here"], answer["comment"]) == (False, "Faint.")
    assert check(answer, asked) == answer
    assert sequence.compare(answer, answer) == 1
    assert [mark.step for mark in sequence.marks(answer)] == [
        name for name, part in steps.items() if "nothing_here" not in part
    ]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({}, ("/steps/watermark", "step-missing")),
        ([], ("", "not-an-object")),
        ({"steps": []}, ("/steps", "not-an-object")),
        ({"nothing_here": True}, ("/nothing_here", "not-asked")),
        ({"concepts": [YES]}, ("/concepts", "not-asked")),
        ({"steps": {"seal": flag(YES)}}, ("/steps/seal", "unknown-step")),
        ({"steps": {"watermark": 3}}, ("/steps/watermark", "not-an-object")),
        ({"steps": {"watermark": flag(G)}}, ("/steps/watermark/concepts/0", "unknown-concept")),
        ({"steps": {"watermark": flag(YES)}}, ("/steps/where", "step-missing")),
        ({"steps": {"watermark": flag(NO), "where": box()}}, ("/steps/where", "step-not-asked")),
        (
            {"steps": {"watermark": flag(YES), "where": {"nothing_here": True}, "words": words()}},
            ("/steps/words", "step-not-asked"),
        ),
        (
            {"steps": {"watermark": flag(YES), "where": box(YES)}},
            ("/steps/where/shapes/0/concepts/0", "unknown-concept"),
        ),
        (
            {"steps": {"watermark": flag(YES), "where": box(box=[0, 0, 5000, 5])}},
            ("/steps/where/shapes/0/box", "box-outside-canvas"),
        ),
        (
            {"steps": {"watermark": {**flag(NO), "comment": "x"}}},
            ("/steps/watermark/comment", "not-asked"),
        ),
        (
            {"steps": {"watermark": flag(NO)}, "rejected_predictions": [YES]},
            ("/rejected_predictions", "not-asked"),
        ),
        (
            {
                "steps": {
                    "watermark": flag(YES),
                    "where": box(origin="accepted", prediction=NO),
                    "words": words(),
                }
            },
            ("/steps/where/shapes/0/prediction", "not-asked"),
        ),
    ],
)
def test_what_is_no_answer(answer: Any, place: tuple[str, str]) -> None:
    with pytest.raises(AnswerError) as caught:
        check(answer, config(*THREE))
    assert (caught.value.pointer, caught.value.code) == place
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ("all", ("/steps", "not-a-list")),
        ([step("a", "tag")] * 13, ("/steps", "too-many-steps")),
        ([step("a", "tag"), step("a", "flag")], ("/steps/1/name", "repeated")),
        ([step("A b", "tag")], ("/steps/0/name", "bad-name")),
        ([step("a", "gallop")], ("/steps/0/kind", "unknown-kind")),
        ([step("a", "sequence")], ("/steps/0/kind", "unknown-kind")),
        (["a"], ("/steps/0", "not-an-object")),
        ([{**step("a", "tag"), "optional": True}], ("/steps/0/optional", "unknown-setting")),
        ([step("a", "tag", mnay=True)], ("/steps/0/question/mnay", "unknown-setting")),
        ([step("a", "tag", coarser_counts=True)], ("/steps/0/question/coarser_counts", "not-in-a-sequence")),
        ([{**step("a", "flag"), "branch": G}], ("/steps/0/branch", "not-asked")),
        ([{**step("a", "tag"), "branch": "G"}], ("/steps/0/branch", "not-an-id")),
        ([step("a", "tag", {"step": "a", "something": True})], ("/steps/0/condition/step", "later-step")),
        (
            [step("a", "tag", {"step": "b", "something": True}), step("b", "tag", {"step": "a", "something": True})],
            ("/steps/0/condition/step", "later-step"),
        ),
        ([step("a", "tag", {"step": "z", "something": True})], ("/steps/0/condition/step", "unknown-step")),
        ([step("a", "tag"), step("b", "tag", {"step": "a"})], ("/steps/1/condition", "bad-condition")),
        ([step("a", "tag"), step("b", "tag", {"step": "a", "answers": ["yes"]})], ("/steps/1/condition/answers", "not-asked")),
        ([step("a", "flag"), step("b", "tag", {"step": "a", "answers": ["maybe"]})], ("/steps/1/condition/answers", "unknown-choice")),
        ([step("a", "flag"), step("b", "tag", {"step": "a", "something": True})], ("/steps/1/condition/something", "not-asked")),
        ([step("a", "describe"), step("b", "tag", {"step": "a", "concepts": [G]})], ("/steps/1/condition/concepts", "not-asked")),
        ([step("a", "tag"), step("b", "tag", {"step": "a", "concepts": []})], ("/steps/1/condition/concepts", "label-missing")),
        ([step("a", "tag"), step("b", "tag", {"step": "a", "concepts": ["x"]})], ("/steps/1/condition/concepts/0", "not-an-id")),
    ],
)  # fmt: skip
def test_steps_that_make_no_sense(steps: Any, place: tuple[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        sequence.validate_config({"steps": steps})
    assert (caught.value.pointer, caught.value.code) == place


def test_a_step_may_depend_on_a_concept_or_one_below_it() -> None:
    asked = config(step("what", "tag"), step("more", "describe", {"step": "what", "concepts": [CLEF]}))
    said = {"steps": {"what": {"concepts": [G]}, "more": words()}}
    with pytest.raises(AnswerError):
        check(said, asked)
    assert check(said, {**asked, "within": {CLEF: {CLEF, G, F}}})["steps"]["more"]


def test_who_was_asked_less_agrees_less() -> None:
    asked = config(*THREE)
    full = check({"steps": {"watermark": flag(YES), "where": box(), "words": words("Kyrie")}}, asked)
    near = check({"steps": {"watermark": flag(YES), "where": box(), "words": words("Kyrja")}}, asked)
    none = check({"steps": {"watermark": flag(NO)}}, asked)
    assert sequence.compare(full, near) == pytest.approx((1 + 1 + 0.6) / 3)
    assert sequence.compare(full, none) == 0


@given(st.lists(st.sampled_from([YES, NO, UNSURE, None]), min_size=3, max_size=3))
def test_a_step_is_asked_only_after_one_that_was(said: list[str | None]) -> None:
    """In a chain of three flags each waits for a yes: nobody is asked the third without the second."""
    names = ["a", "b", "c"]
    steps = config(
        *(
            step(name, "flag", {"step": names[at - 1], "answers": ["yes"]} if at else None, answers=ANSWERS)
            for at, name in enumerate(names)
        )
    )["steps"]
    answers: dict[str, Any] = {}
    for one, pk in zip(steps, said, strict=True):
        if is_asked(one, answers, steps, {}) and pk:
            answers[one["name"]] = flag(pk)
    assert list(answers) == names[: len(answers)]


# --- over REST ------------------------------------------------------------------------------------


def asked_of(journey: Journey) -> dict[str, dict[str, str]]:
    """The concepts of the answers of each flag step."""
    shown = journey.call("get", "api-campaign-detail")["question"]
    return {
        one["name"]: {choice["name"]: choice["concept"] for choice in one["question"]["answers"]}
        for one in shown["steps"]
    }


STEPS = [
    step("watermark", "flag"),
    step("where", "locate", {"step": "watermark", "answers": ["yes"]}),
    step("words", "describe", {"step": "where", "something": True}),
]


@pytest.fixture
def journey(owner: User) -> Journey:
    return Journey(owner, "paper")


def begin(journey: Journey, owner: User, pages: int = 1, steps: Any = None, **settings: Any) -> Vocabulary:
    vocabulary = make_vocabulary("clefs")
    vocabulary.is_public = True
    vocabulary.save()
    question = {"prompt": {"en": "Look at the paper"}, "steps": steps or STEPS}
    journey.make(
        question_kind="sequence", question=question, vocabulary="clefs", **{"overlap": 3, **settings}
    )
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(pages, owner).pk)]})
    journey.open()
    return vocabulary


def drawn(concept: Concept, x: int = 10) -> dict[str, Any]:
    shape = {
        "id": str(uuid4()),
        "box": [x, 20, 100, 100],
        "concepts": [str(concept.pk)],
        "origin": "drawn",
        "prediction": None,
    }
    return {"shapes": [shape]}


@pytest.mark.django_db(transaction=True)
def test_from_the_steps_to_the_release(journey: Journey, owner: User) -> None:
    vocabulary = begin(journey, owner, pages=2)
    flags = asked_of(journey)["watermark"]
    yes, no = flag(flags["yes"]), flag(flags["no"])
    found = journey.call("get", "api-campaign-concepts", step="watermark", lang="en")["items"]
    assert [one["label"] for one in found] == ["Yes", "No", "Cannot tell"]
    assert len(journey.call("get", "api-campaign-concepts", step="where", lang="en")["items"]) == 4
    clef = vocabulary.concepts.get(notation="G")

    def full(text: str) -> dict[str, Any]:
        return {"steps": {"watermark": yes, "where": drawn(clef), "words": words(text)}}

    tasks = journey.answer(
        [
            [full("Kyrie"), {"steps": {"watermark": no}}],
            [full("Kyrie"), {"steps": {"watermark": no}}],
            [{"steps": {"watermark": no}}, full("Gloria")],
        ]
    )
    journey.merge()
    steps = set(ContributionShape.objects.values_list("step", flat=True))
    assert steps == {"watermark", "where", "words"}
    assert ConsensusItem.objects.filter(step="where").values_list("support", "seen").get(
        consensus__task=tasks[0]["id"]
    ) == (2, 2), "who was not asked has not seen it"
    figures = journey.call("get", "api-figures")
    assert figures["coefficient"] == "mean likeness"
    assert [one["step"] for one in figures["steps"]] == ["watermark", "where", "words"]
    run_job(journey.call("post", "api-agreement", status=202)["id"])
    report = journey.call("get", "api-agreement")
    assert [one["method"]["measure"] for one in report["steps"]] == ["labels", "boxes", "texts"]
    shown_step_by_step(journey, owner, report)
    first = journey.call("get", "api-review-next", task=tasks[0]["id"])
    assert [(one["step"], one["moot"]) for one in first["items"]] == [
        ("watermark", False), ("where", False), ("words", False),
    ]  # fmt: skip
    accepted = [{"id": one["id"], "verdict": "accepted"} for one in first["items"]]
    body = {"id": str(uuid4()), "task": tasks[0]["id"], "items": accepted}
    journey.call("post", "api-decisions", body, status=201)
    second = journey.call("get", "api-review-next", task=tasks[1]["id"])
    assert [(one["step"], one["moot"]) for one in second["items"]] == [
        ("watermark", False), ("where", True), ("words", True),
    ]  # fmt: skip
    accepted = [{"id": one["id"], "verdict": "accepted"} for one in second["items"]]
    body = {"id": str(uuid4()), "task": tasks[1]["id"], "items": accepted}
    refused = journey.call("post", "api-decisions", body, status=422)
    assert refused["errors"][0]["code"] == "step-not-asked"
    assert refused["errors"][0]["pointer"] == "/items/1"
    for one in accepted[1:]:
        one["verdict"] = "rejected"
    journey.call("post", "api-decisions", body, status=201)
    files = journey.release()
    (table,) = (text for name, text in files.items() if name.endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert sorted((row["step"], row["notation"], row["text"]) for row in rows) == [
        ("watermark", "watermark-no", ""), ("watermark", "watermark-yes", ""), ("where", "G", ""), ("words", "", "Kyrie"),
    ]  # fmt: skip
    page, *_rest = read(files, ".w3c.json")
    assert {item["rubricator:step"] for item in page["items"]} == {"watermark", "where", "words"}
    kept = read(files, ".agreement.json")
    assert kept["steps"][2]["texts"]["units"] == 1
    # Who was asked the later steps has the number of the first.
    numbers = [{row["id"] for row in one["people"]} for one in kept["steps"]]
    assert numbers[0] == {"P1", "P2", "P3"}
    met = {row["id"] for row in report["steps"][2]["people"]}
    everybody = sorted(row["id"] for row in report["steps"][0]["people"])
    assert numbers[2] == {f"P{everybody.index(pk) + 1}" for pk in met}


def shown_step_by_step(journey: Journey, owner: User, report: dict[str, Any]) -> None:
    """The pages of agreement say of each step what REST says, and every step has its tables."""
    client, slug = Client(), journey.campaign.slug
    client.force_login(owner)
    page = client.get(reverse("campaign-agreement", args=[slug])).content.decode()
    assert page.count('data-testid="step-report"') == 3
    assert {"step-1-labels", "step-2-boxes", "step-3-texts"} <= set(re.findall(r'<h3 id="([^"]+)"', page))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "no id twice"
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)">CSV<', page)]
    assert len(links) > 4
    for link in links:
        assert client.get(link).status_code == 200, link
    address = reverse("api-agreement-table", args=[slug, "people"])
    told = client.get(address, {"step": "words"})
    assert told["Content-Disposition"].endswith(f'{slug}-agreement-words-people.csv"')
    assert len(told.content.splitlines()) == 1 + len(report["steps"][2]["people"])
    for asked in ({}, {"step": "nowhere"}):
        assert client.get(address, asked).status_code == 404
    dashboard = client.get(reverse("campaign-dashboard", args=[slug])).content.decode()
    rows = re.findall(r'<tr data-step="(\w+)"', dashboard)
    assert rows == ["watermark", "where", "words"]


@pytest.mark.django_db(transaction=True)
def test_it_is_amended_as_one(journey: Journey, owner: User) -> None:
    vocabulary = begin(journey, owner)
    flags = asked_of(journey)["watermark"]
    lease = journey.call("post", "api-assignment-claim", {})["assignment"]["id"]
    where = drawn(vocabulary.concepts.get(notation="F"))
    steps = {"watermark": flag(flags["yes"]), "where": where, "words": words()}
    body = {"id": str(uuid4()), "assignment": lease, "steps": steps}
    journey.call("post", "api-contribution-submit", body, status=201)
    assert journey.call("post", "api-contribution-submit", body)["id"] == body["id"], "a retry is harmless"
    amended = {"id": str(uuid4()), "based_on": 1, "steps": {"watermark": flag(flags["no"])}}
    answer = journey.curator.put(reverse("api-contribution", args=[body["id"]]), amended, format="json")
    assert answer.status_code == 200, answer.content
    assert list(answer.json()["answer"]["steps"]) == ["watermark"]
    layer = Annotation.objects.filter(layer=journey.campaign.contributions_layer)
    assert layer.filter(deleted_at=None).count() == 1
    back = {"id": str(uuid4()), "based_on": 2, "steps": steps}
    answer = journey.curator.put(reverse("api-contribution", args=[body["id"]]), back, format="json")
    assert answer.status_code == 200, answer.content
    assert layer.filter(deleted_at=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_known_answers_are_scored_step_by_step(journey: Journey, owner: User) -> None:
    vocabulary = begin(journey, owner, pages=2, overlap=2)
    flags = asked_of(journey)["watermark"]
    steps = {"watermark": flag(flags["yes"]), "where": drawn(vocabulary.concepts.get(notation="F"))}

    def said() -> dict[str, Any]:
        where = drawn(vocabulary.concepts.get(notation="F"))
        return {"steps": {**steps, "where": where, "words": words()}}

    tasks = journey.answer([[said()], [said()]])
    journey.merge()
    shown = journey.call("get", "api-review-next")
    items = [{"id": one["id"], "verdict": "accepted"} for one in shown["items"]]
    journey.call(
        "post", "api-decisions", {"id": str(uuid4()), "task": tasks[0]["id"], "items": items}, status=201
    )
    journey.call("post", "api-gold", {"clearest": 1}, status=201)
    journey.configure(qualify_count=1, gold_feedback=True)
    person = signed_in(User.objects.create_user("nina", email="nina@example.org"))
    lease = person.post(reverse("api-assignment-claim", args=["paper"]), {}, format="json").json()[
        "assignment"
    ]
    body = {"id": str(uuid4()), "assignment": lease["id"], "steps": {"watermark": flag(flags["no"])}}
    handed = person.post(reverse("api-contribution-submit", args=["paper"]), body, format="json")
    assert handed.status_code == 201, handed.content
    assert handed.json()["feedback"]["score"] == 0
    skills = [row["skill"] for row in journey.call("get", "api-campaign-participants")["results"]]
    assert max(skill["gold"]["of"] for skill in skills) == 1


@pytest.mark.django_db(transaction=True)
def test_alike_answers_are_enough_and_other_rules_are_refused(journey: Journey, owner: User) -> None:
    begin(journey, owner, overlap=5, retirement=[{"rule": "agreement", "people": 2, "likeness": 0.9}])
    no = {"steps": {"watermark": flag(asked_of(journey)["watermark"]["no"])}}
    journey.answer([[no], [no]])
    assert journey.campaign.tasks.get().state == "retired"
    for change, code in (
        ({"retirement": [{"rule": "posterior", "people": 2}]}, "rule-unfit"),
        ({"retirement": [{"rule": "nothing_here", "people": 2}]}, "rule-unfit"),
        ({"weighing": "one-coin"}, "weighing-of-texts"),
    ):
        assert journey.configure(**change, status=422)["errors"][0]["code"] == code
    question = {"prompt": {"en": "Look"}, "steps": STEPS[:1]}
    assert journey.configure(question=question, status=409)["code"] == "settled-by-answers"
    reworded = [{**one, "question": {**one["question"], "prompt": {"en": "Again"}}} for one in STEPS]
    journey.configure(question={"prompt": {"en": "Look"}, "steps": reworded})


@pytest.mark.django_db(transaction=True)
def test_it_travels_without_ids(journey: Journey, owner: User) -> None:
    vocabulary = make_vocabulary("clefs")
    vocabulary.is_public = True
    vocabulary.save()
    top, clef = (vocabulary.concepts.get(notation=name) for name in ("top", "G"))
    steps = [
        step("seal", "flag"),
        {**step("what", "tag", {"step": "seal", "answers": ["yes", "unsure"]}), "branch": str(top.pk)},
        step("more", "describe", {"step": "what", "concepts": [str(clef.pk)]}),
    ]
    question = {"prompt": {"en": "Look"}, "steps": steps}
    journey.make(question_kind="sequence", question=question, vocabulary="clefs")
    definition = journey.call("get", "api-campaign-definition")
    assert definition["question"]["steps"][0]["question"]["answers"]["yes"]["en"] == "Yes"
    assert definition["question"]["steps"][1]["branch"] == top.uri
    assert definition["question"]["steps"][2]["condition"]["concepts"] == [clef.uri]
    assert str(top.pk) not in str(definition)
    other = Journey(owner, "elsewhere")
    made = other.call("put", "api-campaign-definition", definition, status=201)
    assert made["question"]["steps"][2]["condition"]["concepts"] == [str(clef.pk)]
    assert (
        made["question"]["steps"][0]["question"]["answers"]
        != journey.campaign.question["steps"][0]["question"]["answers"]
    )
    copied = journey.curator.post(
        reverse("api-campaign-copy", args=["paper"]), {"slug": "again"}, format="json"
    )
    assert copied.status_code == 201, copied.content
    assert Journey(owner, "again").campaign.question == journey.campaign.question


@pytest.mark.django_db(transaction=True)
def test_steps_that_name_what_is_not_there_are_refused(journey: Journey) -> None:
    vocabulary = make_vocabulary("clefs")
    vocabulary.is_public = True
    vocabulary.save()
    for steps, pointer in (
        ([{**step("what", "tag"), "branch": str(uuid4())}], "/question/steps/0/branch"),
        (
            [step("seal", "flag", answers=dict.fromkeys(ANSWERS, str(uuid4())))],
            "/question/steps/0/question/answers",
        ),
    ):
        question = {"prompt": {"en": "Look"}, "steps": steps}
        refused = journey.make(question_kind="sequence", question=question, vocabulary="clefs", status=422)
        assert refused["errors"][0]["pointer"].startswith(pointer)
    question = {"prompt": {"en": "Look"}, "steps": [step("what", "tag")]}
    refused = journey.make(question_kind="sequence", question=question, status=422)
    assert refused["errors"][0]["pointer"] == "/vocabulary"


def test_nothing_is_made_for_more_steps_than_there_may_be(api: APIClient, owner: User) -> None:
    api.force_authenticate(owner)
    sent = {
        "slug": "many", "title": {"en": "Many"}, "question_kind": "sequence",
        "question": {"steps": [step(f"s{number}", "flag") for number in range(60)]},
    }  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        refused = api.post(reverse("api-campaign-list"), sent)
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json()["errors"]] == ["too-many-steps"]
    assert not any("taxonomy_concept" in one["sql"] for one in queries if one["sql"].startswith("INSERT"))
