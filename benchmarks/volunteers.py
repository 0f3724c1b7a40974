"""Simulated volunteers: a client in a process of its own, so that its processor time is nobody else's.

Reads one JSON object from standard input, writes one to standard output. Each volunteer is a thread with one
kept-alive connection and a session cookie; it claims, hands in two boxes, and claims again without a pause.
"""

import http.client
import json
import statistics
import sys
import threading
import time
from typing import Any
from uuid import uuid4

import orjson

CSRF = "c" * 32
PAUSE_S = 0.02


class Volunteer(threading.Thread):
    """One of them: what it got done, how long each answer took, and what went wrong."""

    def __init__(self, job: dict[str, Any], session: str, start: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.job, self.start_together = job, start
        self.connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=30)
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self.address = f"/api/v1/campaigns/{job['campaign']}"
        self.cycles = self.counted = self.waits = self.refused = 0
        self.claim_s: list[float] = []
        self.submit_s: list[float] = []
        self.errors: list[str] = []
        self.ended_s = 0.0
        self.come_back_s = 1.0

    def run(self) -> None:
        self.start_together.wait()
        began = time.perf_counter()
        while time.perf_counter() - began < self.job["seconds"] and self.cycle():
            pass
        self.ended_s = time.perf_counter() - began
        self.connection.close()

    def cycle(self) -> bool:
        """One claim and one submission; False when there is no more work."""
        status, given, took = self.post(f"{self.address}/assignments/", {})
        if status != 200:
            return self.fail("claim", status, given)
        self.claim_s.append(took)
        if given["assignment"] is None:
            self.waits += 1
            time.sleep(PAUSE_S)
            return bool(given["reason"] != "nothing_left")
        status, kept, took = self.post(
            f"{self.address}/contributions/", self.answer(given["assignment"]["id"])
        )
        if status != 201:
            return self.fail("submit", status, kept)
        self.submit_s.append(took)
        self.cycles += 1
        self.counted += kept["counted"]
        return True

    def fail(self, what: str, status: int, answer: Any) -> bool:
        self.errors.append(f"{what}: {status} {str(answer)[:200]}")
        return len(self.errors) < 20

    def answer(self, assignment: str) -> dict[str, Any]:
        box = {"concepts": [self.job["concept"]], "origin": "drawn", "prediction": None}
        shapes = [
            {"id": str(uuid4()), "box": place, **box}
            for place in ([120, 340, 60.5, 90.25], [900, 340, 61, 88])
        ]
        return {
            "id": str(uuid4()), "assignment": assignment, "nothing_here": False, "shapes": shapes,
            "rejected_predictions": [], "comment": "", "time_spent_s": 12.5, "locale": "en",
            "device": "desktop",
        }  # fmt: skip

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any, float]:
        """Status, content and seconds of the answer; who is told to come back does so, as the workbench does."""
        while True:
            status, content, took = self.post_once(path, body)
            if status != 503:
                return status, content, took
            self.refused += 1
            time.sleep(self.come_back_s)

    def post_once(self, path: str, body: dict[str, Any]) -> tuple[int, Any, float]:
        began = time.perf_counter()
        try:
            self.connection.request("POST", path, orjson.dumps(body), self.headers)
            answer = self.connection.getresponse()
            content = answer.read()
            self.come_back_s = float(answer.getheader("Retry-After") or 1)
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return 0, str(error), time.perf_counter() - began
        took = time.perf_counter() - began
        try:
            return answer.status, orjson.loads(content), took
        except orjson.JSONDecodeError:
            return answer.status, content[:200], took


def in_ms(durations: list[float]) -> dict[str, float | None]:
    """Median and 95th percentile in milliseconds."""
    if len(durations) < 20:
        return {"median": None, "p95": None}
    return {
        "median": round(statistics.median(durations) * 1000, 2),
        "p95": round(statistics.quantiles(durations, n=20)[-1] * 1000, 2),
    }


def main() -> None:
    job = json.load(sys.stdin)
    barrier = threading.Barrier(len(job["sessions"]))
    people = [Volunteer(job, session, barrier) for session in job["sessions"]]
    for person in people:
        person.start()
    for person in people:
        person.join()
    result = {
        "seconds": max(person.ended_s for person in people),
        "cycles": sum(person.cycles for person in people),
        "counted": sum(person.counted for person in people),
        "waits": sum(person.waits for person in people),
        "refused": sum(person.refused for person in people),
        "claim_ms": in_ms([took for person in people for took in person.claim_s]),
        "submit_ms": in_ms([took for person in people for took in person.submit_s]),
        "errors": sum(len(person.errors) for person in people),
        "first_errors": [error for person in people for error in person.errors][:5],
        "client_cpu_s": round(time.process_time(), 2),
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
