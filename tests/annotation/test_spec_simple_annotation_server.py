"""What the plug-ins of the Simple Annotation Server send, to the byte, and what they need to get back.

The shapes are those of Mirador 2.7 (`SimpleASEndpoint`) and of `mirador-annotations` 0.5
(`SimpleAnnotationServerV2Adapter`), the two clients that are in use.
"""

import json
import logging
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import ApiToken, digest_of
from accounts.roles import Role, grant
from accounts.secrecy import SecretsHidden
from annotation.actions.keys import end_layer_key, layer_keys, make_layer_key
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationRevision, Canvas, Layer
from annotation.webanno import ConceptBody, build, for_plugins, from_plugins, kept
from problems import Invalid, Missing, Refused
from tests.annotation.conftest import annotate, make_layer

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"
PAGE = {"Origin": "https://viewer.example"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1400"><path d="M100,200h300v80h-300z"/></svg>'


@pytest.fixture
def layer(owner, manifest):
    return make_layer(owner)


@pytest.fixture
def canvas(manifest):
    return manifest.canvases.first()


@pytest.fixture
def base(layer, owner):
    """The address with a key with which a plug-in is configured."""
    return address(layer, owner)


def address(layer, by, **fields):
    _key, secret = make_layer_key(layer, **{"by": by, "name": "Mirador", "days": 30, **fields})
    return f"/sas/{layer.pk}/{secret}/annotation"


def by_mirador_2(canvas, **changes):
    """What Mirador 2 posts to `create` after somebody has drawn a rectangle."""
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "oa:Annotation",
        "motivation": ["oa:commenting", "oa:tagging"],
        "resource": [
            {"@type": "dctypes:Text", "format": "text/html", "chars": "<p>Une clé de fa</p>"},
            {"@type": "oa:Tag", "chars": "clef"},
        ],
        "on": [
            {
                "@type": "oa:SpecificResource",
                "full": canvas.uri,
                "selector": {
                    "@type": "oa:Choice",
                    "default": {"@type": "oa:FragmentSelector", "value": "xywh=100,200,300,80"},
                    "item": {"@type": "oa:SvgSelector", "value": SVG},
                },
                "within": {"@id": "https://example.org/iiif/book/manifest", "@type": "sc:Manifest"},
            }
        ],
        **changes,
    }


def by_mirador_annotations(canvas, text="<p>Une clé de fa</p>", **changes):
    """What the adapter of `mirador-annotations` posts: no id of its own, no format, no list of targets."""
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "oa:Annotation",
        "motivation": "oa:commenting",
        "on": {
            "@type": "oa:SpecificResource",
            "full": canvas.uri,
            "selector": {
                "@type": "oa:Choice",
                "default": {"@type": "oa:FragmentSelector", "value": "xywh=100,200,300,80"},
                "item": {"@type": "oa:SvgSelector", "value": SVG},
            },
            "within": {"@id": "https://example.org/iiif/book/manifest", "@type": "sc:Manifest"},
        },
        "resource": {"chars": text, "@type": "dctypes:Text"},
        **changes,
    }


def post(url, document, client=None):
    """As `fetch` and jQuery do it: JSON as text, from a page of another origin."""
    return (client or APIClient()).post(
        url, json.dumps(document), content_type="application/json; charset=utf-8", headers=PAGE
    )


def search(base, uri, **parameters):
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    return APIClient().get(
        f"{base}/search?uri={quote(uri, safe='')}{query}",
        headers={**PAGE, "Content-Type": "application/json; charset=utf-8"},
    )


# --- Mirador 2 ---------------------------------------------------------------------------------------


def test_mirador_2_creates_and_finds(base, layer, canvas, owner):
    made = post(f"{base}/create?APIKey=undefined", by_mirador_2(canvas))
    assert made.status_code == 201, made.json()
    row = Annotation.objects.get()
    assert (row.layer, row.canvas, row.created_by) == (layer, canvas, owner)
    assert row.box == (100, 200, 300, 80)
    assert "une cle de fa" in row.words
    assert made.json()["@id"] == f"{SITE}/w3c/{layer.pk}/{row.pk}"
    found = search(base, canvas.uri, APIKey="undefined", media="image", limit=10000, _="1732500000000")
    assert found.status_code == 200
    assert found.json() == [made.json()]
    (target,) = [found.json()[0]["on"]] if isinstance(found.json()[0]["on"], dict) else found.json()[0]["on"]
    assert target["full"] == canvas.uri
    assert target["selector"]["default"]["value"] == "xywh=100,200,300,80"
    assert target["selector"]["item"]["value"] == SVG


def test_mirador_2_gets_nothing_when_it_asks_about_no_canvas(base, layer, canvas):
    annotate(layer, canvas)
    assert search(base, "").json() == []
    assert APIClient().get(f"{base}/search").json() == []


def test_mirador_2_updates_at_an_address_that_ends_in_the_id(base, layer, canvas):
    given = post(f"{base}/create", by_mirador_2(canvas)).json()
    given["resource"][0]["chars"] = "<p>Une clé d’ut</p>"
    changed = post(f"{base}/update/{quote(given['@id'], safe='')}?APIKey=undefined", given)
    assert changed.status_code == 200, changed.json()
    row = Annotation.objects.get()
    assert (row.revision, row.box) == (2, (100, 200, 300, 80))
    assert "ut" in row.words
    assert "rubricator:revision" not in row.document
    assert "fa" in str(AnnotationRevision.objects.get().document["body"])
    assert search(base, canvas.uri).json() == [changed.json()]


def test_mirador_2_deletes_with_a_body_that_is_no_json(base, canvas):
    given = post(f"{base}/create", by_mirador_2(canvas)).json()
    url = f"{base}/destroy?uri={quote(given['@id'], safe='')}&APIKey=undefined"
    body = {"data": "uri=5f1c2a6e", "content_type": "application/json; charset=utf-8"}
    gone = APIClient().delete(url, headers=PAGE, **body)
    assert (gone.status_code, gone.content) == (204, b"")
    assert Annotation.objects.get().deleted_at is not None
    assert AnnotationRevision.objects.count() == 1
    assert search(base, canvas.uri).json() == []
    assert APIClient().delete(url, headers=PAGE, **body).status_code == 204
    assert AnnotationRevision.objects.count() == 1


def test_a_lost_update_is_refused_where_the_plug_in_returns_the_revision(base, canvas):
    first = post(f"{base}/create", by_mirador_2(canvas)).json()
    second = json.loads(json.dumps(first))
    first["resource"][0]["chars"] = "<p>first</p>"
    second["resource"][0]["chars"] = "<p>second</p>"
    assert post(f"{base}/update", first).status_code == 200
    stale = post(f"{base}/update", second)
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    assert stale["Access-Control-Allow-Origin"] == "*"
    assert "first" in str(Annotation.objects.get().document)


# --- mirador-annotations -------------------------------------------------------------------------------


def test_the_adapter_of_mirador_annotations_creates_and_finds(base, layer, canvas, owner):
    assert post(f"{base}/create", by_mirador_annotations(canvas)).status_code == 201
    # It does not encode the address of the canvas.
    found = Client().get(f"{base}/search?uri={canvas.uri}", headers=PAGE).json()
    row = Annotation.objects.get()
    assert (row.layer, row.canvas, row.box, row.created_by) == (layer, canvas, (100, 200, 300, 80), owner)
    assert row.document["body"]["format"] == "text/html"
    assert found[0]["@id"].startswith("http")
    assert found[0]["resource"]["chars"] == "<p>Une clé de fa</p>"


def test_a_canvas_whose_address_has_a_query_is_found_without_being_encoded(base, canvas):
    Canvas.objects.filter(pk=canvas.pk).update(uri="https://example.org/page?book=1&leaf=2")
    canvas.refresh_from_db()
    post(f"{base}/create", by_mirador_annotations(canvas))
    assert len(Client().get(f"{base}/search", QUERY_STRING=f"uri={canvas.uri}").json()) == 1
    assert len(search(base, canvas.uri, limit=10).json()) == 1


def test_its_update_without_a_revision_overwrites_and_the_history_has_both(base, canvas, owner):
    made = post(f"{base}/create", by_mirador_annotations(canvas)).json()
    for text in ("<p>first</p>", "<p>second</p>"):
        sent = by_mirador_annotations(canvas, text, **{"@id": made["@id"]})
        assert post(f"{base}/update", sent).status_code == 200
    assert Annotation.objects.get().document["body"]["value"] == "<p>second</p>"
    assert [row.document["body"]["value"] for row in AnnotationRevision.objects.order_by("revision")] == [
        "<p>Une clé de fa</p>",
        "<p>first</p>",
    ]


def test_its_update_loses_nothing_that_it_cannot_say(base, layer, canvas, owner):
    concept = ConceptBody("https://example.org/vocab/fa", "F clef", "en")
    document = build(
        id="urn:uuid:x", canvas=canvas.uri, box=Box(1, 2, 3, 4), concepts=[concept], comment="look",
        extension={"method": "by hand"},
    )  # fmt: skip
    del document["id"]
    stored = Annotation.objects.create(layer=layer, canvas=canvas, document=document, created_by=owner)
    (given,) = search(base, canvas.uri).json()
    sent = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "oa:Annotation",
        "@id": given["@id"],
        "motivation": "oa:commenting",
        "on": {"@type": "oa:SpecificResource", "full": canvas.uri, "selector": given["on"]["selector"]},
        # JSON.stringify leaves out the `chars` of what has none.
        "resource": [
            {"@type": "dctypes:Text"},
            {"@type": "oa:Tag", "chars": "F clef", "format": "text/plain", "language": "en"},
            {"@type": "dctypes:Text", "chars": "look twice", "format": "text/plain"},
        ],
    }
    assert post(f"{base}/update", sent).status_code == 200
    stored.refresh_from_db()
    assert stored.document["motivation"] == "tagging"
    assert stored.document["rubricator:method"] == "by hand"
    assert stored.document["body"][:2] == document["body"][:2]
    assert stored.document["body"][2]["value"] == "look twice"


def test_it_can_read_everything_that_stands_in_a_layer(base, layer, canvas, owner):
    """Each of these would stop its loop over the annotations, were it given as it stands."""
    bodies = [None, {"type": "TextualBody", "value": "x"}, "https://example.org/a", [{"id": "urn:x"}]]
    targets = [
        canvas.uri,
        {"id": canvas.uri, "type": "Canvas"},
        {"type": "SpecificResource", "source": canvas.uri},
        {"type": "SpecificResource", "source": {"id": canvas.uri, "type": "Canvas"}},
        f"{canvas.uri}#xywh=1,2,3,4",
        [f"{canvas.uri}#xywh=1,2,3,4", canvas.uri],
    ]
    for body in bodies:
        for target in targets:
            document = {"type": "Annotation", "target": target, **({"body": body} if body else {})}
            Annotation.objects.create(layer=layer, canvas=canvas, document=document)
    found = search(base, canvas.uri).json()
    assert len(found) == 24
    for one in found:
        first = one["on"][0] if isinstance(one["on"], list) else one["on"]
        assert first["full"] == canvas.uri
        assert first["selector"]["@type"] in {"oa:FragmentSelector", "oa:SvgSelector", "oa:Choice"}
        for resource in one["resource"] if isinstance(one["resource"], list) else [one["resource"]]:
            assert isinstance(resource, dict)
        assert "rubricator" in str(one["@context"])


def test_what_was_about_the_whole_canvas_stays_so(base, layer, canvas):
    document = {"type": "Annotation", "bodyValue": "a page", "target": canvas.uri}
    row = Annotation.objects.create(layer=layer, canvas=canvas, document=document)
    (given,) = search(base, canvas.uri).json()
    assert given["on"]["selector"]["value"] == "xywh=0,0,1000,1400"
    del given["rubricator:revision"]
    given["resource"]["chars"] = "a fine page"
    assert post(f"{base}/update", given).status_code == 200
    row.refresh_from_db()
    assert (row.document["target"], row.box) == (canvas.uri, None)
    assert row.document["body"]["value"] == "a fine page"
    assert "bodyValue" not in row.document


# --- ids -------------------------------------------------------------------------------------------------


def test_the_same_id_again_is_a_retry(base, layer, canvas):
    for identifier in (str(uuid4()), f"urn:uuid:{uuid4()}", "https://other.example/annotation/7"):
        sent = by_mirador_2(canvas, **{"@id": identifier})
        first, second = post(f"{base}/create", sent), post(f"{base}/create", sent)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()
        other = post(f"{base}/create", {**sent, "motivation": "oa:describing"})
        assert (other.status_code, other.json()["code"]) == (409, "id-taken")
    assert Annotation.objects.count() == 3
    assert Annotation.objects.filter(document__via="https://other.example/annotation/7").count() == 1


def test_an_annotation_of_another_layer_is_not_reached(base, owner, canvas):
    other = make_layer(owner)
    (foreign,) = annotate(other, canvas)
    for identifier in (f"{SITE}/w3c/{other.pk}/{foreign.pk}", str(foreign.pk), str(uuid4()), "x", ""):
        sent = by_mirador_2(canvas, **{"@id": identifier})
        assert post(f"{base}/update", sent).status_code == 404
        uri = quote(identifier or "-", safe="")
        assert APIClient().delete(f"{base}/destroy?uri={uri}").status_code == 404
    foreign.refresh_from_db()
    assert (foreign.revision, foreign.deleted_at) == (1, None)


# --- who may ---------------------------------------------------------------------------------------------


def test_every_role_with_its_own_key(
    layer, owner, manager, contributor, observer, stranger, canvas, manifest
):
    roles = {manager: Role.MANAGER, contributor: Role.CONTRIBUTOR, observer: Role.OBSERVER}
    for somebody, role in roles.items():
        grant(somebody, layer, role)
        grant(somebody, manifest, Role.OBSERVER)
    keys = {one: address(layer, one) for one in (owner, manager, contributor, observer, stranger)}
    wanted = {owner: 201, manager: 201, contributor: 201, observer: 403, stranger: 404}
    for somebody, status in wanted.items():
        assert post(f"{keys[somebody]}/create", by_mirador_2(canvas)).status_code == status
        assert search(keys[somebody], canvas.uri).status_code == (404 if status == 404 else 200)
    assert sorted(row.created_by.username for row in Annotation.objects.all()) == ["carl", "marc", "olga"]
    mine = Annotation.objects.get(created_by=owner)
    uri = quote(f"{SITE}/w3c/{layer.pk}/{mine.pk}", safe="")
    for somebody, status in {stranger: 404, observer: 403, contributor: 403, manager: 204}.items():
        assert APIClient().delete(f"{keys[somebody]}/destroy?uri={uri}").status_code == status


def test_without_a_key_a_session_a_token_or_nobody(layer, owner, stranger, canvas):
    base = f"/sas/{layer.pk}/annotation"
    visitor = APIClient(enforce_csrf_checks=True)
    assert search(base, canvas.uri).status_code == 404
    assert post(f"{base}/create", by_mirador_2(canvas), visitor).status_code == 404
    Layer.objects.update(is_public=True)
    assert search(base, canvas.uri).json() == []
    refused = post(f"{base}/create", by_mirador_2(canvas), visitor)
    assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in")

    visitor.force_login(owner)
    assert post(f"{base}/create", by_mirador_2(canvas), visitor).status_code == 403, "no CSRF token"
    visitor.cookies["csrftoken"] = "a" * 32
    sent = visitor.post(
        f"{base}/create", by_mirador_2(canvas), format="json", headers={"X-CSRFToken": "a" * 32}
    )
    assert sent.status_code == 201

    for somebody, scope, status in ((owner, "write", 201), (owner, "read", 403), (stranger, "write", 403)):
        _token, secret = create_token(by=somebody, name="script", scopes=[scope])
        client = APIClient(headers={"Authorization": f"Bearer {secret}"})
        assert post(f"{base}/create", by_mirador_2(canvas), client).status_code == status


def test_a_layer_of_a_campaign_is_not_written_to(owner, canvas):
    layer = make_layer(owner)
    base = address(layer, owner)
    Layer.objects.update(kind="consensus")
    refused = post(f"{base}/create", by_mirador_2(canvas))
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")
    with pytest.raises(Refused):
        make_layer_key(Layer.objects.get(), by=owner, name="x", days=30)


# --- the key ---------------------------------------------------------------------------------------------


def test_only_the_digest_of_a_key_is_kept_and_it_opens_one_layer_only(layer, owner, canvas):
    secret = address(layer, owner).split("/")[3]
    row = ApiToken.objects.values().get()
    assert row["digest"] == digest_of(secret)
    assert secret not in str(row)
    other = make_layer(owner)
    for url in (f"/sas/{other.pk}/{secret}/annotation", f"/sas/{uuid4()}/{secret}/annotation"):
        refused = search(url, canvas.uri)
        assert (refused.status_code, refused.json()["code"]) == (401, "not-signed-in")
    bearer = APIClient(headers={"Authorization": f"Bearer {secret}"})
    for url in ("/api/v1/me/", f"/w3c/{layer.pk}/", f"/sas/{layer.pk}/annotation/search?uri=x"):
        assert bearer.get(url).status_code == 401, url
    _token, ordinary = create_token(by=owner, name="all", scopes=["read", "write"])
    assert search(f"/sas/{layer.pk}/{ordinary}/annotation", canvas.uri).status_code == 401


def test_a_wrong_key_is_refused_even_to_who_is_signed_in(layer, owner, canvas):
    client = APIClient()
    client.force_login(owner)
    Layer.objects.update(is_public=True)
    url = f"/sas/{layer.pk}/rub_nonsense/annotation"
    assert client.get(f"{url}/search?uri={canvas.uri}").status_code == 401
    assert post(f"{url}/create", by_mirador_2(canvas), client).status_code == 401
    assert client.delete(f"{url}/destroy?uri=x").status_code == 401


def test_a_key_ends(layer, owner, manager, contributor, canvas):
    for somebody, role in ((manager, Role.MANAGER), (contributor, Role.CONTRIBUTOR)):
        grant(somebody, layer, role)
    bases = [address(layer, contributor) for _ in range(3)]
    first, second, third = layer_keys(layer, reader=contributor).order_by("pk")
    assert list(layer_keys(layer, reader=manager)) == list(layer_keys(layer, reader=contributor))
    mine, _secret = make_layer_key(layer, by=owner, name="mine", days=365)
    assert mine not in layer_keys(layer, reader=contributor)
    with pytest.raises(Missing):
        end_layer_key(layer, mine.pk, by=contributor)
    with pytest.raises(Missing):
        end_layer_key(make_layer(manager), first.pk, by=manager)
    end_layer_key(layer, first.pk, by=contributor)
    end_layer_key(layer, second.pk, by=manager)
    assert [search(base, canvas.uri).status_code for base in bases] == [401, 401, 200]
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert search(bases[2], canvas.uri).status_code == 401
        assert list(layer_keys(layer, reader=contributor)) == []
    assert third.expires_at <= timezone.now() + timedelta(days=30)


def test_a_key_ends_with_the_role_of_its_owner(layer, owner, contributor, canvas, manifest):
    grant(contributor, layer, Role.CONTRIBUTOR)
    grant(contributor, manifest, Role.OBSERVER)
    base = address(layer, contributor)
    assert post(f"{base}/create", by_mirador_2(canvas)).status_code == 201
    grant(contributor, layer, Role.OBSERVER)
    assert post(f"{base}/create", by_mirador_2(canvas)).status_code == 403
    contributor.is_active = False
    contributor.save()
    assert search(base, canvas.uri).status_code == 401


@pytest.mark.parametrize(("fields", "pointer"), [({"days": 9999}, "/days"), ({"name": " "}, "/name")])
def test_a_key_needs_a_name_and_an_end(layer, owner, fields, pointer):
    with pytest.raises(Invalid) as refusal:
        make_layer_key(layer, **{"by": owner, "name": "n", "days": 30, **fields})
    assert refusal.value.faults[0].pointer == pointer


def test_no_key_reaches_the_log(base, caplog):
    with caplog.at_level(logging.WARNING, logger="django.request"):
        assert APIClient().get(f"{base}/destroy").status_code == 405
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    secret = base.split("/")[3]
    assert secret in record.getMessage(), "the path is logged as it is"
    assert secret not in SecretsHidden("%(message)s").format(record)


# --- other origins, and what is no annotation -------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://viewer.example", "null"])
def test_a_browser_may_ask_first_from_any_page(layer, base, origin):
    for start in (base, f"/sas/{layer.pk}/annotation", f"/sas/{layer.pk}/rub_wrong/annotation"):
        for name, method in (
            ("search", "GET"),
            ("create", "POST"),
            ("update", "POST"),
            ("destroy", "DELETE"),
        ):
            asked = APIClient().options(
                f"{start}/{name}",
                headers={
                    "Origin": origin,
                    "Access-Control-Request-Method": method,
                    "Access-Control-Request-Headers": "content-type",
                },
            )
            assert asked.status_code == 200
            assert asked["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in asked
            assert method in asked["Access-Control-Allow-Methods"].split(", ")
            assert "Content-Type" in asked["Access-Control-Allow-Headers"]


def test_answers_are_kept_nowhere_and_readable_everywhere(base, canvas):
    for response in (search(base, canvas.uri), search(base.replace("rub_", "rub_x"), canvas.uri)):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
    assert APIClient().head(f"{base}/search?uri={canvas.uri}").status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b"7", 400),
        (b'{"a": "\\u0000"}', 400),
        (b"[" * 5000, 400),
        (b"{}", 422),
        (b'{"@type": "oa:Annotation", "on": []}', 422),
        (b'{"@type": "oa:Annotation", "on": 7, "resource": 8}', 422),
        (b'{"@type": "oa:Annotation", "on": {"full": 7}, "resource": [null]}', 422),
        (b'{"@type": "oa:Annotation", "on": "https://nowhere.example/canvas"}', 422),
        (b'{"@type": ["oa:Annotation"], "@id": {"a": 1}, "@context": 7, "on": [[[]]]}', 422),
    ],
)
def test_what_is_no_annotation_is_a_problem(base, body, status):
    for name in ("create", "update"):
        response = APIClient().post(f"{base}/{name}", body, content_type="application/json")
        assert response.status_code in {status, 404 if name == "update" else status}, response.content
        assert response["Content-Type"] == "application/problem+json"
    assert Annotation.objects.count() == 0


@pytest.mark.parametrize("revision", ["1", True, 1.5, None, [], -1, 7])
def test_a_revision_is_the_one_that_was_given(base, canvas, revision):
    given = post(f"{base}/create", by_mirador_2(canvas)).json()
    changed = {**given, "rubricator:revision": revision, "motivation": ["oa:commenting"]}
    status = post(f"{base}/update", changed).status_code
    assert status == (200 if revision is None else 412 if type(revision) is int else 422)


def test_a_region_beside_the_canvas_is_refused_with_its_place(base, canvas):
    sent = by_mirador_annotations(canvas)
    sent["on"]["selector"] = {"@type": "oa:FragmentSelector", "value": "xywh=990,0,50,50"}
    refused = post(f"{base}/create", sent)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "outside-canvas")


def test_a_missing_uri_and_a_wrong_limit_are_said(base, canvas):
    assert APIClient().delete(f"{base}/destroy").json()["errors"][0]["pointer"] == "/uri"
    assert search(base, canvas.uri, limit="many").status_code == 400


def test_the_same_queries_however_many(base, layer, canvas, django_assert_num_queries):
    search(base, canvas.uri)  # notes the use of the key
    for count in (1, 300):
        annotate(layer, canvas, count)
        with django_assert_num_queries(4):
            assert search(base, canvas.uri).json()
    assert len(search(base, canvas.uri, limit=7).json()) == 7


# --- the dialect by itself -----------------------------------------------------------------------------------


def test_what_is_given_comes_back_the_same(canvas):
    document = build(
        id="urn:uuid:x", canvas=canvas.uri, box=Box(1, 2, 3, 4), comment="look", motivation="commenting"
    )
    del document["id"]
    document["target"]["source"] = canvas.uri
    given = for_plugins(document, revision=3, size=(1000, 1400))
    back, identifier, revision = from_plugins({**given, "endpoint": {"url": "x"}, "fullId": "y"})
    assert (back, identifier, revision) == (document, None, 3)


def test_w3c_is_understood_too():
    document = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "target": "urn:x"}
    assert from_plugins({**document, "id": "urn:y"}) == (document, "urn:y", None)


def test_what_was_taken_out_by_hand_is_gone():
    stored = {"type": "Annotation", "body": [{"type": "TextualBody", "value": word} for word in "ab"]}
    assert kept(stored, {"body": {"type": "TextualBody", "value": "a"}}, size=None)["body"] == [
        {"type": "TextualBody", "value": "a"}
    ]
    assert "body" not in kept({"type": "Annotation"}, {"body": {"type": "Text"}}, size=None)
