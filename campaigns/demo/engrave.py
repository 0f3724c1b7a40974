"""Engraves generated scores in five hands and knows, to the pixel, where every sign stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from xml.etree import ElementTree as ET

import numpy as np
import pyvips
import verovio

from campaigns.demo import melodies, paper

WIDTH, HEIGHT = 1600, 2200
RUN = 3  # Pages a hand writes before the next one takes over.
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
# SMuFL code points, https://w3c.github.io/smufl/latest/tables/clefs.html
CLEFS = {
    **dict.fromkeys(("E050", "E051", "E052", "E053", "E07A"), "gClef"),
    **dict.fromkeys(("E05C", "E05D", "E07B"), "cClef"),
    **dict.fromkeys(("E062", "E063", "E064", "E065", "E07C"), "fClef"),
}
SIGNATURES = {"keySig": "keySignature", "meterSig": "timeSignature"}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """A manner of writing: its notation in the vocabulary of hands, a music font, an ink, habits."""

    notation: str
    font: str
    ink: tuple[int, int, int]
    habits: tuple[tuple[str, float], ...] = ()


HANDS = (
    Hand("A", "Leipzig", (44, 32, 24), (("spacingNonLinear", 0.6), ("staffLineWidth", 0.15))),
    Hand("B", "Bravura", (30, 27, 30), (("spacingLinear", 0.30), ("staffLineWidth", 0.17))),
    Hand("C", "Leland", (62, 40, 26), (("spacingLinear", 0.22), ("stemWidth", 0.26))),
    Hand("D", "Gootville", (36, 38, 46), (("spacingNonLinear", 0.65), ("barLineWidth", 0.45))),
    Hand("E", "Petaluma", (54, 34, 30), (("staffLineWidth", 0.20), ("stemWidth", 0.28))),
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A sign on a page: `kind` as in the vocabulary of notation, `box` (x, y, w, h) in page pixels."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class ScorePage:
    """One page: a JPEG and everything that is true about it. `hand` is a notation of `hands.csv`."""

    name: str
    title: str
    hand: str
    jpeg: bytes
    width: int
    height: int
    symbols: tuple[Symbol, ...]


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.replace("(", " ").replace(")", " ").replace(",", " ").split()]


def _shift(element: ET.Element) -> tuple[float, float]:
    transform = element.get("transform", "")
    if not transform.startswith("translate("):
        return 0.0, 0.0
    x, y = _numbers(transform.removeprefix("translate").split(")")[0])
    return x, y


def _kind(group: ET.Element) -> str | None:
    name = group.get("class", "").split()[:1]
    if name == ["clef"]:
        glyphs = (use.get(XLINK, "")[1:5] for use in group.iter(f"{SVG}use"))
        return next((CLEFS[glyph] for glyph in glyphs if glyph in CLEFS), None)
    return SIGNATURES.get(name[0]) if name else None


def _found(element: ET.Element, origin: tuple[float, float], scale: float) -> Iterator[Symbol]:
    dx, dy = _shift(element)
    x0, y0 = origin[0] + dx, origin[1] + dy
    kind = _kind(element) if "bounding-box" not in element.get("class", "") else None
    if kind:
        rect = next(element.iter(f"{SVG}rect"), None)
        if rect is not None:
            x, y, w, h = (float(rect.get(key, "0")) for key in ("x", "y", "width", "height"))
            if w and h:
                yield Symbol(kind, ((x0 + x) * scale, (y0 + y) * scale, w * scale, h * scale))
        return
    for child in element:
        yield from _found(child, (x0, y0), scale)


def symbols(svg: str, width: int) -> tuple[Symbol, ...]:
    """Read the signs off a page engraved with `svgBoundingBoxes`, `width` pixels wide."""
    root = ET.fromstring(svg)  # noqa: S314 - engraved here, a moment ago
    inner = next(part for part in root.iter(f"{SVG}svg") if "definition-scale" in part.get("class", ""))
    scale = width / _numbers(inner.get("viewBox", ""))[2]
    return tuple(_found(inner, (0.0, 0.0), scale))


@contextmanager
def _svg_readable() -> Iterator[None]:
    """Open the SVG reader of libvips, which a hardened process keeps shut, and shut it behind us."""
    pyvips.operation_block_set("VipsForeignLoadSvg", state=False)
    try:
        yield
    finally:
        pyvips.operation_block_set("VipsForeignLoadSvg", state=True)


def strokes(svg: str) -> paper.Bytes:
    """Rasterise engraved SVG to its opacity, uint8 (height, width)."""
    with _svg_readable():
        image = pyvips.Image.svgload_buffer(svg.encode())
        return np.asarray(image.extract_band(3).numpy(), dtype=np.uint8)


def engraving(hand: Hand, rng: Random) -> str:
    """Return the SVG of one full page that `rng` composes and `hand` writes."""
    toolkit = verovio.toolkit()
    options: dict[str, object] = {
        "font": hand.font, "svgBoundingBoxes": True, "header": "none", "footer": "none", "breaks": "auto",
        "scale": 100, "pageWidth": WIDTH, "pageHeight": HEIGHT, "unit": rng.uniform(8.4, 10.2),
        "pageMarginTop": 130, "pageMarginBottom": 130, "pageMarginLeft": 130, "pageMarginRight": 110,
        "justifyVertically": True, "spacingSystem": 8, "spacingStaff": 9,
        "xmlIdSeed": rng.randint(1, 2**31 - 1),
        **dict(hand.habits),
    }  # fmt: skip
    toolkit.setOptions(options)
    if not toolkit.loadData(melodies.compose(rng)):
        raise ValueError("verovio refused the score it was given.")
    return str(toolkit.renderToSVG(1))


def hand_of(index: int, seed: int) -> Hand:
    """Return who wrote page `index`: every five runs of pages, all five hands have had their turn."""
    turn, place = divmod(index // RUN, len(HANDS))
    order = list(HANDS)
    Random(f"{seed}/hands/{turn}").shuffle(order)
    return order[place]


def pages(count: int = 60, *, seed: int = 1) -> Iterator[ScorePage]:
    """Yield `count` pages, the same for the same `seed`; each takes about a fifth of a second.

    Boxes are exact: verovio's own bounding boxes, carried through the one scaling to page pixels.
    """
    grain = np.random.default_rng(seed)
    sheets = [paper.sheet(grain, WIDTH, HEIGHT) for _ in range(3)]
    flow = paper.flow(grain, WIDTH, HEIGHT)
    for index in range(count):
        hand = hand_of(index, seed)
        rng = Random(f"{seed}/page/{index}")
        svg = engraving(hand, rng)
        sheet = sheets[index % len(sheets)][:: rng.choice((1, -1)), :: rng.choice((1, -1))]
        pixels = paper.write(sheet, strokes(svg), hand.ink, flow)
        jpeg = pyvips.Image.new_from_array(pixels, interpretation="srgb").jpegsave_buffer(Q=86, strip=True)
        side = "r" if index % 2 == 0 else "v"
        yield ScorePage(
            name=f"score-{index + 1:03}",
            title=f"Folio {index // 2 + 1}{side}",
            hand=hand.notation,
            jpeg=bytes(jpeg),
            width=WIDTH,
            height=HEIGHT,
            symbols=symbols(svg, WIDTH),
        )
