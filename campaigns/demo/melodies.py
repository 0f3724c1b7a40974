"""Writes melodies nobody composed, as MEI, so that the demonstration owes no rights to anyone."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

PITCHES = "cdefgab"
# Diatonic step (octave × 7 + pitch) of the note each clef names.
REFERENCE = {"G": 4 * 7 + 4, "F": 3 * 7 + 3, "C": 4 * 7}
MEASURES = 64


@dataclass(frozen=True, slots=True)
class Clef:
    """A clef as MEI says it: a shape (G, F or C) on a line counted from the bottom."""

    shape: str
    line: int

    @property
    def middle(self) -> int:
        """Diatonic step that the middle line of the staff stands for."""
        return REFERENCE[self.shape] + (3 - self.line) * 2


G2, G1, F4, F3 = Clef("G", 2), Clef("G", 1), Clef("F", 4), Clef("F", 3)
C1, C3, C4 = Clef("C", 1), Clef("C", 3), Clef("C", 4)

# Each scoring: the clef of every staff, and the clefs a staff may change to on the way.
SCORINGS: tuple[tuple[tuple[Clef, ...], dict[Clef, tuple[Clef, ...]]], ...] = (
    ((G2,), {G2: (C1, G1)}),
    ((F4,), {F4: (C4, F3)}),
    ((C3,), {C3: (G2, F4)}),
    ((G2, F4), {G2: (C1, G2), F4: (C4, G2)}),
    ((C1, F4), {C1: (G2,), F4: (C4, F3)}),
    ((C1, C3, F4), {C1: (G2,), C3: (C4,), F4: (C4,)}),
    ((C1, C3, C4, F4), {C1: (G2,), C3: (G2,), C4: (F4,), F4: (C4,)}),
)
# Count, unit, symbol; length of a cell and of a measure in eighths.
METERS = ((2, 4, "", 2, 4), (3, 4, "", 2, 6), (4, 4, "common", 2, 8), (2, 2, "cut", 2, 8), (6, 8, "", 3, 6))
KEYS = ("0", "1f", "2f", "3f", "4f", "1s", "2s", "3s", "4s")
# Durations (MEI dur, dots) that fill a cell of two, three or four eighths.
CELLS: dict[int, tuple[tuple[tuple[int, int], ...], ...]] = {
    2: (((4, 0),), ((4, 0),), ((8, 0), (8, 0))),
    3: (((4, 1),), ((4, 0), (8, 0)), ((8, 0), (8, 0), (8, 0))),
    4: (((2, 0),), ((4, 1), (8, 0)), ((8, 0), (8, 0), (8, 0), (8, 0)), ((2, 0),)),
}


class _Voice:
    """One staff on its way: where the melody stands, and under which clef."""

    def __init__(self, clef: Clef, rng: Random) -> None:
        self.clef, self.step, self.rng = clef, clef.middle, rng

    def move_to(self, clef: Clef) -> str:
        """Change clef; the melody is brought back within the new staff."""
        self.clef, self.step = clef, clef.middle
        return f'<clef shape="{clef.shape}" line="{clef.line}"/>'

    def note(self, duration: tuple[int, int]) -> str:
        """The next note (now and then a rest), never far from the staff."""
        dur, dots = duration
        if dur == 4 and self.rng.random() < 0.07:
            return f'<rest dur="{dur}" dots="{dots}"/>'
        drift = 1 if self.step < self.clef.middle - 3 else -1 if self.step > self.clef.middle + 3 else 0
        self.step += self.rng.choice((-2, -1, -1, 0, 1, 1, 2)) + drift
        accidental = self.rng.choice(("s", "f", "n")) if self.rng.random() < 0.04 else ""
        accid = f' accid="{accidental}"' if accidental else ""
        octave, pitch = divmod(self.step, 7)
        return f'<note dur="{dur}" dots="{dots}" oct="{octave}" pname="{PITCHES[pitch]}"{accid}/>'

    def cell(self, eighths: int) -> str:
        """Notes that last `eighths` eighths, beamed when they are eighths all through."""
        durations = self.rng.choice(CELLS[eighths])
        notes = "".join(self.note(duration) for duration in durations)
        return f"<beam>{notes}</beam>" if {dur for dur, _ in durations} == {8} else notes

    def measure(self, cell: int, length: int, change: Clef | None) -> str:
        """The layer of one measure; a change of clef falls between two of its cells."""
        parts: list[str] = []
        filled = 0
        while filled < length:
            if change and filled >= length // 2:
                parts.append(self.move_to(change))
                change = None
            long = cell == 2 and length - filled >= 4 and self.rng.random() < 0.4
            parts.append(self.cell(4 if long else cell))
            filled += 4 if long else cell
        return "".join(parts)


def _meter(meter: tuple[int, int, str, int, int]) -> str:
    count, unit, symbol = meter[:3]
    sign = f' meter.sym="{symbol}"' if symbol else ""
    return f'meter.count="{count}" meter.unit="{unit}"{sign}'


def _measures(
    voices: list[_Voice],
    changes: dict[Clef, tuple[Clef, ...]],
    meter: tuple[int, int, str, int, int],
    rng: Random,
) -> Iterator[str]:
    """Measures one after the other, with now and then a new clef, key or time signature."""
    for number in range(1, MEASURES + 1):
        if number > 4 and rng.random() < 0.05:
            meter = rng.choice(METERS)
            yield f"<scoreDef {_meter(meter)}/>"
        elif number > 4 and rng.random() < 0.04:
            yield f'<scoreDef keysig="{rng.choice(KEYS[1:])}"/>'
        staves = []
        for index, voice in enumerate(voices, start=1):
            options = [clef for clef in (*changes.get(voice.clef, ()), *changes) if clef != voice.clef]
            change = rng.choice(options) if options and rng.random() < 0.09 / len(voices) else None
            layer = voice.measure(meter[3], meter[4], change)
            staves.append(f'<staff n="{index}"><layer n="1">{layer}</layer></staff>')
        yield f'<measure n="{number}">{"".join(staves)}</measure>'


def compose(rng: Random) -> str:
    """Return an MEI 5 score, longer than a page, drawn wholly from `rng`."""
    clefs, changes = rng.choice(SCORINGS)
    meter, key = rng.choice(METERS), rng.choice(KEYS)
    definitions = "".join(
        f'<staffDef n="{n}" lines="5" clef.shape="{clef.shape}" clef.line="{clef.line}"/>'
        for n, clef in enumerate(clefs, start=1)
    )
    symbol = {1: "none", 2: "brace"}.get(len(clefs), "bracket")
    through = "true" if len(clefs) == 2 else "false"
    music = "".join(_measures([_Voice(clef, rng) for clef in clefs], changes, meter, rng))
    return (
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.1"><meiHead><fileDesc>'
        "<titleStmt><title/></titleStmt><pubStmt/></fileDesc></meiHead><music><body><mdiv><score>"
        f'<scoreDef {_meter(meter)} keysig="{key}" mnum.visible="false">'
        f'<staffGrp bar.thru="{through}" symbol="{symbol}">{definitions}</staffGrp></scoreDef>'
        f"<section>{music}</section></score></mdiv></body></music></mei>"
    )
