"""`python -m benchmarks [name …]`: run benchmarks one after the other and print one JSON document."""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.ground import call, ground, log

NAMES = (
    "queue", "large", "record_hour", "promises", "import_manifest", "annotation_page", "quality", "release", "search",
    "tiles", "vocabulary", "workbench", "label_studio",
)  # fmt: skip
CAUTION = (
    "PostgreSQL runs durable (fsync and synchronous commit on). Clients, web server and database share the "
    "processors named here; compare ratios within one run rather than figures of different runs, and look at "
    "load_before: above 0 somebody else was working."
)


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was before."""
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": len(os.sched_getaffinity(0)),
        "memory_mb": memory_kb // 1024,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
        "caution": CAUTION,
    }


def run(name: str) -> dict[str, Any]:
    """One benchmark on a database and broker of its own, which are gone afterwards."""
    began = time.perf_counter()
    load = os.getloadavg()[0]
    with ground(name):
        result: dict[str, Any] = call(f"benchmarks.{name}:measure").result
    return {**result, "load_before": round(load, 2), "whole_s": round(time.perf_counter() - began, 1)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of: {', '.join(NAMES)} (default: all)")
    names = parser.parse_args().names or list(NAMES)
    if unknown := [name for name in names if name not in NAMES]:
        parser.error(f"there is no benchmark {unknown[0]}; there are: {', '.join(NAMES)}")
    if sys.platform != "linux":
        parser.error("processor time and memory are read from /proc, which only Linux has")
    document: dict[str, Any] = {"machine": machine()}
    for name in names:
        log(f"{name} …")
        document[name] = run(name)
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
