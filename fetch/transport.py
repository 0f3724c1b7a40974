"""One request to one checked and pinned address, with limits on time, headers, bytes and decompression."""

import functools
import http.client
import io
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import certifi

from fetch import errors
from fetch.destination import Destination

Lookup = Callable[[str, int, float], list[str]]
Connect = Callable[[str, int, float], socket.socket]

BLOCK_BYTES = 65_536
MAX_HEAD_BYTES = 65_536
MAX_CONNECT_S = 10.0


class Deadline:
    """A moment after which every wait of one fetch ends; raises `TimeoutError` when asked too late."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._end = time.monotonic() + timeout_s

    def left_s(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def look_up(host: str, port: int, timeout_s: float) -> list[str]:
    """The addresses of `host` in the system's order of preference, without repetition; raises `OSError`."""
    answers: queue.Queue[list[str] | Exception] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))

    # The system's resolver knows no timeout; a thread of its own lets the caller stop waiting for it.
    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A TCP connection to one numeric address."""
    return socket.create_connection((address, port), timeout=timeout_s)


@functools.cache
def tls() -> ssl.SSLContext:
    """Verifying TLS with the system's authorities and, for machines that have none, certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def told(destination: Destination, timeout_s: float) -> Iterator[None]:
    """Say what the network's exceptions mean, as `FetchError`s."""
    host = destination.authority
    try:
        yield
    except TimeoutError as error:
        raise errors.TimedOut(host=host, timeout_s=timeout_s) from error
    except (http.client.RemoteDisconnected, ssl.SSLEOFError) as error:
        # It hung up before it said anything: trouble of the server that may pass, not an answer that is wrong.
        raise errors.Unreachable(host=host, reason="no answer") from error
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "TLS"
        raise errors.TlsFailed(host=host, reason=reason) from error
    except http.client.IncompleteRead as error:
        raise errors.Truncated(host=host) from error
    except (http.client.HTTPException, ValueError) as error:
        raise errors.Garbled(host=host, reason=str(error)[:100] or type(error).__name__) from error
    except OSError as error:
        raise errors.Unreachable(host=host, reason=error.strerror or str(error)[:100]) from error


class _Wire(io.RawIOBase):
    """The receiving side of a socket: every single wait is cut to what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline, host: str) -> None:
        self._sock = sock
        self._deadline = deadline
        self._host = host
        self.head_left: int | None = MAX_HEAD_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if self.head_left is not None and self.head_left <= 0:
            raise errors.HeadTooLarge(host=self._host, limit=MAX_HEAD_BYTES)
        self._sock.settimeout(self._deadline.left_s())
        count = self._sock.recv_into(buffer)
        if self.head_left is not None:
            self.head_left -= count
        return count


class _Readable:
    """What `http.client.HTTPResponse` wants of a socket: `makefile`."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def makefile(self, *_mode: object) -> io.BufferedReader:
        return io.BufferedReader(self._wire)


class Answer:
    """Status and headers (names in lower case) of one answer, its body still to be read."""

    def __init__(
        self,
        destination: Destination,
        response: http.client.HTTPResponse,
        sock: socket.socket,
        deadline: Deadline,
    ) -> None:
        self.destination = destination
        self.status = response.status
        self.reason = response.reason
        self.headers: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            self.headers[key] = f"{self.headers[key]}, {value}" if key in self.headers else value
        self._response = response
        self._sock = sock
        self._deadline = deadline

    @property
    def url(self) -> str:
        return self.destination.url

    def close(self) -> None:
        self._response.close()
        self._sock.close()

    def chunks(self, *, max_bytes: int) -> Iterator[bytes]:
        """The decompressed body in pieces of at most 64 KiB as they arrive; may end by a `FetchError`."""
        host = self.destination.authority
        with told(self.destination, self._deadline.timeout_s):
            if (self._response.length or 0) > max_bytes:
                raise errors.TooLarge(host=host, limit=max_bytes)
            total = 0
            for piece in self._decoded(self._raw(max_bytes)):
                total += len(piece)
                if total > max_bytes:
                    raise errors.TooLarge(host=host, limit=max_bytes)
                yield piece

    def _raw(self, max_bytes: int) -> Iterator[bytes]:
        total = 0
        while block := self._response.read1(BLOCK_BYTES):
            total += len(block)
            if total > max_bytes:
                raise errors.TooLarge(host=self.destination.authority, limit=max_bytes)
            yield block
        if self._response.length:
            raise errors.Truncated(host=self.destination.authority)

    def _decoded(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"", "identity"}:
            return iter(blocks)
        if encoding in {"gzip", "x-gzip"}:
            return self._unzipped(blocks)
        raise errors.EncodingRefused(host=self.destination.authority, encoding=encoding[:60])

    def _unzipped(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Gunzip in small steps, so that a bomb is noticed by whoever counts, not by the memory."""
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        begun = False
        try:
            for block in blocks:
                waiting = block
                while waiting:
                    if member.eof:
                        if not waiting.strip(b"\0"):  # padding after the last member is harmless
                            break
                        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
                    begun = True
                    piece = member.decompress(waiting, BLOCK_BYTES)
                    if piece:
                        yield piece
                    waiting = member.unused_data if member.eof else member.unconsumed_tail
        except zlib.error as error:
            raise errors.EncodingRefused(host=self.destination.authority, encoding=str(error)) from error
        if begun and not member.eof:
            raise errors.Truncated(host=self.destination.authority)


def exchange(
    destination: Destination,
    addresses: list[str],
    *,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: Deadline,
    connect: Connect,
    context: Callable[[], ssl.SSLContext],
) -> Answer:
    """Send one request to the first of `addresses` that connects; the name is never resolved again."""
    with told(destination, deadline.timeout_s):
        sock = _reach(destination, addresses, deadline, connect)
        try:
            if destination.scheme == "https":
                sock.settimeout(deadline.left_s())
                sock = context().wrap_socket(sock, server_hostname=destination.host)
            _send(sock, destination, method, headers, body, deadline)
            wire = _Wire(sock, deadline, destination.authority)
            response = http.client.HTTPResponse(_Readable(wire), method=method)  # type: ignore[arg-type]
            response.begin()
            wire.head_left = None
        except BaseException:
            sock.close()
            raise
    return Answer(destination, response, sock, deadline)


def _reach(
    destination: Destination, addresses: list[str], deadline: Deadline, connect: Connect
) -> socket.socket:
    last: OSError = OSError("no address")
    for index, address in enumerate(addresses):
        share_s = deadline.left_s() / (len(addresses) - index)
        try:
            return connect(address, destination.port, min(share_s, MAX_CONNECT_S))
        except OSError as error:
            last = error
    if isinstance(last, TimeoutError):
        deadline.left_s()
        last = OSError("no connection was made in time")
    raise last


def _send(
    sock: socket.socket,
    destination: Destination,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: Deadline,
) -> None:
    connection = http.client.HTTPConnection(destination.host, destination.port)
    connection.sock = sock
    sock.settimeout(deadline.left_s())
    connection.putrequest(method, destination.target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    view = memoryview(body or b"")
    for start in range(0, len(view), BLOCK_BYTES):
        sock.settimeout(deadline.left_s())
        sock.sendall(view[start : start + BLOCK_BYTES])
