"""The steps of a sequence: their settings, and on which answers each of them depends.

A step: `{"name", "kind", "question": {…}, "branch": id | null, "condition": {…} | null}`. Its `question` has the
settings of its kind, with a `prompt`; `branch` narrows the vocabulary of the campaign for it. A condition is about an
earlier step:

    {"step": name, "answers": ["yes", …]}    one of these was the answer, where the step brings its own
    {"step": name, "something": true}        something was drawn, chosen or written, or what is shown was kept;
                                             false: “nothing here” was said, or what is shown was rejected
    {"step": name, "concepts": [id, …]}      one of these concepts was said, or one below it

A step that depends on one that was not asked is not asked either.

The first step settles what the task is about: a canvas, or where it identifies, verifies or compares a region that is
there, an annotation that is shown, a pair. All others ask about the same thing.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from campaigns.questions import compare, describe, flag, identify, locate, tag, verify
from campaigns.questions.errors import AnswerError, ConfigError
from campaigns.questions.kind import QuestionKind, Traits
from campaigns.questions.reading import pointer, read_uuid, read_uuids

Step = dict[str, Any]
# A concept → the ids of it and of all below it, as the vocabulary stands.
Within = Mapping[str, Collection[str]]

STEP_KINDS: dict[str, QuestionKind] = {
    kind.KIND: kind for kind in (flag, locate, tag, describe, identify, verify, compare)
}
LABELLED = (locate.KIND, tag.KIND, identify.KIND, verify.KIND)
# What is verified keeps the label that it has, wherever that stands.
BRANCHED = (locate.KIND, tag.KIND, identify.KIND)
MOST_STEPS = 12
_FIELDS = {"name", "kind", "question", "branch", "condition"}
_TESTS = ("answers", "something", "concepts")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def read_steps(raw: object) -> list[Step]:
    """The steps in their normal form. Raises ConfigError with a pointer into `/steps`."""
    if not isinstance(raw, list):
        raise ConfigError(
            "/steps", "not-a-list", "The steps are a list of questions, asked one after the other."
        )
    if len(raw) > MOST_STEPS:
        raise ConfigError(
            "/steps", "too-many-steps", f"There are {len(raw)} steps; {MOST_STEPS} are the most."
        )
    steps: list[Step] = []
    for index, one in enumerate(raw):
        steps.append(_read_step(one, pointer("steps", index), steps, raw))
    return steps


def _read_step(raw: object, where: str, before: Sequence[Step], everything: Sequence[object]) -> Step:
    if not isinstance(raw, Mapping):
        raise ConfigError(where, "not-an-object", "A step is an object with its name, kind and settings.")
    unknown = sorted(str(key) for key in set(raw) - _FIELDS)
    if unknown:
        raise ConfigError(
            where + pointer(unknown[0]), "unknown-setting", f"A step has no setting “{unknown[0]}”."
        )
    name = _read_name(raw.get("name"), where + "/name", before)
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in STEP_KINDS:
        known = ", ".join(STEP_KINDS)
        raise ConfigError(
            where + "/kind",
            "unknown-kind",
            f"A step is of one of these kinds: {known}.",
        )
    _refuse_out_of_place(kind, where + "/kind", before)
    question = _read_question(raw.get("question", {}), where + "/question", kind)
    branch = raw.get("branch")
    if branch is not None:
        if kind not in BRANCHED:
            raise ConfigError(
                where + "/branch", "not-asked", "Only a step whose labels are chosen has a branch."
            )
        branch = _id(branch, where + "/branch")
    condition = raw.get("condition")
    if condition is not None:
        condition = _read_condition(condition, where + "/condition", before, everything)
    return {"name": name, "kind": kind, "question": question, "branch": branch, "condition": condition}


def _refuse_out_of_place(kind: str, where: str, before: Sequence[Step]) -> None:
    """What a task is about is settled by the first step, and what another one asks must fit that."""
    first = before[0]["kind"] if before else kind
    if before and kind in (verify.KIND, compare.KIND):
        raise ConfigError(
            where,
            "not-first",
            "A step that checks what is shown, or compares two regions, settles what each task is about. "
            "Put it first.",
        )
    if kind == identify.KIND and first not in (identify.KIND, verify.KIND):
        raise ConfigError(
            where,
            "no-region",
            "Only where the first step names or checks a region is there one to name. Ask for labels instead.",
        )
    if kind == locate.KIND and first == compare.KIND:
        raise ConfigError(
            where,
            "not-about-a-pair",
            "Where two regions are compared nothing is drawn: it would belong to one of the two. "
            "Ask that in a campaign about regions.",
        )


def _read_name(name: object, where: str, before: Sequence[Step]) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigError(
            where,
            "bad-name",
            "A step's name has small letters, digits and hyphens, begins with a letter, and is short.",
        )
    if any(step["name"] == name for step in before):
        raise ConfigError(where, "repeated", f"Two steps have the name “{name}”.")
    return name


def _read_question(raw: object, where: str, kind: str) -> dict[str, Any]:
    try:
        question = STEP_KINDS[kind].validate_config(raw)  # type: ignore[arg-type]
    except ConfigError as error:
        raise ConfigError(where + error.pointer, error.code, error.sentence) from error
    if question.get("show") == "grid":
        raise ConfigError(
            where + "/show", "not-in-a-sequence",
            "In a sequence what is shown comes one by one: each answer settles what is asked next.",
        )  # fmt: skip
    if question.get("coarser_counts"):
        raise ConfigError(
            where + "/coarser_counts", "not-in-a-sequence",
            "In a sequence a broader answer is another answer. Ask this question in a campaign of its own.",
        )  # fmt: skip
    return question


def _read_condition(raw: object, where: str, before: Sequence[Step], everything: Sequence[object]) -> Step:
    if not isinstance(raw, Mapping):
        raise ConfigError(
            where, "not-an-object", "A condition is an object: an earlier step, and what was said there."
        )
    tests = [test for test in _TESTS if test in raw]
    unknown = sorted(str(key) for key in set(raw) - {"step", *_TESTS})
    if unknown or len(tests) != 1:
        raise ConfigError(
            where,
            "bad-condition",
            "A condition has its “step” and one of these: answers, something, concepts.",
        )
    earlier = next((step for step in before if step["name"] == raw.get("step")), None)
    if earlier is None:
        later = any(isinstance(one, Mapping) and one.get("name") == raw.get("step") for one in everything)
        raise ConfigError(
            where + "/step",
            "later-step" if later else "unknown-step",
            "A condition is about a step that comes before: steps cannot wait for each other."
            if later
            else "There is no such step.",
        )
    (test,) = tests
    return {"step": earlier["name"], test: _read_test(test, raw[test], where + pointer(test), earlier)}


def _read_test(test: str, value: object, where: str, earlier: Step) -> Any:
    kind = STEP_KINDS[earlier["kind"]]
    choices = [choice.name for choice in kind.TRAITS.answers_for(earlier["question"])]
    if test == "answers":
        if not choices:
            raise ConfigError(
                where, "not-asked", f"The step “{earlier['name']}” brings no answers of its own."
            )
        if not isinstance(value, list) or not value or not all(one in choices for one in value):
            raise ConfigError(
                where, "unknown-choice", f"The answers are some of these: {', '.join(choices)}."
            )
        return [one for one in choices if one in value]
    if choices:
        raise ConfigError(
            where, "not-asked", f"The step “{earlier['name']}” is answered by: {', '.join(choices)}."
        )
    if test == "something":
        if not isinstance(value, bool):
            raise ConfigError(where, "wrong-type", "“something” must be true or false.")
        return value
    if earlier["kind"] not in LABELLED:
        raise ConfigError(where, "not-asked", f"Nobody chooses labels in the step “{earlier['name']}”.")
    try:
        concepts = read_uuids({"concepts": value}, "concepts")
    except AnswerError as error:
        raise ConfigError(
            where + error.pointer.removeprefix("/concepts"), error.code, error.sentence
        ) from error
    if not concepts:
        raise ConfigError(where, "label-missing", "Name at least one concept.")
    return concepts


def _id(value: object, where: str) -> str:
    try:
        return read_uuid(value, where)
    except AnswerError as error:
        raise ConfigError(error.pointer, error.code, error.sentence) from error


def is_asked(
    step: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]], steps: Sequence[Step], within: Within
) -> bool:
    """Whether a step is asked after the answers to the steps before it; `said`: those of the steps that were asked."""
    condition = step.get("condition")
    if condition is None:
        return True
    answer = said.get(condition["step"])
    if answer is None:
        return False
    if "something" in condition:
        return condition["something"] is not bool(answer.get("nothing_here"))
    named = {*answer.get("concepts", ()), *(pk for one in answer.get("shapes", ()) for pk in one["concepts"])}
    if "answers" in condition:
        (earlier,) = (one for one in steps if one["name"] == condition["step"])
        concepts = earlier["question"]["answers"]
        return any(concepts.get(choice) in named for choice in condition["answers"])
    return any(named.intersection(within.get(concept, (concept,))) for concept in condition["concepts"])


def sort_of(question: Mapping[str, Any]) -> Traits | None:
    """What the tasks of a sequence are about, as the traits of its first step tell; None where there is no step."""
    steps = question.get("steps")
    first = steps[0] if isinstance(steps, list) and steps and isinstance(steps[0], Mapping) else {}
    kind = STEP_KINDS.get(str(first.get("kind")))
    return kind.TRAITS if kind else None


def own_concepts(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The concepts that steps bring as their own answers."""
    return {
        pk for step in steps for pk in step["question"].get("answers", {}).values() if isinstance(pk, str)
    }
