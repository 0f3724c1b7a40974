"""Logins that institutions ask for: read in both versions and in all places, kept, reported, passed on."""

import json
from dataclasses import asdict

import pytest

from accounts.models import User
from annotation.actions.sources import import_from_file
from annotation.iiif import AccessService, AuthValue, read
from annotation.iiif.authorization import AUTH_CONTEXT, auth_services, read_auth
from annotation.iiif.findings import Findings
from annotation.queries import auth_value
from tests.annotation.conftest import p3_manifest, report, upload

LOGIN = "https://library.example/login"
SECOND = {
    "id": "https://library.example/probe/1",
    "type": "AuthProbeService2",
    "errorHeading": {"en": ["Not for you"]},
    "service": [
        {
            "id": LOGIN,
            "type": "AuthAccessService2",
            "profile": "active",
            "label": {"en": ["Login to the library"]},
            "heading": {"en": ["Please log in"]},
            "note": {"en": ["Readers only."]},
            "confirmLabel": {"en": ["Log in"]},
            "service": [
                {"id": "https://library.example/token", "type": "AuthAccessTokenService2"},
                {
                    "id": "https://library.example/logout",
                    "type": "AuthLogoutService2",
                    "label": {"en": ["Log out"]},
                },
            ],
        }
    ],
}
FIRST = {
    "@context": "http://iiif.io/api/auth/1/context.json",
    "@id": LOGIN,
    "profile": "http://iiif.io/api/auth/1/login",
    "label": "Login to the library",
    "header": "Please log in",
    "description": "Readers only.",
    "confirmLabel": "Log in",
    "service": [
        {"@id": "https://library.example/token", "profile": "http://iiif.io/api/auth/1/token"},
        {
            "@id": "https://library.example/logout",
            "profile": "http://iiif.io/api/auth/1/logout",
            "label": "Log out",
        },
    ],
}


def understood(service: object) -> tuple[AuthValue | None, list[str]]:
    findings = Findings(None)
    return read_auth(service, findings, "/service"), [problem.sentence for problem in findings.problems]


def test_both_versions_come_to_the_same() -> None:
    (second, wrong), (first, also_wrong) = understood([SECOND]), understood(FIRST)
    assert wrong == also_wrong == []
    assert second is not None
    assert first is not None
    assert (second.version, second.probe) == (2, SECOND["id"])
    assert (first.version, first.probe) == (1, None)
    for value, language in ((second, "en"), (first, "none")):
        assert value.access == (
            AccessService(
                profile="active",
                url=LOGIN,
                token="https://library.example/token",
                logout="https://library.example/logout",
                label={language: ["Login to the library"]},
                heading={language: ["Please log in"]},
                note={language: ["Readers only."]},
                confirm={language: ["Log in"]},
                logout_label={language: ["Log out"]},
            ),
        )


def test_the_newer_version_counts_where_both_are_offered() -> None:
    value, _wrong = understood([FIRST, SECOND])
    assert value is not None
    assert value.version == 2


@pytest.mark.parametrize(
    ("name", "profile"),
    [("login", "active"), ("clickthrough", "active"), ("kiosk", "kiosk"), ("external", "external")],
)
def test_the_patterns_of_version_1(name: str, profile: str) -> None:
    value, _wrong = understood({**FIRST, "profile": f"http://iiif.io/api/auth/1/{name}"})
    assert value is not None
    assert value.access[0].profile == profile
    assert (value.access[0].url is None) == (name == "external")


@pytest.mark.parametrize(
    "broken",
    [
        {**SECOND, "id": None},
        {**SECOND, "service": []},
        {**SECOND, "service": [{**SECOND["service"][0], "profile": "magic"}]},  # type: ignore[index]
        {**SECOND, "service": [{**SECOND["service"][0], "id": "javascript:alert(1)"}]},  # type: ignore[index]
        {**SECOND, "service": [{**SECOND["service"][0], "service": []}]},  # type: ignore[index]
        {**FIRST, "service": []},
        {**FIRST, "@id": 7},
    ],
)
def test_a_login_that_cannot_be_used_is_reported(broken: dict[str, object]) -> None:
    value, wrong = understood([broken])
    assert value is None
    assert wrong
    assert all(sentence.endswith(".") for sentence in wrong)


def test_the_example_of_the_specification(samples) -> None:
    path = samples / "iiif-spec-examples" / "auth_2.0" / "01_2-1-declaring-services.json"
    value, wrong = understood(json.loads(path.read_text())["service"])
    assert wrong == []
    assert value is not None
    assert value.access[0].logout == "https://auth.example.org/logout"


@pytest.mark.parametrize("service", [SECOND, FIRST])
def test_what_is_written_reads_the_same(service: dict[str, object]) -> None:
    value, _wrong = understood([service])
    assert value is not None
    assert understood(auth_services(value)) == (value, [])


def with_login(place: str, service: dict[str, object], pages: int = 3) -> dict[str, object]:
    """A manifest whose images have the login on the image service, on the image, or around the service."""
    document = p3_manifest(pages=pages)
    for canvas in document["items"]:
        body = canvas["items"][0]["items"][0]["body"]
        if place == "service":
            body["service"][0]["service"] = [service]
        elif place == "image":
            body["service"].append(service)
        elif place == "around":
            body["service"] = [{**service, "service": [*service["service"], *body["service"]]}]  # type: ignore[misc]
        else:
            kind = service.get("type", "AuthCookieService1")
            body["service"][0]["service"] = [{"id": service.get("id") or service["@id"], "type": kind}]
            document["services"] = [service]
    return document


@pytest.mark.parametrize("service", [SECOND, FIRST], ids=["2.0", "1.0"])
@pytest.mark.parametrize("place", ["service", "image", "around", "services"])
def test_a_login_is_found_wherever_it_stands(place: str, service: dict[str, object]) -> None:
    reading = read(with_login(place, service))
    assert [canvas.auth.access[0].url for canvas in reading.manifest.canvases] == [LOGIN] * 3  # type: ignore[union-attr]
    assert all(canvas.image_service for canvas in reading.manifest.canvases)  # type: ignore[union-attr]


@pytest.mark.django_db
@pytest.mark.parametrize("service", [SECOND, FIRST], ids=["2.0", "1.0"])
def test_a_login_is_kept_reported_once_shown_and_passed_on(client, owner: User, finished, service) -> None:
    source = finished(import_from_file(upload(with_login("service", service)), by=owner))
    said = [line for line in report(source) if "login" in line.sentence]
    (line,) = said
    assert line.sentence.startswith("3 canvases of this source ask for a login at library.example. ")
    assert line.severity == "warning"
    canvas = source.manifest.canvases.first()
    kept = auth_value(canvas)
    assert kept == understood([service])[0]
    assert canvas.extra["auth"] == json.loads(json.dumps(asdict(kept)))
    published = client.get(f"/iiif/presentation/{source.manifest.pk}/manifest").json()
    written = published["items"][0]["items"][0]["items"][0]["body"]["service"][0]["service"]
    assert understood(written)[0] == kept
    contexts = published["@context"] if isinstance(published["@context"], list) else [published["@context"]]
    assert (contexts[0] == AUTH_CONTEXT) == (kept.version == 2), "it stands before that of Presentation"
    assert contexts[-1] == "http://iiif.io/api/presentation/3/context.json"
    client.force_login(owner)
    sheet = client.get(f"/sources/{source.manifest.pk}/").content.decode()
    assert "3 images are shown by library.example" in sheet
    assert f'src="{canvas.image_service}' not in sheet, "a picture that breaks"
    page = client.get(f"/sources/{source.manifest.pk}/canvases/{canvas.pk}/").content.decode()
    assert "Login to the library" in page
    assert LOGIN in page


@pytest.mark.django_db
def test_open_images_are_not_said_to_ask_for_anything(owner: User, finished) -> None:
    source = finished(import_from_file(upload(p3_manifest()), by=owner))
    assert [line for line in report(source) if "login" in line.sentence] == []
    assert "auth" not in source.manifest.canvases.first().extra
