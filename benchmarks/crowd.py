"""A crowd that hands in at a given rate: a client in a process of its own, so that its processor time is nobody else's.

Reads one JSON object from standard input, writes one to standard output. Every submission has its moment; who is told
to come back, or whose connection broke, sends the very same again.
"""

import heapq
import http.client
import json
import random
import sys
import threading
import time
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson

SENDERS = 64
PATIENCE_S = 60  # after the last one was due


class Crowd:
    """Submissions by the moment at which each is due; senders take the next one, wait for its moment, and send it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job, self.lock = job, threading.Lock()
        self.began = time.perf_counter() + 0.5
        self.due: list[tuple[float, int, int]] = [
            (number / job["rate_per_s"], 0, number) for number in range(len(job["leases"]))
        ]
        self.end = len(job["leases"]) / job["rate_per_s"] + PATIENCE_S
        self.ids = [str(uuid4()) for _ in job["leases"]]
        self.acknowledged: list[str] = []
        self.took: list[float] = []
        self.counts: dict[str, int] = {}
        self.without_retry_after = 0

    def send(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.job["port"], timeout=30)
        while (task := self._take()) is not None:
            moment, tries, number = task
            time.sleep(max(0.0, self.began + moment - time.perf_counter()))
            status, wait_s = self._post(link, number)
            self._note(moment, tries, number, status, wait_s)

    def _take(self) -> tuple[float, int, int] | None:
        with self.lock:
            return heapq.heappop(self.due) if self.due else None

    def _note(self, moment: float, tries: int, number: int, status: int, wait_s: float | None) -> None:
        now = time.perf_counter() - self.began
        with self.lock:
            self.counts[str(status)] = self.counts.get(str(status), 0) + 1
            if status in {200, 201}:
                self.acknowledged.append(self.ids[number])
                self.took.append(now - number / self.job["rate_per_s"])
                return
            if status in {429, 503} and wait_s is None:
                self.without_retry_after += 1
            # Not all at the same moment again; a connection that broke is tried like one that was refused.
            again = now + (wait_s or 2) * random.uniform(1, 2)
            if status in {0, 429, 503} and again < self.end:
                heapq.heappush(self.due, (again, tries + 1, number))

    def _post(self, link: http.client.HTTPConnection, number: int) -> tuple[int, float | None]:
        lease, session = self.job["leases"][number]
        shape = {"concepts": [self.job["concept"]], "origin": "drawn", "prediction": None}
        body = {
            "id": self.ids[number], "assignment": lease, "nothing_here": False, "rejected_predictions": [],
            "shapes": [{"id": str(uuid5(UUID(self.ids[number]), "shape")), "box": [120, 340, 60.5, 90.25], **shape}],
        }  # fmt: skip
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32,
            "Content-Type": "application/json", "Accept": "application/json",
        }  # fmt: skip
        try:
            path = f"/api/v1/campaigns/{self.job['campaign']}/contributions/"
            link.request("POST", path, orjson.dumps(body), headers)
            answer = link.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            link.close()
            return 0, None
        wait = answer.getheader("Retry-After")
        return answer.status, float(wait) if wait else None


def main() -> None:
    crowd = Crowd(json.load(sys.stdin))
    senders = [threading.Thread(target=crowd.send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = sorted(crowd.took) or [0.0]
    result = {
        "acknowledged": crowd.acknowledged,
        "answers_by_status": crowd.counts,
        "refused_without_retry_after": crowd.without_retry_after,
        "seconds": round(time.perf_counter() - crowd.began, 1),
        "from_due_to_acknowledged_s": {
            "median": round(took[len(took) // 2], 2), "p95": round(took[int(len(took) * 0.95)], 2),
        },
    }  # fmt: skip
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
