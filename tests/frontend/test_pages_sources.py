"""The pages of sources: what is brought in, its report, its contact sheet, a canvas with its layers."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Canvas, SourceImport
from campaigns.models import Campaign
from taxonomy.models import Concept
from tests.campaigns.conftest import make_manifest
from tests.campaigns.outcomes import decide_everything
from tests.frontend.curating import answered, finish
from tests.frontend.pages import browser, faults, text, value_of
from work.models import JobLine


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "url", "url": "gallica"}, "url"),
        ({"kind": "url", "url": ""}, "url"),
        ({"kind": "images", "title": "Shelf"}, "images"),
        ({"kind": "file"}, "file"),
    ],
)
def test_a_bad_source_is_refused_beside_its_field(desk: Client, sent: dict[str, str], field: str) -> None:
    response = desk.post(reverse("source-import"), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    if "title" in sent:
        assert value_of(response, "title") == "Shelf"
    assert not SourceImport.objects.exists()


def test_an_image_that_cannot_be_read_is_named(desk: Client) -> None:
    good, bad = SimpleUploadedFile("a.png", b"x"), SimpleUploadedFile("notes.doc", b"x")
    response = desk.post(
        reverse("source-import"), {"kind": "images", "title": "Shelf", "images": [good, bad]}
    )
    assert response.status_code == 422
    assert "notes.doc" in faults(response)["images"]
    assert not SourceImport.objects.exists()


def test_an_unknown_way_of_importing_shows_the_page(desk: Client) -> None:
    assert desk.post(reverse("source-import"), {"kind": "telepathy"}).status_code == 200


def test_an_import_shows_its_report_faults_first(desk: Client) -> None:
    canvas = {"id": "https://example.org/c/1", "type": "Canvas", "width": 10, "height": 10, "items": []}
    document = {
        "@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://example.org/m",
        "type": "Manifest", "label": {"en": ["Faulty"]}, "items": [canvas, {**canvas, "id": "https://example.org/c/2", "width": 0}],
    }  # fmt: skip
    file = SimpleUploadedFile("m.json", json.dumps(document).encode())
    response = desk.post(reverse("source-import"), {"kind": "file", "file": file})
    source = SourceImport.objects.get()
    address = reverse("source-import-progress", args=[source.pk])
    assert response["Location"] == address
    waiting = desk.get(address)
    assert 'data-job-state="queued"' in waiting.content.decode()
    assert f'hx-get="{reverse("job-progress", args=[source.job_id])}"' in waiting.content.decode()
    assert source.job is not None
    finish(source.job)
    JobLine.objects.create(
        job=source.job, severity="error", sentence="Added last", place="https://example.org/c/9"
    )
    done = desk.get(address)
    assert 'data-job-state="done"' in done.content.decode()
    severities = [line.severity for line in done.context["report"]]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert done.context["errors"] == severities.count("error") >= 1
    assert "https://example.org/c/9" in text(done)
    assert "Faulty" in text(done)


def test_a_failed_import_says_why_and_offers_another_way(desk: Client) -> None:
    desk.post(reverse("source-import"), {"kind": "file", "file": SimpleUploadedFile("m.json", b"<html>")})
    source = SourceImport.objects.get()
    assert source.job is not None
    assert finish(source.job).state == "failed"
    page = desk.get(reverse("source-import-progress", args=[source.pk]))
    assert source.job.error in text(page)
    assert "Try another way" in text(page)


def test_three_institutions_are_offered_and_one_click_imports(desk: Client) -> None:
    page = desk.get(reverse("source-import"))
    urls = re.findall(r'<input type="hidden" name="url" value="([^"]+)"', page.content.decode())
    assert len(urls) == 3
    desk.post(reverse("source-import"), {"kind": "url", "url": urls[0]})
    assert SourceImport.objects.get().url == urls[0]


def test_a_source_without_canvases(desk: Client, owner: User) -> None:
    assert "No images in this source" in text(desk.get(reverse("source", args=[make_manifest(0, owner).pk])))


def test_a_contact_sheet_has_pages(desk: Client, owner: User) -> None:
    manifest = make_manifest(50, owner)
    first = desk.get(reverse("source", args=[manifest.pk]))
    second = desk.get(reverse("source", args=[manifest.pk]), {"page": 2})
    assert first.content.decode().count("<figcaption>") == 48
    assert second.content.decode().count("<figcaption>") == 2
    assert "A gradual" in text(first)


def canvas_data(response: Any) -> dict[str, Any]:
    found = re.search(r'<script id="canvas-data"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_a_canvas_shows_the_layers_one_may_see(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, stranger: User
) -> None:
    answered(campaign, clef)
    decide_everything(campaign, owner)
    canvas = Canvas.objects.get(position=1)
    address = reverse("canvas", args=[canvas.manifest_id, canvas.pk])
    mine, theirs = desk.get(address), browser(stranger).get(address)
    kinds = [row["layer"].kind for row in mine.context["layers"]]
    assert sorted(kinds) == ["consensus", "contributions", "decisions", "ground-truth"]
    assert [row["layer"].kind for row in theirs.context["layers"]] == ["ground-truth"]
    data = canvas_data(mine)
    assert data["canvas"]["id"] == str(canvas.pk)
    drawn = {layer["id"]: layer["shapes"] for layer in data["layers"]}
    assert len(drawn[str(campaign.contributions_layer_id)]) == 4
    assert drawn[str(campaign.ground_truth_layer_id)][0]["concepts"][0]["label"] == "G clef"
    assert len(drawn[str(campaign.ground_truth_layer_id)][0]["box"]) == 4
    assert [layer["id"] for layer in canvas_data(theirs)["layers"]] == [str(campaign.ground_truth_layer_id)]
    html = mine.content.decode()
    for row in mine.context["layers"]:
        assert row["page"] in html
        assert row["collection"] in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_a_canvas_of_another_manifest_is_not_here(desk: Client, owner: User) -> None:
    one, other = make_manifest(1, owner), make_manifest(1, owner)
    assert desk.get(reverse("canvas", args=[one.pk, other.canvases.get().pk])).status_code == 404


def test_what_a_source_says_of_itself_cannot_script(desk: Client, owner: User) -> None:
    manifest = make_manifest(1, owner)
    evil = "<script>alert(1)</script>"
    manifest.label, manifest.metadata = (
        {"en": [evil]},
        [{"label": {"en": [evil]}, "value": {"en": [f"{evil}<b>x</b>"]}}],
    )
    manifest.required_statement = {"label": {"en": ["By"]}, "value": {"en": [evil]}}
    manifest.save()
    Canvas.objects.filter(manifest=manifest).update(label={"none": [evil]})
    canvas = manifest.canvases.get()
    for address in (reverse("source", args=[manifest.pk]), reverse("canvas", args=[manifest.pk, canvas.pk])):
        assert evil not in desk.get(address).content.decode()
