"""From where on a thing counts as found, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def far(reach: float) -> str:
    """A share of the diagonal as a per cent, with a decimal where it takes one: 0.5 %, 2 %."""
    value = 100 * reach
    digits = 0 if abs(value - round(value)) < 1e-6 else 2 if value < 0.1 else 1
    return f"{number_format(round(value, digits), digits)}\u202f%"


def near(parameters: Mapping[str, Any]) -> str:
    """From where on a thing counts as found, in words: “IoU 0.50 of outlines”."""
    if reach := parameters.get("reach"):
        return _("within %s of the diagonal") % far(reach)
    value = number_format(round(parameters["iou"], 2), 2)
    return _("IoU %s of outlines") % value if parameters.get("shape") == "polygon" else f"IoU {value}"
