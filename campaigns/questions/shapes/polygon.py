"""Outlines: `points`, `[[x, y], …]`, the last corner joined to the first; two are one thing from IoU 0.5 on.

An outline is simple: its edges meet in its corners only, so that everybody sees the same inside. The `box` in the
normal form is the smallest around it; one that is sent is passed over. A first corner repeated at the end is dropped.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from annotation.geometry import Box, GeometryError, Polygon, area_within, first_crossing
from campaigns.quality import Consensus, Rule
from campaigns.quality.outline_consensus import merge_outlines
from campaigns.quality.shape_matching import outline_pairs
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Region, Said, Size
from campaigns.questions.places import bounds
from campaigns.questions.reading import pointer, read_points
from campaigns.questions.shapes.kind import Drawn
from taxonomy.tree import Tree

NAME = "polygon"
LABEL = "Outlines (polygons)"
METHODS = (
    "majority outlines, majority labels, 1",
    "majority outlines, lowest label with over 2/3 support, 1",
)
WORDS = ("outline", "outlines")
GEOMETRIES = ("median", "union", "intersection", "at_least", "medoid")
FIELDS = frozenset({"points", "box"})
MOST_CORNERS = 1000
EDGE_TOLERANCE = 0.01
MATCH_AT_IOU = 0.5


def read(shape: Mapping[str, Any], where: str, size: Size) -> Drawn:
    where += "/points"
    points = read_points(shape.get("points"), where, most=MOST_CORNERS + 1)
    if len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    if len(points) > MOST_CORNERS:
        raise AnswerError(
            where,
            "too-many-corners",
            f"An outline has {MOST_CORNERS} corners at most. Draw it with fewer.",
            most=MOST_CORNERS,
        )
    if len(set(points)) < 3:
        raise AnswerError(
            where, "too-few-corners", "An outline has at least three different corners. Set more of them."
        )
    _check_simple(points, where)
    return {"box": list(bounds(points)), "points": [list(point) for point in points]}


def _check_simple(points: list[tuple[float, float]], where: str) -> None:
    """Corners that stand twice count as a touch. Corners in a message are counted from 1."""
    seen: dict[tuple[float, float], int] = {}
    for index, point in enumerate(points):
        if point in seen:
            raise AnswerError(
                where + pointer(index),
                "repeated-corner",
                f"Corners {seen[point] + 1} and {index + 1} are on the same place. Take one of them away.",
                corners=[seen[point], index],
            )
        seen[point] = index
    met = first_crossing(points)
    if met is not None:
        one, other = ((edge + 1, (edge + 1) % len(points) + 1) for edge in met)
        raise AnswerError(
            where,
            "outline-crosses-itself",
            f"The outline crosses itself: the edge from corner {one[0]} to {one[1]} meets the edge from "
            f"{other[0]} to {other[1]}. Move one of these corners.",
            edges=list(met),
        )
    try:
        area = Polygon(tuple(points)).area
        Box(*bounds(points))
    except GeometryError:
        area = 0.0
    if not area > 0:
        raise AnswerError(
            where, "outline-without-area", "The outline has no area: all its corners lie on one line."
        )


def check(drawn: Drawn, where: str, size: Size, region: Region | None) -> None:
    (width, height), slack = size, EDGE_TOLERANCE
    for index, (x, y) in enumerate(drawn["points"]):
        if x < -slack or y < -slack or x > width + slack or y > height + slack:
            raise AnswerError(
                where + pointer("points", index),
                "outline-outside-canvas",
                f"Corner {index + 1} leaves its canvas, which is {width:g} × {height:g}. "
                "Draw the outline inside the picture.",
                width=width,
                height=height,
            )
    if region is not None and not area_within([(x, y) for x, y in drawn["points"]], Box(*region)) > 0:
        raise AnswerError(
            where + "/points",
            "outline-outside-region",
            "The outline lies outside the part of the picture asked about.",
        )


def key(drawn: Drawn) -> Hashable:
    """The corners from the first in order on, in the direction in which the next is the lower one."""
    points = [tuple(point) for point in drawn["points"]]
    start = points.index(min(points))
    ahead = points[start:] + points[:start]
    back = [ahead[0], *reversed(ahead[1:])]
    return tuple(min(ahead, back))


def pairs(a: Sequence[Drawn], b: Sequence[Drawn]) -> list[tuple[int, int]]:
    return outline_pairs([one["points"] for one in a], [one["points"] for one in b], MATCH_AT_IOU)


def merge(said: Said, *, rule: Rule, many: bool, tree: Tree[str] | None) -> list[Consensus]:
    return merge_outlines(
        said.points, said.person, said.concepts, seen=len(said.people), rule=rule, many=many, tree=tree
    )
