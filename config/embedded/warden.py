"""Outlives a killed supervisor by a moment, to end the processes that it left.

Run as a script by `config.embedded.legacy`, never imported. The kernel ends the supervisor's own
children with it, but not their children. It reads `+PID` and `-PID` lines on its standard input: the
groups that exist now. When the input ends, so has the supervisor, and every group left is ended.
"""

import os
import signal
import sys
import time

PATIENCE_S = 1.5


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    for number, patience_s in ((signal.SIGTERM, PATIENCE_S), (signal.SIGKILL, 0.0)):
        groups = {group for group in groups if _signal(group, number)}
        deadline = time.monotonic() + patience_s
        while groups and time.monotonic() < deadline:
            time.sleep(0.02)
            groups = {group for group in groups if _signal(group, 0)}


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
