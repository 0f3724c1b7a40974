"""Sequences about what is there: a region is named, something shown is checked, two regions are compared, and then?"""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Layer
from campaigns.models import Assignment, Contribution
from campaigns.questions import About, AnswerError, ConfigError, sequence
from tests.campaigns.conftest import make_manifest, make_vocabulary
from tests.campaigns.journey import Journey, read, signed_in
from tests.campaigns.pairs import initials
from tests.cast import make_person

HARE, RABBIT, SHOWN, OTHER, YES, NO, UNSURE, SAME = (str(UUID(int=n)) for n in range(1, 9))
BOX = (10.0, 20.0, 30.0, 40.0)
ABOUT = About(id=SHOWN, box=BOX, concepts=(HARE,))
PROMPT = {"prompt": {"en": "?"}}
HANDS = {"same": SAME, "likely": YES, "different": NO, "unsure": UNSURE}


def step(name: str, kind: str, condition: Any = None, **question: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "question": {**PROMPT, **question}, "condition": condition}


CHECKED = [
    step("right", "verify"),
    step("why", "describe", {"step": "right", "something": False}),
    step("which", "identify", {"step": "right", "something": True}),
]


def config(*steps: Any) -> dict[str, Any]:
    return sequence.validate_config({**PROMPT, "steps": list(steps)})


def check(answer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    everything = {HARE, RABBIT, YES, NO, UNSURE, SAME}
    read = sequence.validate_answer(
        answer, config=asked, canvas_size=(1000, 800), allowed_concepts=everything, region=BOX
    )
    sequence.check_judgement(read, ABOUT, config=asked)
    return read


def kept(**changes: Any) -> dict[str, Any]:
    shape = {
        "id": str(uuid4()),
        "box": list(BOX),
        "concepts": [HARE],
        "origin": "accepted",
        "prediction": SHOWN,
    }
    return {"shapes": [{**shape, **changes}]}


WORDS = {"texts": [{"value": "A dog", "language": "en"}]}


@pytest.mark.parametrize(
    ("steps", "place", "code"),
    [
        ([step("a", "tag"), step("b", "verify")], "/steps/1/kind", "not-first"),
        ([step("a", "tag"), step("b", "compare")], "/steps/1/kind", "not-first"),
        ([step("a", "compare"), step("b", "compare")], "/steps/1/kind", "not-first"),
        ([step("a", "flag"), step("b", "identify")], "/steps/1/kind", "no-region"),
        ([step("a", "compare"), step("b", "identify")], "/steps/1/kind", "no-region"),
        ([step("a", "compare"), step("b", "locate")], "/steps/1/kind", "not-about-a-pair"),
        ([step("a", "verify", show="grid")], "/steps/0/question/show", "not-in-a-sequence"),
        ([{**step("a", "verify"), "branch": HARE}], "/steps/0/branch", "not-asked"),
        (
            [step("a", "compare"), step("b", "tag", {"step": "a", "answers": ["part"]})],
            "/steps/1/condition/answers",
            "unknown-choice",
        ),
    ],
)
def test_what_fits_no_task(steps: Any, place: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(*steps)
    assert (caught.value.pointer, caught.value.code) == (place, code)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("steps", "sort"),
    [
        ([], (False, False, False)),
        ([step("a", "flag"), step("b", "locate")], (False, False, False)),
        ([step("a", "identify"), step("b", "flag"), step("c", "identify")], (True, False, False)),
        (CHECKED, (True, True, False)),
        ([step("a", "compare"), step("b", "describe")], (True, False, True)),
        (
            [step("a", "compare", asks="object"), step("b", "tag", {"step": "a", "answers": ["part"]})],
            (True, False, True),
        ),
    ],
)
def test_the_first_step_settles_what_a_task_is_about(steps: Any, sort: tuple[bool, ...]) -> None:
    traits = sequence.traits_for(config(*steps))
    assert (traits.about, traits.judges, traits.pairs) == sort
    assert (traits.says, traits.takes_nothing) == ("steps", False)


def test_what_is_shown_is_kept_or_rejected_and_the_rest_follows() -> None:
    asked = config(*CHECKED)
    accepted = check({"steps": {"right": kept(), "which": {"concepts": [RABBIT]}}}, asked)
    assert [(mark.step, mark.prediction) for mark in sequence.marks(accepted)] == [
        ("right", SHOWN), ("which", None),
    ]  # fmt: skip
    rejected = {"steps": {"right": {"nothing_here": True}, "why": WORDS}, "rejected_predictions": [SHOWN]}
    read = check(rejected, asked)
    assert read["rejected_predictions"] == [SHOWN]
    assert check(read, asked) == read
    assert sequence.compare(read, accepted) == 0


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (
            {"steps": {"right": {"nothing_here": True}, "why": WORDS}},
            ("/rejected_predictions", "not-as-asked"),
        ),
        (
            {"steps": {"right": {"nothing_here": True}, "why": WORDS}, "rejected_predictions": [OTHER]},
            ("/rejected_predictions", "not-as-asked"),
        ),
        (
            {"steps": {"right": kept(), "which": {"concepts": [RABBIT]}}, "rejected_predictions": [SHOWN]},
            ("/rejected_predictions", "contradiction"),
        ),
        ({"steps": {"right": kept(), "why": WORDS}}, ("/steps/why", "step-not-asked")),
        (
            {"steps": {"right": kept(prediction=OTHER), "which": {"concepts": [RABBIT]}}},
            ("/steps/right/shapes/0/prediction", "not-as-asked"),
        ),
        (
            {"steps": {"right": kept(box=[11, 20, 30, 40]), "which": {"concepts": [RABBIT]}}},
            ("/steps/right/shapes/0", "not-as-shown"),
        ),
        (
            {"steps": {"right": {"nothing_here": True, "rejected_predictions": [SHOWN]}, "why": WORDS}},
            ("/steps/right/rejected_predictions", "not-asked"),
        ),
    ],
)
def test_a_judgement_is_of_what_was_shown(answer: Any, place: tuple[str, str]) -> None:
    with pytest.raises(AnswerError) as caught:
        check(answer, config(*CHECKED))
    assert (caught.value.pointer, caught.value.code) == place


def test_of_a_pair_the_whole_says_what_stood_on_the_left() -> None:
    asked = config(
        step("hand", "compare", answers=HANDS), step("what", "tag", {"step": "hand", "answers": ["same"]})
    )
    said = {"steps": {"hand": {"concepts": [SAME]}, "what": {"concepts": [HARE]}}}
    assert check({**said, "left": SHOWN}, asked)["left"] == SHOWN
    assert check(said, asked)["left"] is None
    with pytest.raises(AnswerError) as caught:
        check({"steps": {"hand": {"concepts": [NO], "left": SHOWN}}}, asked)
    assert (caught.value.pointer, caught.value.code) == ("/steps/hand/left", "not-asked")


# --- over REST ------------------------------------------------------------------------------------


@pytest.fixture
def journey(owner: User) -> Journey:
    return Journey(owner, "beasts")


def begin(journey: Journey, *steps: Any, **settings: Any) -> Any:
    vocabulary = make_vocabulary("clefs")
    vocabulary.is_public = True
    vocabulary.save()
    question = {"prompt": {"en": "Look closely"}, "steps": list(steps)}
    journey.make(question_kind="sequence", question=question, vocabulary="clefs", overlap=2, **settings)
    return vocabulary


def layer_of(owner: User, concept: Any = None) -> Layer:
    canvas = make_manifest(1, owner).canvases.get()
    layer = Layer.objects.create(
        kind=Layer.Kind.PERSONAL, label={"en": "Beasts"}, is_public=True, created_by=owner
    )
    for x in (10.0, 200.0):
        target = {
            "source": canvas.uri,
            "selector": {"type": "FragmentSelector", "value": Box(x, 20, 30, 40).fragment()},
        }
        row = Annotation.objects.create(
            layer=layer,
            canvas=canvas,
            x=x,
            y=20,
            w=30,
            h=40,
            document={"type": "Annotation", "target": target},
        )
        if concept:
            AnnotationConcept.objects.create(annotation=row, concept=concept, position=0)
    return layer


def decide(journey: Journey) -> None:
    """Accept what has a majority, and reject what is not asked."""
    while (shown := journey.call("get", "api-review-next"))["task"]:
        items = [
            {"id": item["id"], "verdict": "rejected" if item["moot"] else "accepted"}
            for item in shown["items"]
        ]
        body = {"id": str(uuid4()), "task": shown["task"]["id"], "items": items}
        journey.call("post", "api-decisions", body, status=201)


def rows_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    (table,) = (text for name, text in files.items() if name.endswith(".csv") and ".pairs." not in name)
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


@pytest.mark.django_db(transaction=True)
def test_from_a_region_to_the_release(journey: Journey, owner: User) -> None:
    vocabulary = begin(
        journey,
        step("hand", "identify"),
        step("corrected", "flag"),
        step("words", "describe", {"step": "corrected", "answers": ["yes"]}),
    )
    journey.call("post", "api-campaign-canvases", {"manifests": []}, status=409)
    added = journey.call("post", "api-campaign-canvases", {"layers": [str(layer_of(owner).pk)]})
    assert added["added"] == 2
    journey.open()
    detail = journey.call("get", "api-campaign-detail")["question"]
    flags = {one["name"]: one["concept"] for one in detail["steps"][1]["question"]["answers"]}
    hand = {"concepts": [str(vocabulary.concepts.get(notation="G").pk)]}
    yes, no = ({"concepts": [flags[name]]} for name in ("yes", "no"))
    both = [
        {"steps": {"hand": hand, "corrected": yes, "words": WORDS}},
        {"steps": {"hand": hand, "corrected": no}},
    ]
    tasks = journey.answer([both, both])
    assert tasks[0]["region"] == [10, 20, 30, 40]
    journey.merge()
    figures = journey.call("get", "api-figures")
    assert [one["step"] for one in figures["steps"]] == ["hand", "corrected", "words"]
    decide(journey)
    rows = rows_of(journey.release())
    assert sorted(row["step"] for row in rows) == ["corrected", "corrected", "hand", "hand", "words"]


@pytest.mark.django_db(transaction=True)
def test_from_a_check_to_the_release(journey: Journey, owner: User) -> None:
    vocabulary = begin(journey, *CHECKED)
    clef, finer = (vocabulary.concepts.get(notation=name) for name in ("G", "F"))
    layer = layer_of(owner, clef)
    refused = journey.configure(status=422, blind_share=0.3)
    assert refused["errors"][0]["pointer"] == "/blind_share"
    added = journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    assert added["added"] == 2
    assert len(journey.call("get", "api-campaign-preview", position=0)["predictions"]) == 1
    journey.open()
    people = [signed_in(make_person(f"walker-{number}")) for number in range(2)]
    for client in people:
        for judges in (True, False):
            given = client.post(reverse("api-assignment-claim", args=["beasts"]), {}, format="json").json()
            lease = given["assignment"]
            (shown,) = lease["predictions"]
            shape = {
                "id": str(uuid4()), "box": shown["box"], "concepts": [str(clef.pk)], "origin": "accepted",
                "prediction": shown["id"],
            }  # fmt: skip
            said: dict[str, Any] = (
                {"steps": {"right": {"shapes": [shape]}, "which": {"concepts": [str(finer.pk)]}}}
                if judges
                else {
                    "steps": {"right": {"nothing_here": True}, "why": WORDS},
                    "rejected_predictions": [shown["id"]],
                }
            )
            body = {"id": str(uuid4()), "assignment": lease["id"], **said}
            address = reverse("api-contribution-submit", args=["beasts"])
            wrong = {**body, "rejected_predictions": [str(uuid4())]}
            assert client.post(address, wrong, format="json").status_code == 422
            handed = client.post(address, body, format="json")
            assert handed.status_code == 201, handed.content
    assert Contribution.objects.filter(counts=True).count() == 4
    journey.merge()
    decide(journey)
    files = journey.release()
    rows = rows_of(files)
    assert sorted((row["step"], row["notation"], row["text"]) for row in rows) == [
        ("right", "G", ""), ("which", "F", ""), ("why", "", "A dog"),
    ]  # fmt: skip
    known = journey.call("post", "api-gold", {"clearest": 2}, status=201)
    assert known


@pytest.mark.django_db(transaction=True)
def test_what_a_run_says_is_shown_by_it(journey: Journey, owner: User) -> None:
    """A task of a sequence that checks is never blind, and a lease tells the run whose annotation it shows."""
    begin(journey, *CHECKED)
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer_of(owner).pk)]})
    journey.open()
    client = signed_in(make_person("walker"))
    client.post(reverse("api-assignment-claim", args=["beasts"]), {}, format="json")
    assert Assignment.objects.get().predictions_shown_id is None  # a layer, and no run


@pytest.mark.django_db(transaction=True)
def test_from_a_pair_to_the_release(journey: Journey, owner: User) -> None:
    vocabulary = begin(
        journey,
        step("hand", "compare"),
        step("which", "tag", {"step": "hand", "answers": ["same", "likely"]}),
        step("words", "describe", {"step": "hand", "answers": ["different"]}),
    )
    layer, _regions = initials(owner)
    pairs = {"by": "chance", "most": 2}
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)], "pairs": pairs})
    journey.open()
    detail = journey.call("get", "api-campaign-detail")["question"]
    assert [one["question"]["pairs"] for one in detail["steps"]] == [True, True, True]
    hands = {one["name"]: one["concept"] for one in detail["steps"][0]["question"]["answers"]}
    clef = {"concepts": [str(vocabulary.concepts.get(notation="G").pk)]}
    both = [
        {"steps": {"hand": {"concepts": [hands["same"]]}, "which": clef}},
        {"steps": {"hand": {"concepts": [hands["different"]]}, "words": WORDS}},
    ]
    tasks = journey.answer([both, both])
    assert tasks[0]["beside"]
    journey.merge()
    decide(journey)
    files = journey.release()
    page, *_rest = read(files, ".w3c.json")
    assert {item["rubricator:step"] for item in page["items"]} <= {"hand", "which", "words"}
    assert all(len(item["target"]) == 2 for item in page["items"])
    groups = journey.call("get", "api-pair-groups")
    assert groups["count"] == 1
