"""What this room tells the rooms above it, which hang things on concepts; they connect in their `apps.py`."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Touched:
    """One kind of thing that a change touches: how many, and what becomes of them, in a sentence."""

    kind: str
    count: int
    sentence: str


# Before a merge, split, move or deprecation: sent with `vocabulary`, `operation` and `concepts` (their ids);
# each receiver answers with a list of Touched, and changes nothing.
foreseeing = Signal()

# In the transaction of a merge: sent with `vocabulary`, `sources` (ids), `target` (an id), `by` (a user).
merged = Signal()

# In the transaction in which a merge is taken back: sent with the same.
unmerged = Signal()

# In the transaction of a split: sent with `vocabulary`, `concept` (an id), `parts` (ids), `by`; and, when a split that
# was taken back is brought back, with its `change` (else None).
was_split = Signal()

# In the transaction in which a split is taken back: sent with the same; each receiver may answer with a list of
# Touched that says what it did.
unsplit = Signal()
