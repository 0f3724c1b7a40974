"""SVG path data: the small grammar behind every freehand outline, reduced to lines and cubic curves."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotation.geometry.box import clean_number
from annotation.geometry.curves import Segment, arc, arc_curves, between, on_curve, turning_points
from annotation.geometry.transform import IDENTITY, NUMBER, Matrix, PathError, Point, apply, bounded

MAX_SEGMENTS = 100_000
STEPS_OF_A_CURVE = 12

_LETTERS = frozenset("MmZzLlHhVvCcSsQqTtAa")
_GAP = re.compile(r"[\s,]*")
_FLAG = re.compile(r"[01]")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


@dataclass(frozen=True, slots=True)
class Path:
    """Absolute segments, each run opened by an `M`."""

    segments: tuple[Segment, ...]

    @classmethod
    def from_corners(cls, text: str) -> "Path":
        """From the `points` of a polygon; an odd number at the end is dropped (SVG 1.1 §9.7.1)."""
        if re.sub(r"[\s,]+", "", NUMBER.sub("", text)):
            raise PathError("its list of points holds something that is not a number.")
        numbers = [bounded(match) for match in NUMBER.findall(text)]
        corners = list(zip(numbers[::2], numbers[1::2], strict=False))
        return cls.closed(corners)

    @classmethod
    def closed(cls, corners: list[Point]) -> "Path":
        """One closed run of straight lines; empty for no corners."""
        if not corners:
            return cls(())
        _limit(len(corners))
        first, *rest = corners
        lines = [Segment("L", (point,)) for point in rest]
        return cls((Segment("M", (first,)), *lines, Segment("Z", ())))

    @classmethod
    def rectangle(cls, x: float, y: float, w: float, h: float) -> "Path":
        """Four corners (rounded corners change no box and are not followed)."""
        return cls.closed([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])

    @classmethod
    def ellipse(cls, cx: float, cy: float, rx: float, ry: float) -> "Path":
        """Four quarter curves."""
        curves = arc_curves((cx, cy), (rx, ry), 0.0, 0.0, math.tau)
        return cls((Segment("M", ((cx + rx, cy),)), *curves, Segment("Z", ())))

    def corners(self) -> list[Point]:
        """The end point of every segment, in order."""
        return [segment.points[-1] for segment in self.segments if segment.points]

    def markup(self) -> str:
        """The `d` attribute."""
        return " ".join(
            segment.command + " ".join(f"{clean_number(x)},{clean_number(y)}" for x, y in segment.points)
            for segment in self.segments
        )

    def transformed(self, matrix: Matrix) -> "Path":
        """With an affine transform worked into the numbers."""
        if matrix == IDENTITY:
            return self
        moved = [
            Segment(segment.command, tuple(apply(matrix, point) for point in segment.points))
            for segment in self.segments
        ]
        return Path(tuple(moved))

    def extremes(self) -> list[Point]:
        """Points whose box is the exact box of the drawn curve."""
        points: list[Point] = []
        for start, segment in self._drawn():
            points += [start, segment.points[-1]]
            if segment.command == "C":
                points += [on_curve(start, segment.points, t) for t in turning_points(start, segment.points)]
        return points

    def outlines(self) -> list[list[Point]]:
        """Each run as points, curves cut into twelve lines each."""
        runs: list[list[Point]] = []
        for segment in self.segments:
            if segment.command == "M":
                runs.append([segment.points[0]])
            elif segment.command == "L":
                runs[-1].append(segment.points[0])
            elif segment.command == "C":
                start = runs[-1][-1]
                steps = range(1, STEPS_OF_A_CURVE + 1)
                runs[-1] += [on_curve(start, segment.points, step / STEPS_OF_A_CURVE) for step in steps]
        return runs

    def _drawn(self) -> Iterator[tuple[Point, Segment]]:
        """Every line and curve with the point it starts from; a lone `M` draws nothing."""
        here: Point = (0.0, 0.0)
        for segment in self.segments:
            if segment.command in "LC":
                yield here, segment
            if segment.points:
                here = segment.points[-1]


def parse_path(text: str) -> Path:
    """Read a `d` attribute (SVG 1.1 §8.3). Raises PathError."""
    reader = _Reader()
    for command, numbers in _commands(text):
        reader.take(command, numbers)
        _limit(len(reader.segments))
    return Path(tuple(reader.segments))


class _Reader:
    """Turns commands into absolute lines and cubics, keeping the pen and the last handle."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.pen: Point = (0.0, 0.0)
        self.start: Point = (0.0, 0.0)
        self.handle: tuple[str, Point] | None = None

    def take(self, command: str, numbers: list[float]) -> None:
        kind = command.upper()
        relative = command.islower()
        if not self.segments and kind != "M":
            raise PathError("its path does not begin by moving the pen.")
        if kind == "Z":
            self.segments.append(Segment("Z", ()))
            self.pen, self.handle = self.start, None
            return
        if self.segments and self.segments[-1].command == "Z" and kind != "M":
            self.segments.append(Segment("M", (self.start,)))
        if kind in "HV":
            level = numbers[0] + (self.pen[kind == "V"] if relative else 0.0)
            self._line((level, self.pen[1]) if kind == "H" else (self.pen[0], level))
        elif kind == "A":
            end = self._points(numbers[5:], relative=relative)[0]
            for curve in arc(self.pen, numbers[:5], end) or [Segment("L", (end,))]:
                self.segments.append(curve)
            self.pen, self.handle = end, None
        else:
            self._by_points(kind, self._points(numbers, relative=relative))

    def _points(self, numbers: list[float], *, relative: bool) -> list[Point]:
        dx, dy = self.pen if relative else (0.0, 0.0)
        return [(x + dx, y + dy) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def _by_points(self, kind: str, points: list[Point]) -> None:
        if kind == "M":
            self.segments.append(Segment("M", (points[0],)))
            self.pen = self.start = points[0]
            self.handle = None
        elif kind == "L":
            self._line(points[0])
        elif kind == "C":
            self._cubic(points[0], points[1], points[2])
        elif kind == "S":
            self._cubic(self._mirrored("C"), points[0], points[1])
        else:
            handle = points[0] if kind == "Q" else self._mirrored("Q")
            self._quadratic(handle, points[-1])

    def _line(self, end: Point) -> None:
        self.segments.append(Segment("L", (end,)))
        self.pen, self.handle = end, None

    def _cubic(self, first: Point, second: Point, end: Point) -> None:
        self.segments.append(Segment("C", (first, second, end)))
        self.pen, self.handle = end, ("C", second)

    def _quadratic(self, handle: Point, end: Point) -> None:
        first, second = between(self.pen, handle, 2 / 3), between(end, handle, 2 / 3)
        self.segments.append(Segment("C", (first, second, end)))
        self.pen, self.handle = end, ("Q", handle)

    def _mirrored(self, family: str) -> Point:
        if self.handle is None or self.handle[0] != family:
            return self.pen
        x, y = self.handle[1]
        return (2 * self.pen[0] - x, 2 * self.pen[1] - y)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with one full set of numbers; a letter not repeated stands for the next set too."""
    command, waiting, position = "", False, 0
    while (position := _gap_end(text, position)) < len(text):
        if text[position] in _LETTERS:
            if waiting:
                raise PathError(f"its path has no numbers for “{command}”.")
            command, position = text[position], position + 1
            waiting = command not in "Zz"
            if not waiting:
                yield command, []
            continue
        if not command or command in "Zz":
            raise PathError(f"its path holds “{text[position]}” where a command is expected.")
        numbers, position = _numbers(text, position, command)
        yield command, numbers
        # SVG 1.1 §8.3.2: further pairs after a move are lines.
        command, waiting = {"M": "L", "m": "l"}.get(command, command), False
    if waiting:
        raise PathError(f"its path has no numbers for “{command}”.")


def _numbers(text: str, position: int, command: str) -> tuple[list[float], int]:
    """One set of numbers from this position, and the position behind it."""
    numbers: list[float] = []
    while len(numbers) < _ARGUMENTS[command.upper()]:
        position = _gap_end(text, position)
        # The two flags of an arc are single digits and may stand without a gap: `a5,5 0 01 10,10`.
        pattern = _FLAG if command in "Aa" and len(numbers) in (3, 4) else NUMBER
        match = pattern.match(text, position)
        if match is None:
            raise PathError(f"its path has too few numbers for “{command}”.")
        numbers.append(bounded(match[0]))
        position = match.end()
    return numbers, position


def _gap_end(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position


def _limit(count: int) -> None:
    if count > MAX_SEGMENTS:
        raise PathError(f"it has more than {MAX_SEGMENTS} points.")
