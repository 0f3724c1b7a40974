"""The pages for bringing annotations in: the form, the progress with its layers, the layers of a source."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotation.models import Layer, SourceImport
from tests.annotation.bringing import CANVAS, bring, dump, gallica, oa, page, w3c
from tests.annotation.conftest import annotate, finished, make_layer, manifest, p3_manifest, upload

__all__ = ["bring", "finished", "gallica", "manifest"]

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


FORM = {"kind": "annotations", "addresses": "pseudonyms", "label": "", "url": ""}


def test_a_file_of_annotations_is_sent_and_followed(desk, gallica, finished: Callable[..., SourceImport]):
    sent = {**FORM, "file": upload(dump(oa(1), "x"), "initials.json"), "label": "Initials", "is_public": "on"}
    response = desk.post("/sources/import/", sent)
    source = SourceImport.objects.get()
    assert response["Location"] == reverse("source-import-progress", args=[source.pk])
    assert "left aside" not in text(desk.get(response["Location"])), "it has not begun"
    finished(source)
    shown = text(desk.get(response["Location"]))
    assert "Initials" in shown
    assert "Download what was left aside" in shown
    assert "everybody" in shown
    assert "An annotation is expected here" in shown
    layer = Layer.objects.get()
    export = f"/api/v1/layers/{layer.pk}/export/?format=mirador2"
    assert export in desk.get(response["Location"]).content.decode()
    assert desk.get(export).status_code == 200
    assert desk.get(reverse("api-import-left-aside", args=[source.pk])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "one of the two"),
        ({"url": "https://example.org/a", "file": True}, "one of the two"),
        ({"url": "no address"}, "valid URL"),
        ({"url": "https://example.org/a", "addresses": "sell"}, "sell"),
    ],
)
def test_bad_input_comes_back_with_a_sentence(desk, changes, said):
    if changes.get("file"):
        changes = {**changes, "file": upload(dump(oa(1)))}
    response = desk.post("/sources/import/", {**FORM, **changes})
    assert response.status_code == 422
    assert said in text(response)
    assert not SourceImport.objects.exists()


def test_an_address_is_queued(desk):
    assert desk.post("/sources/import/", {**FORM, "url": "https://example.org/list"}).status_code == 302
    source = SourceImport.objects.get()
    assert (source.kind, source.url, source.job.kind) == (
        "annotations",
        "https://example.org/list",
        "annotation.import-annotations",
    )


def test_the_import_of_a_manifest_leads_to_that_of_its_annotations(desk, owner, finished):
    document = p3_manifest()
    document["items"][0]["annotations"] = [page(w3c(1, CANVAS.format(1)))]
    desk.post("/sources/import/", {"kind": "file", "file": upload(document)})
    first = finished(SourceImport.objects.get())
    second = SourceImport.objects.get(kind="annotations")
    shown = desk.get(reverse("source-import-progress", args=[first.pk]))
    assert reverse("source-import-progress", args=[second.pk]) in shown.content.decode()
    finished(second)
    assert "Annotations of A book" in text(desk.get(reverse("source-import-progress", args=[second.pk])))


def test_a_source_shows_its_layers_to_whom_they_are_shown(desk, bring, gallica, owner, stranger):
    bring(dump(oa(1), oa(2)), label="Secret initials")
    bring(dump(oa(3)), name="other.json", label="Open initials", is_public=True)
    url = reverse("source", args=[gallica.pk])
    own = text(desk.get(url))
    assert "Layers of this source" in own
    assert "Secret initials" in own
    assert "Olga" in own
    other = text(Client().get(url))
    assert "Open initials" in other
    assert "Secret" not in other


def test_a_source_without_layers_has_no_empty_table(desk, gallica):
    assert "Layers of this source" not in text(desk.get(reverse("source", args=[gallica.pk])))


def test_the_layers_of_a_source_cost_one_query(desk, owner, manifest):
    url = reverse("source", args=[manifest.pk])
    counts = []
    for _twice in range(2):
        for _three in range(3):
            annotate(make_layer(owner), manifest.canvases.first())
        with CaptureQueriesContext(connection) as queries:
            desk.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pages_speak_french(desk, bring, gallica):
    source = bring(dump(oa(1), "x"))
    desk.cookies["django_language"] = "fr"
    shown = text(desk.get(reverse("source-import-progress", args=[source.pk])))
    assert "Télécharger ce qui a été laissé de côté" in shown
    assert "Couches de cette source" in text(desk.get(reverse("source", args=[gallica.pk])))
