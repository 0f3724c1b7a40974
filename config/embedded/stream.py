"""One log stream of many processes: each line behind the coloured name of who said it."""

import os
import re
import selectors
import sys
from collections.abc import Mapping
from typing import TextIO

COLOURS = (36, 35, 33, 32, 34, 96, 95, 93)
LONGEST_LINE = 64 * 1024


class Stream:
    """Reads one pipe per process and writes whole lines to `target`."""

    def __init__(self, target: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> None:
        self._target = target or sys.stdout
        self._coloured = wants_colour(self._target, environment)
        self._selector = selectors.DefaultSelector()
        self._ends: dict[str, tuple[int, int]] = {}
        self._rests: dict[str, bytes] = {}
        self._chatter: dict[str, re.Pattern[str]] = {}
        self._width = len("rubricator")
        self.closed = False

    def pipe(self, name: str, *, chatter: str = "") -> int:
        """The write end for process `name`, kept over restarts; lines like `chatter` are left out."""
        if chatter:
            self._chatter[name] = re.compile(chatter)
        if name not in self._ends:
            reader, writer = os.pipe()
            os.set_blocking(reader, False)
            self._selector.register(reader, selectors.EVENT_READ, name)
            self._ends[name] = (reader, writer)
            self._rests[name] = b""
            self._width = max(self._width, len(name))
        return self._ends[name][1]

    def watch(self, descriptor: int) -> None:
        """Also wake up when `descriptor` can be read; what it holds is thrown away."""
        os.set_blocking(descriptor, False)
        self._selector.register(descriptor, selectors.EVENT_READ, None)

    def unwatch(self, descriptor: int) -> None:
        """No longer."""
        self._selector.unregister(descriptor)

    def pump(self, timeout_s: float) -> None:
        """Write what the processes have said, waiting for it up to `timeout_s`."""
        for key, _ in self._selector.select(timeout_s):
            said = _read(key.fd)
            if key.data is not None:
                self._feed(key.data, said)

    def say(self, sentence: str, *, name: str = "rubricator") -> None:
        """Write a sentence of our own."""
        for line in sentence.splitlines():
            self._write(name, line)

    def close(self) -> None:
        """Write what is left and give the pipes back."""
        self.pump(0)
        for name, (reader, writer) in self._ends.items():
            if self._rests[name]:
                self._write(name, self._rests[name].decode(errors="replace"))
            os.close(writer)
            os.close(reader)
        self._selector.close()
        self._ends.clear()

    def _feed(self, name: str, said: bytes) -> None:
        *lines, rest = (self._rests[name] + said).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        self._rests[name] = rest
        for line in (line.decode(errors="replace").rstrip("\r") for line in lines):
            if not (name in self._chatter and self._chatter[name].match(line)):
                self._write(name, line)

    def _write(self, name: str, line: str) -> None:
        if self.closed:
            return
        prefix = f"{name:<{self._width}} │"
        if self._coloured:
            prefix = f"\x1b[{self._colour(name)}m{prefix}\x1b[0m"
        try:
            encoding = self._target.encoding or "utf-8"
            self._target.write(f"{prefix} {line}\n".encode(encoding, "replace").decode(encoding))
            self._target.flush()
        except (OSError, ValueError):
            self.closed = True  # the reader went away (`| head`): the supervisor ends too

    def _colour(self, name: str) -> int:
        names = list(self._ends)
        return COLOURS[names.index(name) % len(COLOURS)] if name in self._ends else 31


def wants_colour(target: TextIO, environment: Mapping[str, str]) -> bool:
    """Colour on a terminal unless NO_COLOR is set; elsewhere only with FORCE_COLOR."""
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or (target.isatty() and environment.get("TERM") != "dumb")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, LONGEST_LINE)
    except BlockingIOError:
        return b""
