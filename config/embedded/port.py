"""Finds a free TCP port and keeps it ours from the moment it is chosen.

Granian listens with SO_REUSEPORT: started on a port that another Granian of the same user serves, it
shares it silently, and each checkout answers half of the other's requests. So the supervisor keeps a
bound socket that never listens: bound alone, so that a second taker is refused, and opened to
SO_REUSEPORT only afterwards, so that our own web process may join.
"""

import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from config.embedded.account import Account
from config.embedded.refusal import Refusal

TRIES = 100
# How soon to ask again whether another has done with a port.
TURN_S = 0.001


@dataclass(slots=True)
class Reservation:
    """A port of `address` (numeric) that nobody else gets until `release`."""

    address: str
    port: int
    _socket: socket.socket | None = None

    def release(self) -> None:
        """Give the port back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def reserve(host: str, port: int, *, account: Account | None = None) -> Reservation:
    """The wanted port of `host`, or the next free one above it.

    Only sockets of one user may share a port, so it is reserved as `account`, who will serve it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise Refusal(f"{host} is not an address of this machine: {error.strerror}.") from error
    family, kind, _, _, where = found[0]
    address = str(where[0])
    with _as(account):
        for candidate in range(port, min(port + TRIES, 65536)):
            where = (address, candidate)
            if held := _bind(family, kind, where) or _bind_over_closing(family, kind, where):
                return Reservation(address, candidate, held)
    raise Refusal(f"No port of {host} from {port} to {port + TRIES - 1} is free: choose another with --port.")


def _bind(
    family: int, kind: int, where: tuple[str, int], *, over_closing: bool = False
) -> socket.socket | None:
    held = socket.socket(family, kind)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, over_closing)
        held.bind(where)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            return None
        if error.errno == errno.EACCES:
            raise Refusal(f"Port {where[1]} is reserved for root: choose one from 1024 on.") from error
        raise Refusal(f"Cannot serve on {where[0]}: {error.strerror}.") from error
    return held


def _bind_over_closing(family: int, kind: int, where: tuple[str, int]) -> socket.socket | None:
    """Bind a port on which connections are just closing.

    Two who are in the middle of it would both get the port, so one at a time is: the abstract name of a socket
    (unix(7)) is a lock that all users of the machine share and that ends with its process.
    """
    with socket.socket(socket.AF_UNIX) as turn:
        while sys.platform == "linux":
            try:
                turn.bind(f"\0rubricator-port-{where[1]}")
                break
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                time.sleep(TURN_S)
        return _bind(family, kind, where, over_closing=True)


@contextmanager
def _as(account: Account | None) -> Iterator[None]:
    if account is None:
        yield
        return
    os.seteuid(account.uid)
    try:
        yield
    finally:
        os.seteuid(0)


class Probe:
    """Asks a web server for its first answer without ever waiting for it."""

    def __init__(self, address: str, port: int, path: str = "/healthz") -> None:
        # A server on every address is asked on the loopback one.
        self._where = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address), port)  # noqa: S104
        self._request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
        self._socket: socket.socket | None = None

    def answered(self) -> bool:
        """Whether an HTTP answer has arrived; asks again after a refused or broken connection."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._where, timeout=0.2)
                self._socket.sendall(self._request)
                self._socket.settimeout(0)
            said = self._socket.recv(16)
        except BlockingIOError:
            return False
        except OSError:
            said = b""
        self.forget()
        return said.startswith(b"HTTP/")

    def forget(self) -> None:
        """Drop the question asked."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None
