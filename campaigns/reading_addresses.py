"""Reads the e-mail addresses that somebody pasted or uploaded: the good ones, and the bad lines by number."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from problems.problem import Fault

MOST_LINES = 2000
# What a table may call its column of addresses, as the first line.
HEADINGS = {"email", "e-mail", "mail", "address", "adresse", "courriel"}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Each address once, in its order, and what was wrong with which line (counted from 1)."""

    good: tuple[str, ...]
    faults: tuple[Fault, ...]


def read_addresses(text: str) -> Addresses:
    """One address a line; of a table (commas, semicolons or tabs) the first cell that looks like one.

    Empty lines and a heading are passed over; an address that comes again is said, and taken once.
    """
    good: dict[str, str] = {}
    faults: list[Fault] = []
    for number, cells in _lines(text):
        if number > MOST_LINES:
            faults.append(
                _fault(number, _("At most %(most)d lines are read at once.") % {"most": MOST_LINES})
            )
            break
        found = next((cell for cell in cells if "@" in cell), None)
        if found is None:
            if not (number == 1 and HEADINGS & {cell.lower() for cell in cells}):
                faults.append(_fault(number, _("There is no e-mail address in “%s”.") % " ".join(cells)[:60]))
        elif not _is_address(found):
            faults.append(_fault(number, _("“%s” is not an e-mail address.") % found[:80]))
        elif found.lower() in good:
            faults.append(_fault(number, _("“%s” stands on an earlier line already.") % found[:80]))
        else:
            good[found.lower()] = found
    return Addresses(tuple(good.values()), tuple(faults))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The filled cells of each line that has any, with the line's number."""
    clean = text.removeprefix("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(clean.split("\n"), start=1):
        separator = next((sign for sign in ";\t" if sign in line), ",")
        cells = next(csv.reader(io.StringIO(line), delimiter=separator), [])
        filled = [cell.strip() for cell in cells if cell.strip()]
        if filled:
            yield number, filled


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _fault(number: int, sentence: str) -> Fault:
    return Fault(f"/emails/{number}", _("Line %(number)d: ") % {"number": number} + sentence, "bad-line")
