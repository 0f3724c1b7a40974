"""Races that come out the same every time: everybody has begun, and waits, before the one who was first goes on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep
from typing import Any

from django.db import connection, transaction

Work = Callable[[], Any]

# Behind this connection: who waits for a lock of it, and who waits for these. `pg_stat_activity` would not do, as within
# a transaction it stands still.
_WAITING = """
WITH RECURSIVE behind AS (
    SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
     UNION
    SELECT lock.pid FROM pg_locks lock JOIN behind ON behind.pid = ANY(pg_blocking_pids(lock.pid))
     WHERE NOT lock.granted)
SELECT count(*) FROM behind
"""


def at_once(first: Work, *works: Work, keep: bool = True) -> list[Any]:
    """What each of the works returned or raised, each on a connection of its own, while `first` was under way on this.

    `first` is done in a transaction that is held open. Then the works begin one after the other, each when the one
    before it waits for this connection, straight or behind another; so they come to the lock in their order. When all
    have begun, the transaction ends: what `first` wrote is kept, or taken back where `keep` is false. A work that does
    not come to wait fails the test: it has overtaken what it should have waited for.
    """
    begun: list[Future[Any]] = []
    with ThreadPoolExecutor(len(works)) as pool:
        with transaction.atomic():
            first()
            for work in works:
                begun.append(pool.submit(_alone, work))
                until(lambda: waiting() >= len(begun))
            if not keep:
                transaction.set_rollback(True)
        return [one.exception(timeout=60) or one.result() for one in begun]


def waiting() -> int:
    """How many connections wait for a lock of this one, straight or behind another."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        count: int = cursor.fetchone()[0]
    return count


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, twenty seconds at most."""
    for _attempt in range(2000):
        if holds():
            return
        sleep(0.01)
    raise AssertionError("it does not come to that")


def _alone(work: Work) -> Any:
    try:
        return work()
    finally:
        connection.close()
