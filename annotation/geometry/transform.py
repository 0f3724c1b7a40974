"""SVG transforms: read and worked into the numbers, so that an outline always stands in canvas units."""

import math
import re
from collections.abc import Callable

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_TRANSFORM = re.compile(r"\s*,?\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)")


class PathError(ValueError):
    """Path data, point list or transform that does not follow SVG's grammar."""


def bounded(text: str) -> float:
    """A number of the grammar as a float. Raises PathError beyond 1e15, where sums lose whole units."""
    number = float(text)
    if not abs(number) < 1e15:
        raise PathError(f"the number {text[:40]} is too large.")
    return number


def parse_transform(text: str) -> Matrix:
    """Read a `transform` attribute into one matrix (a, b, c, d, e, f). Raises PathError."""
    matrix, position = IDENTITY, 0
    while position < len(text.rstrip()):
        match = _TRANSFORM.match(text, position)
        if match is None:
            raise PathError(f"“{text[:60]}” is not a list of transforms.")
        numbers = [bounded(number) for number in NUMBER.findall(match[2])]
        matrix = multiply(matrix, _transform(match[1], numbers))
        position = match.end()
    return matrix


def multiply(outer: Matrix, inner: Matrix) -> Matrix:
    """The transform that does `inner` first and `outer` after it."""
    a, b, c, d, e, f = outer
    ia, ib, ic, id_, ie, if_ = inner
    return (
        a * ia + c * ib,
        b * ia + d * ib,
        a * ic + c * id_,
        b * ic + d * id_,
        a * ie + c * if_ + e,
        b * ie + d * if_ + f,
    )


def apply(matrix: Matrix, point: Point) -> Point:
    """The point after the transform."""
    a, b, c, d, e, f = matrix
    x, y = point
    return (a * x + c * y + e, b * x + d * y + f)


def _transform(name: str, numbers: list[float]) -> Matrix:
    build = _TRANSFORMS.get((name, len(numbers)))
    if build is None:
        raise PathError(f"“{name}” does not take {len(numbers)} numbers.")
    return build(numbers)


def _rotation(degrees: float) -> Matrix:
    turn = math.radians(degrees)
    return (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0.0, 0.0)


def _rotation_about(n: list[float]) -> Matrix:
    there, back = (1.0, 0.0, 0.0, 1.0, n[1], n[2]), (1.0, 0.0, 0.0, 1.0, -n[1], -n[2])
    return multiply(multiply(there, _rotation(n[0])), back)


_TRANSFORMS: dict[tuple[str, int], Callable[[list[float]], Matrix]] = {
    ("matrix", 6): lambda n: (n[0], n[1], n[2], n[3], n[4], n[5]),
    ("translate", 1): lambda n: (1.0, 0.0, 0.0, 1.0, n[0], 0.0),
    ("translate", 2): lambda n: (1.0, 0.0, 0.0, 1.0, n[0], n[1]),
    ("scale", 1): lambda n: (n[0], 0.0, 0.0, n[0], 0.0, 0.0),
    ("scale", 2): lambda n: (n[0], 0.0, 0.0, n[1], 0.0, 0.0),
    ("rotate", 1): lambda n: _rotation(n[0]),
    ("rotate", 3): _rotation_about,
    ("skewX", 1): lambda n: (1.0, 0.0, math.tan(math.radians(n[0])), 1.0, 0.0, 0.0),
    ("skewY", 1): lambda n: (1.0, math.tan(math.radians(n[0])), 0.0, 1.0, 0.0, 0.0),
}
