"""What this room tells the rooms above it."""

from dataclasses import dataclass
from uuid import UUID

from django.dispatch import Signal

# Sent with `canvases`, a tuple of `RescaledCanvas`, inside the transaction in which the space of these canvases
# changes and before their annotations are scaled: who holds places on them locks, and scales, its own rows.
canvas_rescaled = Signal()


@dataclass(frozen=True, slots=True)
class RescaledCanvas:
    """A canvas whose space is multiplied by `sx` and `sy`; its shape stays the same within one per cent."""

    id: UUID
    uri: str
    sx: float
    sy: float


# One per cent is what rounding to whole pixels makes of small images; more is another picture.
SAME_SHAPE = 0.01


def same_shape(before: tuple[float, float], after: tuple[float, float]) -> bool:
    """Whether two sizes (width, height) have the same aspect ratio within one per cent."""
    return abs((after[0] * before[1]) / (after[1] * before[0]) - 1) <= SAME_SHAPE
