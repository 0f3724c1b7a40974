"""A site as it is deployed, with one campaign of tiled pages: what the benchmarks of the workbench open."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from accounts.sessions import SessionStore
from annotation.images import convert
from annotation.models import Canvas, Manifest, SourceImport, StoredImage
from benchmarks.ground import ROOT, web_server
from benchmarks.seed import HEIGHT, WIDTH, make_canvases, make_person, make_tasks, make_vocabulary
from benchmarks.workbench.leaf import leaf
from campaigns.actions import create_campaign, open_campaign

PAGES = 120
SLUG = "signs-in-a-long-book"
# What every campaign that is opened to people says of itself.
SUMMARY = (
    "A long book full of signs: find them with us, one page after the other, and see what others have found."
)
INSTRUCTIONS = """**What to draw.** One box around each sign, close to the ink. Signs stand in lines; a smaller
one may stand between two lines, or in the margin, and counts as well.

- Leave out what is only a stain, a hole or a fold.
- Two signs that touch are two boxes.
- Where the edge of the page cuts a sign, draw what is left of it.

If you are not sure, draw it and say so beside it."""


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    sessions: dict[str, str]

    @property
    def work(self) -> str:
        return f"{self.url}/campaigns/{SLUG}/work/"

    def cookie(self, name: str) -> dict[str, str]:
        return {"name": "sessionid", "value": self.sessions[name], "url": self.url}


@contextmanager
def site() -> Iterator[Site]:
    """Files collected and compressed, no debugging, the web server with its usual workers."""
    owner = make_person("owner", is_curator=True)
    sessions = {name: session_of(make_person(name)) for name in ("ada", "berta", "clara")}
    sessions["owner"] = session_of(owner)
    manifest = _book(owner)
    _campaign(owner, manifest)
    os.environ |= {
        "RUBRICATOR_ENV": "production",
        "RUBRICATOR_HOSTS": "127.0.0.1",
        "RUBRICATOR_STATIC": str(Path(settings.DATA) / "static"),
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, check=True, stdout=sys.stderr)
    # On a server the proxy in front compresses; here nothing stands in front.
    compress = [sys.executable, "-m", "whitenoise.compress", "--quiet", os.environ["RUBRICATOR_STATIC"]]
    subprocess.run(compress, cwd=ROOT, check=True, stdout=sys.stderr)
    with web_server() as (port, _pid):
        url = f"http://127.0.0.1:{port}"
        _serve_images(manifest, url)
        yield Site(url, sessions)


def session_of(user: User) -> str:
    """The key of a signed-in session, as the login page would leave it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _book(owner: User) -> Manifest:
    """Canvases whose images are uploads, all of one pyramid."""
    pyramid = Path(settings.DATA) / "pyramids" / "leaf.tif"
    pyramid.parent.mkdir(parents=True, exist_ok=True)
    source = pyramid.with_suffix(".jpg")
    leaf().save(source, quality=90)
    convert(source, pyramid)
    manifest = make_canvases(PAGES, owner)
    imported = SourceImport.objects.create(kind="images", manifest=manifest, created_by=owner)
    path = str(pyramid.relative_to(settings.DATA))
    state = StoredImage.State.READY
    StoredImage.objects.bulk_create(
        StoredImage(
            pk=uuid.uuid4(),
            source=imported,
            canvas=canvas,
            state=state,
            pyramid=path,
            width=WIDTH,
            height=HEIGHT,
        )
        for canvas in Canvas.objects.filter(manifest=manifest)
    )
    return manifest


def _campaign(owner: User, manifest: Manifest) -> None:
    campaign = create_campaign(
        by=owner, slug=SLUG, title={"en": "Signs in a long book"}, summary={"en": SUMMARY},
        instructions={"en": INSTRUCTIONS}, vocabulary=make_vocabulary(),
        question_kind="locate", question={"prompt": {"en": "Draw a box around every sign."}}, overlap=2,
    )  # fmt: skip
    make_tasks(campaign, manifest)
    open_campaign(campaign, by=owner)


def _serve_images(manifest: Manifest, url: str) -> None:
    """The port is known only now, and with it the address of each image."""
    images = StoredImage.objects.filter(canvas__manifest=manifest).select_related("canvas")
    canvases = []
    for image in images:
        canvas = image.canvas
        assert canvas is not None
        canvas.image_service = f"{url}/iiif/image/{image.pk}"
        canvas.image_url = f"{canvas.image_service}/full/max/0/default.jpg"
        canvases.append(canvas)
    Canvas.objects.bulk_update(canvases, ["image_service", "image_url"])
