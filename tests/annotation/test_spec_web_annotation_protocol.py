"""Every assertion of the W3C's server test, put to a live server by an HTTP client that is not ours.

Each line of the table is one case: what it asks for is found by its step, what it says by its check. A line that
is added to the table and not to `STEPS` or `CHECKS` fails.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.conf import settings as project

from accounts.actions import create_token
from annotation.models import Layer
from tests.annotation.conftest import annotate, make_layer

PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
MINIMAL = 'return=representation;include="http://www.w3.org/ns/ldp#PreferMinimalContainer"'
CANONICAL = "urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"
TABLE = Path(project.SAMPLES) / "w3c-annotation-protocol" / "assertions.json"


def assertions() -> Iterator[Any]:
    """The table with `same` written out, each line with its place as a name."""
    step = ""
    for number, line in enumerate(json.loads(TABLE.read_text()) if TABLE.exists() else []):
        step = step if line["step"] == "same" else line["step"]
        name = f"{number:02}-{line['level']}-{step}-{line['check']}"[:80]
        yield pytest.param(step, line["check"], id=name)


@dataclass
class Site:
    """A public layer of three pages on a live server, and somebody who may write to it."""

    container: str
    session: requests.Session
    layer: Layer

    def post(self) -> requests.Response:
        document = {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "type": "Annotation",
            "canonical": CANONICAL,
            "body": {"type": "TextualBody", "value": "I like this page!"},
            "target": "http://www.example.com/index.html",
        }
        return self.session.post(self.container, data=json.dumps(document), headers={"Content-Type": PROFILE})

    def page(self, which: str) -> requests.Response:
        """The page that the container links to, or has in it."""
        linked = self.session.get(self.container).json()[which]
        return self.session.get(linked["id"] if isinstance(linked, dict) else linked)

    def annotation(self) -> str:
        return str(self.page("first").json()["items"][0]["id"])

    def put(self) -> requests.Response:
        made = self.post()
        document = {**made.json(), "target": "http://other.example/"}
        headers = {"Content-Type": PROFILE, "If-Match": made.headers["ETag"]}
        return self.session.put(made.headers["Location"], data=json.dumps(document), headers=headers)

    def delete(self) -> requests.Response:
        made = self.post()
        return self.session.delete(made.headers["Location"], headers={"If-Match": made.headers["ETag"]})


@pytest.fixture
def site(transactional_db, live_server, settings, owner, manifest) -> Iterator[Site]:
    settings.SITE_URL = live_server.url
    layer = make_layer(owner, is_public=True)
    annotate(layer, manifest.canvases.first(), 201)
    with requests.Session() as session:
        _token, secret = create_token(by=owner, name="client", scopes=["read", "write"])
        session.headers["Authorization"] = f"Bearer {secret}"
        yield Site(f"{live_server.url}/w3c/{layer.pk}/", session, layer)


STEPS: dict[str, Callable[[Site], requests.Response]] = {
    "-": lambda site: site.session.get(site.container),
    "GET container": lambda site: site.session.get(site.container),
    "HEAD container": lambda site: site.session.head(site.container),
    "OPTIONS container": lambda site: site.session.options(site.container),
    "GET container.first": lambda site: site.page("first"),
    "GET container.last": lambda site: site.page("last"),
    "GET annotation": lambda site: site.session.get(site.annotation()),
    "HEAD annotation": lambda site: site.session.head(site.annotation()),
    "OPTIONS annotation": lambda site: site.session.options(site.annotation()),
    "POST container (Content-Type application/ld+json, canonical urn:uuid)": Site.post,
    "POST container": Site.post,
    "PUT annotation with changed target": Site.put,
    "DELETE annotation": Site.delete,
    "GET container with Prefer return=representation;include="
    '"http://www.w3.org/ns/ldp#PreferMinimalContainer"': lambda site: site.session.get(
        site.container, headers={"Prefer": MINIMAL}
    ),
}


def words(response: requests.Response, header: str) -> set[str]:
    return {word.strip() for word in response.headers.get(header, "").split(",")}


def link(target: str, rel: str) -> Callable[[requests.Response, Site], bool]:
    def found(response: requests.Response, _site: Site) -> bool:
        return any(
            entry["url"] == target and entry.get("rel") == rel
            for entry in requests.utils.parse_header_links(response.headers["Link"])
        )

    return found


def follows_the_site(response: requests.Response, site: Site) -> bool:
    """The scheme is that of SITE_URL, which an installation sets to https."""
    project.SITE_URL = "https://notes.example"  # put back by the fixture `settings`
    document = site.session.get(site.container).json()
    return all(
        str(uri).startswith("https://notes.example/w3c/") for uri in (document["id"], document["last"])
    )


def media_type(response: requests.Response, _site: Site) -> bool:
    return response.headers["Content-Type"].startswith("application/ld+json")


def allows(method: str) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: method in words(response, "Allow")


def succeeds(status: int) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: response.status_code == status


def is_a(kind: str) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: kind in response.json()["type"]


def has(key: str) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: bool(response.json().get(key))


def header(name: str) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: bool(response.headers.get(name))


def varies(name: str) -> Callable[[requests.Response, Site], bool]:
    return lambda response, _site: name in words(response, "Vary")


CHECKS: dict[str, Callable[[requests.Response, Site], bool]] = {
    **{f"Allow header contains {method}": allows(method) for method in ("GET", "HEAD", "OPTIONS")},
    **{f"Allow contains {method}": allows(method) for method in ("GET", "HEAD", "OPTIONS")},
    **{f"status {status}": succeeds(status) for status in (200, 201, 204)},
    "container URL ends with /": lambda _response, site: site.container.endswith("/"),
    "Content-Type matches application/ld+json (default representation)": media_type,
    "Content-Type matches application/ld+json": media_type,
    "body.type includes BasicContainer": is_a("BasicContainer"),
    "body.type includes AnnotationCollection": is_a("AnnotationCollection"),
    "Link header present": header("Link"),
    "ETag header present": header("ETag"),
    "ETag present": header("ETag"),
    "Vary contains Accept": varies("Accept"),
    "Vary contains Prefer": varies("Prefer"),
    "Link matches <http://www.w3.org/ns/ldp#BasicContainer> or "
    '<http://www.w3.org/ns/oa#AnnotationCollection>; rel="type"': link(
        "http://www.w3.org/ns/ldp#BasicContainer", "type"
    ),
    "Link advertises the protocol constraint: <http://www.w3.org/TR/annotation-protocol/>; "
    'rel="http://www.w3.org/ns/ldp#constrainedBy"': link(
        "http://www.w3.org/TR/annotation-protocol/", "http://www.w3.org/ns/ldp#constrainedBy"
    ),
    'Link matches <http://www.w3.org/ns/ldp#Resource>; rel="type"': link(
        "http://www.w3.org/ns/ldp#Resource", "type"
    ),
    "Content-Location header present and equal to body.id": lambda response, _site: (
        response.headers["Content-Location"] == response.json()["id"]
    ),
    "page has partOf": has("partOf"),
    "page has prev (needs at least two pages)": has("prev"),
    "page has next (needs at least two pages)": has("next"),
    "body has id": has("id"),
    "body.id starts with the container IRI": lambda response, site: (
        response.json()["id"].startswith(site.container)
        and response.json()["id"] != site.container
        and site.session.get(response.json()["id"]).json() == response.json()
    ),
    "canonical is preserved": lambda response, _site: response.json()["canonical"] == CANONICAL,
    "Location equals body.id": lambda response, _site: response.headers["Location"] == response.json()["id"],
    "response body shows the changed target": lambda response, site: (
        response.status_code == 200
        and response.json()["target"] == "http://other.example/"
        and site.session.get(response.json()["id"]).json()["target"] == "http://other.example/"
    ),
    "container is https": follows_the_site,
    "body has total": lambda response, _site: response.json()["total"] == 201,
    "body has first": has("first"),
    "body has last": has("last"),
    "body has no items": lambda response, _site: (
        "items" not in response.json() and isinstance(response.json()["first"], str)
    ),
    "body has no ldp:contains": lambda response, _site: (
        not {"contains", "ldp:contains", "http://www.w3.org/ns/ldp#contains"} & set(response.json())
    ),
    "response has no Prefer header": lambda response, _site: "Prefer" not in response.headers,
    "every embedded annotation has @context": lambda response, _site: (
        len(response.json()["items"]) == 100 and all("@context" in item for item in response.json()["items"])
    ),
}


@pytest.mark.parametrize(("step", "check"), list(assertions()))
def test_assertion(step: str, check: str, site: Site) -> None:
    assert CHECKS[check](STEPS[step](site), site), check


def test_the_table_is_the_whole_of_it(samples: Path) -> None:
    lines = [line.values[:2] for line in assertions()]
    assert len(lines) == 43
    assert {step for step, _check in lines} == set(STEPS)
    assert {check for _step, check in lines} == set(CHECKS)


def test_a_session_of_writing_by_a_program(site: Site) -> None:
    """Create with an id, send again, change, meet a stale version, delete, find it gone: over real HTTP."""
    pk = uuid4()
    document = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": pk.urn,
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": "first"},
        "target": "https://elsewhere.example/canvas/1#xywh=1,2,3,4",
    }
    headers = {"Content-Type": PROFILE}
    first = site.session.post(site.container, data=json.dumps(document), headers=headers)
    again = site.session.post(site.container, data=json.dumps(document), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"] == f"{site.container}{pk}"
    changed = {**first.json(), "body": {"type": "TextualBody", "value": "second"}}
    url, seen = first.headers["Location"], {**headers, "If-Match": first.headers["ETag"]}
    assert site.session.put(url, data=json.dumps(changed), headers=headers).status_code == 428
    put = site.session.put(url, data=json.dumps(changed), headers=seen)
    assert (put.status_code, put.headers["ETag"]) == (200, '"2"')
    assert site.session.put(url, data=json.dumps(changed), headers=seen).status_code == 200, "a retry"
    other = {**changed, "body": {"type": "TextualBody", "value": "third"}}
    stale = site.session.put(url, data=json.dumps(other), headers=seen)
    assert (stale.status_code, stale.headers["Content-Type"]) == (412, "application/problem+json")
    assert site.session.delete(url, headers=seen).status_code == 412
    assert site.session.delete(url, headers={"If-Match": put.headers["ETag"]}).status_code == 204
    assert site.session.get(url).status_code == 410
    assert requests.get(f"{site.container}?page=0", timeout=10).json()["partOf"]["total"] == 201
