"""Manifests come in by file and by address, report what is wrong, and come in again as an update."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotation.actions.sources import import_from_file, import_from_url
from annotation.models import Manifest
from campaigns.models import Task
from problems import Invalid, Refused
from tests.annotation.conftest import annotate, make_layer, p3_canvas, p3_manifest, report, upload
from tests.campaigns.conftest import make_vocabulary
from work.actions import resume_job, run_job, stop_job
from work.models import Job

pytestmark = pytest.mark.django_db


def severities(source) -> set[str]:
    return {line.severity for line in report(source)}


def test_a_file_becomes_a_manifest_with_canvases(owner, finished):
    source = finished(import_from_file(upload(p3_manifest()), by=owner))
    assert (source.job.state, source.job.done, source.job.total) == ("done", 3, 3)
    manifest = source.manifest
    assert (manifest.label["fr"], manifest.canvases.count()) == (["Un livre"], 3)
    canvas = manifest.canvases.first()
    assert (canvas.width, canvas.image_width, canvas.image_service_version) == (1000, 2000, 3)
    assert report(source)[-1].sentence == "3 canvases were read."


def test_only_curators_bring_sources_in(stranger):
    with pytest.raises(Refused):
        import_from_file(upload(p3_manifest()), by=stranger)
    with pytest.raises(Refused):
        import_from_url("https://example.org/manifest", by=stranger)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "url", ["", "example.org/manifest", "ftp://example.org/m", "https://", "javascript:alert(1)"]
)
def test_what_is_no_address_is_refused_at_once(owner, url):
    with pytest.raises(Invalid):
        import_from_url(url, by=owner)


def test_an_empty_file_is_refused_at_once(owner):
    with pytest.raises(Invalid):
        import_from_file(SimpleUploadedFile("m.json", b""), by=owner)


def p3(kind: str, **more: object) -> bytes:
    context = "http://iiif.io/api/presentation/3/context.json"
    known = {"@context": context, "id": "https://e.org/x", "type": kind, "label": {"en": ["X"]}, "items": []}
    return json.dumps({**known, **more}).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!doctype html><html><title>Viewer</title></html>", "HTML page titled “Viewer”"),
        (b"{", "not valid JSON"),
        (b"[1]", "list"),
        (b'{"a": 1}', "no manifest"),
        (p3("AnnotationPage"), "page of annotations"),
        (p3("Manifest"), "no canvas"),
        (p3("Manifest", id="https://e.org/" + "x" * 2100), "longer than 2000 bytes"),
        (json.dumps(p3_manifest()).replace("1000", "1e999").encode(), ""),
    ],
)
def test_what_is_no_manifest_fails_with_a_sentence(owner, finished, content, said):
    source = finished(import_from_file(upload(content), by=owner))
    assert source.job.state == "failed"
    assert said in source.job.error
    assert source.job.error.endswith(".")
    assert "unexpected" not in source.job.error


def test_a_bad_canvas_costs_only_itself(owner, finished):
    document = p3_manifest()
    del document["items"][1]["width"], document["items"][1]["height"]
    del document["items"][1]["items"][0]["items"][0]["body"]["width"]
    document["items"][2]["id"] += "x" * 2100
    source = finished(import_from_file(upload(document), by=owner))
    assert source.job.state == "done"
    assert source.manifest.canvases.count() == 1
    assert {line.place[:40] for line in report(source) if line.severity == "error"} == {
        document["items"][1]["id"][:40],
        document["items"][2]["id"][:40],
    }


def test_the_same_source_again_is_an_update_and_keeps_what_is_used(owner, finished):
    first = finished(import_from_file(upload(p3_manifest(pages=4)), by=owner)).manifest
    used, resized = list(first.canvases.order_by("position"))[2:4]
    annotate(make_layer(owner), used)
    annotate(make_layer(owner), resized)
    document = p3_manifest(pages=1)
    document["label"] = {"en": ["The same book"]}
    document["items"].append(p3_canvas("https://example.org/iiif/book", 4, width=500, height=700))
    document["items"].append(p3_canvas("https://example.org/iiif/book", 9))
    source = finished(import_from_file(upload(document), by=owner))
    assert source.manifest.pk == first.pk
    assert source.manifest.label == {"en": ["The same book"]}
    assert {canvas.uri[-1] for canvas in first.canvases.all()} == {"1", "3", "4", "9"}
    assert resized.pk in first.canvases.values_list("pk", flat=True), "recognised by its URI"
    said = " ".join(line.sentence for line in report(source))
    assert "1 canvases that the source no longer has were taken out" in said
    assert "1 canvases that the source no longer has are in use" in said
    assert [line.place for line in report(source) if "another size" in line.sentence] == [resized.uri]


def test_a_canvas_with_a_task_is_kept(owner, finished):
    manifest = finished(import_from_file(upload(p3_manifest(pages=2)), by=owner)).manifest
    second = manifest.canvases.get(position=1)
    from campaigns.actions import create_campaign

    campaign = create_campaign(
        by=owner,
        slug="c",
        title={"en": "c"},
        vocabulary=make_vocabulary("clefs"),
        question_kind="locate",
        question={"prompt": {"en": "?"}},
    )
    Task.objects.create(campaign=campaign, canvas=second, position=0)
    finished(import_from_file(upload(p3_manifest(pages=1)), by=owner))
    assert manifest.canvases.count() == 2


def test_two_people_have_a_copy_each(owner, manager, finished):
    for person in (owner, manager):
        finished(import_from_file(upload(p3_manifest()), by=person))
    assert Manifest.objects.count() == 2


def test_a_resumed_import_reports_once(owner, finished):
    document = p3_manifest()
    del document["@context"]
    source = import_from_file(upload(document), by=owner)
    stop_job(source.job)
    run_job(str(source.job.pk))
    source.job.refresh_from_db()
    assert (source.job.state, report(source)) == ("stopped", [])
    resume_job(source.job)
    source = finished(source)
    once = len(report(source))
    Job.objects.filter(pk=source.job.pk).update(state="queued")
    source = finished(source)
    assert source.job.state == "done"
    assert len(report(source)) == once


def test_an_import_writes_in_batches(owner, finished, django_assert_max_num_queries):
    small = import_from_file(upload(p3_manifest(pages=3)), by=owner)
    large = import_from_file(upload(p3_manifest("https://example.org/iiif/large", pages=900)), by=owner)
    for source in (small, large):
        with django_assert_max_num_queries(32):
            run_job(str(source.job.pk))
        source.job.refresh_from_db()
        assert source.job.state == "done"


# --- by address ------------------------------------------------------------------------------------


@pytest.fixture
def institution(tmp_path: Path, settings) -> Iterator[tuple[str, Path]]:
    """A web server of an institution, on the loopback: its address and its folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, directory=str(tmp_path), **kwargs)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [address]
    yield f"http://{address}", tmp_path
    server.shutdown()
    server.server_close()


def test_a_manifest_is_fetched_from_its_address(owner, finished, institution):
    address, folder = institution
    document = p3_manifest()
    document["id"] = f"{address}/manifest.json"
    (folder / "manifest.json").write_text(json.dumps(document))
    source = finished(import_from_url(f"  {address}/manifest.json ", by=owner))
    assert source.job.state == "done", source.job.error
    assert source.manifest.uri == f"{address}/manifest.json"


def test_a_page_for_people_instead_of_a_manifest_is_said_so(owner, finished, institution):
    address, folder = institution
    (folder / "viewer.html").write_text("<!doctype html><title>Our viewer</title>")
    source = finished(import_from_url(f"{address}/viewer.html", by=owner))
    assert source.job.state == "failed"
    assert "Our viewer" in source.job.error


def test_what_is_not_there_is_said_so(owner, finished, institution):
    source = finished(import_from_url(f"{institution[0]}/nothing.json", by=owner))
    assert source.job.state == "failed"
    assert "404" in source.job.error


def test_a_private_address_is_refused(owner, finished, institution, settings):
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = []
    source = finished(import_from_url(f"{institution[0]}/manifest.json", by=owner))
    assert source.job.state == "failed"
    assert "127.0.0.1" in source.job.error


# --- real material ---------------------------------------------------------------------------------


def outcomes(paths: list[Path], owner, finished) -> dict[str, list[str]]:
    """state → names of the files whose import ended so; none may end unexpectedly or without a sentence."""
    found: dict[str, list[str]] = {}
    for path in paths:
        source = finished(import_from_file(upload(path.read_bytes(), path.name), by=owner))
        assert "unexpected" not in source.job.error, path
        assert source.job.state == "done" or source.job.error.endswith((".", "…")), (path, source.job.error)
        found.setdefault(source.job.state, []).append(path.name)
    return found


def test_every_real_manifest_comes_in_or_is_refused_with_a_sentence(samples, owner, finished):
    paths = sorted((samples / "iiif-manifests-real").rglob("*.json"))
    found = outcomes(paths, owner, finished)
    assert len(paths) == 61
    assert len(found["done"]) >= 45, found


def test_every_official_fixture_comes_in_or_is_refused_with_a_sentence(samples, owner, finished):
    folder = samples / "iiif-prezi2-fixtures"
    right = outcomes(sorted((folder / "fixtures").rglob("*.json")), owner, finished)
    wrong = outcomes(sorted((folder / "errors").rglob("*.json")), owner, finished)
    assert len(right["done"]) >= 50, right
    assert sum(map(len, wrong.values())) >= 52
