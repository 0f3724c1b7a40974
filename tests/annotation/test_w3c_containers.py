"""The protocol beyond the W3C's own test: negotiation, preferences, slugs, refusals, other origins."""

import json
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from rdflib import RDF, Graph, URIRef

from accounts.actions import create_token
from accounts.roles import Role, grant
from annotation.api.w3c.preferences import DESCRIPTIONS, IRIS, MINIMAL, Preferences, preferred
from annotation.api.w3c.representations import JSON, JSON_LD, TURTLE, chosen
from annotation.models import Annotation, Layer
from problems import NotAcceptable
from tests.annotation.conftest import annotate, make_layer

pytestmark = pytest.mark.django_db
LD = "application/ld+json"


def said(text="look", **more):
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": text},
        "target": "https://elsewhere.example/canvas/1",
        **more,
    }


@pytest.fixture
def layer(owner):
    return make_layer(owner, is_public=True)


@pytest.fixture
def send(api, owner, layer):
    """Post a document as Olga."""
    api.force_authenticate(owner)

    def post(document, **headers):
        return api.generic(
            "POST", f"/w3c/{layer.pk}/", json.dumps(document), content_type=LD, headers=headers
        )

    return post


def path_of(response):
    return response["Location"].removeprefix(settings.SITE_URL)


# --- negotiation and preferences -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, JSON_LD),
        ("", JSON_LD),
        ("*/*", JSON_LD),
        ("application/*", JSON_LD),
        ("application/json", JSON),
        ("text/turtle", TURTLE),
        ("text/turtle;q=0.5, application/ld+json;q=0.4", TURTLE),
        ("text/html, */*;q=0.1", JSON_LD),
        ('application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', JSON_LD),
        ('application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"', JSON_LD),
        ("*/*, application/ld+json;q=0, application/json;q=0", TURTLE),
        ("text/html", None),
        ("application/rdf+xml", None),
        ("application/ld+json;q=0", None),
        (";;,/,nonsense", None),
    ],
)
def test_the_form_is_the_one_that_is_liked_best(accept, form):
    if form is None:
        with pytest.raises(NotAcceptable):
            chosen(accept)
    else:
        assert chosen(accept) is form


@pytest.mark.parametrize(
    ("prefer", "query", "expected"),
    [
        ("", {}, Preferences()),
        (f'return=representation;include="{MINIMAL}"', {}, Preferences(minimal=True, applied=True)),
        (f'return=representation; include="{IRIS}"', {}, Preferences(iris=True, applied=True)),
        (f'Return = "representation"; include="{IRIS}"', {}, Preferences(iris=True, applied=True)),
        (f'return=representation;include="{DESCRIPTIONS}"', {}, Preferences(applied=True)),
        (
            f'respond-async, return=representation;include="{MINIMAL} {IRIS}"',
            {},
            Preferences(iris=True, minimal=True, applied=True),
        ),
        (f'return=representation;include="{IRIS} {DESCRIPTIONS}"', {}, Preferences()),
        (f'return=representation;include="{IRIS}"', {"iris": "0"}, Preferences()),
        ("", {"iris": "1"}, Preferences(iris=True)),
        ("", {"iris": "yes"}, Preferences()),
        ('return=representation;include="urn:x:other"', {}, Preferences()),
        (f'return=minimal;include="{IRIS}"', {}, Preferences()),
        ('return=representation;include="broken', {}, Preferences()),
    ],
)
def test_preferences(prefer, query, expected):
    assert preferred(prefer, query) == expected


def test_the_container_by_addresses_whole_or_bare(api, layer, manifest):
    annotate(layer, manifest.canvases.first(), 150)
    url = f"/w3c/{layer.pk}/"
    full = api.get(url)
    assert len(full.json()["first"]["items"]) == 100
    assert isinstance(full.json()["first"]["items"][0], dict)
    assert "Preference-Applied" not in full
    iris = api.get(url, headers={"Prefer": f'return=representation;include="{IRIS}"'})
    assert iris["Preference-Applied"] == "return=representation"
    assert iris["Content-Location"] == iris.json()["id"] == f"{settings.SITE_URL}{url}?iris=1"
    first = iris.json()["first"]
    assert first["items"] == [item["id"] for item in full.json()["first"]["items"]]
    second = api.get(first["next"].removeprefix(settings.SITE_URL)).json()
    assert (second["startIndex"], len(second["items"]), second["prev"]) == (100, 50, first["id"])
    assert second["partOf"] == {"id": iris.json()["id"], "type": "AnnotationCollection", "total": 150}
    bare = api.get(url, headers={"Prefer": f'return=representation;include="{MINIMAL} {IRIS}"'}).json()
    assert bare["first"] == first["id"]
    assert len({full["ETag"], iris["ETag"]}) == 2


def test_deep_pages_come_from_the_nearer_end_in_the_same_order(api, layer, manifest):
    annotate(layer, manifest.canvases.first(), 730)
    pages = [api.get(f"/w3c/{layer.pk}/?page={number}&iris=1").json()["items"] for number in range(8)]
    ids = [UUID(uri.rsplit("/", 1)[1]) for page in pages for uri in page]
    expected = Annotation.objects.order_by("created_at", "id").values_list("id", flat=True)
    assert ids == list(expected)
    assert [len(page) for page in pages] == [100] * 7 + [30]


def test_turtle_for_annotations_pages_and_containers(api, layer, manifest):
    (annotation, *_rest) = annotate(layer, manifest.canvases.first(), 101, confidence=0.5)
    oa = "http://www.w3.org/ns/oa#"
    for path, subjects in ((f"{annotation.pk}", 1), ("?page=0", 100), ("?page=1", 1), ("", 100)):
        response = api.get(f"/w3c/{layer.pk}/{path}", headers={"Accept": "text/turtle"})
        assert response["Content-Type"] == "text/turtle; charset=utf-8"
        graph = Graph().parse(data=response.content, format="turtle")
        assert len(set(graph.subjects(RDF.type, URIRef(f"{oa}Annotation")))) == subjects, path
    container = URIRef(f"{settings.SITE_URL}/w3c/{layer.pk}/?iris=0")
    assert (container, RDF.type, URIRef("http://www.w3.org/ns/ldp#BasicContainer")) in graph


def test_every_form_has_an_etag_of_its_own_and_any_serves_if_match(send, api):
    made = send(said())
    path = path_of(made)
    tags = {
        form: api.get(path, headers={"Accept": form})["ETag"]
        for form in (LD, "application/json", "text/turtle")
    }
    assert len(set(tags.values())) == 3
    for form, tag in tags.items():
        assert api.get(path, headers={"Accept": form, "If-None-Match": tag}).status_code == 304
        assert api.get(path, headers={"Accept": form, "If-None-Match": f"W/{tag}"}).status_code == 304
    assert api.get(path, headers={"Accept": LD, "If-None-Match": tags["text/turtle"]}).status_code == 200
    assert api.get(path, headers={"If-Match": '"9"'}).status_code == 412
    assert api.delete(path, headers={"If-Match": tags["text/turtle"]}).status_code == 204


def test_who_may_see_it_is_part_of_what_caches_are_told(api, owner, layer):
    response = api.get(f"/w3c/{layer.pk}/")
    assert {"Accept", "Prefer", "Authorization", "Cookie"} <= set(response["Vary"].split(", "))
    assert response["Cache-Control"] == "no-cache"
    Layer.objects.update(is_public=False)
    api.force_authenticate(owner)
    assert api.get(f"/w3c/{layer.pk}/")["Cache-Control"] == "private, no-cache"


# --- creation --------------------------------------------------------------------------------------


def test_what_was_said_is_kept_and_nothing_is_added(send, api):
    document = said(canonical="urn:x:1", via="https://first.example/1", **{"x:odd": {"deep": [1, None]}})
    made = send(document)
    assert made.json() == {**document, "id": made["Location"]}
    assert made["Content-Location"] == made["Location"]
    assert made["ETag"] == '"1"'
    assert "Last-Modified" in made
    assert api.get(path_of(made)).json() == made.json()


def test_an_id_from_elsewhere_is_kept_as_via(send):
    assert send(said(id="https://mine.example/7")).json()["via"] == "https://mine.example/7"
    both = send(said(id="https://mine.example/7", via=["https://first.example/1"])).json()
    assert both["via"] == ["https://first.example/1", "https://mine.example/7"]
    same = send(said(id="https://mine.example/7", via="https://mine.example/7")).json()
    assert same["via"] == "https://mine.example/7"


def test_a_uuid_becomes_the_id_and_a_retry_changes_nothing(send):
    pk = uuid4()
    first, again = (send(said(id=pk.urn)) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert first["Location"].endswith(f"/{pk}")
    assert (again.status_code, first.content) == (201, again.content)
    other = send(said("other", id=pk.urn))
    assert (other.status_code, other.json()["code"]) == (409, "id-taken")
    assert Annotation.objects.count() == 1


def test_slugs(send, api):
    first, again = (send(said(), Slug='"my first"') for _ in range(2))
    assert first["Location"] == again["Location"]
    taken = send(said("other"), Slug="my first")
    assert (taken.status_code, taken["Location"] != first["Location"]) == (201, True)
    pk = uuid4()
    assert send(said("third"), Slug=str(pk))["Location"].endswith(f"/{pk}")
    assert api.delete(path_of(first), headers={"If-Match": "*"}).status_code == 204
    assert send(said(), Slug="my first")["Location"] != first["Location"], "an address is not used again"


def beyond(numbers):
    """A region with numbers that no measure holds."""
    selector = {"type": "FragmentSelector", "value": f"xywh={numbers}"}
    return {"type": "SpecificResource", "source": "https://example.org/c", "selector": selector}


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("text/turtle", "<> a <x> .", 415, "unsupported-media-type"),
        ("text/plain", "{}", 415, "unsupported-media-type"),
        ("", "{}", 415, "unsupported-media-type"),
        ("application/x-www-form-urlencoded", "a=1", 415, "unsupported-media-type"),
        (LD, "{", 400, "not-json"),
        (LD, "", 422, "not-w3c"),
        (LD, "[]", 422, "not-w3c"),
        (LD, "null", 422, "not-w3c"),
        (LD, '"text"', 422, "not-w3c"),
        (LD, "{}", 422, "not-w3c"),
        (LD, '{"a": "\\u0000"}', 400, "nul-character"),
        (LD, "[" * 300 + "]" * 300, 400, "too-deep"),
        (LD, json.dumps(said(id=7)), 422, "not-w3c"),
        (LD, json.dumps(said(id="no iri")), 422, "not-w3c"),
        (LD, json.dumps(said(target=beyond("1,1,1e400,1"))), 422, "not-w3c"),
        (LD, json.dumps(said(target=beyond("1e308,1,1e308,1"))), 422, "not-w3c"),
        (LD, json.dumps(said(id="urn:uuid:nonsense")), 201, None),
        (f'{LD}; profile="http://www.w3.org/ns/anno.jsonld"', json.dumps(said()), 201, None),
        ("application/json", json.dumps(said()), 201, None),
    ],
)
def test_what_is_sent_is_read_or_refused_with_a_reason(api, owner, layer, kind, body, status, code):
    api.force_authenticate(owner)
    response = api.generic("POST", f"/w3c/{layer.pk}/", body, content_type=kind)
    assert response.status_code == status, response.content
    if code:
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == code
    assert "anno.jsonld" in response["Accept-Post"]


def test_a_document_without_a_context_is_refused_at_the_place(send):
    document = said()
    del document["@context"]
    response = send(document)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/@context"


def test_too_much_is_refused(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    assert send(said("x" * 3000)).status_code == 413


def test_nothing_is_written_when_the_answer_could_not_be_given(send):
    assert send(said(), Accept="image/png").status_code == 406
    assert not Annotation.objects.exists()


def test_pages_take_no_annotations(send, api, layer):
    assert api.post(f"/w3c/{layer.pk}/?page=0", said()).status_code == 405
    assert api.put(f"/w3c/{layer.pk}/", said()).status_code == 405


# --- replacement and deletion ----------------------------------------------------------------------


def test_if_match_is_required_and_meant(send, api):
    path = path_of(send(said()))

    def put(text, **headers):
        document = json.dumps(said(text))
        return api.generic("PUT", path, document, content_type=LD, headers=headers).status_code

    assert put("a") == 428
    for stale in ('"7"', 'W/"1"', '"x"', "nonsense", ""):
        assert put("a", **{"If-Match": stale}) == 412, stale
    assert put("a", **{"If-Match": '"7", "1"'}) == 200
    assert put("b", **{"If-Match": "*"}) == 200
    assert put("b", **{"If-Match": '"1"'}) == 200, "it stands there already: a retry"
    assert api.delete(path).status_code == 428
    assert api.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    assert api.delete(path, headers={"If-Match": '"3"'}).status_code == 204
    for method in ("get", "put", "delete"):
        assert getattr(api, method)(path, headers={"If-Match": "*"}).status_code == 410


def test_a_replacement_keeps_where_it_comes_from(send, api):
    made = send(said(id="https://mine.example/7", canonical="urn:x:1"))
    path, document = path_of(made), made.json()

    def put(**changes):
        new = {key: value for key, value in {**document, **changes}.items() if value is not None}
        return api.generic("PUT", path, json.dumps(new), content_type=LD, headers={"If-Match": "*"})

    assert put(body=None, motivation="highlighting").status_code == 200
    assert put(id="https://mine.example/7", motivation="linking").json()["id"] == made["Location"]
    for changes, pointer in (
        ({"canonical": "urn:x:2"}, "/canonical"),
        ({"canonical": None}, "/canonical"),
        ({"via": "https://other.example/1"}, "/via"),
        ({"id": "https://other.example/1"}, "/id"),
    ):
        refused = put(**changes)
        assert refused.status_code == 409, changes
        assert refused.json()["errors"][0]["pointer"] == pointer


def test_only_who_may_write_does(api, owner, contributor, stranger, layer, manifest):
    grant(contributor, layer, Role.CONTRIBUTOR)
    (annotation,) = annotate(layer, manifest.canvases.first())
    Annotation.objects.update(created_by=owner)
    path = f"/w3c/{layer.pk}/{annotation.pk}"
    for person, post, delete in ((None, 401, 401), (stranger, 403, 403), (contributor, 201, 403)):
        api.force_authenticate(person)
        sent = api.generic("POST", f"/w3c/{layer.pk}/", json.dumps(said()), content_type=LD)
        assert sent.status_code == post, person
        assert api.delete(path, headers={"If-Match": "*"}).status_code == delete, person


@pytest.mark.parametrize("kind", ["contributions", "predictions", "consensus", "ground-truth"])
def test_what_a_campaign_fills_is_not_written_from_outside(send, layer, kind):
    Layer.objects.update(kind=kind)
    assert send(said()).status_code == 403


# --- other origins ---------------------------------------------------------------------------------


def test_a_browser_may_ask_before_it_writes_with_a_token(api, owner):
    private = make_layer(owner)
    for path, method in ((f"/w3c/{private.pk}/", "POST"), (f"/w3c/{private.pk}/{uuid4()}", "PUT")):
        response = api.options(
            path,
            headers={
                "Origin": "https://viewer.example",
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization, content-type, if-match, prefer, slug",
            },
        )
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "*"
        assert method in response["Access-Control-Allow-Methods"].split(", ")
        allowed = response["Access-Control-Allow-Headers"].lower().split(", ")
        assert {"authorization", "content-type", "if-match", "prefer", "slug"} <= set(allowed)
        exposed = response["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Location", "Link", "Content-Location"} <= set(exposed)
        assert "Access-Control-Allow-Credentials" not in response


def test_a_session_from_another_origin_writes_nothing(owner, layer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    headers = {"Origin": "https://evil.example"}
    url, document = f"/w3c/{layer.pk}/", json.dumps(said())
    assert client.post(url, document, content_type=LD, headers=headers).status_code == 403
    token = create_token(by=owner, name="t", scopes=["write"])[1]
    bearer = {**headers, "Authorization": f"Bearer {token}"}
    made = client.post(url, document, content_type=LD, headers=bearer)
    assert made.status_code == 201
    path = path_of(made)
    for method in (client.put, client.delete):
        sent = method(path, document, content_type=LD, headers={**headers, "If-Match": "*"})
        assert sent.status_code == 403
    assert client.delete(path, headers={**bearer, "If-Match": "*"}).status_code == 204


def test_a_token_that_may_only_read_writes_nothing(owner, layer):
    token = create_token(by=owner, name="t", scopes=["read"])[1]
    headers = {"Authorization": f"Bearer {token}"}
    response = Client().post(f"/w3c/{layer.pk}/", json.dumps(said()), content_type=LD, headers=headers)
    assert response.status_code == 403
