"""Writes of the taxonomy room: one verb each."""

from taxonomy.actions.applying import apply_vocabulary
from taxonomy.actions.creating import create_vocabulary
from taxonomy.actions.imports import (
    apply_import,
    bring_up_to_date,
    discard_import,
    last_fetched,
    start_remote_import,
    start_vocabulary_import,
)
from taxonomy.actions.tree import rebuild_tree
from taxonomy.actions.versions import freeze_vocabulary

__all__ = [
    "apply_import",
    "apply_vocabulary",
    "bring_up_to_date",
    "create_vocabulary",
    "discard_import",
    "freeze_vocabulary",
    "last_fetched",
    "rebuild_tree",
    "start_remote_import",
    "start_vocabulary_import",
]
