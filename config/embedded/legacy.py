"""The supervisor's side of the warden: tells it which process groups it would have to end."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

WARDEN = Path(__file__).with_name("warden.py")


class Legacy:
    """Keeps a warden alive and informed."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._warden: subprocess.Popen[bytes] | None = None

    def add(self, group: int) -> None:
        """From now on, `group` must not outlive us."""
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def discard(self, group: int) -> None:
        """`group` has ended."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def keep(self) -> None:
        """Start the warden, again if it died, and tell it everything."""
        if self._warden is not None and self._warden.poll() is None:
            return
        self._close()
        self._warden = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(WARDEN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        for group in self._groups:
            self._tell(f"+{group}\n")

    def end(self) -> None:
        """All is ended in order; the warden has nothing left to do and goes."""
        for group in list(self._groups):
            self.discard(group)
        self._close()
        if self._warden is not None:
            with suppress(subprocess.TimeoutExpired):
                self._warden.wait(1)

    def _tell(self, line: str) -> None:
        if self._warden is not None and self._warden.stdin is not None:
            with suppress(OSError, ValueError):
                self._warden.stdin.write(line.encode())
                self._warden.stdin.flush()

    def _close(self) -> None:
        if self._warden is not None and self._warden.stdin is not None:
            with suppress(OSError):
                self._warden.stdin.close()
