"""A folder with a difficult name, and a small stand-in checkout that the supervisor can run in seconds."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# The supervisor under test has services of its own, not those of the test run.
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "RUBRICATOR_SITE_URL", "RUBRICATOR_DATA"}
PATIENCE_S = 60.0  # a busy machine is slow at starting processes; that says nothing about what is tested
REPOSITORY = Path(__file__).resolve().parents[2]

MANAGE = """
import os, sys, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    if sys.argv[1] == "migrate":
        connection.execute("CREATE TABLE IF NOT EXISTS rows (id bigserial primary key)")
    elif sys.argv[1] == "fill":
        connection.execute("INSERT INTO rows SELECT FROM generate_series(1, %s)", [int(sys.argv[2])])
        print("filled with", sys.argv[2], "rows, été")
    else:
        sys.exit(3)
"""
WSGI = """
import os, psycopg
def application(environ, start_response):
    if environ["PATH_INFO"] == "/add":
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            body = str(connection.execute("INSERT INTO rows DEFAULT VALUES RETURNING id").fetchone()[0])
    elif environ["PATH_INFO"] == "/count":
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            body = str(connection.execute("SELECT count(*) FROM rows").fetchone()[0])
    else:
        body = f"{os.getuid()} {os.environ['RUBRICATOR_SITE_URL']}"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
"""
CELERY = """
import os
from celery import Celery
path = os.environ["REDIS_URL"].removeprefix("unix://")
app = Celery("stand-in", broker=f"redis+socket://{path}?virtual_host=0")
app.conf.broker_connection_retry_on_startup = True
"""
DRIVER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from config.embedded import Refusal
from config.embedded.house import House, Wishes
from config.embedded.stream import Stream
stream = Stream()
wishes = Wishes(port=int(sys.argv[4]), worker=sys.argv[5] == "worker", after=sys.argv[6:])
try:
    code = House(Path(sys.argv[2]), Path(sys.argv[3]), wishes, stream).run()
except Refusal as refusal:
    sys.exit(f"refused: {refusal}")
stream.close()
sys.exit(code)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder whose path has spaces, an accent, quotes and a percent sign."""
    made = Path(tempfile.mkdtemp(prefix="rubric é 'x' 5%"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A stand-in for the repository: the same names, nothing behind them but one table."""
    root = folder / "check out"
    (root / "config").mkdir(parents=True)
    (root / "manage.py").write_text(MANAGE)
    (root / "config" / "__init__.py").write_text("")
    (root / "config" / "wsgi.py").write_text(WSGI)
    (root / "config" / "celery.py").write_text(CELERY)
    return root


class Up:
    """A supervisor in a process of its own."""

    def __init__(self, root: Path, data: Path, *after: str, port: int, worker: bool = False) -> None:
        self.root, self.data, self.port = root, data, port
        self.log = data.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-c", DRIVER, str(REPOSITORY), str(root), str(data), str(port),
                    "worker" if worker else "-", *after,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in os.environ.items() if name not in LEFT_OUT},
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str, *, seconds: float = PATIENCE_S, times: int = 1) -> "Up":
        deadline = time.monotonic() + seconds
        while self.said.count(text) < times:
            assert time.monotonic() < deadline, f"{text!r} was not said:\n{self.said}"
            assert self.process.poll() is None or self.said.count(text) >= times, f"ended:\n{self.said}"
            time.sleep(0.02)
        return self

    def wait_until(self, fact: Callable[[], bool]) -> None:
        """Until it is so; that it ended before is a failure."""
        deadline = time.monotonic() + PATIENCE_S
        while not fact():
            assert time.monotonic() < deadline, f"it did not come to it:\n{self.said}"
            assert self.process.poll() is None, f"ended:\n{self.said}"
            time.sleep(0.02)

    def get(self, path: str, *, port: int | None = None, seconds: float = PATIENCE_S) -> str:
        deadline = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{port or self.port}{path}", timeout=5
                ) as answer:
                    return answer.read().decode()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


Starter = Callable[..., Up]


@pytest.fixture
def up(folder: Path, checkout: Path, free_port: int) -> Iterator[Starter]:
    """Start a supervisor on the stand-in checkout; all are ended after the test."""
    started: list[Up] = []

    def start(*after: str, data: str = "da ta", port: int | None = None, worker: bool = False) -> Up:
        started.append(Up(checkout, folder / data, *after, port=port or free_port, worker=worker))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)


@pytest.fixture
def free_port() -> int:
    """A port with free ones above it, outside the range that the kernel hands out."""
    from config.embedded.port import reserve

    reservation = reserve("127.0.0.1", 20000 + os.getpid() % 10000)
    reservation.release()
    return reservation.port
