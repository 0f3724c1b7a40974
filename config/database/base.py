"""Django's PostgreSQL, kept within the number of values that one statement can carry to the server."""

from collections.abc import Sized
from typing import Any

from django.db.backends.postgresql import base, operations

MOST_VALUES = 65_535  # the protocol counts them in 16 bits


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sized, objs: Sized) -> int:
        """How many rows go into one statement."""
        return max(1, min(len(objs), MOST_VALUES // max(1, len(fields))))


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class: Any = DatabaseOperations
