"""An answer beside the known one, concept by concept: found, missed, or said without being there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from campaigns.quality.matching import match_pairs

MATCH_AT_IOU = 0.5
# Per concept id: found, missed, said without being there.
Marks = dict[str, list[int]]


def marks(said: Mapping[str, Any], known: Mapping[str, Any]) -> Marks:
    """Of two answers in their normal form; boxes are matched one to one at IoU 0.5, whatever their labels.

    Of a sequence step by step; what a step says that only one of them answers is said without being there, or missed.
    """
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    mine_by, true_by = said.get("steps", {}), known.get("steps", {})
    both = [(mine_by.get(name, {}), true_by.get(name, {})) for name in {**mine_by, **true_by}]
    for mine, true in (pair for one, other in both or [(said, known)] for pair in _pairs(one, other)):
        for concept in mine | true:
            found[concept][0 if concept in mine and concept in true else 1 if concept in true else 2] += 1
    return dict(found)


def _pairs(
    said: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterable[tuple[frozenset[str], frozenset[str]]]:
    """The labels given to each thing and those that it has; none on one side for what has no counterpart."""
    yield frozenset(said.get("concepts", ())), frozenset(known.get("concepts", ()))
    mine, true = said.get("shapes", ()), known.get("shapes", ())
    pairs = match_pairs(_boxes(mine), _boxes(true), MATCH_AT_IOU).tolist() if mine and true else []
    partner = dict(pairs)
    for index, shape in enumerate(mine):
        other = true[partner[index]]["concepts"] if index in partner else ()
        yield frozenset(shape["concepts"]), frozenset(other)
    for index in set(range(len(true))) - set(partner.values()):
        yield frozenset(), frozenset(true[index]["concepts"])


def _boxes(shapes: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    return [shape["box"] for shape in shapes]
