"""How certain a merged answer is, when nothing is known of the people: for deciding whether to ask another one.

The vote read as probabilities, which is the one-coin model (Dawid and Skene 1979) with everybody's coin given: who is
asked is right with probability a, and else names any of the other M − 1 labels with equal probability; before
anybody has answered all M are equally likely. Then

    P(label l | votes) = r^n_l / (Σ over labels named r^n + M − named),   r = a (M − 1) / (1 − a)

where n_l people named l. Who errs takes a thing for one of its few look-alikes, not for any of a thousand species:
M is the number of labels that may be given, with “nothing here” where that is an answer, and at most `LOOKALIKES`
(or as many as were named). A question of yes or no has M = 2: P(yes) = 1 / (1 + r^(no − yes)), r = a / (1 − a).
"""

import math
from collections.abc import Sequence

from campaigns.quality.choosing import reach
from campaigns.quality.consensus import Consensus
from taxonomy.tree import Tree

LOOKALIKES = 5
Words = Sequence[frozenset[str]]


def certainty_of_tags(
    items: Sequence[Consensus], words: Words, *, seen: int, options: int, accuracy: float, many: bool,
    tree: Tree[str] | None = None,
) -> float:  # fmt: skip
    """Of what `merge_tags` made of the `words` of each person, 0 to 1; nobody's words: 0.

    Of one label its posterior, “nothing here” being a label; of several that of the least certain, each a yes or no.
    """
    if many:
        return min(
            (_either(item.voters, seen, accuracy) for item in items), default=_either(0, seen, accuracy)
        )
    nothing = sum(not said for said in words)
    named = [next(iter(said)) for said in words if said]
    winner = items[0].concepts[0] if items and items[0].decided else None
    if winner is None and 2 * nothing <= seen:
        return 0.0
    return _posterior(named, winner, nothing, options + 1, accuracy, tree)


def certainty_of_boxes(
    items: Sequence[Consensus], words: Words, *, seen: int, options: int, accuracy: float, many: bool,
    tree: Tree[str] | None = None,
) -> float:  # fmt: skip
    """Of what `merge_boxes` made, `words` being those of each box, 0 to 1: that of the least certain merged box.

    Of a box it is the posterior that it is there, drawn by k of the n who saw, times that of its label; of one that is
    rather not there, the posterior of that. No box at all: all n said that nothing is there.
    """
    if not items:
        return _either(0, seen, accuracy)
    found = []
    for item in items:
        there = _yes(item.voters, seen, accuracy)
        labelled = [words[member] for member in item.members if words[member]]
        if 2 * item.voters < seen:
            found.append(1 - there)
        else:
            found.append(there * _of_label(item, labelled, options, accuracy, many=many, tree=tree))
    return min(found)


def _of_label(
    item: Consensus, labelled: Words, options: int, accuracy: float, *, many: bool, tree: Tree[str] | None
) -> float:
    if not labelled:
        return 1.0
    if not item.concepts:
        return 0.0
    if many:
        ups = [reach(said, tree) for said in labelled]
        counts = [sum(vote.concept in up for up in ups) for vote in item.votes]
        return min(_either(count, len(labelled), accuracy) for count in counts)
    return _posterior([next(iter(one)) for one in labelled], item.concepts[0], 0, options, accuracy, tree)


def _posterior(
    named: Sequence[str], winner: str | None, nothing: int, options: int, accuracy: float,
    tree: Tree[str] | None,
) -> float:  # fmt: skip
    """That the winner (None: nothing) is true. On a tree who named something above a label was right about it too,
    and the winner is true where anything below it is."""
    ways = {label: reach([label], tree) for label in named}
    votes = {label: sum(one in way for one in named) for label, way in ways.items()}
    backing = [count for label, count in votes.items() if winner in ways[label]]
    others = [count for label, count in votes.items() if winner not in ways[label]]
    if nothing:
        (backing if winner is None else others).append(nothing)
    m = max(min(options, LOOKALIKES), len(backing) + len(others), 2)
    others += [0] * (m - len(backing) - len(others))
    gain = math.log(accuracy * (m - 1) / (1 - accuracy))
    voices = len(named) + nothing  # taken off every exponent, so that none overflows
    for_it = sum(math.exp(gain * (count - voices)) for count in backing)
    return for_it / (for_it + sum(math.exp(gain * (count - voices)) for count in others))


def _yes(yes: int, seen: int, accuracy: float) -> float:
    return 1 / (1 + (accuracy / (1 - accuracy)) ** (seen - 2 * yes))


def _either(yes: int, seen: int, accuracy: float) -> float:
    """The posterior of the likelier of yes and no."""
    return _yes(max(yes, seen - yes), seen, accuracy)
