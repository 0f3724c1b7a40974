"""Writes of the taxonomy room: one verb each."""

from taxonomy.actions.creating import create_vocabulary
from taxonomy.actions.imports import apply_vocabulary, start_vocabulary_import
from taxonomy.actions.tree import rebuild_tree
from taxonomy.actions.versions import freeze_vocabulary

__all__ = [
    "apply_vocabulary",
    "create_vocabulary",
    "freeze_vocabulary",
    "rebuild_tree",
    "start_vocabulary_import",
]
