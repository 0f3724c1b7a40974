"""The whole house on one machine: which processes there are, what each needs, and how they are called."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from config.embedded.account import Account, account_for, closed_way, hand_over
from config.embedded.announcement import LOCK, Urls, announce, running, withdraw
from config.embedded.lock import Lock
from config.embedded.port import Probe, Reservation, reserve
from config.embedded.postgres import Postgres
from config.embedded.processes import end, mark_of, marked
from config.embedded.program import Program, Traits
from config.embedded.server import Server
from config.embedded.stream import Stream
from config.embedded.supervisor import Supervisor, Unit
from config.embedded.valkey import Valkey

QUEUES = "default,fetch,predict,compute"
CONCURRENCY = 2
# More threads than places at work and in line (config.settings): those left over tell the others to come back.
WEB_WORKERS, WEB_THREADS = 2, 12
CELERY = ("celery", "-A", "config.celery:app", "--quiet")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who types `manage.py up` may choose."""

    port: int = 8000
    host: str = "127.0.0.1"
    worker: bool = True
    after: Sequence[str] = ()


class House:
    """Builds the units for the data folder `data` and the checkout `root`, and runs them."""

    def __init__(self, root: Path, data: Path, wishes: Wishes, stream: Stream) -> None:
        self.root, self.data, self.wishes, self.stream = root, data.absolute(), wishes, stream
        self.mark = mark_of(data)
        self.supervisor = Supervisor(stream)
        self._lock = Lock(self.data / LOCK)
        self._account: Account | None = None  # of our Python processes
        self._environment: dict[str, str] = {}

    def run(self) -> int:
        """Start everything and stay until told to stop; the exit code. Raises Refusal with a sentence."""
        self.data.mkdir(parents=True, exist_ok=True)
        account = account_for(self.data)
        hand_over(self.data, account)
        self._take_lock()
        try:
            end(marked(self.mark), (signal.SIGTERM, 0.5), (signal.SIGKILL, 2.0))
            self._account = self._python_account(account)
            reservation = self._reserve()
            self._build(reservation)
            code = self.supervisor.run()
            reservation.release()
            return code
        finally:
            withdraw(self.data)
            self._lock.release()

    def _take_lock(self) -> None:
        other = running(self.data)
        where = f" at {other.web}" if other else ""
        self._lock.take(
            f"Rubricator already runs on {self.data}{where}: stop it there with Ctrl-C, "
            "or set RUBRICATOR_DATA to another folder"
        )

    def _reserve(self) -> Reservation:
        reservation = reserve(self.wishes.host, self.wishes.port, account=self._account)
        if reservation.port != self.wishes.port:
            self.stream.say(f"Port {self.wishes.port} is taken; taking {reservation.port}.")
        return reservation

    def _python_account(self, account: Account | None) -> Account | None:
        """The user for web and worker: root's choice too, unless our code lies where that user cannot go."""
        needed = (Path(sys.executable), Path(sys.prefix), Path(sys.base_prefix), self.root / "manage.py")
        closed = account and next(filter(None, (closed_way(path, account) for path in needed)), None)
        if account and closed:
            self.stream.say(
                f"Web and worker run as root, because user {account.name} may not enter {closed}. "
                "Install Python and the checkout where others may read them before you serve strangers."
            )
            return None
        return account

    # --- the units, in the order in which they start ---

    def _build(self, reservation: Reservation) -> None:
        services: list[str] = []
        database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        if not database:
            database = self._add_server("postgres", Postgres(self.data / "postgres"), services)
        if not redis:
            redis = self._add_server("valkey", Valkey(self.data / "valkey"), services)
        everywhere = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104
        shown = "localhost" if self.wishes.host in everywhere else self.wishes.host
        urls = Urls(database, redis, f"http://{shown}:{reservation.port}")
        self._environment = self._surroundings(urls)
        migrate = self._django("The migration", "migrate", "--no-input", "--verbosity", "0")
        self.supervisor.add(Unit("migrate", migrate, tuple(services), once=True))
        self._add_web(urls, reservation)
        if self.wishes.worker:
            self._add_worker()
            self._add_beat()
        if self.wishes.after:
            self._add_after(urls)

    def _add_server(self, name: str, server: Server, services: list[str]) -> str:
        self.supervisor.add(Unit(name, server))
        services.append(name)
        return server.url

    def _add_web(self, urls: Urls, reservation: Reservation) -> None:
        def up() -> None:
            announce(self.data, urls)
            self._invite(urls)

        command = (
            "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning",
            "--host", reservation.address, "--port", str(reservation.port),
            "--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS),
            "--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "1",
            "config.wsgi:application",
        )  # fmt: skip
        probe = Probe(reservation.address, reservation.port)
        web = self._program("The web server", *command, ready=probe.answered)
        self.supervisor.add(Unit("web", web, ("migrate",), when_up=up))

    def _add_worker(self) -> None:
        worker = self._program(
            "The worker",
            *CELERY, "worker", "-Q", QUEUES, "-c", str(CONCURRENCY), "-n", f"{self.mark}@%h",
            "--prefetch-multiplier", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
            chatter=r"$|worker: (Warm|Cold|Hitting)",
            last_wish=signal.SIGQUIT,  # Celery's cold shutdown: hands back what it has not begun
        )  # fmt: skip
        self.supervisor.add(Unit("worker", worker, ("migrate",)))

    def _add_beat(self) -> None:
        folder = self.data / "beat"
        folder.mkdir(exist_ok=True)
        hand_over(folder, self._account)
        beat = self._program(
            "The clock",
            *CELERY, "beat", "--schedule", str(folder / "schedule"), "--pidfile", "", "--loglevel", "WARNING",
        )  # fmt: skip
        self.supervisor.add(Unit("beat", beat, ("migrate",)))

    def _add_after(self, urls: Urls) -> None:
        command = self._django(f"manage.py {self.wishes.after[0]}", *self.wishes.after)
        needs = tuple(name for name in ("web", "worker") if name in self.supervisor.units)
        unit = Unit(self.wishes.after[0], command, needs, once=True, vital=False)
        unit.when_up = lambda: self._invite(urls)
        self.supervisor.add(unit)

    def _invite(self, urls: Urls) -> None:
        self.stream.say(f"Rubricator is at {urls.web} (Ctrl-C ends it).")

    # --- how they are called ---

    def _django(self, title: str, *arguments: str) -> Program:
        return self._make(title, [sys.executable, self.root / "manage.py", *arguments])

    def _program(self, title: str, module: str, *arguments: str, **traits: Unpack[Traits]) -> Program:
        # The sentence about root is said once, by us.
        quiet = (
            () if self._account or os.geteuid() else ("-W", "ignore:You're running the worker with superuser")
        )
        return self._make(title, [sys.executable, *quiet, "-m", module, *arguments], **traits)

    def _make(self, title: str, command: list[str | Path], **traits: Unpack[Traits]) -> Program:
        return Program(
            title,
            command,
            mark=self.mark,
            environment=self._environment,
            cwd=self.root,
            account=self._account,
            **traits,
        )

    def _surroundings(self, urls: Urls) -> dict[str, str]:
        chosen = {
            "DATABASE_URL": urls.database,
            "REDIS_URL": urls.redis,
            "RUBRICATOR_DATA": str(self.data),
            "RUBRICATOR_SITE_URL": os.environ.get("RUBRICATOR_SITE_URL") or urls.web,
            "PYTHONUNBUFFERED": "1",
        }
        if self._account:  # root's home is closed to it
            name = self._account.name
            chosen |= {"HOME": str(self.data), "USER": name, "LOGNAME": name}
        return {**os.environ, **chosen}
