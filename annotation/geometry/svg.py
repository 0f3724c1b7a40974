"""SVG selectors: read by a closed list of shapes and re-emitted, so that no foreign markup survives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from annotation.geometry.box import Box, GeometryError, clean_number
from annotation.geometry.path import Path, parse_path
from annotation.geometry.polygon import Polygon, box_around
from annotation.geometry.transform import IDENTITY, Matrix, PathError, multiply, parse_transform

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
MAX_CHARACTERS = 500_000
MAX_SHAPES = 2_000
MAX_DEPTH = 64

# Their content is never drawn where it stands, so it is no part of the selection.
_NOT_DRAWN = frozenset(
    {"defs", "clipPath", "mask", "symbol", "marker", "pattern", "metadata", "script", "style"}
)
_NUMBERS_OF = {
    "rect": ("x", "y", "width", "height", "rx", "ry"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
}

_UPRIGHT = frozenset({"y", "height", "cy", "ry"})


class SvgError(GeometryError):
    """A selector that cannot be read as an outline. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class SvgShape:
    """One drawn shape: its element name, its geometry as numbers only, and its outline as path segments."""

    kind: str
    attributes: tuple[tuple[str, str], ...]
    path: Path

    @property
    def box(self) -> Box:
        """The exact box of the curve (not of its control points). Raises GeometryError without area."""
        return box_around(self.path.extremes())

    @property
    def polygons(self) -> tuple[Polygon, ...]:
        """Each run of the outline as a polygon, curves cut into short lines; runs of two points left out."""
        return tuple(Polygon(tuple(points)) for points in self.path.outlines() if len(set(points)) > 2)

    def scaled(self, sx: float, sy: float) -> "SvgShape":
        """In another coordinate system; a circle scaled unevenly becomes an ellipse."""
        path = self.path.transformed((sx, 0.0, 0.0, sy, 0.0, 0.0))
        if self.kind not in _NUMBERS_OF:
            return _drawn(self.kind, path)
        numbers = {name: float(value) for name, value in self.attributes}
        kind = self.kind
        if kind == "circle" and sx != sy:
            kind = "ellipse"
            numbers["rx"] = numbers["ry"] = numbers.pop("r", 0.0)
        moved = ((name, value * (sy if name in _UPRIGHT else sx)) for name, value in numbers.items())
        return SvgShape(kind, tuple((name, clean_number(round(value, 9))) for name, value in moved), path)

    @property
    def markup(self) -> str:
        """The element with its geometry and nothing else."""
        return f"<{self.kind} " + " ".join(f'{name}="{value}"' for name, value in self.attributes) + "/>"


@dataclass(frozen=True, slots=True)
class SvgOutline:
    """The shapes of one selector, at least one."""

    shapes: tuple[SvgShape, ...]

    @classmethod
    def of_polygon(cls, points: Sequence[tuple[float, float]]) -> "SvgOutline":
        """One polygon by its corners, in canvas units."""
        return cls((_drawn("polygon", Path.closed(list(points))),))

    @property
    def box(self) -> Box:
        """The smallest box around all shapes. Raises GeometryError when they span no area."""
        return box_around([point for shape in self.shapes for point in shape.path.extremes()])

    @property
    def polygons(self) -> tuple[Polygon, ...]:
        """The outlines of all shapes."""
        return tuple(polygon for shape in self.shapes for polygon in shape.polygons)

    def moved(self, dx: float, dy: float) -> "SvgOutline":
        """The same shapes further right and down; each becomes a path."""
        paths = (shape.path.transformed((1.0, 0.0, 0.0, 1.0, dx, dy)) for shape in self.shapes)
        return SvgOutline(tuple(SvgShape("path", (("d", path.markup()),), path) for path in paths))

    def scaled(self, sx: float, sy: float) -> "SvgOutline":
        """The same shapes in another coordinate system: those of a canvas that has another size now."""
        return SvgOutline(tuple(shape.scaled(sx, sy) for shape in self.shapes))

    @property
    def markup(self) -> str:
        """A whole `<svg>` safe to put in a page: element names from our list, numbers, nothing else."""
        return f'<svg xmlns="{SVG_NAMESPACE}">' + "".join(shape.markup for shape in self.shapes) + "</svg>"


def parse_svg(text: str) -> SvgOutline:
    """Read an SvgSelector's value (W3C Web Annotation §4.2.6) into its shapes, in the user units of the SVG.

    Read: path, polygon, polyline, rect, circle, ellipse, with `transform` worked in. Passed over: everything
    else, styles, scripts, links. Raises SvgError when it is broken, has a document type, or draws nothing.
    """
    if len(text) > MAX_CHARACTERS:
        raise SvgError(f"The SVG is {len(text)} characters long; {MAX_CHARACTERS} are read at most.")
    shapes = tuple(_shapes(text))
    if not shapes:
        raise SvgError("The SVG draws no path, polygon, rectangle, circle or ellipse.")
    return SvgOutline(shapes)


def _shapes(text: str) -> Iterator[SvgShape]:
    for name, attributes, matrix in _elements(text):
        try:
            shape = _shape(name, attributes, matrix)
        except (PathError, OverflowError) as error:
            raise SvgError(f"The SVG element “{name}” cannot be read: {error}") from error
        if shape is not None:
            yield shape


def _elements(text: str) -> list[tuple[str, Mapping[str, str], Matrix]]:
    """Every drawn element with the transforms above it, by expat with document types refused outright."""
    found: list[tuple[str, Mapping[str, str], Matrix]] = []
    open_matrices: list[Matrix | None] = [IDENTITY]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(":", 1)[-1]
        above = open_matrices[-1]
        if len(open_matrices) > MAX_DEPTH or len(found) >= MAX_SHAPES:
            raise SvgError("The SVG is too deep or has too many elements.")
        if above is None or local in _NOT_DRAWN:
            open_matrices.append(None)
            return
        try:
            matrix = multiply(above, parse_transform(attributes.get("transform", "")))
        except PathError as error:
            raise SvgError(f"The SVG has a transform that cannot be read: {error}") from error
        open_matrices.append(matrix)
        found.append((local, attributes, matrix))

    def end(_name: str) -> None:
        open_matrices.pop()

    def refuse(*_: object) -> None:
        raise SvgError("The SVG declares a document type; that is not read.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        # Selectors often lack the XML declaration but carry spaces before it.
        parser.Parse(text.strip().encode("utf-8", "replace"), True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise SvgError(f"The SVG is not well-formed XML ({error}).") from error
    return found


def _shape(name: str, attributes: Mapping[str, str], matrix: Matrix) -> SvgShape | None:
    if name == "path":
        path = parse_path(attributes.get("d", ""))
    elif name in ("polygon", "polyline"):
        path = Path.from_corners(attributes.get("points", ""))
    elif name in _NUMBERS_OF:
        numbers = {key: _number(key, attributes[key]) for key in _NUMBERS_OF[name] if key in attributes}
        path = _outline_of(name, numbers)
        if matrix == IDENTITY and path.segments:
            return SvgShape(name, tuple((key, clean_number(value)) for key, value in numbers.items()), path)
    else:
        return None
    path = path.transformed(matrix)
    if not path.segments:
        return None
    return _drawn(name, path)


def _drawn(name: str, path: Path) -> SvgShape:
    if name == "polygon":
        points = " ".join(f"{clean_number(x)},{clean_number(y)}" for x, y in path.corners())
        return SvgShape("polygon", (("points", points),), path)
    return SvgShape("path", (("d", path.markup()),), path)


def _number(name: str, text: str) -> float:
    value = text.strip().removesuffix("px")
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e15:
        raise PathError(f"“{text[:40]}” is not a length in canvas units ({name}).")
    return number


def _outline_of(name: str, numbers: Mapping[str, float]) -> Path:
    if name == "rect":
        x, y, w, h = (numbers.get(key, 0.0) for key in ("x", "y", "width", "height"))
        return Path.rectangle(x, y, w, h) if w > 0 and h > 0 else Path(())
    rx = numbers.get("r", numbers.get("rx", 0.0))
    ry = numbers.get("r", numbers.get("ry", 0.0))
    cx, cy = numbers.get("cx", 0.0), numbers.get("cy", 0.0)
    return Path.ellipse(cx, cy, rx, ry) if rx > 0 and ry > 0 else Path(())
