"""The whole report of agreement as plain values: overall, by concept, person, pair, unit and time.

The label report stands on the figures of `agreement`, `coefficients` and `breakdown`; that of boxes adds F1 and its
curve, and measures labels on matched things (`grouped_answers`). A person's label for a unit is a text: ids of
concepts in a fixed order with spaces between, empty for “nothing here”.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.agreement import Agreement, canvas_of_units, label_agreement
from campaigns.quality.answers import Answers, Ints, answers_of, factorise
from campaigns.quality.bootstrap import Interval
from campaigns.quality.box_agreement import THRESHOLDS, BoxAgreement, ByCanvas, shape_agreement
from campaigns.quality.breakdown import concept_agreement, pair_agreement, person_agreement, unit_agreement
from campaigns.quality.coefficients import Coefficient, fleiss_kappa, gwet_ac
from campaigns.quality.difference import Difference
from campaigns.quality.drawn import Drawn, Matching
from campaigns.quality.matched_things import grouped_answers

Names = npt.NDArray[Any]
Makes = Callable[[Names], Difference]
Row = dict[str, Any]
SAMPLES = 500
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class Labels:
    """One answer a row `(n,)`: what was judged, on which canvas, by whom, what was said, and when (sortable texts).

    The period of a unit is that of its last answer, so that no pair of answers falls between two periods.
    """

    unit: Names
    canvas: Names
    person: Names
    label: Names
    period: Names


def label_report(
    said: Labels,
    *,
    difference: Makes | None = None,
    seed: int,
    samples: int = SAMPLES,
    concepts: bool = True,
) -> Row:
    """Everything on labels; `difference` as for `label_agreement`, by default nominal. Intervals are by canvas.

    `concepts`: whether labels are made of concepts, which then have figures of their own.
    """
    answers = answers_of(said.unit, said.person, said.label)
    place = canvas_of_units(answers.items, said.unit, said.canvas)
    overall = label_agreement(
        said.unit, said.person, said.label, difference=difference, canvas=said.canvas, seed=seed, samples=samples
    )  # fmt: skip
    return {
        "overall": _overall(overall),
        "coefficients": [
            _coefficient(fleiss_kappa(answers, canvas=place, seed=seed, samples=samples)),
            _coefficient(gwet_ac(answers, canvas=place, seed=seed, samples=samples)),
        ],
        "concepts": _concepts(said, place, answers, seed, samples) if concepts else [],
        "people": [
            {
                "person": row.person, "percent": row.percent, "corrected": row.corrected,
                "meetings": row.meetings, "units": row.units,
            }
            for row in person_agreement(answers)
        ],
        "pairs": _pairs(answers),
        "units": _units(answers),
        "periods": _periods(said, difference, seed, samples),
    }  # fmt: skip


def box_report(
    drawn: Drawn,
    *,
    same_label: bool = False,
    difference: Makes | None = None,
    seed: int,
    samples: int = SAMPLES,
) -> Row:
    """Everything on boxes, outlines or points, and the label report on matched things; `same_label`: only shapes of one
    label match. Of points there is no curve, and nearness is no IoU."""
    seen: dict[str, Any] = {"seen_canvas": drawn.seen_canvas, "seen_person": drawn.seen_person}
    matching = Matching(drawn, drawn.label if same_label else None)
    shapes, points = (len(drawn.box), drawn.canvas, drawn.person), drawn.reach is not None
    names, last, months = _last_periods(drawn.seen_canvas, drawn.seen_period)
    found = shape_agreement(*shapes, matching.at(0.5), **seen, stratum=last, seed=seed, samples=samples)
    curve = {at: shape_agreement(*shapes, matching.at(at), **seen).overall for at in THRESHOLDS if not points}
    things = grouped_answers(drawn.grouped(0.5), drawn.canvas, drawn.person, drawn.label, **seen)
    said = Labels(
        unit=things.unit,
        canvas=things.canvas,
        person=things.person,
        label=things.label,
        period=months[last[things.canvas]] if len(names) else drawn.seen_period,
    )
    return {
        **label_report(said, difference=difference, seed=seed, samples=samples),
        "boxes": {
            "f1": found.overall.f1,
            "f1_boxes": found.overall.f1_boxes,
            "mean_iou": None if points else found.overall.mean_iou,
            "interval": _interval(found.interval),
            "canvases": found.canvases,
            "people": found.people,
            "boxes": len(drawn.box),
        },
        "curve": [
            {"iou": iou, "f1": figures.f1, "mean_iou": figures.mean_iou}
            for iou, figures in curve.items()
        ],
        "box_periods": _box_periods(found, months, points=points),
        "units": _canvases(found.by_canvas, points=points),
        "box_pairs": [
            {
                "a": pair.a, "b": pair.b, "canvases": pair.figures.canvases,
                "f1": pair.figures.f1, "mean_iou": None if points else pair.figures.mean_iou,
            }
            for pair in sorted(found.pairs, key=lambda pair: (-pair.figures.canvases, str(pair.a), str(pair.b)))
        ][:MOST_PAIRS],
    }  # fmt: skip


def _concepts(said: Labels, place: Names, answers: Answers, seed: int, samples: int) -> list[Row]:
    """Each concept as given or not given, where a label may be several concepts."""
    single = [name for name in answers.labels.tolist() if len(name.split()) < 2]
    if len(single) == len(answers.labels):
        found = concept_agreement(answers, canvas=place, seed=seed, samples=samples)
    else:
        rows, words = _each_concept(said.label)
        # Whoever answered a unit says yes or no to each concept that anybody gave there.
        found = []
        for word in words:
            has = rows[word]
            one = answers_of(said.unit, said.person, np.where(has, word, ""))
            own = concept_agreement(one, canvas=place, seed=seed, samples=samples)
            found += [row for row in own if row.concept == word]
    return [
        {
            "concept": row.concept, "alpha": row.alpha, "interval": _interval(row.interval),
            "specific": row.specific, "answers": row.answers, "units": row.units,
        }
        for row in sorted(found, key=lambda row: (-row.answers, row.concept))
    ]  # fmt: skip


def _each_concept(label: Names) -> tuple[dict[str, npt.NDArray[np.bool_]], list[str]]:
    sets = [set(text.split()) for text in label.tolist()]
    words = sorted({word for one in sets for word in one})
    return {word: np.array([word in one for one in sets], dtype=np.bool_) for word in words}, words


def _pairs(answers: Answers) -> list[Row]:
    """Of the people who met most often."""
    met = sorted(pair_agreement(answers), key=lambda pair: (-pair.units, str(pair.a), str(pair.b)))
    return [
        {"a": pair.a, "b": pair.b, "percent": pair.percent, "kappa": pair.kappa, "units": pair.units}
        for pair in met[:MOST_PAIRS]
    ]


def _canvases(found: ByCanvas, *, points: bool) -> list[Row]:
    """All that two people drew on, those on which they agree least first; of equal ones the least exact."""
    inexact = np.where(np.isnan(found.mean_iou), 1.0, found.mean_iou)
    order = np.lexsort((inexact, found.f1))
    columns = (found.canvas, found.f1, found.mean_iou, found.shapes, found.people)
    return [
        {
            "unit": unit,
            "f1": f1,
            "mean_iou": None if points or np.isnan(mean) else mean,
            "shapes": shapes,
            "people": people,
        }
        for unit, f1, mean, shapes, people in zip(
            *(column[order].tolist() for column in columns), strict=True
        )
    ]


def _units(answers: Answers) -> list[Row]:
    """All that two people answered, those on which they agree least first."""
    share = unit_agreement(answers)
    told = np.flatnonzero(np.isfinite(share))
    least = told[np.argsort(share[told], kind="stable")]
    names, voices = answers.items.tolist(), answers.voices
    return [
        {"unit": names[at], "percent": float(share[at]), "people": int(voices[at])} for at in least.tolist()
    ]


def _last_periods(unit: Names, period: Names) -> tuple[Names, Ints, Names]:
    """The distinct units in sorted order, the code of the last period of each, and the periods."""
    names, at = factorise(unit)
    periods, code = factorise(period)
    last = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(last, at, code)
    return names, last, periods


def _periods(said: Labels, difference: Makes | None, seed: int, samples: int) -> list[Row]:
    """Agreement over time; a unit belongs to the period of its last answer. Intervals are by canvas."""
    if not len(said.unit):
        return []
    names, last, periods = _last_periods(said.unit, said.period)
    stratum = last[np.searchsorted(names, said.unit)]
    rows = []
    for code in np.unique(stratum).tolist():
        here = stratum == code
        unit, person, label, canvas = (
            column[here] for column in (said.unit, said.person, said.label, said.canvas)
        )
        figures = label_agreement(
            unit, person, label, difference=difference, canvas=canvas, seed=seed, samples=samples
        )
        rows.append({"period": str(periods[code]), **_overall(figures)})
    return rows


def _box_periods(found: BoxAgreement, periods: Names, *, points: bool) -> list[Row]:
    """Agreement on what is drawn over time; a canvas belongs to the period of its last answer."""
    return [
        {
            "period": str(periods[one.stratum]),
            "f1": one.figures.f1,
            "interval": _interval(one.interval),
            "f1_boxes": one.figures.f1_boxes,
            "mean_iou": None if points else one.figures.mean_iou,
            "canvases": one.canvases,
            "people": one.people,
            "boxes": one.shapes,
        }
        for one in found.strata
    ]


def _overall(found: Agreement) -> Row:
    return {
        "alpha": found.alpha,
        "interval": _interval(found.interval),
        "percent": found.percent,
        "units": found.units,
        "people": found.people,
        "answers": found.answers,
    }


def _coefficient(found: Coefficient) -> Row:
    return {
        "name": found.name,
        "value": found.value,
        "interval": _interval(found.interval),
        "observed": found.observed,
        "expected": found.expected,
        "units": found.units,
    }


def _interval(found: Interval | None) -> Row | None:
    return {"low": found.low, "high": found.high} if found else None
