"""What can be checked of the container files without a container engine."""

import http.server
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from config.embedded.house import QUEUES
from tests.config.conftest import REPOSITORY

COMPOSE = (REPOSITORY / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
SECRETS = {
    "RUBRICATOR_SECRET_KEY",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
    "RUBRICATOR_SITE_URL",
    "RUBRICATOR_HOSTS",
}


def test_what_must_be_set_is_refused_when_missing_and_explained():
    assert set(re.findall(r"\$\{(\w+):\?[^}]*deploy/env\.example", COMPOSE)) == SECRETS
    assert not re.findall(rf"\$\{{({'|'.join(SECRETS)})(?!:\?)", COMPOSE), "no secret has a default"
    example = (REPOSITORY / "deploy" / "env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", COMPOSE)) - named <= {"RUBRICATOR_LOG"}
    assert not re.search(r"^(\w+(KEY|PASSWORD))=.+", example, re.MULTILINE), "an example holds no secret"


def test_every_service_is_there_and_waits_for_what_it_needs():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "proxy", "postgres", "valkey"}
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert "healthcheck" in service or service.get("image") in {"rubricator:local", "caddy:2-alpine"}
    assert SERVICES["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"], "one door"


def test_the_worker_serves_the_queues_of_the_embedded_one():
    assert f"--queues={QUEUES}" in SERVICES["worker"]["command"]


def test_postgres_keeps_its_data_where_version_18_puts_them():
    assert SERVICES["postgres"]["image"].endswith("pg18")
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_the_image_runs_as_an_ordinary_user_and_copies_what_exists():
    assert re.search(r"^USER rubricator$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER rubricator") < DOCKERFILE.index("\nCMD")
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (REPOSITORY / source).exists(), source
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert {".env", ".git", "var"} <= set(ignored)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (302, 0), (400, 1), (500, 1), (None, 1)])
def test_the_healthcheck_tells_well_from_ill(status: int | None, code: int, free_port: int):
    seen: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.headers['Host']} {self.headers['X-Forwarded-Proto']}")
            self.send_response(status or 0)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    environment = {
        **os.environ,
        "GRANIAN_PORT": str(free_port),
        "RUBRICATOR_HOSTS": "a.example, b.example",
        "RUBRICATOR_SITE_URL": "https://a.example",
    }
    server = http.server.HTTPServer(("127.0.0.1", free_port), Answer) if status else None
    try:
        if server:
            threading.Thread(target=server.handle_request, daemon=True).start()
        script = Path(REPOSITORY, "deploy", "healthcheck.py")
        done = subprocess.run([sys.executable, script], env=environment, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
        assert seen == (["a.example https"] if status else [])
    finally:
        if server:
            server.server_close()
