"""Whether one run is better than another on the same release: paired, canvas by canvas."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from campaigns.evaluated import NONE, finished
from campaigns.models import Evaluation, EvaluationImage, EvaluationPair, RunComparison
from campaigns.quality.answers import Floats
from campaigns.quality.evaluation import compare_counts, mcnemar
from campaigns.quality.evaluation.plain import plain
from problems import Conflict

SEED = 20_260_101
MOST_CLASSES = 20


def compare(first: Evaluation, second: Evaluation) -> dict[str, Any]:
    """Whether one run is better than another on the same release: paired, by canvas; a constant number of queries.

    Raises `Conflict` for another release or other parameters of matching.
    """
    require_comparable(first, second)
    shared = _shared(first, second)
    counts = _counts([first, second], shared)
    whole = [
        sum(tables.values(), np.zeros_like(next(iter(tables.values()), np.zeros((3, 1)))))
        for tables in counts
    ]
    found: dict[str, Any] = {
        "release": first.release_id,
        "first": first.pk,
        "second": second.pk,
        "canvases": first.canvas_count if shared is None else len(shared),
        "f1": _comparison(whole[0], whole[1]),
        "classes": [
            {
                "id": label,
                **_comparison(counts[0].get(label, _none(whole)), counts[1].get(label, _none(whole))),
            }
            for label in sorted(counts[0].keys() | counts[1].keys(), key=lambda one: -_wanted(one, counts))[
                :20
            ]
        ],
        "methods": [
            "bootstrap by canvas, 2000 samples (Efron & Tibshirani 1993)",
            "randomisation test, 2000 exchanges (Noreen 1989; Yeh 2000)",
        ],
    }
    row = RunComparison.objects.filter(first=first, second=second).select_related("job").first()
    found["average_precision"] = row.figures if row and row.computed_at else None
    found["job"] = row.job_id if row else None
    if first.figures["kind"] == "labels":
        found["mcnemar"] = mcnemar(_all_right(whole[0]), _all_right(whole[1]))
        found["methods"].append("McNemar's exact test on images named wholly right (McNemar 1947)")
    return found


def require_comparable(first: Evaluation, second: Evaluation) -> None:
    """Raises `Conflict` while one is being computed, and for another release or other parameters of matching."""
    for one in (first, second):
        finished(one)
    if not comparable(first, second):
        raise Conflict(
            _(
                "Only evaluations against the same release, at the same IoU and with the same classes, can be compared."
            ),
            code="not-comparable",
        )


def comparable(first: Evaluation, second: Evaluation) -> bool:
    """Whether both were measured against the same truth, at the same IoU and in the same classes."""
    same = ("iou", "reach", "shape", "class_aware", "grouping")
    return first.release_id == second.release_id and all(
        first.parameters.get(name) == second.parameters.get(name) for name in same
    )


def _shared(first: Evaluation, second: Evaluation) -> list[UUID] | None:
    """The canvases on which both had the same things to find, where one is of a person, who answered some only, or
    about parts of them; None: all of the release."""
    if first.participant_id is None and second.participant_id is None:
        return None
    ours = EvaluationImage.objects.filter(
        evaluation=first, canvas=OuterRef("canvas"), tp=OuterRef("tp") + OuterRef("fn") - F("fn")
    )
    theirs = EvaluationImage.objects.filter(Exists(ours), evaluation=second)
    found = list(theirs.order_by("pk").values_list("canvas_id", flat=True))
    if not found:
        raise Conflict(
            _("The two have no image in common, so that nothing can be compared."), code="nothing-shared"
        )
    return found


def _none(whole: Sequence[Floats]) -> Floats:
    return np.zeros_like(whole[0])


def _wanted(label: str, counts: Sequence[Mapping[str, Floats]]) -> float:
    """How many things of a label there are to find."""
    return max(float(table[label][[0, 2]].sum()) if label in table else 0.0 for table in counts)


def _comparison(first: Floats, second: Floats) -> dict[str, Any]:
    found = compare_counts(first, second, _f1, seed=SEED)
    parts: dict[str, Any] = plain(
        {"difference": found.difference, "interval": found.interval, "p_value": found.p_value}
    )
    return {
        "first": plain(float(_f1(*(part.sum(keepdims=True) for part in first))[0])),
        "second": plain(float(_f1(*(part.sum(keepdims=True) for part in second))[0])),
        **parts,
    }


def _f1(tp: Floats, fp: Floats, fn: Floats) -> Floats:
    whole = np.atleast_1d(2 * tp + fp + fn)
    value: Floats = np.divide(np.atleast_1d(2 * tp), whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return value


def _all_right(table: Floats) -> Any:
    """Images on which nothing is false and nothing missed."""
    return (table[1] + table[2]) == 0


def _counts(evaluations: Sequence[Evaluation], shared: Sequence[UUID] | None) -> list[dict[str, Floats]]:
    """For each evaluation: class id → right, false and missed of every canvas `(3, canvases)`; one query each."""
    places = {pk: place for place, pk in enumerate(shared or ())}
    rows = [_rows(one, places, grows=shared is None) for one in evaluations]
    n = len(shared) if shared is not None else max(*(one.canvas_count for one in evaluations), len(places), 1)
    found = []
    for evaluation, mine in zip(evaluations, rows, strict=True):
        labels = evaluation.figures["labels"]
        tables: dict[str, Floats] = defaultdict(lambda: np.zeros((3, n)))
        for part, label, place in mine:
            tables[labels[label]["id"]][part, place] += 1
        found.append(dict(tables))
    if not any(found):
        found[0][NONE] = np.zeros((3, n))
    for tables in found:
        if not tables:
            tables[next(iter(found[0] or found[-1]))] = np.zeros((3, n))
    return found


def _rows(evaluation: Evaluation, places: dict[UUID, int], *, grows: bool) -> list[tuple[int, int, int]]:
    """(part, label, place) of every judgement; canvases without a place get one where the table `grows`."""
    pairs = EvaluationPair.objects.filter(evaluation=evaluation, by_label=True, counts=True).order_by(
        "canvas", "pk"
    )
    rows = []
    for canvas, true, said in pairs.values_list("canvas_id", "true_label", "label").iterator(chunk_size=5000):
        if canvas not in places and not grows:
            continue
        place = places.setdefault(canvas, len(places))
        part = 0 if true == said else 1 if true is None else 2
        label = said if true is None else true
        if label is not None:
            rows.append((part, label, place))
    return rows
