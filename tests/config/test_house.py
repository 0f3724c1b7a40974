"""`manage.py up` on a stand-in checkout: it starts, mends and ends everything, whoever is killed."""

import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.embedded.processes import command_line, is_running, mark_of, marked
from config.embedded.supervisor import SHUTDOWN_S
from tests.config.conftest import Starter, Up

READY = "Rubricator is at"


def everything(up: Up) -> list[int]:
    """Every living process of a supervisor, itself excepted."""
    marks = [mark_of(up.data), mark_of(up.data / "postgres"), mark_of(up.data / "valkey")]
    return [pid for mark in marks for pid in marked(mark, programs=("postgres", "valkey-server"))]


def named(up: Up, *parts: str) -> list[int]:
    """Its processes whose command line contains all of `parts`, the oldest first."""
    return [pid for pid in everything(up) if all(part in command_line(pid) for part in parts)]


def gone(up: Up, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while everything(up) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not everything(up)


def test_it_serves_announces_itself_and_ends_when_it_is_told(up: Starter):
    house = up("fill", "12", worker=True).wait_for("filled with 12 rows, été")
    house.wait_for(READY, times=2)
    assert house.get("/").split()[1] == f"http://localhost:{house.port}"
    assert house.get("/count") == "12"
    urls = embedded.running(house.data)
    assert urls is not None
    assert urls.web == f"http://localhost:{house.port}"
    with psycopg.connect(urls.database) as connection:
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (12,)
    house.wait_for("worker     │")
    assert house.stop(signal.SIGINT) == 0
    assert SHUTDOWN_S < 3, "it takes no longer on an idle machine; a busy one cannot be held to it"
    assert everything(house) == []
    assert embedded.running(house.data) is None
    # The same port again, at once: connections that are just closing do not count.
    again = up().wait_for(READY)
    assert f"localhost:{again.port} " in again.said
    assert again.get("/count") == "12"


@pytest.mark.parametrize("victim", ["postgres -D", "valkey-server", "granian"])
def test_a_killed_service_comes_back_and_the_others_stay(up: Starter, victim: str):
    house = up().wait_for(READY)
    house.get("/add")
    fallen = named(house, victim)[0]
    # PostgreSQL's own children, in sessions of their own, end with it; so does a group with its leader.
    others = [pid for pid in everything(house) if not command_line(pid).startswith("postgres: ")]
    others = [pid for pid in others if is_running(pid) and os.getpgid(pid) != fallen]
    os.kill(fallen, signal.SIGKILL)
    house.wait_for("by signal SIGKILL")
    assert house.get("/count") == "1"
    house.wait_until(lambda: bool(named(house, victim)))
    assert all(is_running(pid) for pid in others)
    assert house.process.poll() is None


@pytest.mark.parametrize("warden", ["alive", "killed too"])
def test_nothing_survives_a_killed_supervisor_and_the_next_one_starts(up: Starter, warden: str):
    house = up(worker=True).wait_for(READY).wait_for("worker     │")
    house.get("/add")
    if warden == "killed too":
        family = Path(f"/proc/{house.process.pid}/task/{house.process.pid}/children").read_text().split()
        [watcher] = [int(pid) for pid in family if "embedded/warden.py" in command_line(int(pid))]
        os.kill(watcher, signal.SIGKILL)
    house.process.kill()
    house.process.wait()
    if warden == "alive":
        assert gone(house, 4)
    again = up().wait_for(READY)
    assert again.get("/count") == "1"
    assert f"localhost:{again.port} " in again.said, "the port is free again"
    assert embedded.running(again.data) is not None


def test_a_second_supervisor_is_told_where_the_first_is(up: Starter):
    first = up().wait_for(READY)
    second = up()
    assert second.process.wait(60) == 1
    assert f"already runs on {first.data} at http://localhost:{first.port}" in second.said
    assert f"process {first.process.pid}" in second.said
    assert first.get("/count") == "0"


def test_two_checkouts_stand_side_by_side(up: Starter):
    first, second = up(data="one"), up(data="two")
    for house in (first, second):
        house.wait_for(READY)
    ports = sorted(
        int(house.said.split(f"{READY} http://localhost:")[1].split()[0]) for house in (first, second)
    )
    assert ports[0] == first.port < ports[1]
    assert f"Port {first.port} is taken; taking {ports[1]}." in first.said + second.said
    first.get("/add", port=ports[0])
    assert sorted(first.get("/count", port=port) for port in ports) == ["0", "1"]
    for port in ports:
        assert f"http://localhost:{port}" in first.get("/", port=port)


def test_a_failed_migration_ends_it_with_an_error(up: Starter, checkout: Path):
    (checkout / "manage.py").write_text("import sys; sys.exit('the table is broken')")
    house = up()
    assert house.process.wait(60) == 1
    assert "the table is broken" in house.said
    assert "The migration failed (exit code 1)." in house.said
    assert everything(house) == []


def test_a_failed_command_leaves_the_house_standing(up: Starter):
    house = up("nonsense").wait_for("manage.py nonsense failed (exit code 3); the rest keeps running.")
    assert house.get("/count") == "0"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_end_it_too(up: Starter, number: signal.Signals):
    house = up()
    house.wait_until((house.data / "postgres").exists)  # it listens, and is in the middle of starting
    assert house.stop(number) == 0
    assert everything(house) == []


def test_external_services_are_used_and_left_alone(
    up: Starter, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    from config.embedded.postgres import Postgres
    from tests.config import conftest

    with Postgres(folder / "other", durable=False) as other:
        monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
        monkeypatch.setattr(conftest, "LEFT_OUT", {"RUBRICATOR_SITE_URL", "RUBRICATOR_DATA"})
        monkeypatch.setenv("DATABASE_URL", other.url)
        house = up().wait_for(READY)
        house.get("/add")
        assert named(house, "valkey-server") == []
        house.stop()
        with psycopg.connect(other.url) as connection:
            assert connection.execute("SELECT count(*) FROM rows").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(
    not os.access("/usr/bin/python3", os.X_OK), reason="needs a Python that everybody may run"
)
def test_root_gives_web_and_worker_to_a_user_too(up: Starter, folder: Path, monkeypatch: pytest.MonkeyPatch):
    python = Path("/usr/bin/python3").resolve()
    version = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    if version.stdout.strip() != str(sys.version_info[:2]):
        pytest.skip("the system's Python is another version")
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("PYTHONPATH", next(path for path in sys.path if path.endswith("site-packages")))
    house = up().wait_for(READY)
    uid = int(house.get("/").split()[0])
    assert uid == house.data.stat().st_uid != 0
    assert pwd.getpwuid(uid).pw_name
    assert "run as root" not in house.said
