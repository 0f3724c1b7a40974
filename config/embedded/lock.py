"""A lock on a folder that the kernel forgets for us when its holder dies, however it dies."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from config.embedded.refusal import Refusal


class Lock:
    """An exclusive `flock` on a file that also names its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether we hold it."""
        return self._file is not None

    def take(self, sentence: str, *, patience_s: float = 0.5) -> None:
        """Take it, or raise Refusal with `sentence` and the holder's process number.

        A reader who only looks holds it for an instant, hence the patience.
        """
        if self.held:
            return
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        deadline = time.monotonic() + patience_s
        while not _flock(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                holder = os.read(file, 32).decode(errors="replace").strip()
                os.close(file)
                raise Refusal(f"{sentence} (process {holder or 'unknown'}).")
            time.sleep(0.02)
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give it back; harmless when not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_held(path: Path) -> bool:
    """Whether some living process holds the lock at `path`."""
    with suppress(OSError):
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return not _flock(file, fcntl.LOCK_SH)
        finally:
            os.close(file)
    return False


def _flock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
