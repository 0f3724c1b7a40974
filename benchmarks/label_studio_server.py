"""A Label Studio that somebody has installed: its tables in a database beside ours, its people, its server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

import psycopg

from benchmarks.ground import log
from config.embedded.house import WEB_THREADS, WEB_WORKERS

PROGRAM = "LABEL_STUDIO"
HOW_TO_GET_IT = (
    f"Label Studio is no dependency of ours: install it in an environment of its own (python -m venv label-studio && "
    f"label-studio/bin/pip install label-studio granian) and name its program, as in "
    f"{PROGRAM}=label-studio/bin/label-studio python -m benchmarks queue label_studio."
)
DATABASE = "label_studio"
START_S = 300.0

# Runs in its Django: people of one organisation, and the keys by which its API knows them.
_PEOPLE = """
import json
from rest_framework.authtoken.models import Token
from organizations.models import Organization
from users.models import User
owner = User.objects.create_user(email="owner@example.org", password="long-enough-for-all")
organization = Organization.create_organization(
    created_by=owner, title="Benchmark", legacy_api_tokens_enabled=True)
people = [owner]
for number in range({people}):
    people.append(User.objects.create_user(email=f"v{{number}}@example.org", password="long-enough-for-all"))
    organization.add_user(people[-1])
for one in people:
    one.active_organization = organization
    one.save()
print("KEYS " + json.dumps([Token.objects.get_or_create(user=one)[0].key for one in people]))
"""
_FOLDER = (
    "import importlib.util; print(importlib.util.find_spec('label_studio').submodule_search_locations[0])"
)
_VERSION = "import importlib.metadata; print(importlib.metadata.version('label-studio'))"


@dataclass(frozen=True, slots=True)
class LabelStudio:
    """Its program, and the environment in which it finds its database; `found()` makes that database."""

    program: Path
    place: dict[str, str]

    @classmethod
    def found(cls) -> Self | None:
        """The one that the environment names; None where it names none."""
        named = os.environ.get(PROGRAM, "")
        if not named:
            return None
        program = Path(named).absolute()
        if not program.is_file():
            raise SystemExit(f"{PROGRAM} names {program}, where there is no file. {HOW_TO_GET_IT}")
        return cls(program, _database())

    def version(self) -> str:
        return self._python("-c", _VERSION)

    def make_tables(self) -> None:
        """By its own migrations."""
        log("Label Studio makes its tables")
        self._python(self._folder() / "manage.py", "migrate", "--no-input", "-v", "0")

    def make_people(self, count: int) -> list[str]:
        """The key of each person, the owner's first."""
        said = self._python(self._folder() / "manage.py", "shell", "-c", _PEOPLE.format(people=count))
        [line] = [line for line in said.splitlines() if line.startswith("KEYS ")]
        keys: list[str] = json.loads(line.removeprefix("KEYS "))
        return keys

    def servers(self) -> list[str]:
        """Its own, as `label-studio start` runs it; and ours, with as many threads, where that is installed."""
        return ["own", "granian"] if self.program.with_name("granian").is_file() else ["own"]

    @contextmanager
    def server(self, name: str) -> Iterator[tuple[int, int]]:
        """A running server: `(port, process id)`."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        python = str(self.program.with_name("python"))
        own = [
            str(self.program),
            "start",
            "--no-browser",
            "--port",
            str(port),
            "--internal-host",
            "127.0.0.1",
        ]
        granian = [
            python, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning", "--host", "127.0.0.1",
            "--port", str(port), "--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS),
            "core.wsgi:application",
        ]  # fmt: skip
        server = subprocess.Popen(
            own if name == "own" else granian,
            cwd=self._folder(), env=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(port, server)
            yield port, server.pid
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    def _folder(self) -> Path:
        return Path(self._python("-c", _FOLDER))

    def _python(self, *arguments: str | Path) -> str:
        command = [self.program.with_name("python"), *arguments]
        done = subprocess.run(command, env=self.place, check=False, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            raise SystemExit("Label Studio said what stands above.")
        return done.stdout.strip()


def _database() -> dict[str, str]:
    """A database of its own in our PostgreSQL; the environment by which Label Studio finds it.

    Without its trigram indexes of answers, whose extensions our PostgreSQL lacks: what it writes costs it less so.
    """
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"CREATE DATABASE {DATABASE}")
    url = urlsplit(os.environ["DATABASE_URL"])
    data = Path(os.environ["RUBRICATOR_DATA"]) / "label-studio"
    data.mkdir()
    ours = ("RUBRICATOR", "DJANGO", "PYTHON")
    host, _colon, _port = url.netloc.rpartition("@")[2].partition(":")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
        "DJANGO_DB": "default", "POSTGRE_NAME": DATABASE, "POSTGRE_USER": url.username or "",
        "POSTGRE_PASSWORD": url.password or "", "POSTGRE_HOST": unquote(host),
        "POSTGRE_PORT": str(url.port or 5432), "BASE_DATA_DIR": str(data), "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "",
        "LOG_LEVEL": "ERROR", "SKIP_TRIGRAM_EXTENSION": "full", "SKIP_BTREE_GIN_EXTENSION": "full",
    }  # fmt: skip


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("Label Studio did not start.")
