"""Labels by a model of reliability instead of the plain vote: what was merged stays, its name is weighed anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from campaigns.quality import Consensus
from campaigns.quality.labels.fitted import ELSEWHERE, Fitted
from campaigns.questions import Said
from campaigns.things import NONE, UNNAMED
from taxonomy.tree import Tree

MOST_KEPT = 5


def believe(
    items: Sequence[Consensus], said: Said, fitted: Fitted, *, draws: bool, many: bool, bar: float
) -> list[Consensus]:
    """The items with the label whose probability exceeds `bar`, undecided where none does.

    Of a box it is the probability of the label given that something is there. `many`: each item is a yes or no.
    """
    return [
        _box(item, said, fitted, bar)
        if draws
        else _one_of_many(item, said, fitted, bar)
        if many
        else _whole(item, said, fitted, bar)
        for item in items
    ]


def believe_on_tree(
    items: Sequence[Consensus], said: Said, fitted: Fitted, tree: Tree[str], *, bar: float
) -> list[Consensus]:
    """The items with the lowest concept such that the truth is at or below it with more than `bar`.

    Whether there is anything to name is left to the vote: more than `bar` of those who saw must have named something.
    """
    return [_on_tree(item, said, fitted, tree, bar) for item in items]


def _on_tree(item: Consensus, said: Said, fitted: Fitted, tree: Tree[str], bar: float) -> Consensus:
    rows = item.members if item.box is not None else range(len(said.person))
    labels = _labels(said, rows)
    named = [(who, next(iter(one))) for who, one in sorted(labels.items()) if len(one) == 1]
    found = fitted.below(named, tree)
    sure = [concept for concept, value in found.items() if value > bar * (1 + 1e-9)]
    enough = item.box is not None or len(named) > bar * len(said.people)
    kept = _kept(found)
    if not sure or not enough:
        return replace(item, concepts=(), decided=not item.votes, posterior=kept)
    best = max(sure, key=lambda concept: (tree.depth(concept), found[concept], concept))
    return replace(item, concepts=(best,), decided=True, posterior=kept)


def _whole(item: Consensus, said: Said, fitted: Fitted, bar: float) -> Consensus:
    labels = _labels(said, range(len(said.person)))
    given = [(str(person), " ".join(sorted(labels.get(str(person), ())))) for person in said.people]
    return _settled(item, fitted.posterior(given), bar)


def _one_of_many(item: Consensus, said: Said, fitted: Fitted, bar: float) -> Consensus:
    concept = item.votes[0].concept
    labels = _labels(said, range(len(said.person)))
    given = [
        (str(person), concept if concept in labels.get(str(person), ()) else NONE) for person in said.people
    ]
    found = fitted.posterior(given)
    sure = found.get(concept, 0.0) > bar
    return replace(item, concepts=(concept,) if sure else (), decided=sure, posterior=_kept(found))


def _box(item: Consensus, said: Said, fitted: Fitted, bar: float) -> Consensus:
    labels = _labels(said, item.members)
    given = [
        (str(person), " ".join(sorted(labels[str(person)])) or UNNAMED if str(person) in labels else NONE)
        for person in said.people
    ]
    found = fitted.posterior(given)
    there = 1 - found.get(NONE, 0.0)
    named = {label: value for label, value in found.items() if label not in (NONE, UNNAMED)}
    if not any(label is not ELSEWHERE for label in named) or there <= 0:
        return replace(item, posterior=_kept(found))  # nobody named it
    return replace(_settled(item, named, bar * there), posterior=_kept(found))


def _settled(item: Consensus, found: dict[str | None, float], bar: float) -> Consensus:
    best = max(found, key=lambda label: (found[label], label or ""))
    concepts = tuple(best.split()) if best and found[best] > bar else ()
    return replace(item, concepts=concepts, decided=bool(concepts), posterior=_kept(found))


def _labels(said: Said, rows: Sequence[int]) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = {}
    for row in rows:
        labels.setdefault(str(said.person[row]), set()).update(said.concepts[row])
    return labels


def _kept(found: Mapping[str | None, float] | Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The likeliest labels of those that were given, for people to look at."""
    given = [(label, round(value, 6)) for label, value in found.items() if label is not ELSEWHERE]
    return tuple(sorted(given, key=lambda pair: (-pair[1], pair[0]))[:MOST_KEPT])
