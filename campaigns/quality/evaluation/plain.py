"""Figures as JSON holds them: numbers of numpy become Python's, what cannot be told becomes null."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np

from campaigns.quality.bootstrap import Interval


def plain(value: Any) -> Any:
    """The value with mappings, lists and numbers made plain; NaN and infinity become None."""
    if isinstance(value, Interval):
        return {"low": value.low, "high": value.high}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
