"""What this room tells the rooms above it when somebody leaves; they connect in their `apps.py`."""

from dataclasses import dataclass

from django.dispatch import Signal

from accounts.models import User

GOES, STAYS, BLOCKS = "goes", "stays", "blocks"


@dataclass(frozen=True, slots=True)
class Fate:
    """In a sentence what becomes of something when an account is erased: it goes, stays, or is in the way."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody leaves: whether the comments beside their answers stay, and who is given what they own (else:
    their own layers are deleted, and the rest is left to those who run the site).
    """

    keep_comments: bool = True
    heir: User | None = None


# Before an account is erased: sent with `user`; each receiver answers with a list of Fate, and changes nothing.
foreseeing_erasure = Signal()

# First in the transaction in which an account is erased, sent with `user`: receivers lock what is held by whoever is
# about to name the person, as an answer does. Who waits for the person's row then holds nothing that is wanted.
holding = Signal()

# In the transaction in which an account is erased, before its row goes: sent with `user` and `wishes`; each receiver
# takes every trace of the person out of the rows of its room, save keys that the database clears by itself.
erasing = Signal()
