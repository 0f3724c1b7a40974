"""What work costs: processor time of process trees, resident memory, statements sent to the database."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(root: int) -> float:
    """User and system seconds that the tree of processes below `root` has used since it began.

    Of each living process its own time and that of the children it has waited for: a child that ended
    between two readings is in its parent's second figure, so nothing is lost and nothing counted twice.
    """
    children: dict[int, list[int]] = defaultdict(list)
    used: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                # The name in brackets may hold spaces; what follows the last bracket does not.
                fields = (path / "stat").read_text().rpartition(")")[2].split()
                children[int(fields[1])].append(int(path.name))
                used[int(path.name)] = sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0)
        waiting += children[pid]
    return total / TICKS


def status_mb(field: str) -> float:
    """A field of our /proc/self/status: `VmRSS` now, `VmHWM` at most (getrusage inherits our parent's)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise LookupError(field)


def restart_peak_rss() -> None:
    """Begin the peak anew, where the kernel lets us."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


class Statements:
    """How many statements Django has sent; BEGIN and COMMIT are not among them, savepoints are."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def counting() -> Iterator[Statements]:
    """Count what happens inside, on this thread's connection."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        yield statements
