"""The tables of an evaluation as CSV, for spreadsheets and for whoever checks a figure."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.evaluated import finished
from campaigns.formats.csv_table import safe
from campaigns.models import Evaluation
from problems import Missing


def table_as_csv(evaluation: Evaluation, name: str, language: str) -> str:
    """A table of the evaluation as CSV (UTF-8 with byte-order mark). Raises `Missing` for one that it has not."""
    figures = finished(evaluation).figures
    writers = {
        "overall": _overall, "classes": _classes, "confusion": _confusion, "sizes": _sizes,
        "calibration": _calibration, "ceiling": _ceiling, "links": _links,
    }  # fmt: skip
    if name not in writers or not (rows := writers[name](figures, label_names(figures, language))):
        raise Missing(_("The evaluation has no table of this name."))
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return "\ufeff" + text.getvalue()


def label_names(figures: Mapping[str, Any], language: str) -> list[str]:
    """The label of every class, in this language where there is one."""
    words = {"unlabelled": _("without label"), "anything": _("anything"), "outside": _("none of the classes")}
    return [
        words.get(one["id"])
        or one["labels"].get(language)
        or one["labels"].get("en")
        or next(iter(one["labels"].values()), one["id"])
        for one in figures["labels"]
    ]


Rows = list[list[Any]]


def _overall(figures: Mapping[str, Any], _names: Sequence[str]) -> Rows:
    rows: Rows = [["figure", "value", "low", "high"]]
    groups = [figures["overall"], figures.get("ranking") or {}, figures.get("hierarchy") or {}]
    for name, one in ((key, value) for group in groups for key, value in group.items()):
        if isinstance(one, list):
            continue  # a table of its own
        if isinstance(one, Mapping):
            spread = one["interval"] or {}
            rows.append([name, one["value"], spread.get("low"), spread.get("high")])
        else:
            rows.append([name, one, None, None])
    coco = figures.get("coco") or {}
    for name, value in coco.items():
        if name != "intervals":
            spread = coco["intervals"].get(name) or {}
            rows.append([name, value, spread.get("low"), spread.get("high")])
    rows += _of_points(figures.get("points") or {})
    rows += [[f"VOC {name}", value, None, None] for name, value in (figures.get("voc") or {}).items()]
    return rows


def _of_points(points: Mapping[str, Any]) -> Rows:
    rows: Rows = []
    for name in ("AP", "AP_at_reach", "AR"):
        if points:
            spread = points["intervals"].get(name) or {}
            rows.append([name, points[name], spread.get("low"), spread.get("high")])
    return rows + [
        [f"AP within {one['reach']:g} of the diagonal", one["ap"], None, None]
        for one in points.get("distances", ())
    ]


def _classes(figures: Mapping[str, Any], names: Sequence[str]) -> Rows:
    plain_columns = ["tp", "fp", "fn", "precision", "recall", "f1", "specificity"]
    boxes = figures["kind"] == "boxes" and not figures.get("person")
    more = ["AP", "AP at IoU", "VOC 11 points", "VOC all points"] if boxes else []
    rows: Rows = [["class", "id", *plain_columns, "f1 low", "f1 high", *more]]
    for one in figures["classes"]:
        spread = one["interval"] or {}
        extra = (
            [one["ap"], one["ap_at_iou"], one["voc"]["eleven_points"], one["voc"]["all_points"]]
            if boxes
            else []
        )
        rows.append(
            [
                names[one["label"]], figures["labels"][one["label"]]["id"], *(one[name] for name in plain_columns),
                spread.get("low"), spread.get("high"), *extra,
            ]
        )  # fmt: skip
    return rows


def _confusion(figures: Mapping[str, Any], names: Sequence[str]) -> Rows:
    table = figures["confusion"]
    if table is None:
        return []
    labels = [names[place] for place in table["labels"]]
    rows: Rows = [["true \\ predicted", *labels, "missed", "recall"]]
    for name, counts, recall in zip(
        [*labels, "not there"], table["counts"], [*table["recall"], None], strict=True
    ):
        rows.append([name, *counts, recall])
    return [*rows, ["accuracy", *table["accuracy"], None, table["overall"]]]


def _sizes(figures: Mapping[str, Any], names: Sequence[str]) -> Rows:
    sizes = figures.get("sizes")
    if not sizes:
        return []
    spans = [f"{low:.0f} to {high:.0f}" if high else f"{low:.0f} and more" for low, high in sizes["sides"]]
    head = ["class", *(f"AP, side {span}" for span in spans), *(f"n, side {span}" for span in spans), "AP"]
    return [head, *([names[row["label"]], *row["ap"], *row["true"], row["whole"]] for row in sizes["rows"])]


def _calibration(figures: Mapping[str, Any], _names: Sequence[str]) -> Rows:
    found = figures["calibration"]
    if not found:
        return []
    columns = ["low", "high", "n", "confidence", "right"]
    return [
        [*columns, "right low", "right high"],
        *(
            [*(one[name] for name in columns), one["interval"]["low"], one["interval"]["high"]]
            for one in found["bins"]
        ),
    ]


def _links(figures: Mapping[str, Any], _names: Sequence[str]) -> Rows:
    found = (figures.get("hierarchy") or {}).get("by_links")
    return [["links on the tree", "images"], *([one["links"], one["n"]] for one in found)] if found else []


def _ceiling(figures: Mapping[str, Any], _names: Sequence[str]) -> Rows:
    found = figures["ceiling"]
    if not found:
        return []
    more = [name for name in ("macro_f1", "average_precision") if name in found]
    people = [
        [one["person"], one["value"], one["n"], *(one[name] for name in more)] for one in found["people"]
    ]
    everybody = ["all people", found["value"], None, *(found[name] for name in more)]
    model = (figures["overall"], figures.get("ranking") or {})
    if not more:
        return [["person", found["figure"], "n"], *people, everybody]
    itself = [
        "this person" if figures.get("person") else "the model",
        model[0]["f1"]["value"],
        figures["counts"]["canvases"],
        model[0]["macro_f1"]["value"],
    ]
    itself.append((model[1].get("average_precision") or {}).get("value"))
    return [["person", found["figure"], "n", *more], *people, everybody, itself]
