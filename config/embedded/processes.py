"""Starts processes that end with us, and finds those that an earlier, killed supervisor left behind."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from config.embedded.account import Account

LAUNCH = Path(__file__).with_name("launch.py")
# The environment variable that says which data folder a process serves.
MARK = "RUBRICATOR_SERVES"


def mark_of(directory: Path) -> str:
    """A short name that only the processes of this data folder carry."""
    return "rubricator-" + hashlib.sha256(os.fsencode(directory.resolve())).hexdigest()[:12]


def spawn(
    command: Sequence[str | Path],
    *,
    mark: str,
    account: Account | None = None,
    output: int | None = None,
    source: int | None = None,
    environment: Mapping[str, str] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, as `account`, told to end when this process does.

    `output` and `source` are file descriptors; `environment` is the whole of it.
    """
    # The kernel signals when the *thread* that started the process ends, so other threads do without.
    main = threading.current_thread() is threading.main_thread()
    who = (account.uid, account.gid) if account else (-1, -1)
    start = [
        sys.executable,
        "-I",
        "-S",
        str(LAUNCH),
        *map(str, (*who, int(death_signal) if main else 0, os.getpid())),
    ]
    return subprocess.Popen(  # noqa: S603
        [*start, *map(str, command)],
        stdin=source if source is not None else subprocess.DEVNULL,
        stdout=output if output is not None else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if output is not None else subprocess.DEVNULL,
        env={**(os.environ if environment is None else environment), MARK: mark},
        cwd=cwd,
        start_new_session=True,
    )


def marked(mark: str, *, programs: Iterable[str] = ()) -> list[int]:
    """Living processes that carry `mark`, ourselves and our ancestors excepted.

    A process counts when its environment names the mark, or when its title starts with one of
    `programs` and contains it (servers overwrite their environment with their title).
    """
    programs = tuple(programs)
    if not Path("/proc/self/cmdline").exists():
        return _marked_by_ps(mark, programs)
    spared = _ancestors()
    pids = {int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    return sorted(pid for pid in pids - spared if _carries(pid, mark, programs))


def command_line(pid: int) -> str:
    """What process `pid` was called with, or its title; empty for a zombie or when there is none."""
    with suppress(OSError):
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ").strip()
    with suppress(OSError):
        return _ps("-o", "command=", "-p", str(pid)).strip()
    return ""


def _ps(*arguments: str) -> str:
    """The listing of `ps`, for systems without /proc."""
    done = subprocess.run(["/bin/ps", "-ww", *arguments], capture_output=True, check=False)  # noqa: S603
    return os.fsdecode(done.stdout)


def _carries(pid: int, mark: str, programs: tuple[str, ...]) -> bool:
    title = command_line(pid)
    if not title or _titled(title, mark, programs):
        return bool(title)
    with suppress(OSError):  # ended meanwhile, or not ours to look at
        return f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False


def _titled(title: str, mark: str, programs: tuple[str, ...]) -> bool:
    if mark not in title:
        return False
    # The path of a program may contain spaces, so it is sought in the part before the mark.
    before = title.split(mark, 1)[0]
    return any(before.startswith(program) or f"/{program} " in before for program in programs)


def _marked_by_ps(mark: str, programs: tuple[str, ...]) -> list[int]:
    rows = (line.strip().partition(" ") for line in _ps("-ax", "-o", "pid=,command=").splitlines())
    return [
        int(pid)
        for pid, _, title in rows
        if int(pid) != os.getpid() and _titled(title.strip(), mark, programs)
    ]


def _ancestors() -> set[int]:
    family = {os.getpid()}
    pid = os.getpid()
    with suppress(OSError, ValueError, IndexError):
        while pid > 1:
            # The name in field 2 may hold spaces and brackets: count from the last bracket.
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            family.add(pid)
    return family


def end(pids: Iterable[int], *signals: tuple[signal.Signals, float]) -> list[int]:
    """Send each signal in turn, waiting up to its seconds for all to end; the ones still alive."""
    living = list(pids)
    for number, patience_s in signals:
        for pid in living:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience_s
        while living and time.monotonic() < deadline:
            living = [pid for pid in living if is_running(pid)]
            time.sleep(0.01)
    return living


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return not Path("/proc/self").exists()


def end_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the whole group of a process that `spawn` started, dead leader or not."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
