"""Keeps a handful of processes running together, in one terminal, and ends them together."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from types import FrameType

from config.embedded.legacy import Legacy
from config.embedded.program import Program
from config.embedded.refusal import Refusal
from config.embedded.server import Server
from config.embedded.stream import Stream

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0
# A process that ran this long is not failing over and over.
PROVEN_S = 20.0
# A server that fails this often before it ever answered will not do better.
FUTILE = 5
# Everything has ended by then; PostgreSQL gets what the programs leave of it.
SHUTDOWN_S = 2.7
TICK_S = 0.05
IDLE_S = 1.0


class State(Enum):
    """Where a unit stands."""

    WAITING = "waiting"
    STARTING = "starting"
    UP = "up"
    DONE = "done"


@dataclass(slots=True)
class Unit:
    """One process and its place in the order of things."""

    name: str
    part: Server | Program
    needs: tuple[str, ...] = ()
    once: bool = False  # a command that ends, not a service
    vital: bool = True  # when it fails as a command, everything ends
    when_up: Callable[[], None] = lambda: None
    state: State = State.WAITING
    failures: int = 0
    not_before: float = 0.0
    since: float = field(default=0.0)
    proven: bool = False


class Supervisor:
    """Starts units as what they need comes up, restarts what dies, and stops on a signal."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.units: dict[str, Unit] = {}
        self.exit_code = 0
        self._legacy = Legacy()
        self._stopping = 0

    def add(self, unit: Unit) -> None:
        """Take `unit` in, after those it needs."""
        unit.part.output = self.stream.pipe(unit.name, chatter=unit.part.chatter)
        self.units[unit.name] = unit

    def run(self) -> int:
        """Run until a signal or a failed command; the exit code."""
        with self._listening():
            try:
                while not self._stopping and not self.stream.closed:
                    self._legacy.keep()
                    for unit in self.units.values():
                        self._step(unit)
                    self.stream.pump(self._patience_s())
            except Refusal as refusal:
                self._give_up(str(refusal))
            finally:
                self._shut_down()
        return self.exit_code

    # --- one turn ---

    def _step(self, unit: Unit) -> None:
        if unit.state is State.WAITING:
            if time.monotonic() >= unit.not_before and all(self._is_up(name) for name in unit.needs):
                self._launch(unit)
        elif unit.state is not State.DONE and not unit.part.alive():
            self._mourn(unit)
        elif unit.state is State.STARTING and not unit.once and unit.part.ready():
            unit.state, unit.proven = State.UP, True
            unit.when_up()

    def _is_up(self, name: str) -> bool:
        return self.units[name].state is (State.DONE if self.units[name].once else State.UP)

    def _launch(self, unit: Unit) -> None:
        unit.since = time.monotonic()
        try:
            unit.part.launch()
        except Refusal as refusal:
            if not unit.proven:
                raise
            self._retry(unit, str(refusal))
            return
        unit.state = State.STARTING
        if unit.part.process is not None:
            self._legacy.add(unit.part.process.pid)

    def _mourn(self, unit: Unit) -> None:
        code = unit.part.exit_code
        self.stream.pump(0)  # its last words come before ours
        self._bury(unit)
        if not unit.once:
            self._retry(unit, f"{unit.part.title} ended ({describe(code)}).")
        elif code == 0:
            unit.state = State.DONE
            unit.when_up()
        elif unit.vital:
            self._give_up(f"{unit.part.title} failed ({describe(code)}).")
        else:
            unit.state = State.DONE
            self.stream.say(f"{unit.part.title} failed ({describe(code)}); the rest keeps running.")

    def _bury(self, unit: Unit) -> None:
        process = unit.part.process
        if isinstance(unit.part, Program):
            unit.part.sweep()
        if process is not None:
            self._legacy.discard(process.pid)

    def _retry(self, unit: Unit, sentence: str) -> None:
        if time.monotonic() - unit.since > PROVEN_S:
            unit.failures = 0
        unit.failures += 1
        if isinstance(unit.part, Server) and not unit.proven and unit.failures >= FUTILE:
            self._give_up(f"{unit.part.title} does not start: its own words stand above.")
            return
        pause_s = min(FIRST_PAUSE_S * 3 ** (unit.failures - 1), LONGEST_PAUSE_S)
        unit.state, unit.not_before = State.WAITING, time.monotonic() + pause_s
        self.stream.say(f"{sentence} Starting it again in {pause_s:.1f} s.")

    def _give_up(self, sentence: str) -> None:
        self.stream.say(sentence)
        self.exit_code = 1
        self._stopping = max(self._stopping, 1)

    def _patience_s(self) -> float:
        restless = any(unit.state in {State.WAITING, State.STARTING} for unit in self.units.values())
        return TICK_S if restless else IDLE_S

    # --- the end ---

    def _shut_down(self) -> None:
        self.stream.say("Stopping.")
        deadline = time.monotonic() + SHUTDOWN_S
        programs = [unit.part for unit in self.units.values() if isinstance(unit.part, Program)]
        self._ask(dict.fromkeys(programs, signal.SIGTERM), 0.9)
        self._ask({program: program.last_wish for program in programs}, 0.4)
        for unit in reversed(self.units.values()):
            process = unit.part.process
            if isinstance(unit.part, Server):
                unit.part.stop(patience_s=max(deadline - time.monotonic(), 0.3))
                self.stream.pump(0)
            else:
                unit.part.sweep()
            if process is not None:
                self._legacy.discard(process.pid)
        self._legacy.end()

    def _ask(self, programs: dict[Program, signal.Signals], patience_s: float) -> None:
        for program, number in programs.items():
            program.ask(number)
        deadline = time.monotonic() + patience_s
        # A second Ctrl-C: no more patience.
        while any(program.alive() for program in programs) and self._stopping < 2:
            if (rest_s := deadline - time.monotonic()) <= 0:
                break
            self.stream.pump(min(rest_s, TICK_S))

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Take the signals that mean "stop", and be woken by them and by the end of a child."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        self.stream.watch(reader)
        stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._stop) for number in stops}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _notice)
        woken = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                with suppress(TypeError):  # one that C installed cannot be put back
                    signal.signal(number, handler)
            self.stream.unwatch(reader)
            os.close(reader)
            os.close(writer)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping += 1


def _notice(number: int, frame: FrameType | None) -> None:
    """Nothing to do: to be interrupted is the point."""


def describe(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"by signal {signal.Signals(-code).name}"
    return f"exit code {code}"
