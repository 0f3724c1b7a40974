"""What PostgreSQL and Valkey have in common: one folder, one lock, one process, one socket."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from config.embedded.account import Account, account_for, closed_way, hand_over
from config.embedded.lock import Lock
from config.embedded.processes import end, end_group, mark_of, marked, spawn
from config.embedded.refusal import Refusal

# sun_path holds 108 bytes on Linux and 104 on macOS; PostgreSQL needs 15 of them for its file name.
LONGEST_SOCKET_FOLDER = 85


def surroundings() -> dict[str, str]:
    """The environment of a server: nothing in ours may redirect it (PGDATA, PGPORT, PGOPTIONS…)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


def _holds_a_socket(folder: Path) -> bool:
    """Whether clients can name a socket in `folder`: not too long, and libpq takes a comma for a list."""
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and "," not in str(folder)


class Server(ABC):
    """One embedded server over `directory`, which is created, kept at 0700 and locked while it runs.

    `durable=False` gives up crash safety for speed: only for data that are thrown away.
    `output` is a file descriptor for what the server says; without it, `directory/server.log`.
    """

    title: ClassVar[str]
    programs: ClassVar[tuple[str, ...]]
    parts: ClassVar[tuple[str, ...]]  # what it needs to run, below `installed_in()`
    quick_stop: ClassVar[signal.Signals]
    hard_stop: ClassVar[signal.Signals]
    start_timeout_s: ClassVar[float] = 60.0
    chatter: ClassVar[str] = ""  # a pattern of lines that every ordinary start and end produce

    def __init__(self, directory: Path, *, durable: bool = True, output: int | None = None) -> None:
        self.directory = directory.absolute()
        self.durable = durable
        self.output = output
        self.process: subprocess.Popen[bytes] | None = None
        self.exit_code: int | None = None  # of the last process that ended
        self._lock = Lock(self.directory / "lock")

    # --- what each server says of itself ---

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it."""

    @abstractmethod
    def program(self) -> Path:
        """The executable."""

    @abstractmethod
    def installed_in(self) -> Path:
        """The folder in which pip put it."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the data folder ready; nothing else runs on it now."""

    @abstractmethod
    def arguments(self) -> list[str]:
        """The command line after the program."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it answers; cheap, and false while it loads or recovers."""

    # --- life ---

    def start(self) -> str:
        """Start and wait until it answers; its URL. Raises Refusal with the reason otherwise."""
        self.launch()
        deadline = time.monotonic() + self.start_timeout_s
        while not self.ready():
            if not self.alive() or time.monotonic() > deadline:
                self.stop()
                raise Refusal(f"{self.title} did not start on {self.directory}.{self._last_words()}")
            time.sleep(0.01)
        return self.url

    def launch(self) -> None:
        """Start without waiting: take the lock, end what an earlier run left, and go."""
        if self.alive():
            return
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = self.account
        hand_over(self.directory, account)
        self._lock.take(f"{self.title} is already running on {self.directory}")
        try:
            self.directory.chmod(0o700)
            program = self._reachable(self.program(), account)
            self.end_leftovers()
            self._make(self.socket_folder)
            self.prepare()
            self.process = self._spawn([program, *self.arguments()])
        except BaseException:
            self._drop_short_folder()
            self._lock.release()
            raise

    def alive(self) -> bool:
        """Whether the process that we started still runs."""
        if self.process is None:
            return False
        self.exit_code = self.process.poll()
        return self.exit_code is None

    def stop(self, *, patience_s: float = 5.0) -> None:
        """End it in order; after `patience_s` without mercy. Harmless when it does not run."""
        if self.process is not None:
            self.alive()  # notes how it ended, if it did
            for number, wait_s in (
                (self.quick_stop, patience_s),
                (self.hard_stop, 1.0),
                (signal.SIGKILL, 1.0),
            ):
                if self.process.poll() is None:
                    with suppress(ProcessLookupError):
                        self.process.send_signal(number)
                    with suppress(subprocess.TimeoutExpired):
                        self.process.wait(wait_s)
            end_group(self.process, signal.SIGKILL)
            self.process = None
        if self._lock.held:
            self.end_leftovers()
            self._lock.release()
        self._drop_short_folder()

    def end_leftovers(self) -> None:
        """End the processes of a killed predecessor on this folder; the lock says that none is legitimate."""
        left = end(
            marked(self.mark, programs=self.programs),
            (self.quick_stop, 2.0),
            (self.hard_stop, 1.0),
            (signal.SIGKILL, 2.0),
        )
        if left:
            raise Refusal(f"{self.title} of an earlier run (process {left[0]}) does not end: stop it first.")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- places and people ---

    @property
    def account(self) -> Account | None:
        """The user it runs as, when that is not us."""
        return account_for(self.directory)

    @property
    def mark(self) -> str:
        """What the titles of its processes contain."""
        return mark_of(self.directory)

    @property
    def socket_folder(self) -> Path:
        """A 0700 folder for the socket: in the data folder, or a short one when that will not do."""
        folder = self.directory / "run"
        candidates = (folder, Path(tempfile.gettempdir()) / self.mark, Path("/tmp") / self.mark)  # noqa: S108
        return next(filter(_holds_a_socket, candidates), folder)

    def _make(self, folder: Path) -> None:
        """Create `folder` for us alone; refuse one that somebody else put there first."""
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        facts = folder.lstat()
        account = self.account
        ours = {os.geteuid(), account.uid if account else os.geteuid()}
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in ours:
            raise Refusal(
                f"{folder} belongs to somebody else: remove it, or set RUBRICATOR_DATA to a shorter path."
            )
        folder.chmod(0o700)
        if account:
            os.chown(folder, account.uid, account.gid)

    def _drop_short_folder(self) -> None:
        if self.socket_folder.parent != self.directory:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def _reachable(self, program: Path, account: Account | None) -> Path:
        """`program`, or a copy in the data folder when it lies where `account` may not go (as in /root)."""
        if account is None or closed_way(program, account) is None:
            return program
        site, copied = self.installed_in(), self.directory / f"program-{program.stat().st_mtime_ns}"
        if not copied.exists():
            for stale in self.directory.glob("program-*"):
                shutil.rmtree(stale, ignore_errors=True)
            fresh = self.directory / "program-new"
            for part in filter(lambda part: (site / part).exists(), self.parts):
                shutil.copytree(site / part, fresh / part, symlinks=True)
            fresh.chmod(0o755)
            fresh.rename(copied)
        return copied / program.relative_to(site)

    def _spawn(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        if self.output is not None:
            return self._spawn_into(command, self.output)
        with (self.directory / "server.log").open("wb") as log:
            return self._spawn_into(command, log.fileno())

    def _spawn_into(self, command: list[str | Path], output: int) -> subprocess.Popen[bytes]:
        return spawn(
            command,
            mark=self.mark,
            account=self.account,
            output=output,
            environment=surroundings(),
            death_signal=self.quick_stop,
            cwd=self.directory,
        )

    def _last_words(self) -> str:
        if self.output is not None:
            return ""
        lines = (self.directory / "server.log").read_text(errors="replace").splitlines()[-5:]
        return " It said: " + " / ".join(lines) if lines else ""
