"""The images of a campaign are shown to its people, also where the manifest is not public."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.roles import Role, grant
from annotation.images import convert
from annotation.models import Canvas, SourceImport, StoredImage
from annotation.permissions import get_image_for
from campaigns.actions import assign_role, choose_canvases, join_campaign, open_campaign
from campaigns.api.visitors import COOKIE, SALT, new_secret, visitor_of
from campaigns.models import Campaign, Task
from problems import Refused
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import CampaignMaker, make_manifest

pytestmark = pytest.mark.django_db


def uploaded(canvas: Canvas, by: User) -> StoredImage:
    pyramid = Path(settings.DATA) / "pyramids" / "shown.tif"
    if not pyramid.exists():
        pyramid.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40), "white").save(pyramid.with_suffix(".png"))
        convert(pyramid.with_suffix(".png"), pyramid)
    source = SourceImport.objects.create(kind="images", title="Upload", created_by=by)
    return StoredImage.objects.create(
        source=source, canvas=canvas, name="page.png", state="ready", pyramid="pyramids/shown.tif",
        width=60, height=40,
    )  # fmt: skip


@pytest.fixture
def images(owner: User) -> list[StoredImage]:
    """Two images of a manifest that is not public; only the first is asked about."""
    manifest = make_manifest(2, owner, is_public=False)
    grant(owner, manifest, Role.OWNER)
    return [uploaded(canvas, owner) for canvas in manifest.canvases.order_by("position")]


@pytest.fixture
def private(make_campaign: CampaignMaker, images: list[StoredImage], owner: User) -> Campaign:
    """A campaign for invited people over the first image."""
    campaign = make_campaign("private", pages=0, open_it=False, is_public=False)
    choose_canvases(campaign, canvases=[images[0].canvas_id], by=owner)
    return open_campaign(campaign, by=owner)


def may_see(browser: Client, image: StoredImage) -> bool:
    response = browser.get(f"/iiif/image/{image.pk}/full/max/0/default.png")
    if response.status_code in {401, 403}:
        return False
    assert Image.open(BytesIO(response.content)).size == (60, 40)
    assert response["Cache-Control"].startswith("private")
    return True


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_the_people_of_a_campaign_see_its_images_and_no_others(
    private: Campaign,
    images: list[StoredImage],
    owner: User,
    contributor: User,
    observer: User,
    stranger: User,
) -> None:
    for person, role in ((contributor, Role.CONTRIBUTOR), (observer, Role.OBSERVER)):
        assert not may_see(browser_of(person), images[0])
        assign_role(private, person, role, by=owner)
        assert may_see(browser_of(person), images[0])
        assert not may_see(browser_of(person), images[1]), "the rest of the manifest stays closed"
    assert not may_see(browser_of(stranger), images[0])
    assert not may_see(Client(), images[0])


def test_a_visitor_sees_what_they_work_on(private: Campaign, images: list[StoredImage]) -> None:
    secret = new_secret()
    browser = Client()
    browser.cookies[COOKIE] = _signed(secret)
    assert not may_see(browser, images[0])
    join_campaign(private, visitor=visitor_of(secret))
    assert may_see(browser, images[0])
    assert not may_see(browser, images[1])
    other = Client()
    other.cookies[COOKIE] = _signed(new_secret())
    assert not may_see(other, images[0])


def _signed(secret: str) -> str:
    return signing.get_cookie_signer(salt=COOKIE + SALT).sign(secret)


def test_a_public_campaign_shows_its_images_to_everybody(
    private: Campaign, images: list[StoredImage], stranger: User
) -> None:
    Campaign.objects.filter(pk=private.pk).update(is_public=True)
    assert may_see(Client(), images[0])
    assert may_see(browser_of(stranger), images[0])
    assert not may_see(Client(), images[1])
    Campaign.objects.filter(pk=private.pk).update(status=Campaign.Status.DRAFT)
    assert not may_see(Client(), images[0]), "a draft is nobody's business"


def test_of_a_pair_both_images_are_shown(private: Campaign, images: list[StoredImage], owner: User) -> None:
    Campaign.objects.filter(pk=private.pk).update(is_public=True)
    layer = make_layer(owner)
    assert images[0].canvas is not None
    assert images[1].canvas is not None
    about, beside = (annotate(layer, image.canvas)[0] for image in images)
    Task.objects.filter(campaign=private).update(about=about, beside=beside)
    assert may_see(Client(), images[0])
    assert may_see(Client(), images[1])


def test_the_gate_is_one_query_with_all_its_ways(
    private: Campaign, images: list[StoredImage], contributor: User, stranger: User, django_assert_num_queries
) -> None:
    join_campaign(private, user=contributor)
    request = HttpRequest()
    with django_assert_num_queries(1):
        assert get_image_for(contributor, images[0].pk, "view", request=request).pk == images[0].pk
    with django_assert_num_queries(1), pytest.raises(Refused):
        get_image_for(stranger, images[0].pk, "view", request=request)
