"""“Is this right?”: one annotation is shown, and people accept it, correct it or reject it.

Settings (with their defaults), beside the `prompt`:
    show            "one"  one at a time, or "grid": many crops at a glance
    grid            20     how many crops a grid has at most
    may_correct     true   whether place and labels may be corrected; else it is right or wrong
    many            false  whether a correction may carry several labels
    required_label  false  whether a correction needs a label
    coarser_counts  false  whether a coarser concept than another's agrees with it in part

Answer, as for boxes: `{"nothing_here": bool, "shapes": [{"id", "box", "concepts", "origin", "prediction"}],
"rejected_predictions": [id], "comment": str}`. Accepted: one shape as shown, `origin` “accepted”; corrected: one shape,
“edited”; `prediction` is what was shown. Rejected: `nothing_here`, and what was shown among `rejected_predictions`.
"""

from collections.abc import Container, Mapping
from typing import Any

from campaigns.questions import locate
from campaigns.questions.errors import AnswerError, ConfigError
from campaigns.questions.kind import About, Answer, Config, Region, Size, Traits
from campaigns.questions.reading import read_config, read_list, read_nothing_here, read_object
from campaigns.questions.shapes.box import EDGE_TOLERANCE

KIND = "verify"
LABEL = "Check what is shown"
TRAITS = Traits(
    method="complete-link judged boxes, majority labels, 1",
    tree_method="complete-link judged boxes, lowest label with over 2/3 support, 1",
    says="boxes",
    released_as="boxes",
    draws=True,
    about=True,
    judges=True,
)

SHOWS = ("one", "grid")
MOST_IN_GRID = 60
DEFAULTS: Config = {
    "grid": 20,
    "may_correct": True,
    "many": False,
    "required_label": False,
    "coarser_counts": False,
}

# What was said is a box for everybody who found that something is there.
compare, marks, merge, as_answer = locate.compare, locate.marks, locate.merge, locate.as_answer


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    rest = config
    if isinstance(config, Mapping):
        rest = {name: value for name, value in config.items() if name != "show"}
    settings = read_config(rest, DEFAULTS)
    show = config.get("show", SHOWS[0])
    if show not in SHOWS:
        raise ConfigError("/show", "unknown-choice", "“show” is one of: one, grid.")
    if settings["grid"] > MOST_IN_GRID:
        raise ConfigError("/grid", "too-large", f"A grid has {MOST_IN_GRID} crops at most.")
    return {**settings, "show": show}


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form: one shape, or “nothing here”. Raises AnswerError.

    Whether it speaks of what was shown is told by `check_judgement`: a reviewer is not shown anything to judge.
    """
    answer = read_object(answer, "")
    shapes, nothing_here = read_list(answer, "shapes"), read_nothing_here(answer)
    if not nothing_here and not shapes:
        raise AnswerError(
            "/shapes", "empty-answer", "The answer is empty. Accept, correct or reject what is shown."
        )
    if len(shapes) > 1:
        raise AnswerError(
            "/shapes/1", "too-many-shapes", "One thing is asked about here. Keep one of the boxes."
        )
    # What is accepted has the labels that it has.
    origin = shapes[0].get("origin") if shapes and isinstance(shapes[0], Mapping) else None
    settings = {**DEFAULTS, **config}
    asked = {
        "many": settings["many"] or origin != "edited",
        "required_label": settings["required_label"] and origin == "edited",
    }
    return locate.validate_answer(
        answer, config=asked, canvas_size=canvas_size, allowed_concepts=allowed_concepts, region=region
    )


def check_judgement(
    answer: Mapping[str, Any], about: About, *, config: Mapping[str, Any], moved_on: bool = False
) -> None:
    """Whether a validated answer judges what was shown, and nothing else. Raises AnswerError.

    `moved_on`: labels have been merged away since it was shown, so that those of what is accepted may differ.
    """
    rejected = answer["rejected_predictions"]
    if answer["nothing_here"]:
        if rejected != [about.id]:
            raise AnswerError(
                "/rejected_predictions",
                "not-as-asked",
                "Whoever rejects what is shown names it under “rejected_predictions”, and nothing else.",
            )
        return
    if rejected:
        raise AnswerError(
            "/rejected_predictions",
            "contradiction",
            "The answer keeps what is shown and rejects it. Say one of the two.",
        )
    shape = answer["shapes"][0]
    if shape["prediction"] != about.id:
        raise AnswerError(
            "/shapes/0/prediction",
            "not-as-asked",
            "The answer is about something else than what is shown. Load the task again.",
        )
    if shape["origin"] == "edited":
        if not {**DEFAULTS, **config}["may_correct"]:
            raise AnswerError(
                "/shapes/0/origin",
                "no-corrections",
                "This campaign asks only whether what is shown is right. Accept or reject it.",
            )
        return
    same_labels = moved_on or set(shape["concepts"]) == set(about.concepts)
    if not same_labels or not _same_place(shape["box"], about.box):
        raise AnswerError(
            "/shapes/0",
            "not-as-shown",
            "What is accepted stays as it is shown. Leave it so, or say that it is edited.",
        )


def _same_place(a: Region, b: Region) -> bool:
    """As near as clients round, and as numbers survive another size of the canvas."""
    return all(abs(x - y) <= EDGE_TOLERANCE + 1e-6 * max(abs(x), abs(y)) for x, y in zip(a, b, strict=True))
