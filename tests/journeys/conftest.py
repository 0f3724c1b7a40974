"""A whole Rubricator as its users meet it: its own database, web server, worker, and a real browser."""

import functools
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page
from redis import Redis

from scripts.test_tools import BROWSERS, TOOLS
from tests.journeys.clerk import ask
from tests.tables import copy_of, tables

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
PASSWORD = "correct horse battery staple"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The machine's own Chromium, or the one that scripts/test_tools.py has fetched."""
    found = {**browser_type_launch_args, "args": ARGUMENTS}
    path = os.environ.get("RUBRICATOR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path:
        return {**found, "executable_path": path}
    environment = {**os.environ, "LD_LIBRARY_PATH": str(TOOLS / "lib")}
    return {**found, "executable_path": str(TOOLS / "chromium"), "env": environment}


@dataclass(frozen=True)
class Site:
    """A running site: its address, and a way to run management commands on it."""

    url: str
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str], **pipes: int) -> None:
        """A server of its own, as a process that ends with the site; what it says goes into the site's log."""
        with (Path(self.environment["RUBRICATOR_DATA"]) / "log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.ROOT, env=self.environment, text=True, **{"stdout": log, "stderr": log, **pipes},
            )  # fmt: skip

    def stop(self, name: str) -> list[str]:
        """End a server; answers the command that starts it again."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()
        return list(process.args[2:])  # type: ignore[index]

    def wait(self) -> None:
        """Until the web server answers."""
        _wait_for(f"{self.url}/", self.processes["web"])

    def manage(self, *words: str, stdin: str = "") -> str:
        return ask(self.processes["clerk"], words, stdin)

    def person(self, name: str, *flags: str) -> str:
        self.manage(
            "person",
            name,
            f"--email={name}@example.org",
            f"--public-name={name.title()}",
            *flags,
            stdin=PASSWORD,
        )
        return name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the web server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer within a minute")


def _environment(database: str, data: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "RUBRICATOR_DATA": str(data),
        "RUBRICATOR_SITE_URL": f"http://127.0.0.1:{port}",
        "RUBRICATOR_HOSTS": "127.0.0.1",
        "RUBRICATOR_TESTING": "1",
        "RUBRICATOR_SECRET_KEY": "journeys-share-one-key-between-processes",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for each file of journeys: none finds what another has left, in whatever order they come.

    PostgreSQL and Valkey are those of the test run; web server and worker are processes of their own.
    """
    Redis.from_url(os.environ["REDIS_URL"]).flushall()
    port = _free_port()
    database = copy_of(tables(), f"journey_{os.getpid()}")
    environment = _environment(database, tmp_path_factory.mktemp("site"), port)
    running = Site(environment["RUBRICATOR_SITE_URL"], environment)
    web = [
        "granian",
        "--interface",
        "wsgi",
        "config.wsgi:application",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    queues = "default,fetch,predict,compute"
    worker = [
        "celery",
        "-A",
        "config.celery",
        "worker",
        "-Q",
        queues,
        "-c",
        "2",
        "-l",
        "warning",
        "--without-mingle",
    ]
    running.start("clerk", ["tests.journeys.clerk"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    running.start("web", web)
    running.start("worker", worker)
    try:
        running.wait()
        yield running
    finally:
        for process in running.processes.values():
            process.terminate()
        for name in list(running.processes):
            running.stop(name)


@pytest.fixture
def open_as(browser: Browser, site: Site) -> Iterator:
    """Open the site as somebody, on a desktop or a phone: `open_as("camille", PHONE)`; signed in unless nobody."""
    contexts: list[BrowserContext] = []

    def open_(name: str | None, device: dict | None = None, *, locale: str = "en-GB") -> Page:
        context = browser.new_context(
            base_url=site.url, locale=locale, reduced_motion="reduce", **(device or DESKTOP)
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.faults.append(f"page error: {error}"))
        page.on("console", lambda line: page.faults.append(line.text) if is_fault(line) else None)
        if name:
            page.goto("/accounts/login/")
            page.locator("input[name=login]").fill(name)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form [type=submit]").first.click()
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_
    faults = [
        fault for context in contexts for page in context.pages for fault in getattr(page, "faults", [])
    ]
    for context in contexts:
        context.close()
    assert faults == [], "the browser reported faults"


def is_fault(line: object) -> bool:
    """Errors and refusals of the Content-Security-Policy; never what other hosts do not give."""
    foreign = ("favicon", "ERR_NAME_NOT_RESOLVED")
    return line.type == "error" and not any(word in line.text for word in foreign)  # type: ignore[attr-defined]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the output belongs to the tests."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Another web site: a folder and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def check_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can find on the page as it stands."""
    page.wait_for_load_state("networkidle")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules).response["violations"]
    said = [
        f"{rule['id']}: {rule['help']} {[node['html'][:160] for node in rule['nodes'][:3]]}" for rule in found
    ]
    assert said == [], f"{page.url}\n" + "\n".join(said)
