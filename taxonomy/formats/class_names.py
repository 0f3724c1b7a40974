"""Lists of classes: names without meaning, as training tools want them, from concepts and back."""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from taxonomy.skos.assembly import assembled
from taxonomy.skos.drafts import Draft
from taxonomy.skos.triples import storable
from taxonomy.skos.values import UNDETERMINED, ConceptValue, Findings, VocabularyValue


def named(line: int, label: str, *, notation: str = "", parent: str = "") -> Draft:
    """A class as a draft. Its address is made of its name, never of its number: files are renumbered."""
    return Draft(
        line,
        notation=storable(notation).strip(),
        labels=[("pref", UNDETERMINED, " ".join(storable(label).split()))],
        parents=[parent] if parent else [],
        is_named_by_label=True,
    )


def from_names(drafts: Iterable[Draft], base: str, findings: Findings) -> VocabularyValue:
    """The vocabulary of these classes; those without a name are left out and reported."""

    def usable() -> Iterator[Draft]:
        for draft in drafts:
            if draft.name.strip() and draft.labels[0][2]:
                yield draft
            else:
                findings.add(
                    "warning",
                    "row-without-label",
                    "This class has no name; it was left out.",
                    line=draft.line,
                )

    return assembled(usable(), base=base, findings=findings)


def class_names(value: VocabularyValue, language: str) -> list[tuple[ConceptValue, str]]:
    """The concepts in use with a name each, in one line and different from all others.

    Of concepts with the same label the second and later ones get their notation in brackets, or a number.
    """
    found: list[tuple[ConceptValue, str]] = []
    seen: Counter[str] = Counter()
    for concept in value.concepts:
        if concept.deprecated:
            continue
        label = " ".join(concept.display(language).split())
        name, number = label, 1
        if seen[name] and concept.notation:
            name = f"{label} ({concept.notation})"
        while seen[name]:
            number += 1
            name = f"{label} ({number})"
        seen[name] += 1
        found.append((concept, name))
    return found


class Lines:
    """Tells on which line of a text a name stands, for readers that do not tell; the names come in order."""

    def __init__(self, text: str, after: str = "") -> None:
        self._text = text
        self._start = self._place = max(text.find(after), 0) if after else 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def of(self, name: object) -> int:
        """The line, from 1, of the JSON text of a name; 1 where it is written in another way."""
        needle = json.dumps(name, ensure_ascii=False)
        found = self._text.find(needle, self._place)
        if found < 0:
            found = self._text.find(needle, self._start)
        if found < 0:
            return 1
        self._place = found + 1
        return bisect_left(self._breaks, found) + 1
