"""Works out where a target stands: from its selectors, their refinements and the fragment of its source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotation.geometry import Box, GeometryError, SvgOutline, parse_svg
from annotation.webanno.terms import as_list, kinds

MAX_REFINEMENTS = 8
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Width and height of the canvas, and of its image in pixels; needed for percent only."""

    canvas: tuple[float, float] | None = None
    image: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A region: a box, perhaps the outline that it surrounds, or a point without extent.

    `in_image` tells that it counts in pixels of the image, whatever the source is (IIIF's ImageApiSelector).
    """

    box: Box | None = None
    svg: SvgOutline | None = None
    point: tuple[float, float] | None = None
    in_image: bool = False

    def within(self, outer: "Place") -> "Place":
        """The same place, which was measured from the corner of `outer`, in the space of `outer`."""
        if outer.box is None:
            return Place()
        dx, dy = outer.box.x, outer.box.y
        box, point = self.box, self.point
        return Place(
            Box(box.x + dx, box.y + dy, box.w, box.h) if box else None,
            self.svg.moved(dx, dy) if self.svg else None,
            (point[0] + dx, point[1] + dy) if point else None,
            outer.in_image,
        )


def place_of(selectors: Any, fragment: str | None, sizes: Sizes, say: Say) -> Place:
    """Where the selectors (alternatives: W3C Web Annotation §4.2) say that the target is.

    An outline is taken from the first SVG, the box from the last that gives one: a selector is nearer to the
    annotator's hand than `fragment`, that of the source. What cannot be understood is told to `say`.
    """
    found = [_by_fragment(fragment, sizes.canvas, say)] if fragment else []
    found += [_resolved(node, sizes, say, 0) for node in as_list(selectors) if isinstance(node, dict)]
    outline = next((place for place in found if place.svg), None)
    boxes = [place for place in found if place.box and not place.svg]
    if boxes:
        last = boxes[-1]
        same_space = outline is not None and outline.in_image == last.in_image
        return Place(last.box, outline.svg if outline and same_space else None, None, last.in_image)
    pointed = next((place for place in found if place.point), None)
    return outline or pointed or Place(in_image=any(place.in_image for place in found))


def _resolved(selector: Mapping[str, Any], sizes: Sizes, say: Say, depth: int) -> Place:
    """A selector with what refines it, which counts from the corner of what was selected (§4.2.9)."""
    outer = next((read(selector, sizes, say) for read in _readers(selector)), Place())
    inner = next((node for node in as_list(selector.get("refinedBy")) if isinstance(node, dict)), None)
    if inner is None:
        return outer
    if outer.box is None or depth >= MAX_REFINEMENTS:
        if outer.point is None and _is_spatial(inner):
            say("What is refined is no region of an image, so its refinement has no place on it.")
        return outer
    size = (outer.box.w, outer.box.h)
    refined = _resolved(inner, Sizes(size, size), say, depth + 1)
    # A refinement that is not of space (a time, a text) leaves the region as it is.
    return refined.within(outer) if refined.box or refined.point else outer


def _is_spatial(selector: Mapping[str, Any]) -> bool:
    return next(_readers(selector), None) is not None


Reader = Callable[[Mapping[str, Any], Sizes, Say], Place]


def _readers(selector: Mapping[str, Any]) -> Iterator[Reader]:
    for kind in kinds(selector):
        if kind in _READERS:
            yield _READERS[kind]
    value = selector.get("value")
    if isinstance(value, str) and "xywh=" in value:
        yield _fragment_selector


def _fragment_selector(selector: Mapping[str, Any], sizes: Sizes, say: Say) -> Place:
    value = selector.get("value")
    return _by_fragment(value, sizes.canvas, say) if isinstance(value, str) and "xywh=" in value else Place()


def _by_fragment(text: str, size: tuple[float, float] | None, say: Say) -> Place:
    width, height = size or (None, None)
    try:
        return Place(Box.from_fragment(text, width=width, height=height))
    except GeometryError as error:
        say(str(error))
        return Place()


def _svg_selector(selector: Mapping[str, Any], sizes: Sizes, say: Say) -> Place:
    value = selector.get("value")
    if not isinstance(value, str):
        return Place()
    try:
        outline = parse_svg(value)
    except GeometryError as error:
        say(f"The SVG selector cannot be drawn: {error}")
        return Place()
    try:
        return Place(outline.box, outline)
    except GeometryError as error:
        say(f"The SVG selector encloses nothing: {error}")
        return Place(None, outline)


def _point_selector(selector: Mapping[str, Any], sizes: Sizes, say: Say) -> Place:
    """IIIF Presentation 3, Annex “Selectors”: a point in the space of what it selects from."""
    x, y = (_number(selector.get(name)) for name in ("x", "y"))
    return Place(point=(x, y)) if x is not None and y is not None else Place()


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        return None
    return float(value)


def _image_api_selector(selector: Mapping[str, Any], sizes: Sizes, say: Say) -> Place:
    """IIIF's parameters of an image request; only its region has a place, turning and scaling change none."""
    region = selector.get("region")
    if not isinstance(region, str) or region == "full":
        return Place(in_image=True)
    if region == "square":
        return Place(_square(sizes.image, say), in_image=True)
    unit = "" if region.startswith("pct:") else "pixel:"
    return Place(_by_fragment(f"xywh={unit}{region}", sizes.image, say).box, in_image=True)


def _square(size: tuple[float, float] | None, say: Say) -> Box | None:
    if not size:
        say("The region is a square, and the size of its image is not known.")
        return None
    width, height = size
    side = min(width, height)
    return Box((width - side) / 2, (height - side) / 2, side, side)


_READERS: dict[str, Reader] = {
    "FragmentSelector": _fragment_selector,
    "SvgSelector": _svg_selector,
    "PointSelector": _point_selector,
    "ImageApiSelector": _image_api_selector,
    "iiif:ImageApiSelector": _image_api_selector,
}
