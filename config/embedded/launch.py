"""Becomes another program after giving up root and asking the kernel to end it with its parent.

Run as a script by `config.embedded.processes.spawn`, never imported: a small program that changes
only itself is safe where code between fork and exec of a threaded parent is not.

    launch.py UID GID DEATH_SIGNAL PARENT_PID PROGRAM [ARGUMENT…]        (UID -1: stay who we are)
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    uid, gid, death_signal, parent = map(int, sys.argv[1:5])
    command = sys.argv[5:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)  # a shell starts background jobs with SIGINT ignored
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    if uid >= 0:
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    if death_signal and sys.platform == "linux":
        # After the change of user, which would clear it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(0)  # the parent died before the kernel was told
    try:
        os.execv(command[0], command)  # noqa: S606
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}.", file=sys.stderr)  # noqa: T201
        sys.exit(127)


if __name__ == "__main__":
    main()
