"""Label Studio beside us: the same people, tasks and overlap over its own REST API, on the same PostgreSQL.

It is no dependency of ours: `LABEL_STUDIO` names its program. A cycle is the next task (`GET /api/projects/<id>/next`)
and one submission of two boxes (`POST /api/tasks/<id>/annotations/`). After the levels 32 people work off a small
project, and six hand in for one task at once: how many answers there are of how many wanted.
"""

import http.client
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.cost import cpu_s
from benchmarks.ground import POSTGRES_PID, log
from benchmarks.label_studio_server import DATABASE, HOW_TO_GET_IT, LabelStudio
from benchmarks.volunteers import in_ms

LEVELS, SECONDS, WARM_S = (1, 8, 32), 10.0, 4.0
TASKS, OVERLAP = 1_000, 3
FEW, CROWD = 30, 6  # tasks that are worked off; people who hand in for one task
PATIENCE_S = 60.0

_CONFIG = """<View><Image name="image" value="$image"/><RectangleLabels name="sign" toName="image">
<Label value="sign 0"/><Label value="sign 1"/></RectangleLabels></View>"""

_COUNTED = "SELECT count(*) AS n FROM task_completion WHERE project_id = %s GROUP BY task_id"


def measure() -> dict[str, Any]:
    """Its statements, and each number of people for some seconds with each of its servers."""
    there = LabelStudio.found()
    if there is None:
        log(HOW_TO_GET_IT)
        return {"skipped": HOW_TO_GET_IT}
    there.make_tables()
    owner, *keys = there.make_people(max(LEVELS))
    servers = {name: _served(there, name, owner, keys) for name in there.servers()}
    return {"version": there.version(), "overlap": OVERLAP, "servers": servers}


def _served(there: LabelStudio, name: str, owner: str, keys: list[str]) -> dict[str, Any]:
    log("Label Studio by its own server" if name == "own" else f"Label Studio by {name}")
    with there.server(name) as (port, web):
        fresh = partial(_project, port, owner)
        warm = fresh(TASKS)
        _people_at_work(port, warm, keys[:4], WARM_S)
        return {
            "statements": _statements(port, warm, keys[0]),
            "http": [_level(port, web, fresh(TASKS), keys[:count]) for count in LEVELS],
            "worked_off": _worked_off(port, fresh(FEW), keys),
            "handed_in_at_once": _handed_in_at_once(port, fresh(1), keys[:CROWD]),
        }


def _project(port: int, key: str, tasks: int) -> int:
    """A project with so many tasks, each for so many people; through its API."""
    owner = _Person(port, 0, key)
    settings = {"title": "Signs", "label_config": _CONFIG, "maximum_annotations": OVERLAP}
    status, made, _took = owner.send("POST", "/api/projects/", settings)
    if status != 201:
        raise SystemExit(f"Label Studio made no project: {status} {str(made)[:300]}")
    images = [f"https://example.org/image/{number}/full/max/0/default.jpg" for number in range(tasks)]
    path = f"/api/projects/{made['id']}/import"
    status, said, _took = owner.send("POST", path, [{"image": image} for image in images])
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
        self.nothing_left = False
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
        while time.perf_counter() < deadline and len(self.errors) < 20 and not self.nothing_left:
            task = self.take()
            if task is not None:
                self.hand_in(task)
        self.link.close()

    def take(self) -> int | None:
        status, task, took = self.send("GET", f"/api/projects/{self.project}/next")
        if status == 200:
            self.next_s.append(took)
            return int(task["id"])
        if status == 404:  # its way to say that there is nothing for this person
            self.nothing_left = True
        else:
            self.errors.append(f"next: {status} {str(task)[:200]}")
        return None

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
    return {
        "volunteers": len(keys),
        "tasks": TASKS,
        "cycles_per_s": round(done / seconds, 1),
        "cpu_ms_per_cycle": round((web_s + postgres_s) * 1000 / cycles, 1),
        "web_cpu_ms_per_cycle": round(web_s * 1000 / cycles, 1),
        "postgres_cpu_ms_per_cycle": round(postgres_s * 1000 / cycles, 1),
        "next_ms": in_ms([took for person in people for took in person.next_s]),
        "submit_ms": in_ms([took for person in people for took in person.submit_s]),
        "cycles": done,
        **_errors(people),
        **_overlaps(project),
    }


def _worked_off(port: int, project: int, keys: list[str]) -> dict[str, Any]:
    """Everybody works until there is nothing left for them."""
    log(f"Label Studio: {len(keys)} people work off {FEW} tasks")
    people, seconds = _people_at_work(port, project, keys, PATIENCE_S)
    answers = sum(person.cycles for person in people)
    whole = {"volunteers": len(keys), "tasks": FEW, "wanted": FEW * OVERLAP, "answers": answers}
    return {**whole, "seconds": round(seconds, 1), **_errors(people), **_overlaps(project)}


def _handed_in_at_once(port: int, project: int, keys: list[str]) -> dict[str, Any]:
    """All of them hand in for the one task at the same moment, which is what remains of a lease that is over."""
    people = [_Person(port, project, key) for key in keys]
    task = people[0].take()
    assert task is not None, people[0].errors
    senders = [threading.Thread(target=person.hand_in, args=(task,)) for person in people]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return {"wanted": OVERLAP, "handed_in": len(keys), **_errors(people), **_overlaps(project)}


# --- what its database sees -----------------------------------------------------------------------


def _errors(people: list[_Person]) -> dict[str, Any]:
    errors = [error for person in people for error in person.errors]
    return {"errors": len(errors), "first_errors": errors[:3]}


def _overlaps(project: int) -> dict[str, int]:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=DATABASE) as link:
        counts = [int(row[0]) for row in link.execute(_COUNTED, [project]).fetchall()]
    over = [count for count in counts if count > OVERLAP]
    return {"tasks_above_overlap": len(over), "most_annotations_of_a_task": max(counts, default=0)}


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
    not_theirs = ("BEGIN", "COMMIT", "ALTER SYSTEM", "SELECT pg_reload_conf")
    found += [one for one in said if not one.startswith(not_theirs)]


def _set_log(which: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
        link.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
