"""The whole house on one machine: which processes there are, what each needs, and how they are called."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import Account, account_for, closed_way, hand_over
from config.embedded.announcement import LOCK, Urls, announce, running, withdraw
from config.embedded.lock import Lock
from config.embedded.port import Probe, Reservation, reserve
from config.embedded.postgres import Postgres
from config.embedded.processes import end, mark_of, marked
from config.embedded.program import Program
from config.embedded.stream import Stream
from config.embedded.supervisor import Supervisor, Unit
from config.embedded.valkey import Valkey

QUEUES = "default,fetch,predict,compute"
CONCURRENCY = 2
WEB_WORKERS, WEB_THREADS = 2, 4


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
            self._build(self._reserve())
            return self.supervisor.run()
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
        add = self.supervisor.add
        database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        services: list[str] = []
        if not database:
            postgres = Postgres(self.data / "postgres")
            database = postgres.url
            services.append("postgres")
            add(Unit("postgres", postgres))
        if not redis:
            valkey = Valkey(self.data / "valkey")
            redis = valkey.url
            services.append("valkey")
            add(Unit("valkey", valkey))
        shown = "localhost" if self.wishes.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else self.wishes.host  # noqa: S104
        urls = Urls(database, redis, f"http://{shown}:{reservation.port}")
        self._environment = self._surroundings(urls)
        add(
            Unit(
                "migrate", self._django("The migration", "migrate", "--no-input"), tuple(services), once=True
            )
        )
        self._add_web(urls, reservation)
        if self.wishes.worker:
            self._add_jobs()
        if self.wishes.after:
            command = self._django(f"manage.py {self.wishes.after[0]}", *self.wishes.after)
            name = self.wishes.after[0]
            add(Unit(name, command, ("web",), once=True, vital=False, when_up=lambda: self._invite(urls)))

    def _add_web(self, urls: Urls, reservation: Reservation) -> None:
        probe = Probe(reservation.address, reservation.port)

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
        web = self._program("The web server", *command, ready=probe.answered)
        self.supervisor.add(Unit("web", web, ("migrate",), when_up=up))

    def _add_jobs(self) -> None:
        celery = ("celery", "-A", "config.celery:app", "--quiet")
        name = ("-n", f"{self.mark}@%h")
        worker = self._program(
            "The worker", *celery, "worker", "-Q", QUEUES, "-c", str(CONCURRENCY),
            *name, "--prefetch-multiplier", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
        )  # fmt: skip
        worker.last_wish = signal.SIGQUIT  # Celery's cold shutdown: hands back what it has not begun
        folder = self.data / "beat"
        folder.mkdir(exist_ok=True)
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
        beat = self._program(
            "The clock", *celery, "beat", "--schedule", str(folder / "schedule"), "--pidfile", "",
            "--loglevel", "WARNING",
        )  # fmt: skip
        self.supervisor.add(Unit("worker", worker, ("migrate",)))
        self.supervisor.add(Unit("beat", beat, ("migrate",)))

    def _invite(self, urls: Urls) -> None:
        self.stream.say(f"Rubricator is at {urls.web} (Ctrl-C ends it).")

    def _django(self, title: str, *arguments: str) -> Program:
        return self._make(title, [sys.executable, self.root / "manage.py", *arguments])

    def _program(
        self, title: str, module: str, *arguments: str, ready: Callable[[], bool] = lambda: True
    ) -> Program:
        return self._make(title, [sys.executable, "-m", module, *arguments], ready=ready)

    def _make(
        self, title: str, command: list[str | Path], *, ready: Callable[[], bool] = lambda: True
    ) -> Program:
        return Program(
            title,
            command,
            mark=self.mark,
            environment=self._environment,
            cwd=self.root,
            account=self._account,
            ready=ready,
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
