"""“What does this show?”: one or several concepts for a whole canvas or a region of it, or “none of them”.

Settings (with their defaults), beside the `prompt`:
    many            false  whether several concepts may be chosen
    required_label  true   whether a concept is needed; when false, “nothing here” is how to say “none”
    max_concepts    50     most concepts in one answer
    coarser_counts  false  whether a coarser concept than another's agrees with it in part
    certainty       false  whether people say how sure they are

Answer: `{"nothing_here": bool, "concepts": [id], "rejected_predictions": [id], "comment": str, "certainty": str}`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from campaigns.quality import Consensus, Rule, merge_tags
from campaigns.quality.choosing import reach
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Answer, Config, Mark, Region, Said, Size, Traits, Truth
from campaigns.questions.likeness import Likeness, jaccard
from campaigns.questions.reading import (
    read_certainty,
    read_concepts,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
)
from taxonomy.tree import Tree

KIND = "tag"
LABEL = "Tag a whole canvas or region"
TRAITS = Traits(
    method="majority tags, 1",
    tree_method="lowest tag with over 2/3 support, 1",
    says="labels",
    released_as="labels",
)

DEFAULTS: Config = {
    "many": False,
    "required_label": True,
    "max_concepts": 50,
    "coarser_counts": False,
    "certainty": False,
}


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    return read_config(config, DEFAULTS)


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form, concepts in a fixed order. Raises AnswerError."""
    settings = {**DEFAULTS, **config}
    answer = read_object(answer, "")
    nothing_here = read_nothing_here(answer)
    if read_list(answer, "shapes"):
        raise AnswerError(
            "/shapes", "not-asked", "This question asks for labels of the whole picture, not for boxes."
        )
    concepts = read_concepts(answer, allowed_concepts, many=settings["many"])
    if nothing_here and concepts:
        raise AnswerError(
            "/nothing_here",
            "contradiction",
            "The answer says “nothing here” and has labels. Keep one of the two.",
        )
    if not nothing_here and not concepts:
        raise AnswerError(
            "/concepts", "empty-answer", "The answer is empty. Choose a label, or say “nothing here”."
        )
    if len(concepts) > settings["max_concepts"]:
        most = settings["max_concepts"]
        raise AnswerError(
            "/concepts",
            "too-many-labels",
            f"There are {len(concepts)} labels; {most} is the most.",
            count=len(concepts),
            most=most,
        )
    said = read_certainty(answer, asked=settings["certainty"]) if concepts else {}
    return {"nothing_here": nothing_here, "concepts": sorted(concepts), **said, **read_remarks(answer)}


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = jaccard) -> float:
    """How alike the labels of two validated answers are, by default their overlap; two “nothing here” are 1."""
    return alike(a["concepts"], b["concepts"])


def marks(answer: Mapping[str, Any]) -> list[Mark]:
    """All labels together, on the place of the task."""
    if not answer["concepts"]:
        return []
    return [Mark(concepts=tuple(answer["concepts"]), certainty=answer.get("certainty", ""))]


def merge(said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None) -> list[Consensus]:
    """One row a person: all the labels of that person's annotations; members are then those annotations."""
    labels = {person: set[str]() for person in said.people}
    for person, concepts in zip(said.person, said.concepts, strict=True):
        labels[person].update(concepts)
    many, given = bool(config.get("many")), [labels[person] for person in said.people]
    return [
        _with_rows(item, said, tree)
        for item in merge_tags(said.people, given, many=many, rule=rule, tree=tree)
    ]


def _with_rows(item: Consensus, said: Said, tree: Tree[str] | None) -> Consensus:
    givers = {said.people[index] for index in item.members}
    counted = set(item.concepts) or {vote.concept for vote in item.votes}
    rows = [
        index
        for index, (person, concepts) in enumerate(zip(said.person, said.concepts, strict=True))
        if person in givers and counted & reach(concepts, tree)
    ]
    return replace(item, members=tuple(rows))


def as_answer(standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
    """The labels of all that stands, together."""
    given = [(index, concept) for index, one in enumerate(standing) for concept in one.concepts]
    answer = {"nothing_here": not given, "concepts": [concept for _index, concept in given]}
    return answer, [index for index, _concept in given]
