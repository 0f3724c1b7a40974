"""Certificates are checked against the name, whatever address was pinned."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fetch import Client, FetchError
from tests.fetch.servers import JSON, Canary, client, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for `iiif.example.org` alone, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is needed to make a certificate and is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem"
    subprocess.run(
        [*command.split(), "-subj", "/CN=iiif.example.org", "-addext", "subjectAltName=DNS:iiif.example.org"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure(certificate: Path) -> Iterator[Canary]:
    server = Canary()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.says("/", body=b"{}")
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with serving(server):
        yield server


def over_tls(server: Canary, host: str, context: Callable[[], ssl.SSLContext]) -> bytes:
    asking = client(
        look_up=lambda *_: ["93.184.216.34"],
        connect=lambda _a, port, timeout_s: socket.create_connection(("127.0.0.1", port), timeout_s),
        context=context,
    )
    return asking.fetch(f"https://{host}:{server.server_port}/", accept=JSON, max_bytes=9, timeout_s=5).body


def test_the_certificate_is_checked_against_the_name_not_the_pinned_address(
    secure: Canary, certificate: Path
) -> None:
    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certificate / "cert.pem")

    assert over_tls(secure, "iiif.example.org", trusting) == b"{}"
    with pytest.raises(FetchError) as mismatch:
        over_tls(secure, "evil.example.org", trusting)
    assert mismatch.value.code == "tls-failed"


def test_an_unknown_authority_is_refused(secure: Canary) -> None:
    with pytest.raises(FetchError) as unknown:
        over_tls(secure, "iiif.example.org", Client.__dataclass_fields__["context"].default)
    assert unknown.value.code == "tls-failed"
    assert "self" in str(unknown.value)


def test_http_on_the_port_of_https(canary: Canary) -> None:
    with pytest.raises(FetchError) as failed:
        client(canary.authority).fetch(f"https://{canary.authority}/", accept=JSON, max_bytes=9, timeout_s=5)
    assert failed.value.code == "tls-failed"
