"""Label Studio beside us: the same people, tasks and overlap over its own REST API, on the same PostgreSQL.

It is no dependency of ours: install it where you like and name its program in the environment, as in
`LABEL_STUDIO=/opt/label-studio/bin/label-studio python -m benchmarks queue label_studio`. A cycle is the next task
(`GET /api/projects/<id>/next`) and one submission of two boxes (`POST /api/tasks/<id>/annotations/`), by its own
server as its command `start` runs it.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from benchmarks.cost import cpu_s
from benchmarks.ground import POSTGRES_PID, ROOT, log
from benchmarks.volunteers import in_ms

PROGRAM = "LABEL_STUDIO"
DATABASE = "label_studio"
LEVELS, SECONDS, WARM_S = (1, 8, 32), 10.0, 4.0
TASKS, OVERLAP = 1_000, 3
START_S = 600.0

_CONFIG = """<View><Image name="image" value="$image"/><RectangleLabels name="sign" toName="image">
<Label value="sign 0"/><Label value="sign 1"/></RectangleLabels></View>"""

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

_MOST = "SELECT max(n) FROM (SELECT count(*) AS n FROM task_completion WHERE project_id = %s GROUP BY task_id) counted"


def measure() -> dict[str, Any]:
    """Statements, and each number of people for some seconds; why not, where there is no Label Studio."""
    program = os.environ.get(PROGRAM, "")
    if not program or not Path(program).is_file():
        return {"skipped": f"Name the program of a Label Studio in {PROGRAM}; it is no dependency of ours."}
    place = _database()
    owner, *keys = _people(program, place)
    with _server(program, place) as (port, web):
        project = _project(port, owner)
        _people_at_work(port, project, keys[:4], WARM_S)
        statements = _statements(port, project, keys[0])
        levels = [_level(port, web, _project(port, owner), keys[:count]) for count in LEVELS]
    return {
        "version": _version(program),
        "server": "its own, one process",
        "statements": statements,
        "http": levels,
    }


# --- ground ---------------------------------------------------------------------------------------


def _database() -> dict[str, str]:
    """A database of its own in our PostgreSQL; the environment by which Label Studio finds it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"CREATE DATABASE {DATABASE}")
    url = urlsplit(os.environ["DATABASE_URL"])
    data = Path(os.environ["RUBRICATOR_DATA"]) / "label-studio"
    data.mkdir()
    ours = ("RUBRICATOR", "DJANGO", "PYTHON")
    host, _colon, _port = url.netloc.rpartition("@")[2].partition(":")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "DJANGO_DB": "default", "POSTGRE_NAME": DATABASE, "POSTGRE_USER": url.username or "",
        "POSTGRE_PASSWORD": url.password or "", "POSTGRE_HOST": unquote(host),
        "POSTGRE_PORT": str(url.port or 5432), "BASE_DATA_DIR": str(data), "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip


def _people(program: str, place: dict[str, str]) -> list[str]:
    """Its tables, made by its own migrations, and the key of each person, the owner's first."""
    log("Label Studio makes its tables")
    python = Path(program).parent / "python"
    folder = _folder(python, place)
    subprocess.run(
        [python, folder / "manage.py", "migrate", "--no-input", "-v", "0"],
        env=place,
        check=True,
        stdout=sys.stderr,
    )
    said = subprocess.run(
        [python, folder / "manage.py", "shell", "-c", _PEOPLE.format(people=max(LEVELS))],
        env=place, check=True, stdout=subprocess.PIPE,
    ).stdout.decode()  # fmt: skip
    [line] = [line for line in said.splitlines() if line.startswith("KEYS ")]
    keys: list[str] = json.loads(line.removeprefix("KEYS "))
    return keys


def _folder(python: Path, place: dict[str, str]) -> Path:
    find = (
        "import importlib.util; print(importlib.util.find_spec('label_studio').submodule_search_locations[0])"
    )
    return Path(
        subprocess.run([python, "-c", find], env=place, check=True, stdout=subprocess.PIPE)
        .stdout.decode()
        .strip()
    )


def _version(program: str) -> str:
    find = "import importlib.metadata; print(importlib.metadata.version('label-studio'))"
    said = subprocess.run([Path(program).parent / "python", "-c", find], check=True, stdout=subprocess.PIPE)
    return said.stdout.decode().strip()


@contextmanager
def _server(program: str, place: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Its own server: `(port, process id)`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [program, "start", "--no-browser", "--port", str(port), "--internal-host", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=ROOT, env=place, stdout=sys.stderr, start_new_session=True)
    try:
        deadline = time.monotonic() + START_S
        while not _answers(port):
            if time.monotonic() > deadline or server.poll() is not None:
                raise SystemExit("Label Studio did not start.")
            time.sleep(1)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _project(port: int, key: str) -> int:
    """A project with the tasks, each for so many people; through its API."""
    owner = _Person(port, 0, key)
    settings = {"title": "Signs", "label_config": _CONFIG, "maximum_annotations": OVERLAP}
    _status, made, _took = owner.send("POST", "/api/projects/", settings)
    tasks = [
        {"image": f"https://example.org/image/{number}/full/max/0/default.jpg"} for number in range(TASKS)
    ]
    status, said, _took = owner.send("POST", f"/api/projects/{made['id']}/import", tasks)
    if status != 201:
        raise SystemExit(f"Label Studio took no tasks: {status} {str(said)[:300]}")
    return int(made["id"])


# --- people ---------------------------------------------------------------------------------------


class _Person(threading.Thread):
    """Takes the next task, hands in two boxes, and goes on without a pause."""

    def __init__(self, port: int, project: int, key: str, seconds: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.project, self.seconds = project, seconds
        self.headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
        self.cycles = 0
        self.next_s: list[float] = []
        self.submit_s: list[float] = []
        self.errors: list[str] = []

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any, float]:
        began = time.perf_counter()
        try:
            self.link.request(method, path, None if body is None else json.dumps(body), self.headers)
            answer = self.link.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.link.close()
            status, content = 0, json.dumps(str(error)).encode()
        took = time.perf_counter() - began
        try:
            return status, json.loads(content or b"null"), took
        except ValueError:
            return status, content[:200].decode(errors="replace"), took

    def run(self) -> None:
        deadline = time.perf_counter() + self.seconds
        while time.perf_counter() < deadline and len(self.errors) < 20:
            task = self.take()
            if task is not None:
                self.hand_in(task)

    def take(self) -> int | None:
        status, task, took = self.send("GET", f"/api/projects/{self.project}/next")
        if status != 200:
            self.errors.append(f"next: {status} {str(task)[:200]}")
            return None
        self.next_s.append(took)
        return int(task["id"])

    def hand_in(self, task: int) -> None:
        boxes = [
            {
                "from_name": "sign", "to_name": "image", "type": "rectanglelabels", "original_width": 2400,
                "original_height": 3400, "image_rotation": 0,
                "value": {"x": x, "y": 10, "width": 2.5, "height": 2.6, "rotation": 0, "rectanglelabels": ["sign 0"]},
            }
            for x in (5, 37.5)
        ]  # fmt: skip
        body = {"result": boxes, "lead_time": 12.5}
        status, said, took = self.send("POST", f"/api/tasks/{task}/annotations/", body)
        if status != 201:
            self.errors.append(f"submit: {status} {str(said)[:200]}")
            return
        self.submit_s.append(took)
        self.cycles += 1


def _people_at_work(port: int, project: int, keys: list[str], seconds: float) -> tuple[list[_Person], float]:
    people = [_Person(port, project, key, seconds) for key in keys]
    began = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    return people, time.perf_counter() - began


def _level(port: int, web: int, project: int, keys: list[str]) -> dict[str, Any]:
    log(f"Label Studio: {len(keys)} people, {TASKS} tasks")
    postgres = int(os.environ[POSTGRES_PID])
    before = cpu_s(web), cpu_s(postgres)
    people, seconds = _people_at_work(port, project, keys, SECONDS)
    web_s, postgres_s = cpu_s(web) - before[0], cpu_s(postgres) - before[1]
    done = sum(person.cycles for person in people)
    cycles = max(done, 1)
    errors = [error for person in people for error in person.errors]
    return {
        "volunteers": len(keys),
        "tasks": TASKS,
        "cycles_per_s": round(done / seconds, 1),
        "web_cpu_ms_per_cycle": round(web_s * 1000 / cycles, 1),
        "postgres_cpu_ms_per_cycle": round(postgres_s * 1000 / cycles, 1),
        "next_ms": in_ms([took for person in people for took in person.next_s]),
        "submit_ms": in_ms([took for person in people for took in person.submit_s]),
        "cycles": done,
        "errors": len(errors),
        "first_errors": errors[:3],
        "most_annotations_of_a_task": _ask(_MOST, project),
    }


# --- what its database sees -----------------------------------------------------------------------


def _statements(port: int, project: int, key: str) -> dict[str, int]:
    """Statements of one next task and one submission in the log of PostgreSQL, without BEGIN and COMMIT."""
    person = _Person(port, project, key)
    with _logged() as to_next:
        task = person.take()
    assert task is not None, person.errors
    with _logged() as to_submit:
        person.hand_in(task)
    assert person.cycles, person.errors
    return {"next": len(to_next), "submit": len(to_submit)}


@contextmanager
def _logged() -> Iterator[list[str]]:
    path = Path(os.environ["RUBRICATOR_DATA"]).parent / "postgres" / "server.log"
    _set_log("all")
    begin, found = path.stat().st_size, list[str]()
    yield found
    _set_log("none")
    with path.open("rb") as file:
        file.seek(begin)
        lines = file.read().decode(errors="replace").splitlines()
    said = [
        line.partition(": ")[2].strip()
        for line in lines
        if line.startswith(("LOG:  statement:", "LOG:  execute "))
    ]
    found += [
        one
        for one in said
        if not one.startswith(("BEGIN", "COMMIT", "ALTER SYSTEM", "SELECT pg_reload_conf"))
    ]


def _set_log(which: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
        link.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def _ask(sql: str, project: int) -> int:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=DATABASE) as link:
        row = link.execute(sql, [project]).fetchone()
    return int(row[0] or 0) if row else 0
