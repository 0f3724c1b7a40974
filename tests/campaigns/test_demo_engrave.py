"""The demonstration's truth must be true: its boxes are compared with the ink itself."""

import csv
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import pyvips

from campaigns.demo import engrave, simulate

DATA = Path(engrave.__file__).parent / "data"
KINDS = {"gClef", "fClef", "cClef", "keySignature", "timeSignature"}
SVG = "{http://www.w3.org/2000/svg}"


def _only_signs(svg: str) -> str:
    """The same page with everything but the signs we box taken away."""
    root = ET.fromstring(svg)

    def prune(element: ET.Element) -> bool:
        if set(element.get("class", "").split()) & {"clef", "keySig", "meterSig"}:
            return True
        if element.tag in {f"{SVG}defs", f"{SVG}style"}:
            return True
        for child in list(element):
            if not prune(child):
                element.remove(child)
        return len(element) > 0

    prune(root)
    return ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize("hand", engrave.HANDS, ids=lambda hand: hand.font)
def test_boxes_hold_exactly_the_ink_of_their_sign(hand: engrave.Hand) -> None:
    svg = engrave.engraving(hand, Random(hand.font))
    ink = engrave.strokes(_only_signs(svg)) > 100
    symbols = engrave.symbols(svg, engrave.WIDTH)
    assert len(symbols) >= 4
    for symbol in symbols:
        x, y, w, h = symbol.box
        top, left = int(y) - 4, int(x) - 4
        ys, xs = np.nonzero(ink[top : round(y + h) + 4, left : round(x + w) + 4])
        drawn = (left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1)
        assert drawn == pytest.approx((x, y, x + w, y + h), abs=2.0), symbol
        ink[drawn[1] : drawn[3], drawn[0] : drawn[2]] = False
    assert not ink.any(), "a sign on the page has no box"


def test_pages_are_the_same_for_the_same_seed_and_differ_for_another() -> None:
    first, again = (next(engrave.pages(1, seed=4)) for _ in range(2))
    assert first == again
    other = next(engrave.pages(1, seed=5))
    assert other.symbols != first.symbols
    assert other.jpeg != first.jpeg


def test_pages_are_what_they_say() -> None:
    pages = list(islice(engrave.pages(60, seed=1), 4))
    for page in pages:
        image = pyvips.Image.new_from_buffer(page.jpeg, "")
        assert (image.width, image.height, image.bands) == (page.width, page.height, 3)
        assert {symbol.kind for symbol in page.symbols} <= KINDS
        assert sum(symbol.kind in simulate.CLEFS for symbol in page.symbols) >= 3
        for x, y, w, h in (symbol.box for symbol in page.symbols):
            assert min(x, y) >= 0
            assert min(w, h) > 0
            assert x + w <= page.width
            assert y + h <= page.height
    assert [page.title for page in pages] == ["Folio 1r", "Folio 1v", "Folio 2r", "Folio 2v"]
    assert len({page.name for page in pages}) == 4


def test_five_hands_share_sixty_pages_evenly_in_runs() -> None:
    hands = [engrave.hand_of(index, seed=1).notation for index in range(60)]
    assert Counter(hands) == dict.fromkeys("ABCDE", 12)
    assert all(len(set(hands[start : start + 3])) == 1 for start in range(0, 60, 3))


@pytest.mark.parametrize("name", ["notation", "hands"])
def test_vocabularies_are_bilingual_trees(name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    notations = [row["notation"] for row in rows]
    assert len(set(notations)) == len(notations)
    assert [row["notation"] for row in rows if not row["parent"]] == notations[:1]
    for place, row in enumerate(rows[1:], start=1):
        assert row["parent"] in notations[:place]
    for row in rows:
        assert all(row[key] for key in ("label_en", "label_fr", "definition_en", "definition_fr"))
    needed = KINDS if name == "notation" else {hand.notation for hand in engrave.HANDS}
    assert needed <= set(notations)


def _page() -> list[engrave.Symbol]:
    row = [("gClef", 100.0), ("fClef", 300.0), ("cClef", 500.0), ("keySignature", 700.0)]
    return [engrave.Symbol(kind, (x, 90.0 * y, 40.0, 80.0)) for y in range(1, 20) for kind, x in row]


def _score(skill: float) -> tuple[float, float]:
    """Share of clefs found, and of the found ones rightly named, over the page above."""
    truth = {symbol.box: symbol.kind for symbol in _page() if symbol.kind in simulate.CLEFS}
    found = right = 0
    for answer in simulate.answers(_page(), skill=skill, rng=Random(7)):
        centre = answer.box[0] + answer.box[2] / 2, answer.box[1] + answer.box[3] / 2
        for (x, y, w, h), kind in truth.items():
            if abs(centre[0] - x - w / 2) < 10 and abs(centre[1] - y - h / 2) < 20:
                found += 1
                right += kind == answer.label
    return found / len(truth), right / max(found, 1)


def test_skill_shows_in_what_is_found_and_in_how_it_is_named() -> None:
    expert, novice = _score(1.0), _score(0.1)
    assert expert[0] > 0.95 > novice[0]
    assert expert[1] > 0.95 > novice[1] > 0.5


@pytest.mark.parametrize("skill", [0.0, 0.5, 1.0])
def test_no_simulated_box_leaves_its_page_or_answers_what_was_not_asked(skill: float) -> None:
    edge = [
        engrave.Symbol("gClef", (0.0, 0.0, 30.0, 30.0)),
        engrave.Symbol("fClef", (1580.0, 2190.0, 20.0, 10.0)),
    ]
    for seed in range(50):
        for answer in simulate.answers(edge, skill=skill, rng=Random(seed), kinds=("fClef", "gClef")):
            x, y, w, h = answer.box
            assert min(x, y) >= 0
            assert min(w, h) > 0
            assert x + w <= engrave.WIDTH + 1e-9
            assert y + h <= engrave.HEIGHT + 1e-9
    assert simulate.answers([], skill=1, rng=Random(1)) == []


def test_hands_are_named_better_by_the_skilled_and_mistaken_for_lookalikes() -> None:
    def named(skill: float) -> Counter[str]:
        rng = Random(3)
        return Counter(simulate.hand("B", skill=skill, rng=rng) for _ in range(600))

    expert, novice = named(1.0), named(0.0)
    assert expert["B"] > 560 > novice["B"] > 180
    assert novice["C"] > novice["A"] + novice["D"] + novice["E"]


def test_a_skill_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        simulate.answers([], skill=1.5, rng=Random(1))
    with pytest.raises(ValueError, match="between 0 and 1"):
        simulate.hand("A", skill=-0.1, rng=Random(1))
