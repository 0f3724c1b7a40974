"""Writes of the taxonomy room: one verb each."""

from taxonomy.actions.imports import apply_vocabulary, start_vocabulary_import
from taxonomy.actions.tree import rebuild_tree

__all__ = ["apply_vocabulary", "rebuild_tree", "start_vocabulary_import"]
