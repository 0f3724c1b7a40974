"""Kills random processes of `manage.py up` with -9 and checks that it works again with nothing lost.

    python scripts/torture_up.py [--kills 20] [--seed 1] [--port 8100] [--data FOLDER]

A writer commits rows all the time; every row whose commit was answered must be there at the end of
every round, and so must every message that Valkey answered. Prints one JSON line for each round.
Linux only. Exits with 1 at the first loss.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
import redis  # noqa: E402

from config import embedded  # noqa: E402
from config.embedded.port import Probe  # noqa: E402
from config.embedded.processes import mark_of, marked  # noqa: E402

PATIENCE_S = 90


class Writer(threading.Thread):
    """Commits numbered rows and messages whenever the services answer, and remembers which were answered."""

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self.data = data
        self.rows = self.messages = 0
        self.ended = False

    def run(self) -> None:
        while not self.ended:
            with suppress(psycopg.Error, redis.RedisError, OSError):
                self._write()
            time.sleep(0.05)

    def _write(self) -> None:
        urls = embedded.running(self.data)
        if urls is None:
            return
        with psycopg.connect(urls.database, autocommit=True, connect_timeout=2) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS torture (n bigint PRIMARY KEY)")
            with redis.Redis.from_url(f"{urls.redis}?db=3") as valkey:
                while not self.ended:
                    # An unanswered commit may have happened all the same.
                    connection.execute(
                        "INSERT INTO torture VALUES (%s) ON CONFLICT DO NOTHING", [self.rows + 1]
                    )
                    self.rows += 1
                    valkey.sadd("torture", self.messages + 1)
                    self.messages += 1
                    time.sleep(0.002)

    def missing(self) -> tuple[int, int]:
        """How many answered rows and messages are not there."""
        rows, messages = self.rows, self.messages
        urls = embedded.running(self.data)
        assert urls is not None
        with psycopg.connect(urls.database) as connection:
            query = "SELECT count(*) FROM torture WHERE n <= %s"
            found = connection.execute(query, [rows]).fetchone()[0] if rows else 0
        with redis.Redis.from_url(f"{urls.redis}?db=3") as valkey:
            kept = sum(int(number) <= messages for number in valkey.smembers("torture"))
        return rows - found, messages - kept


class House:
    """The supervisor under torture."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.with_suffix(".log").open("ab")
        self.start()

    def start(self) -> None:
        left_out = {"DATABASE_URL", "REDIS_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port)],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**environment, "RUBRICATOR_DATA": str(self.data)},
        )

    def victims(self) -> dict[int, str]:
        """Every process and what it is."""
        marks = [mark_of(self.data), mark_of(self.data / "postgres"), mark_of(self.data / "valkey")]
        pids = [pid for mark in marks for pid in marked(mark, programs=("postgres", "valkey-server"))]
        found = {}
        with suppress(OSError):
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            found[self.process.pid] = "supervisor"
            pids += map(int, children)
        for pid in set(pids):
            with suppress(OSError):
                found[pid] = self._name(pid)
        return found

    @staticmethod
    def _name(pid: int) -> str:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        if line.startswith("postgres:"):
            return "postgres (child)"
        kinds = ("warden", "granian", " beat ", " worker ", "valkey", "postgres", "migrate")
        name = next((kind.strip() for kind in kinds if kind in line), "other")
        return name if os.getpgid(pid) == pid else f"{name} (child)"

    def works(self) -> bool:
        """Whether database, broker and web answer."""
        urls = embedded.running(self.data)
        if urls is None:
            return False
        probe = Probe("127.0.0.1", int(urls.web.rpartition(":")[2]))
        with suppress(psycopg.Error, redis.RedisError, OSError):
            psycopg.connect(urls.database, connect_timeout=2).close()
            with redis.Redis.from_url(urls.redis) as valkey:
                valkey.ping()
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                if probe.answered():
                    return True
                time.sleep(0.02)
        return False

    def wait(self) -> float:
        before = time.monotonic()
        while not self.works():
            if self.process.poll() is not None:
                self.start()
            if time.monotonic() - before > PATIENCE_S:
                sys.exit(f"It does not work again after {PATIENCE_S} s; see {self.log.name}.")
            time.sleep(0.1)
        return time.monotonic() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--data", type=Path)
    wishes = parser.parse_args()
    chance = random.Random(wishes.seed)
    data = wishes.data or Path(tempfile.mkdtemp(prefix="torturé up ")) / "data"
    if not wishes.data:
        data.parent.chmod(0o711)  # a folder of our own, through which the database must be able to pass
    house = House(data, wishes.port)
    print(json.dumps({"start_s": round(house.wait(), 1)}), flush=True)
    writer = Writer(data)
    writer.start()
    struck: set[str] = set()
    try:
        for number in range(1, wishes.kills + 1):
            time.sleep(chance.uniform(0.2, 2.0))
            # By kind, each in its turn, so that the many children of PostgreSQL do not get all the blows.
            victims = house.victims()
            spared = sorted(set(victims.values()) - struck) or sorted(set(victims.values()))
            kind = chance.choice(spared)
            struck = (struck | {kind}) if set(spared) - {kind} else set()
            pid = chance.choice(sorted(pid for pid, name in victims.items() if name == kind))
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.3)
            seconds = house.wait()
            lost_rows, lost_messages = writer.missing()
            report = {"kill": number, "victim": kind, "works_again_s": round(seconds, 1), "rows": writer.rows}
            print(json.dumps({**report, "lost_rows": lost_rows, "lost_messages": lost_messages}), flush=True)
            if lost_rows or lost_messages:
                sys.exit(1)
    finally:
        writer.ended = True
        house.process.send_signal(signal.SIGINT)
        before = time.monotonic()
        house.process.wait(20)
        left = [pid for pid in house.victims() if pid != house.process.pid]
        print(json.dumps({"stopped_s": round(time.monotonic() - before, 1), "left_processes": len(left)}))


if __name__ == "__main__":
    main()
