"""What the page of an evaluation shows: tables with the address behind every cell, and charts drawn from them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.models import Canvas
from campaigns.answered import OTHERS
from campaigns.evaluated import ASIDE
from campaigns.evaluated_images import FIRST_WITH_IMAGES, FIRST_WITH_VOICES
from campaigns.evaluation_tables import label_names
from campaigns.models import Evaluation
from frontend.charts import WIDE
from frontend.nearness import far, near

MOST_CLASSES = 60
BEHIND = ("wanted", "said", "scored", "below")
MOST_IN_TABLE = 24  # a confusion table wider than this no page holds; the CSV has all of it
Row = dict[str, Any]


def page_of(evaluation: Evaluation, language: str) -> Row:
    """Everything that the page draws; no query."""
    figures = evaluation.figures
    names = label_names(figures, language)
    return {
        "figures": figures,
        "overall": figures["overall"],
        "boxes": figures["kind"] == "boxes",
        "chief": _chief(figures),
        "person": figures.get("person"),
        "own_vote": own_vote(figures.get("person")),
        "behind": {kind: _behind(evaluation, kind=kind) for kind in BEHIND},
        "aside": _aside(evaluation),
        "composite": {
            "f1": _behind(evaluation, kind="counted"),
            "chief": _whole(evaluation),
            "people": people_url(evaluation),
        },
        "images": {
            kind: images_url(evaluation, kind=kind)
            for kind in ("all", "right", "examples", "shown", "unasked", "unknown")
        },
        "near": near(evaluation.parameters),
        "classes": _classes(evaluation, names)[:MOST_CLASSES],
        "class_count": len(figures["classes"]),
        "confusion": _confusion(evaluation, names),
        "sizes": _sizes(evaluation, names),
        "curve": _curve(evaluation),
        "people": _people(figures, evaluation),
        "coco": _coco(evaluation),
        "ranking": _ranking(evaluation),
        "links": _links(evaluation),
    }


def own_vote(person: Mapping[str, Any] | None) -> str:
    """What the person's own vote has to do with the figures, in a sentence; "" for a model."""
    if person is None:
        return ""
    if not person["voiced"]:
        return _("This person had no vote in what was released: the answers came later, or did not count.")
    if person["basis"] == OTHERS:
        return _(
            "Measured on images where this person’s vote changes nothing: those that the others decide alone, "
            "whatever this person says, and those where the answer did not count. They are easier ones than the rest."
        )
    return ngettext(
        "This person’s own vote is part of what was released on %(voiced)d of %(answered)d image, which flatters "
        "the figures a little.",
        "This person’s own vote is part of what was released on %(voiced)d of %(answered)d images, which flatters "
        "the figures a little.",
        person["answered"],
    ) % {"voiced": person["voiced"], "answered": person["answered"]}


def _chief(figures: Row) -> Row | None:
    """The average precision that a model is known by."""
    if points := figures.get("points"):
        name = _("AP within %s of the diagonal") % far(figures["reach"])
        return {"name": name, "value": points["AP_at_reach"], "interval": points["intervals"]["AP_at_reach"]}
    if coco := figures.get("coco"):
        return {"name": _("AP at IoU 0.5"), "value": coco["AP50"], "interval": coco["intervals"]["AP50"]}
    return None


def _behind(evaluation: Evaluation, **asked: str | float) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{reverse('evaluation-cells', args=[evaluation.pk])}{query}"


def images_url(evaluation: Evaluation, **asked: str | float) -> str:
    """The page of the images that a figure counts; "" of an evaluation from before these were kept."""
    if evaluation.figures["version"] < FIRST_WITH_IMAGES:
        return ""
    return f"{reverse('evaluation-images', args=[evaluation.pk])}?{urlencode(asked)}"


def _whole(evaluation: Evaluation, **asked: str | float) -> str:
    """What an average precision is made of; of an evaluation from before, what counts: the rest was not kept."""
    return _behind(evaluation, kind="whole" if evaluation.figures["version"] > 2 else "counted", **asked)


def people_url(evaluation: Evaluation, place: int | None = None) -> str:
    """The images on which people, or the one at this place, are measured; "" where they were not kept."""
    if evaluation.figures["version"] < FIRST_WITH_VOICES:
        return ""
    return images_url(evaluation, kind="people", **({} if place is None else {"person": place}))


def _aside(evaluation: Evaluation) -> Row:
    """What was set aside: how many, how many of them can be looked at, and where."""
    counts, kept = evaluation.figures["counts"], evaluation.figures.get("kept_aside", {})
    return {
        kind: {
            "n": counts.get(kind, 0),
            "kept": kept.get(kind, 0),
            "url": _behind(evaluation, kind=kind) if kept.get(kind) else "",
        }
        for kind in ASIDE
    }


def _classes(evaluation: Evaluation, names: Sequence[str]) -> list[Row]:
    figures = evaluation.figures
    rows = []
    for row in sorted(figures["classes"], key=lambda one: -(one["tp"] + one["fn"])):
        pk = figures["labels"][row["label"]]["id"]
        counts = [
            {"value": row[key], "kind": kind, "url": _behind(evaluation, kind=kind, **{side: pk})}
            for key, kind, side in (("tp", "true", "row"), ("fp", "false", "column"), ("fn", "missed", "row"))
        ]
        urls = {
            "precision": _behind(evaluation, kind="said", column=pk),
            "recall": _behind(evaluation, kind="wanted", row=pk),
            "f1": _behind(evaluation, kind="counted", row=pk),
            "ap": _whole(evaluation, row=pk),
            "specificity": images_url(evaluation, kind="without", row=pk),
        }
        rows.append({**row, "name": names[row["label"]], "counts": counts, "urls": urls})
    return rows


def _confusion(evaluation: Evaluation, names: Sequence[str]) -> Row | None:
    """Rows are what is true; each cell knows its share of the row, for its shade, and what stands behind it."""
    table = evaluation.figures["confusion"]
    if not table or not table["labels"]:
        return None
    boxes = evaluation.figures["kind"] == "boxes"
    nowhere, missed = (_("not there"), _("missed")) if boxes else (_("none true"), _("none said"))
    often = sorted(range(len(table["labels"])), key=lambda place: -sum(table["counts"][place]))
    kept = [*sorted(often[:MOST_IN_TABLE]), len(table["labels"])]
    ids = [*(evaluation.figures["labels"][place]["id"] for place in table["labels"]), "none"]
    heads = [names[place] for place in table["labels"]]
    rows = []
    for place in kept:
        counts = table["counts"][place]
        most = sum(counts) or 1
        cells = [
            {
                "count": counts[column],
                "level": -(-8 * counts[column] // most),
                "right": place == column and place < len(ids) - 1,
                "url": _behind(evaluation, row=ids[place], column=ids[column]),
            }
            for column in kept
        ]
        recall = [*table["recall"], None][place]
        url = _behind(evaluation, row=ids[place])
        rows.append({"name": [*heads, nowhere][place], "cells": cells, "recall": recall, "url": url})
    return {
        "heads": [[*heads, missed][place] for place in kept],
        "rows": rows,
        "accuracy": [
            {"share": [*table["accuracy"], None][place], "url": _behind(evaluation, column=ids[place])}
            for place in kept
        ],
        "overall": table["overall"],
        "url": _behind(evaluation),
        "left_out": len(table["labels"]) + 1 - len(kept),
    }


def _sizes(evaluation: Evaluation, names: Sequence[str]) -> Row | None:
    """AP by class and size; behind each cell the true things of that size, found or missed."""
    figures = evaluation.figures
    sizes = figures.get("sizes")
    if not sizes or not sizes["rows"]:
        return None
    rows = sorted(sizes["rows"], key=lambda row: -sum(row["true"]))[:MOST_CLASSES]
    return {
        "sides": sizes["sides"],
        "rows": [
            {
                "name": names[row["label"]],
                "cells": [
                    {
                        "ap": ap,
                        "n": n,
                        "level": 0 if ap is None else round(8 * ap),
                        # Of an evaluation from before, sides were not kept.
                        "known": figures["version"] > 1,
                        "composite": _whole(
                            evaluation,
                            row=figures["labels"][row["label"]]["id"],
                            **_sides(low, high),
                        ),
                        "url": _behind(
                            evaluation,
                            kind="wanted",
                            row=figures["labels"][row["label"]]["id"],
                            **_sides(low, high),
                        ),
                    }
                    for ap, n, (low, high) in zip(row["ap"], row["true"], sizes["sides"], strict=True)
                ],
                "whole": row["whole"],
                "url": _whole(evaluation, row=figures["labels"][row["label"]]["id"]),
            }
            for row in rows
        ],
    }


def _sides(low: float | None, high: float | None) -> dict[str, float]:
    found = {"side_from": low, "side_to": high}
    return {name: value for name, value in found.items() if value is not None}


def _curve(evaluation: Evaluation) -> Row | None:
    """The reliability curve in a square of 300 units: what was said to the right, what was right upwards."""
    calibration: Row | None = evaluation.figures["calibration"]
    if not calibration:
        return None
    side, left, top = 260.0, 40.0, 12.0

    def x(value: float) -> float:
        return round(left + value * side, 1)

    def y(value: float) -> float:
        return round(top + (1 - value) * side, 1)

    points: list[Row] = [
        {
            **one, "url": _bin(evaluation, one), "x": x(one["confidence"]), "y": y(one["right"]),
            "low_y": y(one["interval"]["low"]), "high_y": y(one["interval"]["high"]),
        }
        for one in calibration["bins"]
    ]  # fmt: skip
    return {
        **calibration,
        "points": points,
        "line": " ".join(f"{one['x']},{one['y']}" for one in points),
        "ticks": [{"value": value, "x": x(value), "y": y(value)} for value in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "left": left, "right": left + side, "top": top, "bottom": top + side,
    }  # fmt: skip


def _bin(evaluation: Evaluation, one: Row) -> str:
    figures = evaluation.figures
    # The first bin holds nought too.
    bottom = {"score_above": one["low"]} if one["low"] > 0 else {}
    if figures["version"] > 2:
        return _behind(evaluation, kind="scored", score_to=one["high"], **bottom)
    # Of an evaluation from before only boxes that count were kept with their scores.
    if figures["kind"] != "boxes" or one["low"] < figures["score"]["value"]:
        return ""
    return _behind(evaluation, kind="said", score_to=one["high"], **bottom)


def _people(figures: Row, evaluation: Evaluation) -> Row | None:
    """The model on the same axis as each person, the best first."""
    ceiling = figures["ceiling"]
    if not ceiling:
        return None
    mine = figures["overall"]["f1"]["value"] if ceiling["figure"] == "f1" else figures["overall"]["accuracy"]
    model = evaluation.name
    everybody = {"name": _("all people"), "value": ceiling["value"], "key": "d", "n": None}
    everybody["url"] = people_url(evaluation)
    lanes: list[Row] = [
        {
            "name": model, "value": mine, "key": "a", "n": evaluation.truth_count,
            "url": _behind(evaluation, kind="counted"), "n_url": _behind(evaluation, kind="wanted"),
        },
        everybody,
    ]  # fmt: skip
    several = "macro_f1" in ceiling
    best = sorted(enumerate(ceiling["people"]), key=lambda one: -one[1]["value"])[:12]
    lanes += [
        {**one, "name": one["person"], "key": "f", "url": people_url(evaluation, place)}
        for place, one in best
    ]
    if several:
        ranking = figures.get("ranking") or {}
        lanes[0] |= {
            "n": evaluation.canvas_count,
            "n_url": images_url(evaluation, kind="all"),
            "macro_f1": figures["overall"]["macro_f1"]["value"],
            "average_precision": (ranking.get("average_precision") or {}).get("value"),
        }
        everybody |= {name: ceiling[name] for name in ("macro_f1", "average_precision")}
    left, wide = 200.0, WIDE - 200 - 60
    for number, lane in enumerate(lanes):
        lane["y"] = 30.0 * number + 16
        lane["x"] = round(left + wide * (lane["value"] or 0.0), 1)
    return {
        **ceiling,
        "model": mine,
        "several": several,
        "lanes": lanes,
        "left": left,
        "height": 30.0 * len(lanes) + 40,
        "floor": 30.0 * len(lanes) + 8,
        "ticks": [{"value": v, "x": round(left + wide * v, 1)} for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "ceiling_x": round(left + wide * ceiling["value"], 1),
    }


SMALL, LARGE = 32.0, 96.0  # COCO's sides
SIDES = {"s": (None, SMALL), "m": (SMALL, LARGE), "l": (LARGE, None)}


def _coco(evaluation: Evaluation) -> list[Row]:
    """COCO's twelve and VOC's two, in words, with intervals where there are any, and what each is made of."""
    figures = evaluation.figures
    coco = figures.get("coco")
    if not coco:
        return [{**row, "url": _whole(evaluation)} for row in _points(figures)]
    words = {
        "AP": _("AP, mean over IoU 0.5–0.95"), "AP50": _("AP at IoU 0.5"), "AP75": _("AP at IoU 0.75"),
        "APs": _("AP, small things (under 32²)"), "APm": _("AP, medium things"),
        "APl": _("AP, large things (over 96²)"),
        "AR1": _("AR, one prediction an image"), "AR10": _("AR, ten an image"), "AR100": _("AR, a hundred an image"),
        "ARs": _("AR, small things"), "ARm": _("AR, medium things"), "ARl": _("AR, large things"),
    }  # fmt: skip
    rows = [
        {
            "name": word,
            "value": coco[name],
            "interval": coco["intervals"].get(name),
            "url": _whole(evaluation, **_sides(*SIDES.get(name[-1], (None, None)))),
        }
        for name, word in words.items()
    ]
    return [*rows, *({**row, "url": _whole(evaluation)} for row in _voc(figures))]


def _voc(figures: Row) -> list[Row]:
    voc = figures["voc"]
    return [
        {"name": _("VOC AP, eleven points"), "value": voc["eleven_points"], "interval": None},
        {"name": _("VOC AP, all points"), "value": voc["all_points"], "interval": None},
    ]


def _points(figures: Row) -> list[Row]:
    """Average precision of points: together, at each distance, and at the one that was asked for."""
    points = figures.get("points")
    if not points:
        return []
    spreads = points["intervals"]
    rows = [
        {"name": _("AP, mean over the distances below"), "value": points["AP"], "interval": spreads["AP"]},
        *(
            {
                "name": _("AP within %s of the diagonal") % far(one["reach"]),
                "value": one["ap"],
                "interval": None,
            }
            for one in points["distances"]
        ),
        {
            "name": _("AP within %s of the diagonal, as counted here") % far(figures["reach"]),
            "value": points["AP_at_reach"],
            "interval": spreads["AP_at_reach"],
        },
        {"name": _("AR, mean over the distances"), "value": points["AR"], "interval": None},
    ]
    return [*rows, *_voc(figures)]


def _ranking(evaluation: Evaluation) -> list[Row]:
    figures = evaluation.figures
    ranking = figures.get("ranking") or {}
    words = {
        "average_precision": _("Label ranking average precision (best 1)"), "loss": _("Ranking loss (best 0)"),
        "coverage": _("Coverage: labels to read until all true ones are seen"), "ndcg": _("NDCG (best 1)"),
    }  # fmt: skip
    on_tree = figures.get("hierarchy") or {}
    above = {
        "hierarchical_precision": _("Hierarchical precision"), "hierarchical_recall": _("Hierarchical recall"),
        "hierarchical_f1": _("Hierarchical F"), "mean_links": _("Links on the tree from what is true, in the mean"),
    }  # fmt: skip
    return [
        *(
            {"name": word, "url": images_url(evaluation, kind="all"), **ranking[name]}
            for name, word in words.items()
            if name in ranking
        ),
        *(
            {
                "name": word,
                "url": images_url(evaluation, kind="links" if name == "mean_links" else "tree"),
                **on_tree[name],
            }
            for name, word in above.items()
            if name in on_tree
        ),
    ]


def _links(evaluation: Evaluation) -> list[Row]:
    """How many images are wrong by how many links; each row opens its images."""
    rows = (evaluation.figures.get("hierarchy") or {}).get("by_links", [])
    most = max((row["n"] for row in rows), default=1)
    return [
        {**row, "most": most, "url": images_url(evaluation, kind="links", links=row["links"])} for row in rows
    ]


def compared(found: Row, names: Mapping[str, str], apart: str) -> Row:
    """A comparison with the labels of its classes and a place for the difference on its axis; `apart`: the address of
    the images that differ."""
    spread = found["f1"]["interval"]
    drawn = None
    if found["f1"]["difference"] is not None:
        mid, wide = WIDE / 2, WIDE / 2 - 40
        drawn = {
            "x": round(mid + wide * found["f1"]["difference"], 1),
            "low_x": round(mid + wide * spread["low"], 1) if spread else None,
            "high_x": round(mid + wide * spread["high"], 1) if spread else None,
            "ticks": [{"value": v, "x": round(mid + wide * v, 1)} for v in (-1.0, -0.5, 0.0, 0.5, 1.0)],
        }
    rows = [
        {
            **row,
            "name": names.get(row["id"], row["id"]),
            "url": apart and f"{apart}&{urlencode({'row': row['id']})}",
        }
        for row in found["classes"]
    ]
    return {**found, "classes": rows, "drawn": drawn, "apart": apart}


def ap_rows(found: Row | None) -> list[Row]:
    """The comparison of average precision in words; empty before it was made."""
    if not found:
        return []
    words = {
        "ap": _("AP, mean over all thresholds"),
        "ap50": _("AP at IoU 0.5"),
        "ap_at_reach": _("AP at the distance"),
    }
    return [{"name": word, **found[key]} for key, word in words.items() if key in found]


def listed(evaluations: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """What a list shows of each, without the many figures that it does not."""
    rows = evaluations.select_related("run__predictor", "participant", "release", "job")
    return rows.defer("figures").annotate(f1=F("figures__overall__f1__value"))


def picture_of(canvas: Canvas, region: Sequence[float] | None) -> tuple[float, ...]:
    """Where on the canvas the picture of a region lies: all of it, where no part can be cut out."""
    if region is None or not canvas.image_service or "level0" in (canvas.extra.get("profile") or ""):
        return (0.0, 0.0, canvas.width, canvas.height)
    return tuple(region)
