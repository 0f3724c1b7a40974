"""A source's page: its table of contents level by level, its other forms, its institution."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import contents
from annotation.actions.manifests import write_manifest
from annotation.iiif import read
from annotation.models import Manifest
from frontend.contents import ENTRIES, contents_of
from tests.annotation.conftest import p3_manifest
from tests.frontend.pages import page

pytestmark = pytest.mark.django_db


def book(owner: User, structures: list[dict[str, Any]], pages: int = 3, **more: Any) -> Manifest:
    document = {**p3_manifest(pages=pages), "structures": structures, **more}
    reading = read(document)
    manifest = write_manifest(reading.manifest, document, by=owner).manifest  # type: ignore[union-attr]
    Manifest.objects.filter(pk=manifest.pk).update(is_public=True)
    return manifest


def chapter(name: str, *items: Any, **more: Any) -> dict[str, Any]:
    parts = [
        item
        if isinstance(item, dict)
        else {"id": f"https://example.org/iiif/book/canvas/{item}", "type": "Canvas"}
        for item in items
    ]
    label = {"en": [name], "fr": [f"{name} (fr)"]}
    return {"id": f"https://example.org/{name}", "type": "Range", "label": label, "items": parts, **more}


def canvas_page(manifest: Manifest, position: int) -> str:
    return reverse("canvas", args=[manifest.pk, manifest.canvases.get(position=position).pk])


def test_the_contents_lead_to_canvases_and_open_level_by_level(owner, client: Client):
    manifest = book(
        owner,
        [
            chapter(
                "top",
                chapter("One", chapter("One.a", 2), 3),
                chapter("Two", 3),
                chapter("Thumbnails", 1, behavior=["no-nav"]),
            ),
            chapter("Other order", 3, 2, 1, behavior=["sequence"]),
        ],
    )
    shown = page(client, reverse("source", args=[manifest.pk]))
    hrefs = [link["href"] for link in shown.links]
    assert canvas_page(manifest, 1) in hrefs, "the first canvas of One is that of One.a"
    assert canvas_page(manifest, 2) in hrefs
    assert "One" in shown.words
    assert "One.a" not in shown.words
    assert "Other order" not in shown.words
    assert "Thumbnails" not in shown.words
    branch = f"{reverse('source-contents', args=[manifest.pk])}?at=0"
    assert f'hx-get="{branch}"' in shown.html
    part = client.get(branch, headers={"HX-Request": "true", "Accept-Language": "fr"})
    assert "One.a (fr)" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "One.a (fr)" in page(client, branch, language="fr").words


def test_ten_thousand_ranges_are_shown_a_hundred_at_a_time(
    owner, client: Client, django_assert_max_num_queries
):
    manifest = book(owner, [chapter("top", *(chapter(f"Item {n}.", 1 + n % 3) for n in range(10_000)))])
    with django_assert_max_num_queries(8):
        shown = page(client, reverse("source", args=[manifest.pk]))
    assert len(shown.html) < 200_000
    assert f"Item {ENTRIES - 1}." in shown.words
    assert f"Item {ENTRIES}." not in shown.words
    assert "9900 more entries" in shown.words.replace(",", "").replace("\u202f", "")
    following = client.get(
        f"{reverse('source-contents', args=[manifest.pk])}?at=&from=9950", headers={"HX-Request": "1"}
    )
    text = following.content.decode()
    assert "Item 9999." in text
    assert "more entr" not in text


@pytest.mark.parametrize("query", ["at=9", "at=0.0", "at=x", "at=-1", "from=100", "from=x", "at=0.²"])
def test_a_place_that_is_not_there_is_refused(owner, client: Client, query):
    manifest = book(owner, [chapter("One", 1), chapter("Two", 2)])
    response = client.get(f"{reverse('source-contents', args=[manifest.pk])}?{query}")
    assert response.status_code in {400, 404}


def test_other_forms_data_and_the_institution_are_linked(owner, client: Client):
    agent = {
        "id": "https://library.example", "type": "Agent", "label": {"en": ["The Library"]},
        "homepage": [{"id": "https://library.example/", "type": "Text", "label": {"en": ["Home"]}}],
        "logo": [{"id": "https://library.example/logo.png", "type": "Image"}],
    }  # fmt: skip
    pdf = {
        "id": "https://e.org/b.pdf",
        "type": "Text",
        "format": "application/pdf",
        "label": {"en": ["As PDF"]},
    }
    marc = {"id": "https://e.org/marc.xml", "type": "Dataset", "format": "text/xml"}
    shown = page(
        client,
        reverse("source", args=[book(owner, [], provider=[agent], rendering=[pdf], seeAlso=[marc]).pk]),
    )
    hrefs = [link["href"] for link in shown.links]
    assert {"https://e.org/b.pdf", "https://e.org/marc.xml", "https://library.example/"} <= set(hrefs)
    assert 'src="https://library.example/logo.png"' in shown.html
    assert "As PDF" in shown.words
    assert "Public Domain Mark" in shown.words or "CC0 1.0" in shown.words
    assert "Contents" not in shown.words


def test_a_script_in_a_link_is_no_link(owner, client: Client):
    bad = [{"id": "javascript:alert(1)", "type": "Text", "label": {"en": ["<script>x</script>"]}}]
    manifest = book(owner, [chapter("<img src=x onerror=y>", 1)], rendering=bad, seeAlso=bad)
    shown = page(client, reverse("source", args=[manifest.pk]))
    assert "javascript:" not in shown.html
    assert "<img src=x" not in shown.html


def test_old_manifests_have_contents_too(samples, owner, client: Client):
    path = samples / "iiif-manifests-real" / "presentation-2" / "sbb-test.json"
    reading = read(path.read_bytes())
    manifest = write_manifest(reading.manifest, json.loads(path.read_bytes()), by=owner).manifest  # type: ignore[union-attr]
    Manifest.objects.filter(pk=manifest.pk).update(is_public=True)
    shown = page(client, reverse("source", args=[manifest.pk]))
    inside = [
        link["href"] for link in shown.links if f"/sources/{manifest.pk}/canvases/" in link.get("href", "")
    ]
    assert len(inside) > 3
    assert UUID(inside[0].rstrip("/").rsplit("/", 1)[-1])


def test_contents_are_read_once_until_the_manifest_is_read_again(owner, monkeypatch):
    manifest = book(owner, [chapter("One", 1)])
    manifest.refresh_from_db()
    times: list[int] = []
    real = contents.read
    monkeypatch.setattr(contents, "read", lambda *given, **more: times.append(1) or real(*given, **more))
    titles = [[entry.label["en"] for entry in contents_of(manifest).entries] for _time in range(3)]
    assert (titles, len(times)) == ([[["One"]]] * 3, 1)
    changed = book(owner, [chapter("Two", 1)])
    changed.refresh_from_db()
    assert [entry.label["en"] for entry in contents_of(changed).entries] == [["Two"]]
