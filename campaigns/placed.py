"""How the place of a merged thing came about, as a sentence: what whoever reviews is told, and can check by eye."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.quality.edges import AT_LEAST, MEDIAN


def place_in_words(
    parameters: Mapping[str, Any], *, corners: int, people: int, step: str = "", drawn: bool = False
) -> str:
    """Of a thing that `people` drew, with `corners` corners (0: a box, 1: a point); "" where there is nothing to merge.

    `parameters`: those of the merge, of a sequence those of the `step`. `drawn`: the outline is one that somebody
    drew, and not asked for as such: what was asked for was no one simple outline.
    """
    rule = parameters.get("steps", {}).get(step, parameters)
    if people < 2:
        return ""
    way = rule.get("geometry", MEDIAN)
    numbers = {"people": people, "least": rule.get("least")}
    if corners == 1:
        return _("The place is the median of the %(people)s points.") % numbers
    if not corners:
        return _BOXES.get(way, _median_box)() % numbers
    if way == "medoid":
        return _("The outline is the one most like all %(people)s.") % numbers
    if drawn:
        return (
            _("The outline is the one most like all %(people)s: what they share is no one simple outline.")
            % numbers
        )
    if way == AT_LEAST and rule["least"] > people:
        return _("The outline is what all %(people)s drew, as fewer than %(least)s drew it.") % numbers
    return _OUTLINES.get(way, _majority)() % numbers


def _median_box() -> str:
    return _("Each edge is the median of the %(people)s boxes.")


def _majority() -> str:
    return _("The outline is what more than half of the %(people)s drew.")


_BOXES = {
    "mean": lambda: _(
        "Each edge is the mean of the %(people)s boxes; who draws more exactly counts for more, if that is known."
    ),
    "max_iou": lambda: _("It is the box that overlaps most with all %(people)s."),
}
_OUTLINES = {
    "union": lambda: _("The outline is all that any of the %(people)s drew."),
    "intersection": lambda: _("The outline is what all %(people)s drew."),
    AT_LEAST: lambda: _("The outline is what at least %(least)s of the %(people)s drew."),
}
