"""What holds for all of the curator's pages: few queries, something to do where nothing is, clean markup."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Canvas, Manifest
from campaigns.actions.sweeping import accept_agreeing
from campaigns.models import Campaign
from taxonomy.models import Concept, Label, Vocabulary
from tests.campaigns.conftest import CampaignMaker, make_manifest, make_vocabulary
from tests.frontend.curating import FOR_ALL, FOR_CURATORS, OPEN_TO, answered
from tests.frontend.pages import browser, queries, references, text


def test_campaign_pages_take_as_many_queries_for_much_as_for_little(
    make_campaign: CampaignMaker, desk: Client, clef: Callable[[str], Concept], owner: User
) -> None:
    small, large = make_campaign("small", pages=2), make_campaign("large", pages=12)
    answered(small, clef)
    answered(large, clef)
    for campaign in (small, large):
        accept_agreeing(campaign, at_most=1, by=owner)
    for name in [*OPEN_TO, "campaign-preview"]:
        few, many = (queries(desk, reverse(name, args=[slug])) for slug in ("small", "large"))
        assert few == many, name


def test_lists_take_as_many_queries_for_much_as_for_little(desk: Client, owner: User, clef: Any) -> None:
    def counts(manifest: Manifest) -> list[int]:
        canvas = manifest.canvases.order_by("position").last()
        assert canvas is not None
        addresses = [
            reverse("source-list"), reverse("vocabulary-list"), reverse("source", args=[manifest.pk]),
            reverse("canvas", args=[manifest.pk, canvas.pk]), reverse("vocabulary", args=["clefs"]),
            f"{reverse('vocabulary', args=['clefs'])}?q=cl", reverse("concept", args=["clefs", clef("G").pk]),
            reverse("concept-children", args=["clefs", clef("top").pk]),
        ]  # fmt: skip
        return [queries(desk, address) for address in addresses]

    few = counts(make_manifest(2, owner))
    for number in range(6):
        make_vocabulary(f"more-{number}")
        make_manifest(3, owner)
    top = clef("top")
    for number in range(20):
        more = Concept.objects.create(
            vocabulary=top.vocabulary, uri=f"https://example.org/x/{number}", parent=top, ancestors=[top.pk]
        )
        Label.objects.create(
            concept=more, kind="pref", language="en", text=f"X {number}", folded=f"x {number}"
        )
    many = counts(make_manifest(60, owner))
    assert many == few


def test_empty_shelves(desk: Client, stranger: User) -> None:
    for client, says in ((desk, "It takes a minute."), (browser(stranger), "Curators bring images in")):
        assert says in text(client.get(reverse("source-list")))
    for client, says in ((desk, "one label a line"), (browser(stranger), "Curators bring vocabularies in")):
        assert says in text(client.get(reverse("vocabulary-list")))
    assert "There is no vocabulary yet." in text(desk.get(reverse("campaign-new")))


@pytest.mark.parametrize("route", FOR_CURATORS)
def test_faults_are_tied_to_their_fields(desk: Client, vocabulary: Vocabulary, route: str) -> None:
    html = desk.post(reverse(route), {"kind": "images", "overlap": "0", "slug": "!"}).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert any(name.endswith("_error") for name in ids)
    assert references(html) <= ids


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_has_inline_script_or_style(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, language: str
) -> None:
    answered(campaign, clef)
    canvas = Canvas.objects.first()
    assert canvas is not None
    addresses = [reverse(route, args=["clefs"]) for route in OPEN_TO]
    addresses += [reverse(route) for route in (*FOR_CURATORS, *FOR_ALL)]
    addresses += [
        reverse("source", args=[canvas.manifest_id]), reverse("canvas", args=[canvas.manifest_id, canvas.pk]),
        reverse("vocabulary", args=["clefs"]), reverse("concept", args=["clefs", clef("G").pk]),
    ]  # fmt: skip
    for address in addresses:
        response = desk.get(address, headers={"Accept-Language": language})
        html = response.content.decode()
        assert response.status_code == 200, address
        assert f'<html lang="{language}"' in html
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html), address
        scripts = re.findall(r"<script(?![^>]*src=)([^>]*)>", html)
        assert all("application/json" in attributes for attributes in scripts), address
        assert html.count("<h1") == 1 or "rubricator-review" in html, address
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), (address, sorted(name for name in ids if ids.count(name) > 1))
        assert references(html) <= set(ids), address
