"""ORCID iDs: read in whatever form people have them, believed only when their check digit is right."""

import re

ADDRESS = "https://orcid.org/"
_FORM = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])/?", re.ASCII)


def read_orcid(text: str) -> str:
    """The iD as `0000-0002-1825-0097`, from an address or with or without hyphens; "" for nothing.

    Raises `ValueError` for what is none. The last sign is a check digit by ISO 7064, MOD 11-2.
    """
    text = "".join(text.split())
    if not text:
        return ""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("An ORCID iD has sixteen digits.")
    digits = "".join(match.groups()).upper()
    if check_digit(digits[:-1]) != digits[-1]:
        raise ValueError("The last digit does not fit the others.")
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def check_digit(digits: str) -> str:
    """The last sign of an iD, from the fifteen digits before it (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)
