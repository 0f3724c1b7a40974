"""The example of the README runs as it stands, over real HTTP, against a campaign with real pixels."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import requests
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from accounts.actions import create_token
from accounts.models import User
from accounts.roles import Role
from annotation.actions.sources import import_images
from campaigns.actions import assign_role, choose_canvases, create_campaign, open_campaign
from campaigns.models import Campaign, PredictionRun
from taxonomy.models import Concept
from tests.campaigns.conftest import SETTINGS, make_vocabulary
from tests.campaigns.outcomes import answer, decide_everything, located, merge, released
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
README = Path(settings.ROOT) / "README.md"
SIGN = (40, 60, 32, 48)  # where the sign stands on the first page


def page(*places: tuple[int, int]) -> bytes:
    """White paper with the same sign at these places."""
    random = np.random.default_rng(7)
    sign = random.integers(0, 200, (SIGN[3] // 4, SIGN[2] // 4), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    paper = np.full((400, 300), 245, dtype=np.uint8)
    for x, y in places:
        paper[y : y + SIGN[3], x : x + SIGN[2]] = sign
    file = BytesIO()
    Image.fromarray(paper).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def engineer(person: Callable[..., User]) -> User:
    return person("emi", pseudonym="Emi")


@pytest.fixture
def finished(owner: User, engineer: User) -> Campaign:
    """A campaign on two pages, of which the first is decided and released; three signs are on the second."""
    files = [
        SimpleUploadedFile("1.png", page(SIGN[:2])),
        SimpleUploadedFile("2.png", page((20, 30), (200, 90), (120, 300))),
    ]
    source = import_images(files, title="Two pages", by=owner)
    assert source.job is not None
    run_job(str(source.job.pk))
    source.refresh_from_db()
    assert source.manifest is not None
    words = make_vocabulary("words")
    campaign = create_campaign(by=owner, slug="signs", vocabulary=words, **{**SETTINGS, "overlap": 2})
    choose_canvases(campaign, manifests=[source.manifest.pk], by=owner)
    campaign = open_campaign(campaign, by=owner)
    assign_role(campaign, engineer, Role.MANAGER, by=owner)
    concept = Concept.objects.get(vocabulary=words, notation="F")
    answer(campaign, {0: [located([(SIGN, concept)]), located([(SIGN, concept)])]})
    merge(campaign)
    decide_everything(campaign, owner)
    released(campaign, owner)
    return campaign


@pytest.fixture
def worker(finished: Campaign) -> Iterator[None]:
    """From now on does jobs as they come, as Celery’s worker would."""
    over = threading.Event()

    def work() -> None:
        try:
            while not over.wait(0.05):
                for job in Job.objects.filter(state=Job.State.QUEUED):
                    run_job(str(job.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    yield
    over.set()
    thread.join(60)


def example() -> str:
    """The Python of the README."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    return str(code)


@pytest.mark.usefixtures("worker")
def test_the_example_runs(live_server: LiveServer, finished: Campaign, engineer: User) -> None:
    _token, secret = create_token(by=engineer, name="readme", scopes=["read", "write"])
    code = example()
    assert code.count("http://localhost:8000") == code.count("rub_…") == 1
    code = code.replace("http://localhost:8000", live_server.url).replace("rub_…", secret)
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(code, "README.md", "exec"), {"__name__": f"readme_{uuid4().hex}"})
    first, last = said.getvalue().splitlines()
    assert first == "Draw every clef · 1 boxes on 1 images"
    assert last.startswith("done · ")
    run = PredictionRun.objects.get()
    boxes = sorted(
        (row.annotation.canvas.position, row.annotation.x, row.annotation.y) for row in run.predictions.all()
    )
    assert boxes == [(0, 40, 60), (1, 20, 30), (1, 120, 300), (1, 200, 90)]


def test_a_visitor_may_run_the_curl_line(live_server: LiveServer, finished: Campaign) -> None:
    """Public releases need no token, and the address in the README is the one that answers."""
    (address,) = re.findall(r'^curl .*"\$HOST(/[^"]*)"$', README.read_text(), re.MULTILINE)
    assert requests.get(live_server.url + address, timeout=10).json()["count"] == 1
