"""How alike the labels of two answers are; a campaign may choose another measure than the overlap of sets."""

from collections.abc import Callable, Collection

# Two collections of concept ids → 0 (nothing in common) to 1 (the same).
Likeness = Callable[[Collection[str], Collection[str]], float]


def jaccard(a: Collection[str], b: Collection[str]) -> float:
    """Common concepts over all; two without any are the same."""
    whole = set(a) | set(b)
    return len(set(a) & set(b)) / len(whole) if whole else 1.0
