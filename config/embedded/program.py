"""One of our own Python processes under the supervisor: web, worker, beat, or a command that ends."""

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypedDict, Unpack

from config.embedded.account import Account
from config.embedded.processes import end_group, spawn


class Traits(TypedDict, total=False):
    """What makes one program different from the next."""

    ready: Callable[[], bool]  # whether it does its work; without it, running is enough
    last_wish: signal.Signals  # what follows an unheeded SIGTERM
    chatter: str  # a pattern of lines that every ordinary start and end produce


class Program:
    """A command that is started, watched and ended with everything it started itself."""

    def __init__(
        self,
        title: str,
        command: Sequence[str | Path],
        *,
        mark: str,
        environment: Mapping[str, str],
        cwd: Path,
        account: Account | None = None,
        **traits: Unpack[Traits],
    ) -> None:
        self.title = title
        self.command = command
        self.mark = mark
        self.environment = environment
        self.cwd = cwd
        self.account = account
        self.last_wish = traits.get("last_wish", signal.SIGKILL)
        self.chatter = traits.get("chatter", "")
        self.output: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.exit_code: int | None = None
        self._ready = traits.get("ready", lambda: True)

    def launch(self) -> None:
        """Start it, after ending what its predecessor may have left in its group."""
        self.sweep()
        self.process = spawn(
            self.command,
            mark=self.mark,
            account=self.account,
            output=self.output,
            environment=self.environment,
            cwd=self.cwd,
        )

    def ready(self) -> bool:
        """Whether it does its work."""
        return self._ready()

    def alive(self) -> bool:
        """Whether it runs; notes its exit code when not."""
        if self.process is None:
            return False
        self.exit_code = self.process.poll()
        return self.exit_code is None

    def ask(self, number: signal.Signals) -> None:
        """Signal the process itself."""
        if self.process is not None and self.alive():
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def sweep(self) -> None:
        """End without mercy whatever is left of its group."""
        if self.process is not None:
            end_group(self.process, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
            self.process = None
