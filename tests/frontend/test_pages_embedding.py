"""The page that puts a source on somebody's own page, the share panel's code, and the layers our pages ask for."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role, grant
from annotation.models import Layer, Manifest
from campaigns.models import Campaign
from frontend.embedding import element
from tests.campaigns.conftest import make_manifest
from tests.campaigns.outcomes import task_at
from tests.frontend.pages import browser
from tests.frontend.test_shown_layers import decided  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


def test_what_is_said_of_the_element_cannot_leave_it() -> None:
    code = element(manifest=f"https://a.org/{HOSTILE}", canvas="", iiif_content="abc")
    assert code.count("<") == 2
    assert 'iiif-content="abc"' in code
    assert "canvas" not in code


def test_the_page_shows_an_example_that_is_for_everybody(owner: User) -> None:
    page = reverse("embed")
    assert Client().get(page).context["manifest"] == ""
    private = make_manifest(1, owner, is_public=False)
    assert str(private.pk) not in browser(owner).get(page).content.decode()
    public = make_manifest(1, owner, name="open")
    assert str(public.pk) in Client().get(page).context["manifest"]


def test_an_address_is_shown_live_and_written_as_code(db: None) -> None:
    said = {"manifest": "https://museum.example/m", "canvas": "3"}
    response = Client().get(reverse("embed"), said)
    assert response.status_code == 200
    assert 'manifest="https://museum.example/m" canvas="3"' in response.context["snippet"]
    for wrong in (HOSTILE, "javascript:alert(1)", "museum.example/m"):
        response = Client().get(reverse("embed"), {"manifest": wrong})
        assert response.status_code == 422
        assert not response.context["snippet"]
        assert "<script>alert" not in response.content.decode()
    page = Client().get(reverse("embed"), {"manifest": f"https://a.org/{HOSTILE}"}).content.decode()
    assert "<script>alert" not in page


def test_the_share_panel_offers_code_of_public_sources_only(owner: User, campaign: Campaign) -> None:
    canvas = task_at(campaign).canvas
    page = reverse("canvas", args=[canvas.manifest_id, canvas.pk])
    assert canvas.uri in browser(owner).get(page).context["share"]["embed"]
    region = browser(owner).get(page, {"xywh": "1,2,30,40"}).context["share"]
    assert f'iiif-content="{region["state"]}"' in region["embed"]
    Manifest.objects.update(is_public=False)
    grant(owner, canvas.manifest, Role.OWNER)
    response = browser(owner).get(page)
    assert "embed" not in response.context["share"]
    assert "This source is not public" in response.content.decode()


def test_layers_on_a_canvas_are_those_that_the_reader_may_see(decided: Campaign, owner: User) -> None:  # noqa: F811
    canvas = task_at(decided).canvas
    address = reverse("canvas-layers", args=[canvas.pk])
    kinds = {layer["kind"] for layer in browser(owner).get(address).json()["layers"]}
    assert {"contributions", "consensus", "ground-truth"} <= kinds
    Layer.objects.update(is_public=False)
    assert Client().get(address).json() == {"layers": []}
    Manifest.objects.update(is_public=False)
    assert Client().get(address).status_code == 404
    # Who may read a layer may know where it speaks.
    Layer.objects.filter(pk=decided.consensus_layer_id).update(is_public=True)
    assert [layer["kind"] for layer in Client().get(address).json()["layers"]] == ["consensus"]
