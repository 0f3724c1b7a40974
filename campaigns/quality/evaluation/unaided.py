"""Images that a person's vote cannot change: where what the others say stands whatever this person says.

Who is measured against what people agreed on has had a voice in it, which flatters. To leave out the images where the
vote made the difference would do harm the other way, since what is left out would depend on the vote. So an image is
kept or left out by what the *others* said alone: it is kept when every thing on it is decided in the same way with the
person for it and with the person against it. With n others of whom k say yes, and a thing that stands when more than
half say so,

    2 (k + 1) > n + 1   and   2 k > n + 1

must be both true or both false. Where one label is to be chosen, the first must be two votes ahead of the second. Such
images are easier ones than the rest: people agreed on them.
"""

from collections.abc import Collection, Iterable, Sequence

from campaigns.quality.evaluation.shape_ceiling import DrawnShape, Merge


def settled(votes: Iterable[int], others: int) -> bool:
    """Whether each thing for which so many of the `others` spoke is decided whatever one more person says."""
    if others < 1:
        return False
    return all((2 * (k + 1) > others + 1) == (2 * k > others + 1) for k in votes)


def settled_by_sets(said: Sequence[Collection[str]]) -> bool:
    """Of images that may have several labels: the set that each of the others gave."""
    return settled(_tally(said).values(), len(said))


def settled_by_choice(said: Sequence[Collection[str]]) -> bool:
    """Of images that have one label; an empty set is the answer that there is none."""
    ranked = sorted(_tally([one or {""} for one in said]).values(), reverse=True)
    return bool(ranked) and ranked[0] - (ranked[1] if len(ranked) > 1 else 0) >= 2


def settled_by_shapes(shapes: Sequence[DrawnShape], others: int, canvas: str, merge: Merge) -> bool:
    """Of places: what the others drew, merged among them; `others` also counts those who drew nothing."""
    groups = merge(list(shapes), others, canvas) if shapes else []
    return settled([one.voters for one in groups], others)


def _tally(said: Sequence[Collection[str]]) -> dict[str, int]:
    votes: dict[str, int] = {}
    for one in said:
        for label in set(one):
            votes[label] = votes.get(label, 0) + 1
    return votes
