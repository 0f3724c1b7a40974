"""Plays volunteers of different skill over pages whose truth is known, so that agreement has a subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from campaigns.demo.engrave import HANDS, HEIGHT, WIDTH, Box, Symbol

CLEFS = ("gClef", "fClef", "cClef")
# Pairs of hands that look alike and are the first to be mistaken for each other.
LOOKALIKES = {"A": "D", "B": "C", "C": "B", "D": "A", "E": "A"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One box somebody drew, with the notation they chose for it."""

    label: str
    box: Box


def _inside(x: float, y: float, w: float, h: float, page: tuple[int, int]) -> Box:
    """Keep a box on its page (width, height in pixels) without making it empty."""
    left, top = min(max(x, 0.0), page[0] - 2.0), min(max(y, 0.0), page[1] - 2.0)
    return left, top, min(max(w, 2.0), page[0] - left), min(max(h, 2.0), page[1] - top)


def _drawn(box: Box, clumsiness: float, rng: Random, page: tuple[int, int]) -> Box:
    """The box as a hand draws it: each edge off by a share of the size, a little too large on average."""
    x, y, w, h = box
    left, right = (rng.gauss(0.25, 1) * clumsiness * w for _ in range(2))
    top, bottom = (rng.gauss(0.25, 1) * clumsiness * h for _ in range(2))
    return _inside(x - left, y - top, w + left + right, h + top + bottom, page)


def _label(kind: str, doubt: float, rng: Random) -> str:
    if kind not in CLEFS or rng.random() >= doubt:
        return kind
    return rng.choice([clef for clef in CLEFS if clef != kind])


def answers(
    symbols: Sequence[Symbol],
    *,
    skill: float,
    rng: Random,
    kinds: Sequence[str] = CLEFS,
    page: tuple[int, int] = (WIDTH, HEIGHT),
) -> list[Answer]:
    """Return the boxes a volunteer of `skill` (0 careless – 1 expert) draws around `symbols` of `kinds`.

    An expert is within about 2 % of the size and misses one sign in a hundred; a careless volunteer is off
    by 12 %, misses a quarter (twice that among small signs), mistakes one clef in three, and draws a false
    box on most pages. `page` is (width, height) in pixels: no box leaves it.
    """
    if not 0 <= skill <= 1:
        raise ValueError("A skill lies between 0 and 1.")
    care = 1 - skill
    wanted = [symbol for symbol in symbols if symbol.kind in kinds]
    tallest = max((symbol.box[3] for symbol in wanted), default=1.0)
    found: list[Answer] = []
    for symbol in wanted:
        small = 2 if symbol.box[3] < 0.7 * tallest else 1
        if rng.random() < small * (0.01 + 0.24 * care**1.5):
            continue
        box = _drawn(symbol.box, 0.02 + 0.10 * care, rng, page)
        found.append(Answer(_label(symbol.kind, 0.005 + 0.33 * care**2, rng), box))
    for chance in (0.6 * care**2, 0.3 * care**2):
        if kinds and rng.random() < chance:
            w, h = rng.uniform(25, 70), rng.uniform(40, 110)
            x, y = rng.uniform(100, page[0] - 200), rng.uniform(100, page[1] - 200)
            found.append(Answer(rng.choice(list(kinds)), _inside(x, y, w, h, page)))
    rng.shuffle(found)
    return found


def hand(true: str, *, skill: float, rng: Random) -> str:
    """Return the hand (notation) a volunteer of `skill` 0–1 names for a page written by `true`.

    Errors go to the look-alike two times in three, so that simulated confusion has the shape real ones have.
    """
    if not 0 <= skill <= 1:
        raise ValueError("A skill lies between 0 and 1.")
    if rng.random() < 0.40 + 0.58 * skill:
        return true
    others = [other.notation for other in HANDS if other.notation != true]
    return LOOKALIKES[true] if rng.random() < 2 / 3 else rng.choice(others)
