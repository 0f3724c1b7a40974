"""Django's PostgreSQL, kept within the number of values of a statement, with a pool that asks nothing of the server."""

import select
from collections.abc import Sized
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import Connection

MOST_VALUES = 65_535  # the protocol counts them in 16 bits


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sized, objs: Sized) -> int:
        """How many rows go into one statement."""
        return max(1, min(len(objs), MOST_VALUES // max(1, len(fields))))


def still_there(connection: "Connection[Any]") -> None:
    """Raise `OperationalError` if the server has closed a connection that rested in the pool.

    A closed one has something to read: its end. To look costs no way to the server and back, unlike the statement
    by which a pool asks otherwise; what breaks without a sign is found by the next statement in both cases.
    """
    while _has_news(connection.fileno()):
        connection.pgconn.consume_input()


def _has_news(file: int) -> bool:
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(0))


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class: Any = DatabaseOperations

    @property
    def pool(self) -> Any:
        pool = super().pool
        if pool is not None and pool._check is not None:
            pool._check = still_there
        return pool
