"""One strict reading of a URL, so that what is checked is what is sent."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from fetch.errors import AddressMalformed, CredentialsInAddress, PortRefused, SchemeRefused

MAX_URL_LENGTH = 8_000
PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]+\](:\d*)?")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
# Everything RFC 3986 lets stand in a path or query; "%" stays because it is an escape already made.
_KEEP = "%/:?[]@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes: host in lower-case ASCII without brackets, `target` as in the request line."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own, as in the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def moved(self, location: str) -> "Destination":
        """Where a `Location` header leads to from here."""
        try:
            return parse(urljoin(self.url, location.strip()))
        except ValueError as error:
            raise AddressMalformed(url=location[:200]) from error


def parse(url: str) -> Destination:
    """The destination of an http(s) URL; spaces and non-ASCII letters are escaped, the fragment goes.

    Raises `AddressMalformed`, `SchemeRefused`, `CredentialsInAddress` or `PortRefused`.
    """
    url = url.strip(" \t\r\n")
    if not url or len(url) > MAX_URL_LENGTH or _CONTROL.search(url):
        raise AddressMalformed(url=url[:200])
    try:
        parts = urlsplit(url)
        port = parts.port
        if "[" in parts.netloc and "@" not in parts.netloc and not _BRACKETS.fullmatch(parts.netloc):
            raise ValueError("an address in brackets that is none")
        host = _host(parts.hostname or "")
        target = quote(parts.path or "/", safe=_KEEP) + (
            f"?{quote(parts.query, safe=_KEEP)}" if parts.query else ""
        )
    except ValueError as error:  # also UnicodeError
        raise AddressMalformed(url=url[:200]) from error
    if parts.scheme not in PORTS:
        raise SchemeRefused(scheme=parts.scheme or url[:20])
    if "@" in parts.netloc:
        raise CredentialsInAddress
    if not host or not target.startswith("/"):
        raise AddressMalformed(url=url[:200])
    port = PORTS[parts.scheme] if port is None else port
    if port < 1024 and port not in PORTS.values():
        raise PortRefused(port=port, host=host)
    return Destination(parts.scheme, host, port, target)


def _host(name: str) -> str:
    """A host name in ASCII, or an IP address in its shortest form; "" or `ValueError` when it is neither."""
    if ":" in name:
        if "%" in name:
            raise ValueError("an address with a zone")
        return str(ipaddress.IPv6Address(name))
    ascii_name = name.encode("idna").decode("ascii").lower().removesuffix(".")
    if ascii_name and not _HOST.fullmatch(ascii_name):
        raise ValueError("a character that host names do not have")
    return ascii_name
