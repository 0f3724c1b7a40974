"""Short texts of several people about one thing: how alike they are, and which of them stands.

    likeness(a, b) = 1 − d(a, b) / max(|a|, |b|)

with d the edit distance of Levenshtein (1966) between the code points of both texts: insertions, deletions and
substitutions at 1 each. It is the character error rate of transcription made symmetric: divided by the longer text it
lies in 0–1 and favours neither side. The distance is computed bit-parallel (Myers 1999, in the form of Hyyrö 2001).
Texts are compared as Unicode NFC with their white space made even and without invisible marks; capitals count.
"""

import unicodedata
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from campaigns.quality.bootstrap import Interval, interval_by_canvas

# Written, and not seen: joiners, direction marks and isolates, the byte-order mark, soft hyphens.
_UNSEEN = dict.fromkeys(
    [0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, in a language (a BCP 47 tag)."""

    value: str
    language: str

    @property
    def compared(self) -> str:
        """The form in which it is compared."""
        return " ".join(unicodedata.normalize("NFC", self.value.translate(_UNSEEN)).split())


def distance(a: str, b: str) -> int:
    """Levenshtein's: the fewest insertions, deletions and substitutions of code points from one to the other."""
    if not a or not b:
        return len(a) or len(b)
    places: dict[str, int] = {}
    for index, sign in enumerate(a):
        places[sign] = places.get(sign, 0) | 1 << index
    whole, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    up, down, found = whole, 0, len(a)  # where the column of the table rises and falls by 1
    for sign in b:
        equal = places.get(sign, 0)
        level = equal | down
        across = (((equal & up) + up) ^ up) | equal
        rises = down | (~(across | up) & whole)
        falls = up & across
        found += bool(rises & last) - bool(falls & last)
        rises = ((rises << 1) | 1) & whole
        falls = (falls << 1) & whole
        up = falls | (~(level | rises) & whole)
        down = rises & level
    return found


def likeness(a: Text | None, b: Text | None) -> float:
    """0 (nothing in common) to 1 (the same); who wrote nothing agrees with nobody but who wrote nothing either."""
    if a is None or b is None:
        return float(a is b)
    one, other = a.compared, b.compared
    longest = max(len(one), len(other))
    return 1.0 - distance(one, other) / longest if longest else 1.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The text that is most like all others: `rows` are those that say the same, `central` their mean likeness.

    `order`: all rows, those most like the others first. `alike`: each pair of rows, in the order of `combinations`.
    """

    text: Text
    rows: tuple[int, ...]
    order: tuple[int, ...]
    alike: tuple[float, ...]


def choose(texts: Sequence[Text]) -> Chosen | None:
    """What more than half say is chosen, else the medoid (Kaufman and Rousseeuw 1987), as one of the texts given.

    Texts that are compared as the same count together, in the language that most of them name. The order of the
    texts does not matter. None without any.
    """
    if not texts:
        return None
    forms = [text.compared for text in texts]
    distinct = sorted(set(forms))
    counts = Counter(forms)
    near = {
        (a, b): likeness(Text(a, ""), Text(b, "")) for a, b in combinations(distinct, 2)
    } | {(form, form): 1.0 for form in distinct}  # fmt: skip
    alike = tuple(near[min(a, b), max(a, b)] for a, b in combinations(forms, 2))
    central = {
        form: sum(near[min(form, other), max(form, other)] * counts[other] for other in distinct)
        for form in distinct
    }
    best = min(
        distinct, key=lambda form: (2 * counts[form] <= len(forms), -central[form], -counts[form], form)
    )
    order = sorted(
        range(len(forms)), key=lambda row: (forms[row] != best, -central[forms[row]], forms[row], row)
    )
    rows = tuple(row for row, form in enumerate(forms) if form == best)
    return Chosen(_spelt([texts[row] for row in rows]), rows, tuple(order), alike)


def _spelt(same: Sequence[Text]) -> Text:
    """Of texts that are compared as the same: the language, and then the spelling, that most of them have."""
    languages = Counter(text.language for text in same)
    language = min(languages, key=lambda tag: (-languages[tag], tag))
    values = Counter(text.value for text in same)
    return Text(min(values, key=lambda value: (-values[value], value)), language)


@dataclass(frozen=True, slots=True)
class TextAgreement:
    """Mean pairwise likeness over the units that two people or more answered; `identical`: the share of equal pairs.

    None where no unit has two answers.
    """

    likeness: float | None
    identical: float | None
    interval: Interval | None
    units: int
    people: int
    answers: int


def text_agreement(
    unit: Sequence[Hashable],
    person: Sequence[Hashable],
    texts: Sequence[Text | None],
    *,
    canvas: Sequence[Hashable] | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> TextAgreement:
    """Of one answer a row; None is “nothing here”. Every unit counts alike, however many answered it.

    Only texts about the same unit are compared, so that the work grows with the answers and not with their square.
    """
    rows: dict[Hashable, list[int]] = {}
    for row, one in enumerate(unit):
        rows.setdefault(one, []).append(row)
    met = [members for members in rows.values() if len(members) > 1]
    people = len({person[row] for members in met for row in members})
    answers = sum(map(len, met))
    if not met:
        return TextAgreement(None, None, None, 0, people, answers)
    pairs = [[(texts[a], texts[b]) for a, b in combinations(members, 2)] for members in met]
    mean = np.array([np.mean([likeness(a, b) for a, b in unit_pairs]) for unit_pairs in pairs])
    same = np.array([np.mean([_equal(a, b) for a, b in unit_pairs]) for unit_pairs in pairs])
    homes = [members[0] if canvas is None else canvas[members[0]] for members in met]
    names = {home: place for place, home in enumerate(dict.fromkeys(homes))}
    place = np.array([names[home] for home in homes])
    sums, counts = np.bincount(place, mean, len(names)), np.bincount(place, minlength=len(names))
    interval = None
    if seed is not None:
        interval = interval_by_canvas(
            lambda weights: (weights @ sums) / np.maximum(weights @ counts, 1e-12),
            len(names), seed=seed, samples=samples,
        )  # fmt: skip
    return TextAgreement(float(mean.mean()), float(same.mean()), interval, len(met), people, answers)


def _equal(a: Text | None, b: Text | None) -> float:
    return float((a and a.compared) == (b and b.compared))
