"""Which function does which kind of work: each room registers its own in its `jobs.py`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from work.runner import Runner

Work = Callable[["Runner"], None]
_KINDS: dict[str, Work] = {}


def does(kind: str) -> Callable[[Work], Work]:
    """Register a function as the one that does this kind of work.

    The function takes a `Runner`; it must be harmless to run again from the start or the middle.
    """

    def register(work: Work) -> Work:
        _KINDS[kind] = work
        return work

    return register


def find(kind: str) -> Work:
    """The function for a kind; `KeyError` when no room registered it."""
    return _KINDS[kind]
