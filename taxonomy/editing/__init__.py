"""What each change of a thesaurus does to its concepts, as pure functions from values to values.

Every verb takes the concepts it needs to see and returns those it changed, by URI, as they are afterwards.
"""

from taxonomy.editing.adding import add
from taxonomy.editing.deprecating import deprecate, restore
from taxonomy.editing.describing import describe
from taxonomy.editing.merging import merge
from taxonomy.editing.moving import move
from taxonomy.editing.splitting import split
from taxonomy.editing.values import CannotChange, Changed

__all__ = [
    "CannotChange",
    "Changed",
    "add",
    "deprecate",
    "describe",
    "merge",
    "move",
    "restore",
    "split",
]
