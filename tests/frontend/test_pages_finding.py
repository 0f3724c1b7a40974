"""Search on a source's page, the share panel, and IIIF links that open the right page."""

import ast
import html
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

import fetch
from accounts.models import User
from annotation.addresses import annotation_uri, manifest_uri
from annotation.iiif import contentstate, searchrequest
from annotation.iiif.contentstate import Place, annotation_of, content_state, encode, target_of
from annotation.models import Annotation, Canvas, Layer, Manifest
from tests.annotation.conftest import annotate, make_layer, p3_manifest
from tests.campaigns.conftest import make_manifest
from tests.frontend.catalogue import catalogue
from tests.frontend.pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(owner: User) -> Manifest:
    return make_manifest(2, owner)


@pytest.fixture
def canvas(source: Manifest) -> Canvas:
    return source.canvases.get(position=1)


@pytest.fixture
def layer(owner: User) -> Layer:
    return make_layer(owner, is_public=True)


@pytest.fixture
def note(layer: Layer, canvas: Canvas) -> Annotation:
    """One annotation that says “look”."""
    (row,) = annotate(layer, canvas)
    return row


def text(response: Any) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


# --- searching ------------------------------------------------------------------------------------


def find(source: Manifest, q: str, client: Client | None = None, **parameters: str) -> Any:
    return (client or browser()).get(reverse("source", args=[source.pk]), {"q": q, **parameters})


def test_a_source_has_a_search_box_that_works_without_script(source: Manifest, note: Annotation) -> None:
    page = browser().get(reverse("source", args=[source.pk])).content.decode()
    form = re.search(r'<form class="search".*?</form>', page, re.DOTALL)
    assert form
    assert 'method="get"' in form[0]
    assert 'data-testid="findings"' not in page


def test_what_is_found_is_quoted_and_leads_to_its_region(source: Manifest, note: Annotation) -> None:
    page = find(source, "LOOK")
    assert "<mark>look</mark>" in page.content.decode()
    assert "1 annotation" in text(page)
    link = re.search(rf'href="([^"]+annotation={note.pk})"', page.content.decode())
    assert link
    there = browser().get(html.unescape(link[1]))
    assert there.status_code == 200
    assert canvas_data(there)["marked"] == {"box": [10, 20, 30, 40], "id": str(note.pk)}
    assert annotation_uri(note) in there.content.decode()


def test_nothing_found_and_nothing_askable_are_said(source: Manifest, note: Annotation) -> None:
    assert "Nothing that you may see says “zebra” here." in text(find(source, "zebra"))
    assert "longer than 500 characters" in text(find(source, "x" * 600))


def test_every_sentence_of_the_pure_readers_has_its_french() -> None:
    """The pages translate them when they show them; the catalogue's own test does not know these."""
    known = catalogue()
    for module, name in ((contentstate, "ContentStateError"), (searchrequest, "SearchRequestError")):
        said = [
            call.args[-1].value
            for call in ast.walk(ast.parse(Path(module.__file__).read_text()))
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == name
        ]
        assert len(said) >= 3
        assert [sentence for sentence in said if sentence not in known] == []


def test_only_what_one_may_read_is_found(
    source: Manifest, note: Annotation, layer: Layer, owner: User, stranger: User
) -> None:
    Layer.objects.update(is_public=False)
    assert find(source, "look", browser(owner)).context["search"]["results"]
    assert not find(source, "look", browser(stranger)).context["search"]["results"]


def test_findings_come_in_pages_with_a_constant_number_of_queries(
    source: Manifest, layer: Layer, canvas: Canvas, django_assert_max_num_queries: Any
) -> None:
    for count in (1, 29):
        annotate(layer, canvas, count)
        with django_assert_max_num_queries(13):
            page = find(source, "look")
    assert "30 annotations" in text(page)
    assert len(page.context["search"]["results"]) == 24
    assert len(find(source, "look", found="2").context["search"]["results"]) == 6


@pytest.mark.parametrize("q", ["\x00", "'", "<script>alert(1)</script>", "%", "\\", "é" * 400, "  ", '"'])
def test_odd_searches_are_answered(source: Manifest, note: Annotation, q: str) -> None:
    page = find(source, q)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


# --- sharing --------------------------------------------------------------------------------------


def canvas_data(response: Any) -> dict[str, Any]:
    found = re.search(r'<script id="canvas-data"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def page_of(canvas: Canvas, name: str = "canvas", **parameters: str) -> Any:
    return browser().get(reverse(name, args=[canvas.manifest_id, canvas.pk]), parameters)


def shared(response: Any, row: str) -> str:
    found = re.search(
        rf'<code class="mono" id="share-{row}">(.*?)</code>', response.content.decode(), re.DOTALL
    )
    assert found, row
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def test_a_whole_canvas_is_shared(canvas: Canvas) -> None:
    page = page_of(canvas)
    assert canvas_data(page)["marked"] is None
    assert shared(page, "link").endswith(f"/canvases/{canvas.pk}/")
    assert "The whole image" in text(page)
    assert "data-copy" in page.content.decode()


@pytest.mark.parametrize("name", ["canvas", "canvas-share"])
def test_a_region_is_shared_with_its_pictures(canvas: Canvas, name: str) -> None:
    page = page_of(canvas, name, xywh="10,20,300,400")
    assert shared(page, "link").endswith("?xywh=10,20,300,400")
    state = shared(page, "state")
    assert browser().get("/", {"iiif-content": state}).status_code == 302
    opened = browser().get(reverse("open"), {"iiif-content": state})
    assert opened["Location"].endswith(f"{canvas.pk}/?xywh=10,20,300,400")
    scale = (canvas.image_width or 0) / canvas.width
    cut = ",".join(f"{value * scale:g}" for value in (10, 20, 300, 400))
    assert f"{canvas.image_service}/{cut}/" in page.content.decode()
    assert ("<html" in page.content.decode()) is (name == "canvas")


def test_what_was_clipped_is_said(canvas: Canvas) -> None:
    page = page_of(canvas, xywh=f"{canvas.width - 10:g},0,50,50")
    assert "The region leaves its canvas" in text(page)
    assert page_of(canvas, xywh="99999,0,5,5").status_code == 422
    assert page_of(canvas, xywh="nonsense").status_code == 400


def test_a_page_reads_a_content_state_of_its_own_canvas(canvas: Canvas) -> None:
    state = content_state(Place(canvas.uri, "Canvas", "https://example.org/m", "xywh=percent:0,0,50,50"))
    marked = canvas_data(page_of(canvas, **{"iiif-content": state}))["marked"]
    assert marked["box"] == [0, 0, canvas.width / 2, canvas.height / 2]
    assert page_of(canvas, **{"iiif-content": "!"}).status_code == 400


def test_an_annotation_that_one_may_not_see_is_not_shared(canvas: Canvas, note: Annotation) -> None:
    Layer.objects.update(is_public=False)
    page = page_of(canvas, annotation=str(note.pk))
    assert annotation_uri(note) not in page.content.decode()
    assert canvas_data(page)["marked"] is None


# --- opening --------------------------------------------------------------------------------------


def go(said: str, person: User | None = None, path: str = "") -> Any:
    return browser(person).get(path or reverse("open"), {"iiif-content": said})


def test_the_first_page_takes_content_states(canvas: Canvas) -> None:
    response = go(canvas.uri, path="/")
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query)["iiif-content"] == [canvas.uri]


def test_everything_that_is_here_is_opened(source: Manifest, canvas: Canvas, note: Annotation) -> None:
    here = reverse("canvas", args=[source.pk, canvas.pk])
    region = f"{here}?xywh=1,2,3,4"
    whole = reverse("source", args=[source.pk])
    place = Place(canvas.uri, "Canvas", source.uri, "xywh=1,2,3,4")
    for said, expected in (
        (source.uri, whole),
        (manifest_uri(source.pk), whole),
        (canvas.uri, here),
        (f"{canvas.uri}#xywh=1,2,3,4", region),
        (content_state(place), region),
        (encode(annotation_of(place)), region),
        (json.dumps(target_of(place)), region),
        (annotation_uri(note), f"{here}?xywh=10,20,30,40&annotation={note.pk}"),
        (encode(annotation_of(Place("https://example.org/elsewhere", "Manifest"), place)), region),
        (content_state(Place("https://example.org/gone", "Canvas", source.uri)), whole),
    ):
        response = go(said)
        assert (response.status_code, response["Location"]) == (302, expected), said


def test_a_point_is_shown_with_what_is_around_it(canvas: Canvas) -> None:
    state = content_state(Place(canvas.uri, "Canvas", "", point=(500, 500)))
    box = [float(n) for n in parse_qs(urlsplit(go(state)["Location"]).query)["xywh"][0].split(",")]
    assert box[0] < 500 < box[0] + box[2]
    assert box[1] < 500 < box[1] + box[3]


def test_a_range_leads_to_its_first_canvas(source: Manifest, canvas: Canvas) -> None:
    new = {"id": "https://example.org/r", "type": "Range", "items": [
        {"id": "https://example.org/r/1", "type": "Range", "items": [
            {"type": "SpecificResource", "source": canvas.uri}]}]}  # fmt: skip
    old = {"@id": "https://example.org/r", "@type": "sc:Range", "canvases": [f"{canvas.uri}#xywh=0,0,5,5"]}
    state = content_state(Place("https://example.org/r", "Range", source.uri))
    for structure in (new, old):
        Manifest.objects.update(document={"structures": [structure]})
        assert go(state)["Location"] == reverse("canvas", args=[source.pk, canvas.pk])
    Manifest.objects.update(document={"structures": [{"id": "https://example.org/r", "items": [
        {"id": "https://example.org/r", "type": "Range"}]}]})  # fmt: skip
    assert go(state)["Location"] == reverse("source", args=[source.pk])


def test_of_several_copies_the_named_and_ones_own_come_first(owner: User, manager: User) -> None:
    theirs, mine = make_manifest(1, manager), make_manifest(1, owner)
    Canvas.objects.update(uri="https://example.org/same")
    assert str(mine.pk) in go("https://example.org/same", owner)["Location"]
    assert str(theirs.pk) in go("https://example.org/same")["Location"]
    named = content_state(Place("https://example.org/same", "Canvas", manifest_uri(mine.pk)))
    assert str(mine.pk) in go(named)["Location"]


def test_what_is_private_is_not_opened(
    source: Manifest, canvas: Canvas, note: Annotation, owner: User
) -> None:
    Manifest.objects.update(is_public=False)
    for said in (source.uri, manifest_uri(source.pk), canvas.uri, annotation_uri(note)):
        assert go(said).status_code == 404, said


@pytest.mark.parametrize("said", ["!", "abc", "{}", "[]", '{"id": 5}', "javascript:alert(1)", "\x00"])
def test_what_is_no_link_is_said(said: str, db: None) -> None:
    response = go(said)
    assert response.status_code == 400
    assert response.context["problem"].endswith(".")


def test_curators_are_led_to_the_import_with_the_address(owner: User, stranger: User) -> None:
    state = content_state(Place("https://example.org/c", "Canvas", "https://example.org/new/manifest"))
    response = go(state, owner)
    assert response["Location"].startswith(reverse("source-import"))
    page = browser(owner).get(response["Location"])
    assert 'value="https://example.org/new/manifest"' in page.content.decode()
    for person in (stranger, None):
        refused = go(state, person)
        assert refused.status_code == 404
        assert "Curators can bring in" in text(refused)


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What stands at addresses elsewhere."""
    answers: dict[str, object] = {}

    def answer(url: str, **_how: object) -> object:
        if url not in answers:
            raise fetch.BadStatus(host="example.org", status=404, reason="Not Found")
        return SimpleNamespace(json=lambda: answers[url])

    monkeypatch.setattr(fetch, "fetch", answer)
    return answers


def test_an_address_that_says_nothing_of_itself_is_looked_up(
    net: dict[str, object], owner: User, canvas: Canvas, source: Manifest
) -> None:
    place = Place(canvas.uri, "Canvas", source.uri, "xywh=1,2,3,4")
    net["https://example.org/state"] = annotation_of(place, uri="https://example.org/state")
    net["https://example.org/m"] = p3_manifest("https://example.org/book")
    net["https://example.org/alone"] = {"id": "https://example.org/alone", "type": "Canvas", "partOf": "https://example.org/m"}  # fmt: skip
    assert go("https://example.org/state", owner)["Location"].endswith("?xywh=1,2,3,4")
    assert "url=https%3A%2F%2Fexample.org%2Fbook%2Fmanifest" in go("https://example.org/m", owner)["Location"]
    assert "url=https%3A%2F%2Fexample.org%2Fm" in go("https://example.org/alone", owner)["Location"]
    gone = go("https://example.org/gone", owner)
    assert gone.status_code == 404
    assert "source-import" not in gone.content.decode()
    assert reverse("source-import") in gone.content.decode()
    # Who may not import makes no requests for others.
    assert go("https://example.org/state").status_code == 404


def test_an_annotation_of_ours_that_is_gone_is_missing(layer: Layer) -> None:
    ours = annotation_uri(Annotation(pk=uuid4(), layer=layer))
    assert go(ours).status_code == 404


def test_opening_has_a_constant_number_of_queries(
    source: Manifest, canvas: Canvas, django_assert_max_num_queries: Any
) -> None:
    for said in (canvas.uri, source.uri, "https://example.org/nowhere"):
        with django_assert_max_num_queries(4):
            go(said)
