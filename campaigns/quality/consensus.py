"""Merges what several people said about one canvas into one answer that carries its own reasons."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from annotation.geometry import Box, iou_matrix
from campaigns.quality.choosing import by_majority, lowest, most_specific, reach
from campaigns.quality.difference import jaccard
from campaigns.quality.edges import AT_LEAST, GEOMETRIES, MEDIAN, OUTLINES, to_edges
from campaigns.quality.kinship import differences
from campaigns.quality.matching import group_boxes
from campaigns.quality.overlapping import Floats, as_boxes
from campaigns.quality.texts import Text, choose
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class Rule:
    """How to merge; kept beside every result so that it can be made again.

    `threshold`: IoU from which two boxes are one thing. `class_aware`: whether different labels are different
    things. `majority`: the share of the votes that a label must exceed. `geometry`: a name in GEOMETRIES,
    of outlines in OUTLINES. `least`: of outlines AT_LEAST, how many of those who drew a thing must have drawn a place
    for it to belong to it; where fewer drew the thing, all of them. None for every other geometry.
    """

    threshold: float = 0.5
    class_aware: bool = False
    majority: float = 0.5
    geometry: str = "median"
    least: int | None = None

    def __post_init__(self) -> None:
        known = dict.fromkeys([*GEOMETRIES, *OUTLINES])
        if self.geometry not in known:
            raise ValueError(f"There is no merged box “{self.geometry}”; there are: {', '.join(known)}.")
        if (self.geometry == AT_LEAST) != (self.least is not None) or (
            self.least is not None and self.least < 1
        ):
            raise ValueError("“at_least”, and nothing else, names the least number of people, from 1 on.")
        if not 0.5 <= self.majority < 1:
            raise ValueError("A majority is a share of at least 0.5 and below 1.")

    def parameters(self) -> dict[str, float | bool | str]:
        """As JSON; without `least` where there is none: what was merged before there was one stays what it is."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Vote:
    """How many people named a concept, and the sum of their weights (their number, unless weighted)."""

    concept: str
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Consensus:
    """One merged shape or tag.

    `box` in canvas space, None for a tag; `points`: the corners of an outline within it, or the one point in its
    middle. `concepts`: what the majority says; empty and not `decided` when
    there is none. `votes`: most voted first. `voters` of the `seen` people gave it; who saw the canvas and
    drew nothing is evidence too. `members`: the rows it was made from. `spread`: standard deviation (n − 1)
    of the left, top, right, bottom edge in canvas units, None for a single voice. `mean_iou`: of the members
    with the merged box. `disagreement`: mean distance, over all pairs of people who saw the canvas, between
    what the two said about this thing: 1 when only one of them gave it, else 1 − IoU (of points: nearness) ×
    overlap of their labels (Jaccard), 0 when neither did. `posterior`: labels with their probabilities, likeliest
    first, where a model of reliability has decided; “” is that nothing is there.
    `text`: what was written and stands. `step`: of a sequence the question that it answers.
    """

    box: Box | None
    concepts: tuple[str, ...]
    decided: bool
    votes: tuple[Vote, ...]
    voters: int
    seen: int
    members: tuple[int, ...]
    spread: tuple[float, float, float, float] | None
    mean_iou: float | None
    disagreement: float
    points: tuple[tuple[float, float], ...] = ()
    posterior: tuple[tuple[str, float], ...] = ()
    text: Text | None = None
    step: str = ""

    @property
    def label(self) -> str | None:
        """The one concept it was given, None when undecided, unlabelled, or given several."""
        return self.concepts[0] if len(self.concepts) == 1 else None

    @property
    def support(self) -> float:
        """Share of those who saw the canvas that gave it, 0–1."""
        return self.voters / self.seen


def merge_boxes(
    boxes: npt.ArrayLike,
    person: Sequence[object],
    concepts: Sequence[Collection[str]],
    *,
    seen: int,
    rule: Rule | None = None,
    weight: Sequence[float] | None = None,
    edge_weight: Sequence[Sequence[float]] | None = None,
    many: bool = False,
    tree: Tree[str] | None = None,
) -> list[Consensus]:
    """The consensus on one canvas, in reading order (top, left).

    `boxes (n, 4)`, the `person` who drew each, the `concepts` each carries (maybe none); `seen`: how many
    people were shown the canvas, also those who drew nothing. `weight` of each box's author counts in the
    vote on labels, and in the mean of places, where not `edge_weight (n, 4)` does; a member without labels abstains
    from it. Boxes of one person only remain, with their low support. With the `tree` of the labels a coarser one is
    no contradiction: the label is the lowest that enough support, or of `many` those of the majority that no narrower
    one implies.

    Raises ValueError when columns differ in length or more people drew than saw.
    """
    rule, rows = rule or Rule(), as_boxes(boxes)
    if len(rows) != len(person) or len(rows) != len(concepts):
        raise ValueError("Every box needs its person and its labels.")
    names = [str(value) for value in person]
    labels = [" ".join(sorted(words)) for words in concepts]
    merging = Merging(rule, seen=seen, weight=weight, many=many, tree=tree)
    by_edge = None if edge_weight is None else np.asarray(edge_weight, dtype=np.float64).reshape(-1, 4)
    if by_edge is not None and (len(by_edge) != len(rows) or not (by_edge > 0).all()):
        raise ValueError("Every box needs a weight above zero for each of its edges.")
    return merging.groups(
        group_boxes(rows, names, labels, threshold=rule.threshold, class_aware=rule.class_aware),
        names,
        concepts,
        lambda members, weights: _merged_box(
            rows[members], weights if by_edge is None or rule.geometry != "mean" else by_edge[members], rule
        ),
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """What the places of one group come to; `alike (k, k)`: how like its members are, 0–1. The rest as `Consensus`."""

    box: Box
    spread: Floats | None
    mean_iou: float | None
    alike: Floats
    points: tuple[tuple[float, float], ...] = ()


class Merging:
    """How groups of shapes become one each, whatever the shapes are; arguments as `merge_boxes`."""

    def __init__(
        self,
        rule: Rule,
        *,
        seen: int,
        weight: Sequence[float] | None = None,
        many: bool = False,
        tree: Tree[str] | None = None,
    ) -> None:
        self._seen, self._weight = seen, weight
        self._voting = _Voting(rule, tree, many=many)

    def groups(
        self,
        group: npt.NDArray[np.int64],
        person: Sequence[str],
        concepts: Sequence[Collection[str]],
        place: Callable[[list[int], Floats], Merged],
    ) -> list[Consensus]:
        """One thing for each number in `group (n,)`, in reading order; `place` merges where its members are."""
        if len(set(person)) > self._seen or self._seen < 1:
            raise ValueError(
                f"{len(set(person))} people drew something, but only {self._seen} saw the canvas."
            )
        weights = _weights(self._weight, len(group))
        merged = []
        for number in range(int(group.max(initial=-1)) + 1):
            members = np.flatnonzero(group == number).tolist()
            words = [frozenset(concepts[index]) for index in members]
            merged.append(self._one(place(members, weights[members]), members, words, weights[members]))
        return sorted(merged, key=_reading_order)

    def _one(
        self, merged: Merged, members: list[int], words: list[frozenset[str]], weights: Floats
    ) -> Consensus:
        votes = _count(words, weights)
        labelled = [place for place, said in enumerate(words) if said]
        chosen = self._voting.chosen(votes, [words[place] for place in labelled], weights[labelled])
        return Consensus(
            box=merged.box,
            points=merged.points,
            concepts=chosen,
            decided=bool(chosen) or not votes,
            votes=votes,
            voters=len(members),
            seen=self._seen,
            members=tuple(members),
            spread=None if merged.spread is None else _four(merged.spread),
            mean_iou=merged.mean_iou,
            disagreement=_disagreement(merged.alike * self._voting.alike(words), self._seen),
        )


def merge_tags(
    person: Sequence[object],
    concepts: Sequence[Collection[str]],
    *,
    many: bool,
    rule: Rule | None = None,
    weight: Sequence[float] | None = None,
    tree: Tree[str] | None = None,
) -> list[Consensus]:
    """The consensus on the tags of one canvas or region; one row per person, no concepts meaning “nothing
    here”.

    When `many` tags may be true, each concept that anybody named is an item of its own, decided by its share
    of those who saw the canvas. When only one may be true, there is one item with all votes; “nothing here”
    counts against every label in its majority. Nothing named by anybody is no item. With the `tree` of the
    labels a coarser one is no contradiction: the one is the lowest that enough support; of many each counts for
    those above it too, and is no item where a narrower one is decided.

    Raises ValueError when somebody answers twice.
    """
    rule = rule or Rule()
    if len({str(value) for value in person}) != len(person) or len(person) != len(concepts):
        raise ValueError("Every person answers once.")
    answers, weights = [frozenset(words) for words in concepts], _weights(weight, len(person))
    voting = _Voting(rule, tree, many=many)
    if many:
        named = frozenset().union(*answers)
        answers = [reach(answer, tree) & named for answer in answers]
        votes = _count(answers, weights)
        items = {vote.concept: _tag_item(answers, weights, (vote,), _Voting(rule)) for vote in votes}
        implied = items.keys() - most_specific([one for one in items if items[one].decided], tree)
        return [item for one, item in items.items() if not (item.decided and one in implied)]
    votes = _count(answers, weights)
    return [_tag_item(answers, weights, votes, voting)] if votes else []


def merge_texts(seen: int, texts: Sequence[Text], *, rule: Rule | None = None) -> list[Consensus]:
    """The consensus on short texts of different people, of `seen` who were asked; the others said “nothing here”.

    One item, or none where nobody wrote. What more than the majority wrote alike stands, and these are its members.
    Else nothing does: the item is undecided, and all who wrote are its members. Raises ValueError when more wrote
    than were asked.
    """
    rule = rule or Rule()
    if len(texts) > seen:
        raise ValueError(f"{len(texts)} people wrote something, but only {seen} were asked.")
    chosen = choose(texts)
    if chosen is None:
        return []
    alike = np.ones((len(texts), len(texts)))
    alike[np.triu_indices(len(texts), 1)] = chosen.alike
    decided = len(chosen.rows) > rule.majority * seen
    members = chosen.rows if decided else tuple(range(len(texts)))
    return [
        Consensus(
            box=None,
            concepts=(),
            decided=decided,
            votes=(),
            voters=len(members),
            seen=seen,
            members=members,
            spread=None,
            mean_iou=None,
            disagreement=_disagreement(alike, seen),
            text=chosen.text if decided else None,
        )
    ]


def overall_disagreement(items: Sequence[Consensus]) -> float:
    """That of a whole canvas, for ordering a review: its most disputed item; 0 when there is none."""
    return max((item.disagreement for item in items), default=0.0)


def explain(item: Consensus, names: Mapping[str, str]) -> str:
    """How the item came about, in English: 2 of 4 gave it: 1 said “rabbit”, 1 said “hare”; undecided."""
    said = ", ".join(f"{vote.count} said “{names.get(vote.concept, vote.concept)}”" for vote in item.votes)
    outcome = "" if item.decided else "; undecided"
    return f"{item.voters} of {item.seen} gave it{': ' + said if said else ''}{outcome}."


@dataclass(frozen=True, slots=True)
class _Voting:
    """How a label is chosen, and how far two of them differ."""

    rule: Rule
    tree: Tree[str] | None = None
    many: bool = False

    def chosen(
        self, votes: Sequence[Vote], words: Sequence[frozenset[str]], weights: Floats
    ) -> tuple[str, ...]:
        """The labels, in the order of the votes; each of `words` counts with its weight, none speak against all."""
        if self.tree is not None and not self.many:
            one = lowest(words, weights, self.tree)
            return () if one is None else (one,)
        ups = [reach(said, self.tree) for said in words]
        winners = by_majority(ups, weights, float(weights.sum()), self.rule.majority)
        winners = most_specific(winners, self.tree)
        return tuple(vote.concept for vote in votes if vote.concept in winners)

    def alike(self, words: Sequence[frozenset[str]]) -> Floats:
        """How like the labels of every two are `(n, n)`: by Wu and Palmer on a tree, else by Jaccard."""
        if self.tree is not None:
            return 1.0 - differences(words, self.tree)
        places = np.arange(len(words))
        return 1.0 - jaccard(words)(places[:, None], places)


def _merged_box(boxes: Floats, weights: Floats, rule: Rule) -> Merged:
    merged = GEOMETRIES.get(rule.geometry, GEOMETRIES[MEDIAN])(boxes, weights)
    alone = len(boxes) == 1
    x, y, w, h = merged.tolist()
    return Merged(
        box=Box(x, y, w, h),
        spread=None if alone else np.std(to_edges(boxes), axis=0, ddof=1),
        mean_iou=None if alone else float(iou_matrix(boxes, merged[None]).mean()),
        alike=iou_matrix(boxes, boxes),
    )


def _tag_item(
    answers: list[frozenset[str]], weights: Floats, votes: tuple[Vote, ...], voting: _Voting
) -> Consensus:
    named = {vote.concept for vote in votes}
    heard = [answer & named for answer in answers]
    chosen = voting.chosen(votes, heard, weights)
    counted = set(chosen) or named
    members = [index for index, answer in enumerate(heard) if reach(answer, voting.tree) & counted]
    giving = [answer for answer in heard if answer]
    return Consensus(
        box=None,
        concepts=chosen,
        decided=bool(chosen),
        votes=votes,
        voters=len(members),
        seen=len(answers),
        members=tuple(members),
        spread=None,
        mean_iou=None,
        disagreement=_disagreement(voting.alike(giving), len(answers)),
    )


def _weights(weight: Sequence[float] | None, n: int) -> Floats:
    given = np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64)
    if given.shape != (n,) or not np.isfinite(given).all() or (given < 0).any():
        raise ValueError("Every row needs one weight, a finite number of at least 0.")
    return given


def _count(words: Sequence[frozenset[str]], weights: Floats) -> tuple[Vote, ...]:
    totals: dict[str, tuple[int, float]] = {}
    for said, weight in zip(words, weights.tolist(), strict=True):
        for concept in said:
            count, total = totals.get(concept, (0, 0.0))
            totals[concept] = (count + 1, total + weight)
    votes = [Vote(concept, count, total) for concept, (count, total) in totals.items()]
    return tuple(sorted(votes, key=lambda vote: (-vote.weight, -vote.count, vote.concept)))


def _disagreement(alike: Floats, seen: int) -> float:
    """Mean distance of all pairs of the `seen`: of two who gave the thing 1 − `alike (n, n)`, of one who did not 1."""
    if seen < 2:
        return 0.0
    given = len(alike)
    distance = given * (seen - given) + float((1.0 - alike)[np.triu_indices(given, 1)].sum())
    return min(1.0, max(0.0, distance / (seen * (seen - 1) / 2)))


def _four(values: Floats) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(value) for value in values)
    return (left, top, right, bottom)


def _reading_order(item: Consensus) -> tuple[float, ...]:
    if item.box is None:
        return ()
    return (item.box.y, item.box.x, item.box.h, item.box.w)
