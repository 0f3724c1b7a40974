"""Tells other terminals where the running services are: `manage.py shell` beside `manage.py up`."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from config.embedded.lock import is_held

LOCK = "supervisor.lock"
FILE = "running.json"


@dataclass(frozen=True, slots=True)
class Urls:
    """Where a running supervisor serves: values for DATABASE_URL and REDIS_URL, and the site's address."""

    database: str
    redis: str
    web: str


def announce(directory: Path, urls: Urls) -> None:
    """Write `urls` for `running` to read; whole or not at all, and readable by its owner only."""
    fresh = directory / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(urls), file)
    fresh.replace(directory / FILE)


def withdraw(directory: Path) -> None:
    """Forget what was announced."""
    (directory / FILE).unlink(missing_ok=True)


def running(directory: Path) -> Urls | None:
    """The URLs of the supervisor that runs on `directory`; None when none does or we may not see it.

    Whether it lives is asked of its lock, which the kernel keeps, not of a process number, which may be
    reused.
    """
    if not is_held(directory / LOCK):
        return None
    with suppress(OSError, ValueError, TypeError):
        return Urls(**json.loads((directory / FILE).read_text()))
    return None
