"""Our own protected images by IIIF Authorization Flow 2.0: what a viewer of another site can do, and cannot."""

import html
import json
import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from annotation import passes
from annotation.actions.manifests import set_visibility
from annotation.actions.sources import import_images
from annotation.iiif.authorization import AUTH_CONTEXT
from annotation.models import Manifest, StoredImage
from annotation.permissions import get_image_for
from problems import Missing, Refused
from tests.annotation.conftest import picture

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"
VIEWER = "https://viewer.example"


@pytest.fixture
def image(owner: User, finished) -> StoredImage:
    """An uploaded image of a manifest that is not public."""
    manifest = finished(import_images([picture(size=(600, 400))], title="One", by=owner)).manifest
    set_visibility(manifest.pk, is_public=False, by=owner)
    return StoredImage.objects.get()


@pytest.fixture
def browser(owner: User) -> Client:
    """Olga's browser, in which she has signed in here and let the viewer in."""
    browser = Client()
    browser.force_login(owner)
    assert browser.post(f"/iiif/auth/access?origin={VIEWER}").status_code == 200
    return browser


def posted(browser: Client, origin: str = VIEWER, message_id: str = "m1") -> dict[str, object]:
    """What the frame of the token service posts."""
    response = browser.get(f"/iiif/auth/token?{urlencode({'messageId': message_id, 'origin': origin})}")
    assert response.status_code == 200
    script = re.search(r'<script id="said" type="application/json">(.*?)</script>', response.content.decode())
    assert script is not None
    said = json.loads(html.unescape(script[1]))
    assert said["origin"] == origin
    found: dict[str, object] = said["message"]
    return found


def probe(image: StoredImage, token: str = "", query: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = Client().get(f"/iiif/auth/probe/{image.pk}{query}", headers=headers)
    assert response.status_code == 200, "the probe itself is always 200"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert "no-store" in response["Cache-Control"]
    found: dict[str, object] = response.json()
    assert (found["@context"], found["type"]) == (AUTH_CONTEXT, "AuthProbeResult2")
    return found


def pixels(base: str) -> tuple[int, int]:
    response = Client().get(f"{base.removeprefix(SITE)}/full/300,/0/default.jpg")
    if response.status_code != 200:
        return response.status_code, 0
    return Image.open(BytesIO(response.content)).size


# --- what is declared -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3])
def test_the_description_declares_the_services_to_everybody(image: StoredImage, version: int) -> None:
    path = f"/iiif/image/{'2/' if version == 2 else ''}{image.pk}/info.json"
    document = Client().get(path).json()
    (declared,) = document["service"]
    if version == 3:
        assert document["@context"] == [AUTH_CONTEXT, "http://iiif.io/api/image/3/context.json"]
        assert "@context" not in declared
    else:
        assert document["@context"] == "http://iiif.io/api/image/2/context.json"
        assert declared["@context"] == AUTH_CONTEXT
    assert declared["type"] == "AuthProbeService2"
    assert declared["id"].startswith(f"{SITE}/iiif/auth/probe/{image.pk}")
    assert declared["errorHeading"]["fr"] != declared["errorHeading"]["en"]
    (access,) = declared["service"]
    assert (access["type"], access["profile"]) == ("AuthAccessService2", "active")
    assert all(
        access[text]["en"] and access[text]["fr"] for text in ("label", "heading", "note", "confirmLabel")
    )
    assert SITE in access["label"]["en"][0], "one must see where one signs in"
    assert [service["type"] for service in access["service"]] == [
        "AuthAccessTokenService2",
        "AuthLogoutService2",
    ]
    assert SITE in access["service"][1]["label"]["en"][0]


def test_a_public_image_declares_nothing(image: StoredImage, owner: User) -> None:
    set_visibility(image.canvas.manifest_id, is_public=True, by=owner)
    assert "service" not in Client().get(f"/iiif/image/{image.pk}/info.json").json()
    assert probe(image)["status"] == 200


def test_the_published_manifest_declares_them_too(image: StoredImage, owner: User, samples) -> None:
    client = Client()
    client.force_login(owner)
    path = f"/iiif/presentation/{image.canvas.manifest_id}/manifest"
    document = client.get(path).json()
    service = document["items"][0]["items"][0]["items"][0]["body"]["service"][0]
    assert service["service"] == client.get(f"/iiif/image/{image.pk}/info.json").json()["service"]
    assert document["@context"][0] == AUTH_CONTEXT
    assert Client().get(path).status_code == 404, "the manifest itself stays out of sight"
    set_visibility(image.canvas.manifest_id, is_public=True, by=owner)
    assert "AuthProbeService2" not in Client().get(path).content.decode()


# --- the flow -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "version"), [("", 3), ("?version=2", 2)])
def test_a_viewer_of_another_site_shows_the_image(
    image: StoredImage, browser: Client, query: str, version: int
) -> None:
    before = probe(image, query=query)
    assert before["status"] == 401
    assert before["heading"]
    assert before["note"]
    assert "location" not in before
    message = posted(browser)
    assert (message["@context"], message["type"], message["messageId"]) == (
        AUTH_CONTEXT,
        "AuthAccessToken2",
        "m1",
    )
    assert message["expiresIn"] == 300
    after = probe(image, str(message["accessToken"]), query)
    assert after["status"] == 302
    location = after["location"]
    assert isinstance(location, dict)
    assert location["type"] == f"ImageService{version}", "the type of what the probe was declared for"
    assert pixels(location["id"]) == (300, 200)
    info = Client().get(location["id"].removeprefix(SITE) + "/info.json").json()
    assert info["id" if version == 3 else "@id"] == location["id"], "tiles are asked for where the pass is"
    assert "service" not in info


def test_only_the_click_lets_a_viewer_in(image: StoredImage, owner: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    asked = browser.get(f"/iiif/auth/access?origin={VIEWER}")
    assert asked.status_code == 200
    assert "viewer.example" in asked.content.decode()
    assert posted(browser)["profile"] == "missingAspect"
    assert browser.post(f"/iiif/auth/access?origin={VIEWER}").status_code == 403, "no forged click"
    assert posted(browser)["profile"] == "missingAspect"


def test_who_is_not_signed_in_signs_in_first(owner: User) -> None:
    browser = Client()
    response = browser.get(f"/iiif/auth/access?origin={VIEWER}")
    assert response.status_code == 302
    login = browser.post(
        response["Location"], {"login": owner.email, "password": "correct horse battery"}, follow=True
    )
    assert login.redirect_chain[-1][0] == f"/iiif/auth/access?{urlencode({'origin': VIEWER})}"
    closed = browser.post(login.redirect_chain[-1][0])
    assert "site/close.js" in closed.content.decode()


def test_the_window_keeps_its_tie_to_the_viewer_that_waits_for_it(browser: Client) -> None:
    name, access = "Cross-Origin-Opener-Policy", f"/iiif/auth/access?origin={VIEWER}"
    stranger = Client()
    asked = stranger.get(access)
    login = stranger.get(asked["Location"])
    sent = stranger.post("/accounts/login/", {"login": "nobody", "password": "wrong", "next": access})
    for response in (asked, login, sent, browser.get(access), browser.post(access)):
        assert response[name] == "unsafe-none"
    assert stranger.get("/accounts/login/")[name] == "same-origin-allow-popups"


def test_the_token_goes_to_the_viewer_that_was_let_in_and_no_other(browser: Client) -> None:
    other = posted(browser, origin="https://evil.example")
    assert (other["type"], other["profile"]) == ("AuthAccessTokenError2", "invalidOrigin")
    assert other["heading"]
    assert other["note"]
    assert "accessToken" not in other
    response = browser.get(f"/iiif/auth/token?messageId=1&origin={VIEWER}")
    assert response["Content-Security-Policy"] == f"default-src 'self'; frame-ancestors {VIEWER}"
    assert "X-Frame-Options" not in response
    assert "no-store" in response["Cache-Control"]


def test_several_viewers_may_be_let_in(browser: Client) -> None:
    browser.post("https://testserver/iiif/auth/access?origin=http://localhost:5000")
    assert posted(browser)["type"] == "AuthAccessToken2"
    assert posted(browser, origin="http://localhost:5000")["type"] == "AuthAccessToken2"


def test_our_own_pages_need_no_click(owner: User) -> None:
    browser = Client()
    browser.force_login(owner)
    assert posted(browser, origin=SITE)["type"] == "AuthAccessToken2"


def test_the_probe_knows_the_session_on_our_own_pages(
    image: StoredImage, owner: User, stranger: User
) -> None:
    browser = Client()
    for person, status in ((owner, 200), (stranger, 403)):
        browser.force_login(person)
        result = browser.get(f"/iiif/auth/probe/{image.pk}").json()
        assert result["status"] == status
        assert "location" not in result, "whose browser sends the session needs no pass"
    assert browser.get(f"/iiif/auth/probe/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "origin",
    [
        "", "viewer.example", "javascript:alert(1)", "https://viewer.example/page", "https://a.example; script-src *",
        "https://viewer.example:no", "https://*.example", "https://user@viewer.example", "https://[::1", "null",
        "https://vie\nwer.example",
    ],
)  # fmt: skip
def test_an_origin_that_is_none_is_refused(browser: Client, origin: str) -> None:
    for page in ("access", "token"):
        response = browser.get(f"/iiif/auth/{page}?{urlencode({'messageId': '1', 'origin': origin})}")
        assert response.status_code == 400
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_a_token_request_without_a_message_id_is_told_so(browser: Client) -> None:
    assert posted(browser, message_id="")["profile"] == "invalidRequest"


def test_nothing_that_a_person_can_say_becomes_script(browser: Client) -> None:
    said = posted(browser, message_id='</script><script>alert("1")</script>')
    assert said["messageId"] == '</script><script>alert("1")</script>'


# --- what ends it ---------------------------------------------------------------------------------


def test_tokens_passes_and_the_cookie_expire(image: StoredImage, browser: Client) -> None:
    token = str(posted(browser)["accessToken"])
    location = probe(image, token)["location"]
    assert isinstance(location, dict)
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=passes.TOKEN_S + 5), tick=False):
        assert probe(image, token)["status"] == 401
        assert pixels(location["id"]) == (300, 200)
    with time_machine.travel(now + timedelta(seconds=passes.PASS_S + 5), tick=False):
        assert pixels(location["id"]) == (401, 0)
    with time_machine.travel(now + timedelta(seconds=passes.COOKIE_S + 5), tick=False):
        cookie = browser.cookies[passes.COOKIE].value
        with pytest.raises(passes.NoProof, match="expiredAspect"):
            passes.read_admission(cookie)


def test_another_password_ends_everything(image: StoredImage, browser: Client, owner: User) -> None:
    token = str(posted(browser)["accessToken"])
    owner.set_password("another good password")
    owner.save()
    assert probe(image, token)["status"] == 401
    assert posted(browser)["profile"] == "invalidAspect"


@pytest.mark.parametrize("page", ["GET /iiif/auth/logout", "POST /accounts/logout/"])
def test_signing_out_puts_the_viewers_out(browser: Client, page: str) -> None:
    method, path = page.split()
    assert browser.generic(method, path).status_code in {200, 302}
    assert posted(browser)["profile"] == "missingAspect"


def test_what_a_person_may_no_longer_see_is_not_shown_by_an_old_pass(
    image: StoredImage, stranger: User, owner: User
) -> None:
    base = f"/iiif/image/with/{passes.sign_pass(stranger, image.pk)}/{image.pk}"
    assert pixels(base) == (403, 0)
    set_visibility(image.canvas.manifest_id, is_public=True, by=owner)
    assert pixels(base) == (300, 200)


def test_a_proof_of_one_kind_is_none_of_another(image: StoredImage, owner: User) -> None:
    token, admitted = passes.sign_token(owner), passes.sign_pass(owner, image.pk)
    assert probe(image, admitted)["status"] == 401
    assert pixels(f"/iiif/image/with/{token}/{image.pk}") == (401, 0)
    assert pixels(f"/iiif/image/with/{passes.sign_pass(owner, uuid4())}/{image.pk}") == (401, 0)
    for secret in (token, admitted, passes.sign_admission(owner, (VIEWER,))):
        response = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
        assert response.status_code == 401, "it reads images, and opens nothing else"


def test_a_pass_that_does_not_hold_borrows_no_session(image: StoredImage, owner: User) -> None:
    browser = Client()
    browser.force_login(owner)
    assert browser.get(f"/iiif/image/with/none/{image.pk}/full/max/0/default.jpg").status_code == 401


def test_the_cookie_reaches_frames_on_other_sites_over_tls_only(owner: User, settings) -> None:
    browser = Client()
    browser.force_login(owner)
    for site, samesite in (("https://rubricator.example", "None"), (SITE, "Lax")):
        settings.SITE_URL = site
        browser.post(f"/iiif/auth/access?origin={VIEWER}")
        cookie = browser.cookies[passes.COOKIE]
        assert (cookie["samesite"], bool(cookie["secure"]), cookie["httponly"]) == (
            samesite, samesite == "None", True,
        )  # fmt: skip


# --- the gate -------------------------------------------------------------------------------------


def test_the_gate_takes_one_query(
    image: StoredImage, owner: User, stranger: User, django_assert_num_queries
) -> None:
    for person, verb in ((owner, "view"), (stranger, "describe")):
        with django_assert_num_queries(1):
            found = get_image_for(person, image.pk, verb)
            assert found.canvas.manifest.is_public is False
    with django_assert_num_queries(1), pytest.raises(Refused, match="Ask the person who brought it in"):
        get_image_for(stranger, image.pk, "view")
    with pytest.raises(Missing):
        get_image_for(owner, uuid4(), "describe")


# --- public or not --------------------------------------------------------------------------------


def test_the_owner_says_over_the_api_who_may_see_a_source(
    api, image: StoredImage, owner: User, stranger: User
) -> None:
    path = f"/api/v1/manifests/{image.canvas.manifest_id}/"
    api.force_authenticate(owner)
    assert api.patch(path, {"is_public": True}).json()["is_public"] is True
    assert api.patch(path, {"is_public": "perhaps"}).status_code == 422
    assert api.patch(path, {}).status_code == 422
    api.force_authenticate(stranger)
    assert api.patch(path, {"is_public": False}).status_code == 403
    assert Manifest.objects.get().is_public


def test_the_owner_says_on_the_page_who_may_see_a_source(
    image: StoredImage, owner: User, stranger: User
) -> None:
    path = f"/sources/{image.canvas.manifest_id}/"
    browser = Client()
    browser.force_login(owner)
    assert "Make it public" in browser.get(path).content.decode()
    after = browser.post(f"{path}visibility/", {"is_public": "yes"}, follow=True).content.decode()
    assert "Make it not public" in after
    assert Manifest.objects.get().is_public
    browser.force_login(stranger)
    assert "Make it not public" not in browser.get(path).content.decode()
    assert browser.post(f"{path}visibility/", {"is_public": "no"}).status_code == 403
    assert Manifest.objects.get().is_public
