"""Annotations that a manifest carries or names, and those behind addresses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from annotation.actions import annotation_imports, annotation_pages
from annotation.actions.annotation_layers import layers_of
from annotation.actions.annotation_sources import import_annotations_from_url
from annotation.actions.sources import import_from_file
from annotation.import_folder import ImportFolder
from annotation.models import Annotation, Layer, SourceImport
from tests.annotation.bringing import CANVAS, GALLICA, gallica, oa, only_layer, page, sentences, w3c
from tests.annotation.conftest import p3_manifest, report, upload
from tests.fetch.servers import Canary, serving
from work.actions import resume_job

__all__ = ["gallica"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution(settings) -> Iterator[Canary]:
    """A web server on the loopback that remembers what was asked."""
    cache.clear()
    with serving(Canary()) as server:
        settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [server.authority]
        yield server
    cache.clear()


def answers(server: Canary, path: str, document: object, **headers: str) -> str:
    server.says(path, body=json.dumps(document).encode(), Content_Type="application/json", **headers)
    return server.url(path)


def asked(server: Canary) -> list[str]:
    return [path for _method, path, _headers, _body in server.seen]


def annotated_manifest(server: Canary) -> dict[str, Any]:
    """Embedded on the first canvas, linked from the second and from the manifest; one page leads on."""
    document = p3_manifest()
    items = document["items"]
    items[0]["annotations"] = [page(w3c(1, CANVAS.format(1)), id="https://example.org/embedded")]
    label = {
        "id": "https://example.org/collection",
        "type": "AnnotationCollection",
        "label": {"en": ["Transcription"]},
    }
    answers(
        server,
        "/2",
        page(
            w3c(2, CANVAS.format(2)), partOf=[label], next={"id": server.url("/3"), "type": "AnnotationPage"}
        ),
    )
    answers(server, "/3", page(w3c(3, CANVAS.format(2)), next=server.url("/2")))
    answers(server, "/all", page(w3c(4, CANVAS.format(3))))
    items[1]["annotations"] = [{"id": server.url("/2"), "type": "AnnotationPage"}]
    document["annotations"] = [{"id": server.url("/all"), "type": "AnnotationPage"}]
    return document


def carried_by(source: SourceImport) -> SourceImport:
    return SourceImport.objects.get(kind="annotations", manifest=source.manifest)


def test_what_a_manifest_carries_becomes_layers(owner, finished, institution):
    imported = finished(import_from_file(upload(annotated_manifest(institution)), by=owner))
    assert "It carries annotations" in sentences(imported)
    source = finished(carried_by(imported))
    assert source.job.state == "done", source.job.error
    assert source.job.queue == "fetch"
    layers = {layer.label["en"]: layer for layer in Layer.objects.all()}
    assert set(layers) == {"Annotations of A book", "Transcription"}
    ours, transcription = layers["Annotations of A book"], layers["Transcription"]
    assert ours.label["fr"] == "Annotations de Un livre"
    assert (ours.manifest, ours.source_uri, ours.is_public) == (source.manifest, source.manifest.uri, True)
    assert (ours.annotations.count(), transcription.annotations.count()) == (2, 2), (
        "the next page belongs to it"
    )
    assert transcription.source_uri.endswith("#collection=https://example.org/collection")
    assert sorted(asked(institution)) == ["/2", "/3", "/all"], "each page once, in whatever circle they lead"
    assert set(layers_of(source)) == set(layers.values())


def test_a_manifest_without_annotations_starts_nothing(owner, finished):
    finished(import_from_file(upload(p3_manifest()), by=owner))
    assert not SourceImport.objects.filter(kind="annotations").exists()


def test_the_manifest_again_brings_its_layers_up_to_date(owner, finished, institution):
    document = annotated_manifest(institution)
    finished(carried_by(finished(import_from_file(upload(document), by=owner))))
    answers(institution, "/3", page(w3c(5, CANVAS.format(2))))
    finished(import_from_file(upload(document), by=owner))
    latest = SourceImport.objects.filter(kind="annotations").order_by("created_at").last()
    said = sentences(finished(latest))
    assert "“Transcription”: 1 new, 0 changed, 1 unchanged, 1 gone" in said
    assert "“Annotations of A book”: 0 new, 0 changed, 2 unchanged, 0 gone" in said
    assert Layer.objects.count() == 2


def test_while_one_import_waits_there_is_no_second(owner, finished, institution):
    document = annotated_manifest(institution)
    for _twice in range(2):
        finished(import_from_file(upload(document), by=owner))
    assert SourceImport.objects.filter(kind="annotations").count() == 1


def test_a_page_that_fails_costs_itself_only(owner, finished, institution, monkeypatch):
    document = annotated_manifest(institution)
    institution.says("/2", 404)
    institution.says("/html", body=b"<!doctype html><title>Viewer</title>", Content_Type="text/html")
    institution.says(
        "/broken", body=b'{"type": "AnnotationPage", "items": [', Content_Type="application/json"
    )
    institution.script["/slow"] = lambda handler: __import__("time").sleep(1.5)
    monkeypatch.setattr(annotation_pages, "TIMEOUT_S", 1)
    paths = ("/html", "/broken", "/slow", "/all")
    document["annotations"] = [{"id": institution.url(path), "type": "AnnotationPage"} for path in paths]
    document["annotations"].append({"id": "ftp://example.org/x", "type": "AnnotationPage"})
    source = finished(carried_by(finished(import_from_file(upload(document), by=owner))))
    assert source.job.state == "done"
    assert Annotation.objects.count() == 2, "the embedded one and that of the sound page"
    errors = {
        line.place.removeprefix(institution.url("")): line.sentence
        for line in report(source)
        if line.severity == "error"
    }
    assert "404" in errors["/2"]
    assert "web page (“Viewer”)" in errors["/html"]
    assert "breaks off" in errors["/broken"]
    assert "within 1 seconds" in errors["/slow"]
    assert any("no address that can be followed" in sentence for sentence in errors.values())


def test_pages_of_a_busy_host_are_left_and_fetched_by_a_resume(owner, finished, institution):
    document = annotated_manifest(institution)
    institution.says("/2", 429, Retry_After="3600")
    source = finished(carried_by(finished(import_from_file(upload(document), by=owner))))
    assert source.job.state == "failed"
    assert "left because their host is busy" in source.job.error
    assert "Resume" in source.job.error
    got = set(asked(institution))
    assert Annotation.objects.exists(), "what has been read is kept"
    cache.clear()
    answers(institution, "/2", page(w3c(2, CANVAS.format(2)), next=institution.url("/3")))
    institution.seen.clear()
    resume_job(source.job)
    source = finished(source)
    assert source.job.state == "done"
    assert set(asked(institution)) == {"/2", "/3", "/all"} - (got - {"/2"})
    assert Annotation.objects.count() == 4
    assert "left" not in sentences(source).replace("left aside", "")


def test_a_short_pause_is_waited_for(owner, finished, institution, monkeypatch):
    asked_for = iter([annotation_pages.HostBusy(host="example.org", retry_after_s=2)])
    slept: list[float] = []
    answer = annotation_pages._answer

    def busy_once(uri: str) -> bytes:
        for error in asked_for:
            raise error
        return answer(uri)

    monkeypatch.setattr(annotation_pages, "_answer", busy_once)
    clock = iter(range(100))
    monkeypatch.setattr(annotation_pages.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(annotation_pages.time, "sleep", slept.append)
    url = answers(institution, "/1", page(w3c(1, CANVAS.format(1))))
    source = finished(import_annotations_from_url(url, by=owner))
    assert source.job.state == "done"
    assert slept
    assert Annotation.objects.count() == 1


def test_a_stopped_import_goes_on_without_asking_again(owner, finished, institution, monkeypatch):
    from work.runner import Stopped

    url = answers(institution, "/1", page(w3c(1, CANVAS.format(1)), next=institution.url("/2")))
    answers(institution, "/2", page(w3c(2, CANVAS.format(1))))
    source = import_annotations_from_url(url, by=owner)

    def stop(*_args: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(annotation_imports._Import, "_write", stop)
        source = finished(source)
    assert source.job.state == "stopped"
    assert asked(institution) == ["/1", "/2"]
    resume_job(source.job)
    assert finished(source).job.state == "done"
    assert asked(institution) == ["/1", "/2"], "pages that are there already are not fetched again"
    assert Annotation.objects.count() == 2
    assert not ImportFolder(source).has_page(institution.url("/1")), "and are let go in the end"


def test_layers_and_lists_of_version_2_are_followed(owner, finished, institution, gallica):
    lists = [institution.url("/l1"), {"@id": institution.url("/l2"), "@type": "sc:AnnotationList"}]
    layer = {"@id": "https://example.org/layer", "@type": "sc:Layer", "label": "Translation"}
    url = answers(institution, "/layer", {**layer, "otherContent": lists})
    answers(institution, "/l1", {"@type": "sc:AnnotationList", "resources": [oa(1)]})
    answers(institution, "/l2", {"@type": "sc:AnnotationList", "within": layer, "resources": [oa(2)]})
    source = finished(import_annotations_from_url(url, by=owner))
    assert source.job.state == "done"
    layer = only_layer()
    assert (layer.label, layer.annotations.count()) == ({"none": "Translation"}, 2)
    assert layer.source_uri == f"{url}#collection=https://example.org/layer"


def test_a_paged_collection_is_followed_from_its_first(owner, finished, institution, gallica):
    first = {"id": institution.url("/p0"), "type": "AnnotationPage"}
    collection = {
        "id": institution.url("/c"),
        "type": "AnnotationCollection",
        "label": "Hands",
        "first": first,
    }
    answers(institution, "/c", collection)
    answers(institution, "/p0", page(w3c(1, f"{GALLICA}/canvas/f1"), next="p1", partOf=institution.url("/c")))
    answers(institution, "/p1", page(w3c(2, f"{GALLICA}/canvas/f1"), prev=institution.url("/p0")))
    source = finished(import_annotations_from_url(institution.url("/c"), by=owner))
    assert source.job.state == "done", source.job.error
    assert only_layer().label == {"none": "Hands"}
    assert asked(institution) == ["/c", "/p0", "/p1"]
    assert Annotation.objects.count() == 2


def test_when_no_page_can_be_read_the_import_fails(owner, finished, institution):
    institution.says("/1", 500)
    source = finished(import_annotations_from_url(institution.url("/1"), by=owner))
    assert source.job.state == "failed"
    assert "None of the pages could be read" in source.job.error


def test_an_endless_source_comes_to_an_end(owner, finished, institution, monkeypatch):
    monkeypatch.setattr(annotation_pages, "MAX_PAGES", 3)
    for number in range(6):
        following = institution.url(f"/{number + 1}")
        answers(institution, f"/{number}", page(w3c(number, CANVAS.format(1)), next=following))
    source = finished(import_annotations_from_url(institution.url("/0"), by=owner))
    assert source.job.state == "done"
    assert "more than 3 pages" in sentences(source)
    assert len(asked(institution)) == 3


def test_pages_have_a_limit_together(owner, finished, institution, monkeypatch):
    monkeypatch.setattr(annotation_pages, "MAX_BYTES", 10)
    url = answers(institution, "/0", page(w3c(0, CANVAS.format(1)), next=institution.url("/1")))
    answers(institution, "/1", page(w3c(1, CANVAS.format(1))))
    source = finished(import_annotations_from_url(url, by=owner))
    assert "this one was left out" in sentences(source)
    assert Annotation.objects.count() == 1
