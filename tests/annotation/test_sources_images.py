"""Uploaded images become pyramids, canvases of a manifest of ours, and answers of our Image API."""

import io

import pytest
from PIL import Image

from annotation.actions.sources import MAX_IMAGES, import_images
from annotation.models import StoredImage
from problems import Invalid, Refused
from tests.annotation.conftest import picture, report, upload
from work import runner
from work.actions import resume_job, run_job, stop_job

pytestmark = pytest.mark.django_db


def test_images_become_a_manifest_that_we_publish(api, owner, finished):
    files = [picture("one.png", (300, 200)), picture("deux.PNG", (90, 120))]
    source = finished(import_images(files, title=" Two pages ", rights="https://example.org/free", by=owner))
    assert (source.job.state, source.job.done) == ("done", 2)
    canvases = list(source.manifest.canvases.order_by("position"))
    assert [(c.label, c.width, c.height) for c in canvases] == [
        ({"none": ["one"]}, 300, 200),
        ({"none": ["deux"]}, 90, 120),
    ]
    document = api.get(f"/iiif/presentation/{source.manifest.pk}/manifest").json()
    assert (document["label"], len(document["items"])) == ({"none": ["Two pages"]}, 2)
    body = document["items"][0]["items"][0]["items"][0]["body"]
    path = body["service"][0]["id"].removeprefix("http://localhost:8000")
    described = api.get(f"{path}/info.json").json()
    assert (described["width"], described["height"], described["profile"]) == (300, 200, "level2")
    answer = api.get(body["id"].removeprefix("http://localhost:8000"))
    assert Image.open(io.BytesIO(answer.content)).size == (300, 200)


def test_an_image_that_cannot_be_read_never_stops_the_others(owner, finished):
    files = [picture("a.png"), upload(b"no image", "b.jpg"), picture("c.png")]
    source = finished(import_images(files, title="Three", by=owner))
    assert (source.job.state, source.job.done) == ("done", 3)
    assert source.manifest.canvases.count() == 2
    refused = source.images.get(state="refused")
    assert (refused.name, [line.place for line in report(source)]) == ("b.jpg", ["b.jpg"])
    assert refused.reason.endswith(".")


def test_nothing_but_broken_images_fails(owner, finished):
    source = finished(import_images([upload(b"x", "a.jpg"), upload(b"y", "b.tif")], title="Two", by=owner))
    assert (source.job.state, source.manifest) == ("failed", None)
    assert "report" in source.job.error


def test_a_stopped_import_goes_on_where_it_was(owner, finished, monkeypatch):
    source = import_images([picture(f"{n}.png") for n in range(3)], title="Three", by=owner)
    original = runner.Runner.check

    def stop_after_first(self):
        stop_job(self.job)
        original(self)

    monkeypatch.setattr(runner.Runner, "check", stop_after_first)
    run_job(str(source.job.pk))
    source.job.refresh_from_db()
    assert (source.job.state, source.images.filter(state="ready").count()) == ("stopped", 1)
    first = source.images.get(state="ready")
    monkeypatch.setattr(runner.Runner, "check", original)
    resume_job(source.job)
    source = finished(source)
    assert (source.job.state, source.job.done) == ("done", 3)
    assert source.manifest.canvases.count() == 3
    assert StoredImage.objects.get(pk=first.pk).pyramid == first.pyramid


@pytest.mark.parametrize(
    ("files", "title", "pointer"),
    [
        (0, "Set", "/images"),
        (MAX_IMAGES + 1, "Set", "/images"),
        (1, "  ", "/title"),
        ("page.exe", "Set", "/images/0"),
        ("page", "Set", "/images/0"),
    ],
)
def test_what_cannot_be_a_set_of_images_is_refused_at_once(owner, files, title, pointer):
    sent = [upload(b"x", files)] if isinstance(files, str) else [upload(b"x", "a.png")] * files
    with pytest.raises(Invalid) as refusal:
        import_images(sent, title=title, by=owner)
    assert refusal.value.faults[0].pointer == pointer
    assert not StoredImage.objects.exists()


def test_only_curators_upload(contributor):
    with pytest.raises(Refused):
        import_images([picture()], title="Mine", by=contributor)


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "a" * 200 + ".png", "naïve ‘é’ \u202egnp.png"])
def test_odd_file_names_are_only_names(owner, finished, name):
    source = finished(import_images([picture(name)], title="Odd", by=owner))
    assert source.job.state == "done", source.job.error
    stored = source.images.get()
    assert stored.original.name == f"originals/{stored.pk}.png"
