"""The ground under every benchmark: throw-away services, and children that can be measured."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cost import restart_peak_rss, status_mb
from config.embedded.house import WEB_THREADS, WEB_WORKERS
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_PID = "BENCHMARK_POSTGRES_PID"


def log(sentence: str) -> None:
    """Progress for whoever waits; the results go to standard output."""
    print(f"  {sentence}", file=sys.stderr, flush=True)


@contextmanager
def ground(name: str) -> Iterator[None]:
    """PostgreSQL (durable) and Valkey in a new folder, migrated; our environment points there."""
    folder = Path(tempfile.mkdtemp(prefix=f"rubricator-benchmark-{name}-"))
    folder.chmod(0o711)  # the database may run as another user, who must be able to pass through
    before = dict(os.environ)
    try:
        with Postgres(folder / "postgres", durable=True) as postgres, Valkey(folder / "valkey") as valkey:
            assert postgres.process is not None
            data = folder / "data"
            data.mkdir()
            for inherited in [key for key in os.environ if key.startswith("RUBRICATOR_")]:
                del os.environ[inherited]
            os.environ |= {
                "DATABASE_URL": postgres.url,
                "REDIS_URL": valkey.url,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "RUBRICATOR_DATA": str(data),
                "RUBRICATOR_SECRET_KEY": "benchmarks-share-one-key-between-processes",
                "RUBRICATOR_LOG": "WARNING",
                POSTGRES_PID: str(postgres.process.pid),
            }
            migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, check=True)
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child returned, and its resident memory: once Django and its modules were there, and at most."""

    result: Any
    rss_before_mb: float
    rss_peak_mb: float


def call(target: str, **arguments: Any) -> Outcome:
    """Call `module:function` in a process of its own, with Django set up; its answer must be JSON."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ground", target],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        answer, _nothing = child.communicate(json.dumps(arguments).encode())
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if child.returncode != 0:
        raise SystemExit(f"{target} ended with {child.returncode}; the reason stands above.")
    return Outcome(**json.loads(answer))


def answer_call() -> None:
    """The child's side of `call`."""
    import importlib  # noqa: PLC0415 - only the child needs them

    import django  # noqa: PLC0415

    django.setup()
    module, _colon, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    before = status_mb("VmRSS")
    restart_peak_rss()
    result = function(**json.load(sys.stdin))
    outcome = {"result": result, "rss_before_mb": before, "rss_peak_mb": status_mb("VmHWM")}
    json.dump(outcome, sys.stdout)


@contextmanager
def web_server() -> Iterator[tuple[int, int]]:
    """Granian as `manage.py up` starts it: `(port, process id)`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning",
        "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "config.wsgi:application",
    ]  # fmt: skip
    environment = {**os.environ, "RUBRICATOR_SITE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/v1/campaigns/", server)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The web server did not answer at {url}.")


if __name__ == "__main__":
    answer_call()
