"""Points: `points`, `[[x, y]]`; two are one thing within 2 % of the diagonal of their canvas.

The `box` in the normal form is the square around the point as far as that reaches, for pictures of it and so that an
answer can be compared wherever it goes; it may leave the canvas, and one that is sent is passed over.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from campaigns.quality import Consensus, Rule
from campaigns.quality.outline_consensus import merge_points
from campaigns.quality.shape_matching import point_pairs
from campaigns.questions.errors import AnswerError
from campaigns.questions.kind import Region, Said, Size
from campaigns.questions.places import around, reach_on
from campaigns.questions.reading import read_points
from campaigns.questions.shapes.kind import Drawn
from taxonomy.tree import Tree

NAME = "point"
LABEL = "Points"
METHODS = (
    "median points, majority labels, 1",
    "median points, lowest label with over 2/3 support, 1",
)
WORDS = ("point", "points")
GEOMETRIES = ("median",)
FIELDS = frozenset({"points", "box"})
EDGE_TOLERANCE = 0.01


def read(shape: Mapping[str, Any], where: str, size: Size) -> Drawn:
    points = read_points(shape.get("points"), where + "/points", most=2)
    if len(points) != 1:
        raise AnswerError(where + "/points", "not-a-point", "A point is a list of one pair: [[x, y]].")
    return {"box": list(around(points[0], reach_on(size))), "points": [list(points[0])]}


def check(drawn: Drawn, where: str, size: Size, region: Region | None) -> None:
    where += "/points/0"
    ((x, y),), (width, height), slack = drawn["points"], size, EDGE_TOLERANCE
    if x < -slack or y < -slack or x > width + slack or y > height + slack:
        raise AnswerError(
            where,
            "point-outside-canvas",
            f"The point leaves its canvas, which is {width:g} × {height:g}. Set it inside the picture.",
            width=width,
            height=height,
        )
    if region is not None:
        left, top, wide, high = region
        if not (left <= x <= left + wide and top <= y <= top + high):
            raise AnswerError(
                where, "point-outside-region", "The point lies outside the part of the picture asked about."
            )


def key(drawn: Drawn) -> Hashable:
    return tuple(drawn["points"][0])


def pairs(a: Sequence[Drawn], b: Sequence[Drawn]) -> list[tuple[int, int]]:
    if not a or not b:
        return []
    reach = min(one["box"][2] for one in [*a, *b]) / 2
    return point_pairs([one["points"][0] for one in a], [one["points"][0] for one in b], reach)


def merge(said: Said, *, rule: Rule, many: bool, tree: Tree[str] | None) -> list[Consensus]:
    return merge_points(
        [points[0] for points in said.points],
        said.person,
        said.concepts,
        reach=said.reach,
        seen=len(said.people),
        rule=rule,
        many=many,
        tree=tree,
    )
