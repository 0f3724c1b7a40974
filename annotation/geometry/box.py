"""The box: the rectangle every shape, crop and measurement in the project is reduced to."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self, SupportsFloat
from urllib.parse import unquote

# Two decimals written by `clean` can overshoot an edge by the rounding of their sum.
EDGE_TOLERANCE = 1e-6

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_XYWH = re.compile(rf"(?:(pixel|percent|pct):)?\s*({_NUMBER})" + rf"\s*,\s*({_NUMBER})" * 3 + r"\s*")


class GeometryError(ValueError):
    """A region that is no region: not finite, without area, or not understood. The message is a sentence."""


class FragmentError(GeometryError):
    """A media fragment that names no rectangle."""


def clean_number(value: float) -> str:
    """The shortest decimal writing that reads back to the same float: `30`, `20.5`, never `3e1` or `30.0`."""
    if value == 0:
        return "0"
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in canvas units, origin top left, `w` and `h` above zero.

    It may leave its canvas: whether that is an error is the caller's question (`inside`).
    Raises GeometryError when a number is not finite or a side is not above zero.
    """

    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        for name in ("x", "y", "w", "h"):
            object.__setattr__(self, name, _finite(getattr(self, name), name))
        if self.w <= 0 or self.h <= 0:
            raise GeometryError(
                f"The box is {clean_number(self.w)} wide and {clean_number(self.h)} high; "
                "both must be above zero."
            )
        if not (math.isfinite(self.x + self.w) and math.isfinite(self.y + self.h)):
            raise GeometryError("The box is too large to be measured.")

    @classmethod
    def from_xyxy(cls, left: float, top: float, right: float, bottom: float) -> Self:
        """From two opposite corners; the first must be the top left one."""
        return cls(left, top, right - left, bottom - top)

    @classmethod
    def from_fragment(cls, text: str, *, width: float | None = None, height: float | None = None) -> Self:
        """From `xywh=…`, alone, behind `#`, or at the end of a whole URI (W3C Media Fragments 1.0 §4.2.2).

        `pixel:` (or nothing) reads canvas units; `percent:` needs the canvas `width` and `height`. Fractions
        and negative corners are read, because viewers write them. Raises FragmentError.
        """
        unit, numbers = _split_fragment(text)
        if unit == "pixel":
            return cls(*numbers)
        if not width or not height:
            raise FragmentError("The fragment counts in percent, and the size of its canvas is not known.")
        x, y, w, h = numbers
        return cls(x * width / 100, y * height / 100, w * width / 100, h * height / 100)

    def fragment(self) -> str:
        """`xywh=10,20.5,30,40`: reads back to the same box."""
        return "xywh=" + ",".join(clean_number(value) for value in self.xywh)

    @property
    def xywh(self) -> tuple[float, float, float, float]:
        """(x, y, w, h)."""
        return (self.x, self.y, self.w, self.h)

    @property
    def xyxy(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom)."""
        return (self.x, self.y, self.x + self.w, self.y + self.h)

    @property
    def area(self) -> float:
        """In square canvas units."""
        return self.w * self.h

    def inside(self, width: float, height: float) -> bool:
        """Whether no part of the box leaves a canvas of this size (a millionth of a unit is forgiven)."""
        left, top, right, bottom = self.xyxy
        return (
            left >= -EDGE_TOLERANCE
            and top >= -EDGE_TOLERANCE
            and right <= width + EDGE_TOLERANCE
            and bottom <= height + EDGE_TOLERANCE
        )

    def clean(self, decimals: int = 2) -> Self:
        """With edges rounded, so that a box inside its canvas stays inside; no side rounds to nothing."""
        least = 10.0**-decimals
        left, top, right, bottom = (round(value, decimals) for value in self.xyxy)
        return type(self)(
            left, top, max(round(right - left, decimals), least), max(round(bottom - top, decimals), least)
        )

    def scaled(self, sx: float, sy: float) -> Self:
        """In another coordinate system: canvas units to image pixels, for instance."""
        return type(self)(self.x * sx, self.y * sy, self.w * sx, self.h * sy)

    def union(self, other: "Box") -> Self:
        """The smallest box around both."""
        a, b = self.xyxy, other.xyxy
        return type(self).from_xyxy(min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _finite(value: float, name: str) -> float:
    # The plain types first: asking for the protocol costs more than all the rest.
    if isinstance(value, bool) or not isinstance(value, (float, int, SupportsFloat)):
        raise GeometryError(f"The box has {str(value)[:40]!r} as its {name}; a number is needed.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise GeometryError(f"The box has a {name} that is not a finite number.")
    return number + 0.0  # a negative zero becomes zero


def _split_fragment(text: str) -> tuple[str, tuple[float, float, float, float]]:
    fragment = unquote(text.rsplit("#", 1)[-1])
    # Media Fragments §5.1: of several `xywh` the last counts; other dimensions (`t=`) may stand beside it.
    values = [
        part.partition("=")[2] for part in fragment.split("&") if part.strip().lower().startswith("xywh=")
    ]
    match = _XYWH.fullmatch(values[-1].strip()) if values else None
    if match is None:
        raise FragmentError(f"“{text[:120]}” is not a rectangle; “xywh=x,y,width,height” is expected.")
    unit = "percent" if match[1] in ("percent", "pct") else "pixel"
    x, y, w, h = (float(value) for value in match.groups()[1:])
    if w <= 0 or h <= 0:
        raise FragmentError(f"The rectangle “{values[-1][:80]}” has no area.")
    return unit, (x, y, w, h)
