"""Which of the labels that people gave to one thing is its label: the majority's, or the lowest that enough support."""

from collections.abc import Collection, Sequence

from campaigns.quality.overlapping import Floats
from taxonomy.tree import Tree

# iNaturalist's rule, as `campaigns.quality.labels.lowest` has it for many items at once.
SHARE, VOICES = 2 / 3, 2
_HAIR = 1 + 1e-9  # summed weights of 0.1 never make a half a majority


def reach(words: Collection[str], tree: Tree[str] | None) -> frozenset[str]:
    """The concepts given and all above them: whoever says “rabbit” says “leporid” too. Without a tree the given."""
    if tree is None:
        return frozenset(words)
    return frozenset(words).union(*(tree.ancestors(one) for one in words if one in tree))


def by_majority(words: Sequence[Collection[str]], weights: Floats, total: float, share: float) -> set[str]:
    """The labels whose weight exceeds their share of the total; `words` of each person, who weighs `weights (n,)`."""
    sums: dict[str, float] = {}
    for said, weight in zip(words, weights.tolist(), strict=True):
        for word in said:
            sums[word] = sums.get(word, 0.0) + weight
    return {word for word, weight in sums.items() if weight > share * total * _HAIR}


def lowest(words: Sequence[Collection[str]], weights: Floats, tree: Tree[str]) -> str | None:
    """The lowest concept that enough people support, None where there is none; no `words` speak against all.

    Support comes from who said it or something below, contradiction from who said neither that nor anything
    above. It must exceed two thirds of both and come from two people, or from all who gave a label where that
    is one. The only root of a tree is no answer unless somebody gave it: that everything is one is no news.
    """
    given = {word for said in words for word in said}
    ups = [reach(said, tree) for said in words]
    voices = min(VOICES, sum(map(bool, words)))
    found = []
    for concept in sorted(frozenset().union(*ups) - (_only_root(tree) - given)):
        way = reach([concept], tree)
        backing = [weight for up, weight in zip(ups, weights.tolist(), strict=True) if concept in up]
        support = sum(backing)
        against = sum(
            weight
            for said, up, weight in zip(words, ups, weights.tolist(), strict=True)
            if concept not in up and not way.intersection(said)
        )
        if len(backing) >= voices and support > SHARE * (support + against) * _HAIR:
            found.append((len(way), concept))
    return max(found)[1] if found else None


def most_specific(chosen: Collection[str], tree: Tree[str] | None) -> set[str]:
    """What is not already said by something narrower among the chosen."""
    implied = {above for one in chosen for above in reach([one], tree) - {one}}
    return set(chosen) - implied


def _only_root(tree: Tree[str]) -> set[str]:
    return set(tree.roots) if len(tree.roots) == 1 else set()
