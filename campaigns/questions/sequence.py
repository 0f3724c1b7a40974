"""“Is there a watermark? Then draw it, and say what it shows”: several questions of one task, one after the other.

Settings, beside the `prompt` of the whole: `steps` (`campaigns.questions.steps`). At the time of asking `within` may
stand beside them: each concept that a branch or a condition names → it and all below it.

Answer: `{"nothing_here": bool, "steps": {name: answer}, "rejected_predictions": [], "comment": str}`, each answer that
of the step's kind without remarks. What a first step that verifies rejects is named under `rejected_predictions` of the
whole, and of a pair the whole says what stood on the `left`. A step whose condition is not met is not asked: it has no
answer, which is something else than “nothing here”. The whole says “nothing here” where every step that was asked does.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.quality import Consensus, Rule
from campaigns.questions import compare as comparing
from campaigns.questions import describe, locate, tag, verify
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import (
    About,
    Answer,
    Config,
    Mark,
    QuestionKind,
    Region,
    Said,
    Size,
    Traits,
    Truth,
)
from campaigns.questions.likeness import Likeness, jaccard
from campaigns.questions.merging import rule_of
from campaigns.questions.parts import place_of, shapes_in
from campaigns.questions.reading import (
    pointer,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
    read_uuid,
)
from campaigns.questions.steps import LABELLED, STEP_KINDS, Step, is_asked, own_concepts, read_steps, sort_of
from taxonomy.tree import Tree

KIND = "sequence"
LABEL = "Several questions in sequence"
TRAITS = Traits(
    method="each step by itself, 1",
    tree_method="each step by itself on a tree, 1",
    says="steps",
    released_as="steps",
    nothing=False,
)
DEFAULTS: Config = {}  # beside the steps
_REMARKS = ("rejected_predictions", "comment")
_OF_THE_WHOLE = (*_REMARKS, "left")


def traits_for(question: Mapping[str, Any]) -> Traits:
    """What a sequence of these settings is like: its tasks are of the sort that its first step asks about."""
    first = sort_of(question)
    return replace(TRAITS, about=first.about, judges=first.judges, pairs=first.pairs) if first else TRAITS


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings of the whole and of every step. Raises ConfigError."""
    rest = config
    if isinstance(config, Mapping):
        rest = {name: value for name, value in config.items() if name != "steps"}
    settings = read_config(rest, DEFAULTS)
    return {**settings, "steps": read_steps(config.get("steps", []))}


@dataclass(frozen=True, slots=True)
class _Offered:
    """The concepts of one step among those that the campaign offers."""

    step: Mapping[str, Any]
    allowed: Container[str]
    own: Container[str]
    within: Mapping[str, Container[str]]

    def __contains__(self, concept: object) -> bool:
        if concept not in self.allowed:
            return False
        if self.step["kind"] not in LABELLED:
            return concept in self.step["question"].get("answers", {}).values()
        branch = self.step["branch"]
        return concept not in self.own and (
            branch is None or concept in self.within.get(branch, self.allowed)
        )


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form: one of every step that is asked, in their order. Raises AnswerError."""
    steps, within = config.get("steps", []), config.get("within", {})
    answer = read_object(answer, "")
    given = _read_given(answer, steps)
    own = own_concepts(steps)
    read: dict[str, dict[str, Any]] = {}
    for step in steps:
        name, where = step["name"], place_of(step["name"])
        asked = is_asked(step, read, steps, within)
        if asked != (name in given):
            raise AnswerError(
                where,
                "step-missing" if asked else "step-not-asked",
                f"The step “{name}” has no answer yet."
                if asked
                else f"After what was said before, the step “{name}” is not asked. Leave its answer out.",
            )
        if asked:
            offered = _Offered(step, allowed_concepts, own, within)
            read[name] = _read_part(given[name], step, canvas_size, offered, region)
    whole = {"steps": read, **read_remarks(answer), **_left(answer, steps)}
    _refuse_twins(whole, steps)
    nothing_here = bool(read) and all(part["nothing_here"] for part in read.values())
    return {"nothing_here": nothing_here, **whole}


def _read_given(answer: Mapping[str, Any], steps: Sequence[Step]) -> Mapping[str, Any]:
    for name in ("shapes", "concepts", "texts"):
        if read_list(answer, name):
            raise AnswerError(f"/{name}", "not-asked", "In a sequence each answer stands under its step.")
    given = answer.get("steps", {})
    if not isinstance(given, Mapping):
        raise AnswerError(
            "/steps", "not-an-object", "The steps are an object: the name of each, and its answer."
        )
    if read_nothing_here(answer) and not given:
        raise AnswerError("/nothing_here", "not-asked", "Say of each step that nothing is here.")
    if answer.get("rejected_predictions") and not _first_is(verify.KIND, steps):
        raise AnswerError("/rejected_predictions", "not-asked", "In a sequence nothing is suggested.")
    known = {step["name"] for step in steps}
    for name in given:
        if name not in known:
            raise AnswerError(
                pointer("steps", name), "unknown-step", "The campaign has no step of this name."
            )
    return given


def _first_is(kind: str, steps: Sequence[Step]) -> bool:
    return bool(steps) and steps[0]["kind"] == kind


def _left(answer: Mapping[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """Of a pair what stood on the left, null for who does not say; of anything else nothing."""
    if not _first_is(comparing.KIND, steps):
        return {}
    left = answer.get("left")
    return {"left": None if left is None else read_uuid(left, "/left")}


def _read_part(
    part: object, step: Step, canvas_size: Size, offered: Container[str], region: Region | None
) -> dict[str, Any]:
    where = place_of(step["name"])
    part = read_object(part, where)
    for name in _OF_THE_WHOLE:
        if part.get(name):
            raise AnswerError(
                where + f"/{name}", "not-asked", "Remarks are about the whole, not about a step."
            )
    try:
        read = STEP_KINDS[step["kind"]].validate_answer(
            part, config=step["question"], canvas_size=canvas_size, allowed_concepts=offered, region=region
        )
    except AnswerError as error:
        raise AnswerError(where + error.pointer, error.code, error.sentence, **_values(error)) from error
    return {name: value for name, value in read.items() if name not in _OF_THE_WHOLE}


def _values(error: AnswerError) -> dict[str, Any]:
    return dict(error.values)


def _refuse_twins(answer: Mapping[str, Any], steps: Sequence[Step]) -> None:
    seen: set[str] = set()
    judged = place_of(steps[0]["name"]) + "/" if _first_is(verify.KIND, steps) else None
    for where, shape in shapes_in(answer):
        if shape["id"] in seen:
            raise AnswerError(f"{where}/id", "repeated", "Shapes of two steps have the same identifier.")
        if shape["prediction"] is not None and not (judged and where.startswith(judged)):
            raise AnswerError(f"{where}/prediction", "not-asked", "In a sequence nothing is suggested.")
        seen.add(shape["id"])


def check_judgement(
    answer: Mapping[str, Any], about: About, *, config: Mapping[str, Any], moved_on: bool = False
) -> None:
    """Whether the first step, where it verifies, speaks of what was shown. Raises AnswerError."""
    steps = config.get("steps", [])
    if not _first_is(verify.KIND, steps):
        return
    name = steps[0]["name"]
    part = {**answer["steps"][name], "rejected_predictions": answer["rejected_predictions"]}
    try:
        verify.check_judgement(part, about, config=steps[0]["question"], moved_on=moved_on)
    except AnswerError as error:
        inside = "" if error.pointer.startswith("/rejected_predictions") else place_of(name)
        raise AnswerError(inside + error.pointer, error.code, error.sentence) from error


def _kind_of(part: Mapping[str, Any]) -> QuestionKind:
    """By what an answer to a step looks like: flags and tags are compared and marked alike."""
    if "texts" in part:
        return describe
    return locate if "shapes" in part else tag


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = jaccard) -> float:
    """The mean over the steps that either was asked; 0 for a step that only one of them was."""
    one, other = a["steps"], b["steps"]
    names = one.keys() | other.keys()
    both = [
        _kind_of(one[name]).compare(one[name], other[name], alike=alike) for name in one.keys() & other.keys()
    ]
    return sum(both) / len(names) if names else 1.0


def marks(answer: Mapping[str, Any]) -> list[Mark]:
    """Those of every step, each with the step's name."""
    return [
        replace(mark, step=name)
        for name, part in answer["steps"].items()
        for mark in _kind_of(part).marks(part)
    ]


def merge(said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None) -> list[Consensus]:
    """Every step by itself, among those who were asked it."""
    return [
        replace(item, step=step["name"], members=tuple(rows[index] for index in item.members))
        for step in config.get("steps", [])
        for part, rows in [_part_of(said, step["name"])]
        if part.people
        for item in STEP_KINDS[step["kind"]].merge(
            part, config=step["question"], rule=_rule_of(step, rule), tree=None
        )
    ]


def _rule_of(step: Mapping[str, Any], rule: Rule) -> Rule:
    """The rule of the whole, with the way in which this step merges places."""
    own = rule_of(step["question"])
    return replace(rule, geometry=own.geometry, least=own.least)


def _part_of(said: Said, step: str) -> tuple[Said, list[int]]:
    """What was said in one step, and the rows of the whole that it was."""
    rows = [row for row, name in enumerate(said.steps) if name == step]

    def of(column: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(column[row] for row in rows) if column else ()

    part = Said(
        people=said.asked.get(step, ()),
        person=of(said.person),
        boxes=of(said.boxes),
        concepts=of(said.concepts),
        points=of(said.points),
        texts=of(said.texts),
        reach=said.reach,
    )
    return part, rows


def as_answer(standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
    """What stands in each step that has something; `truth_in` knows what else was asked."""
    return {"nothing_here": not standing, "steps": {}}, []


def truth_in(
    standing: Sequence[Truth], config: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """What stands after a review, as an answer to every step that it asks, and where each part of it comes from.

    A step that is asked and of which nothing stands says “nothing here”. One that is not asked and of which something
    stands is there all the same, to be refused.
    """
    steps, within = config.get("steps", []), config.get("within", {})
    read: dict[str, dict[str, Any]] = {}
    owners: dict[str, list[int]] = {}
    for step in steps:
        name = step["name"]
        rows = [index for index, one in enumerate(standing) if one.step == name]
        if rows or is_asked(step, read, steps, within):
            part, places = STEP_KINDS[step["kind"]].as_answer([standing[row] for row in rows])
            read[name], owners[name] = part, [rows[place] for place in places]
    return {"nothing_here": False, "steps": read}, owners
