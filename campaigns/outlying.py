"""Why an item stands where it stands, in sentences."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.crops import Light, Placed
from campaigns.quality.outliers import Kind, Oddity

FIGURED: dict[Kind, Callable[[], str]] = {
    "large": lambda: _("Unusually large: %(factor)s× the median area."),
    "small": lambda: _("Unusually small: %(factor)s× the median area."),
    "wide": lambda: _("Unusually wide: %(factor)s× the median proportion."),
    "narrow": lambda: _("Unusually narrow: %(factor)s× the median proportion."),
}
PLACED: dict[Kind, Callable[[], str]] = {
    "right": lambda: _("Unusually far to the right."),
    "left": lambda: _("Unusually far to the left."),
    "low": lambda: _("Unusually low on its page."),
    "high": lambda: _("Unusually high on its page."),
}


def reasons_of(placed: Placed) -> list[dict[str, Any]]:
    """What makes it stand out, the strongest first, each with a code; an empty list where nothing does."""
    odd = [{"code": one.kind, "text": _measure(one)} for one in placed.standing.oddities]
    doubts = _doubts(placed.row)
    # Half the people against it weighs more than a measure that is just unusual, as in the score.
    return [*doubts, *odd] if placed.row.probability <= 0.5 else [*odd, *doubts]


def _measure(one: Oddity) -> str:
    if one.factor is None:
        return PLACED[one.kind]()
    digits = 1 if one.factor >= 1 else 2
    return FIGURED[one.kind]() % {"factor": number_format(one.factor, digits)}


def _doubts(row: Light) -> list[dict[str, Any]]:
    found = []
    if row.seen and row.said < row.seen:
        sentence = _("%(count)d of %(seen)d said so.") % {"count": row.said, "seen": row.seen}
        found.append({"code": "votes", "text": sentence})
    if row.model and row.probability < 0.9:
        share = number_format(100 * row.probability, 0)
        found.append(
            {
                "code": "probability",
                "text": _("The votes, weighed, make it %(share)s %% sure.") % {"share": share},
            }
        )
    if not found and row.disagreement > 0:
        found.append({"code": "boxes", "text": _("All say the same, their boxes differ.")})
    return found
