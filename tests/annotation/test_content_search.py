"""Content Search 2.0 and 1.0: what is found, what a reader may find, and at which cost."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.actions.documents import create_annotation
from annotation.finding import Scope, matching
from annotation.geometry import Box
from annotation.iiif.searchrequest import read_search
from annotation.models import Annotation, Manifest
from annotation.webanno import ConceptBody, build, read
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Vocabulary
from tests.annotation.conftest import annotate, make_layer

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"


def say(layer, canvas, comment=None, *, box=(10, 20, 30, 40), concepts=(), motivation="commenting", **fields):
    """One annotation with a text, or naming concepts (without their labels, so that only the index has them)."""
    pk = uuid4()
    document = build(
        id="urn:uuid:x",
        canvas=canvas.uri,
        manifest=canvas.manifest.uri,
        box=Box(*box),
        comment=comment,
        concepts=[ConceptBody(concept.uri) for concept in concepts],
        motivation=motivation,
        **fields,
    )
    del document["id"]
    new = NewAnnotation(
        id=pk, layer=layer, canvas=canvas, document=document, motivations=(motivation,), box=Box(*box),
        concept_ids=tuple(concept.pk for concept in concepts),
    )  # fmt: skip
    add_annotations([new])
    return Annotation.objects.get(pk=pk)


@pytest.fixture
def clef(db):
    """A concept with labels in two languages and a synonym."""
    vocabulary = Vocabulary.objects.create(slug="clefs", uri="https://example.org/v", title={"en": "Clefs"})
    concept = Concept.objects.create(vocabulary=vocabulary, uri="https://example.org/v/F", notation="F")
    for kind, language, text in (
        ("pref", "en", "F clef"), ("pref", "fr", "Clé de fa"), ("alt", "de", "Bassschlüssel"),
    ):  # fmt: skip
        Label.objects.create(concept=concept, kind=kind, language=language, text=text, folded=fold(text))
    return concept


@pytest.fixture
def layer(owner, manifest):
    Manifest.objects.update(is_public=True)
    return make_layer(owner, is_public=True)


@pytest.fixture
def canvas(manifest):
    return manifest.canvases.get(position=0)


@pytest.fixture
def search(api, manifest):
    """The ids of annotations found in the manifest."""

    def ask(version=2, **parameters):
        path = f"/iiif/search/{manifest.pk}" if version == 2 else f"/iiif/search/1/{manifest.pk}"
        response = api.get(path, parameters)
        assert response.status_code == 200, response.content
        return response.json()

    return ask


def ids(page):
    return [item["id"].rsplit("/", 1)[-1] for item in page["items"]]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("birds", True),
        ("BIRDS", True),
        ("bird", False),
        ("bird*", True),
        ("two bush", True),
        ("bush two", True),
        ("two cats", False),
        ('"two birds"', True),
        ('"birds two"', False),
        ('"two bir*"', True),
        ("«two birds»", True),
        ("œuvre", True),
        ("oeuvre", True),
        ("ŒUVRE", True),
        ("l’œuvre", True),
        ("d’Élodie", True),
        ("", True),
        ("!!!", False),
        ("*", False),
        ("'", False),
        ("' | birds", True),
        ("birds & !two", True),
        ("\\", False),
        ("a:*b", False),
        ("%", False),
    ],
)
def test_words_phrases_and_beginnings(search, layer, canvas, q, found):
    say(layer, canvas, "There are two birds in the bush. L’œuvre d’Élodie.")
    assert bool(search(q=q)["items"]) is found
    assert bool(search(1, q=q)["resources"]) is found


def test_concepts_are_found_by_their_labels_in_every_language(search, layer, canvas, clef):
    row = say(layer, canvas, concepts=[clef])
    for q in ("f clef", "cle", '"clé de fa"', "bassschlüssel", "Bassschlussel", "basss*", clef.uri):
        page = search(q=q)
        assert ids(page) == [str(row.pk)], q
    assert search(q="violin")["items"] == []
    (context,) = search(q="fa")["annotations"][0]["items"]
    assert context["motivation"] == "contextualizing"
    (selector,) = context["target"]["selector"]
    assert selector == {"type": "TextQuoteSelector", "prefix": "Clé de ", "exact": "fa"}


def test_words_and_labels_answer_one_query_together(search, layer, canvas, clef):
    row = say(layer, canvas, "faint", concepts=[clef])
    say(layer, canvas, "faint")
    assert ids(search(q="faint bassschlüssel")) == [str(row.pk)]


def test_bodies_are_found_by_their_uri(search, layer, canvas):
    row = say(layer, canvas, "x")
    document = {**row.document, "body": [{"type": "SpecificResource", "source": "https://example.org/thing"}]}
    Annotation.objects.filter(pk=row.pk).update(document=document)
    assert ids(search(q="https://example.org/thing")) == [str(row.pk)]
    assert search(q="https://example.org/th")["items"] == []


def test_hits_quote_the_text_as_it_was_written(search, layer, canvas):
    row = say(layer, canvas, "There are two Birds in the bush, and many bîrds beyond.")
    page = search(q="bird*")
    uri = f"{SITE}/w3c/{layer.pk}/{row.pk}"
    first, second = page["annotations"][0]["items"]
    assert (first["motivation"], first["target"]["source"]) == ("highlighting", uri)
    assert first["target"]["selector"][0] == {
        "type": "TextQuoteSelector", "prefix": "There are two ", "exact": "Birds",
        "suffix": " in the bush, and many bîrds beyond.",
    }  # fmt: skip
    assert second["target"]["selector"][0]["exact"] == "bîrds"
    assert len({first["id"], second["id"]}) == 2
    hits = search(1, q="bird*")["hits"]
    assert [(hit["match"], hit["annotations"]) for hit in hits] == [("Birds", [uri]), ("bîrds", [uri])]
    assert hits[0]["before"] == "There are two "


def test_motivation_date_and_user_narrow(search, layer, canvas):
    tag = say(layer, canvas, "bird", motivation="tagging", creator="https://example.org/ann")
    dated = say(layer, canvas, "bird", created=datetime(2026, 3, 1, tzinfo=UTC), creator={"id": "https://example.org/bob", "type": "Person"})  # fmt: skip
    silly = say(layer, canvas, "bird")
    Annotation.objects.filter(pk=silly.pk).update(
        document={**silly.document, "created": "20260-01-01T00:00:00Z99"}
    )
    march = "2026-02-28T00:00:00Z/2026-03-02T00:00:00Z"
    for parameters, expected in (
        ({"motivation": "tagging"}, [tag]),
        ({"motivation": "oa:tagging describing"}, [tag]),
        ({"motivation": "non-painting"}, [tag, dated, silly]),
        ({"motivation": "painting"}, []),
        ({"date": march}, [dated]),
        ({"date": f"1999-01-01T00:00:00Z/1999-01-02T00:00:00Z {march}"}, [dated]),
        ({"user": "https://example.org/ann https://example.org/zoe"}, [tag]),
        ({"user": "https://example.org/bob"}, [dated]),
        ({"user": "bob"}, []),
        ({"motivation": "", "date": "", "user": ""}, [tag, dated, silly]),
    ):
        page = search(q="bird", **parameters)
        assert sorted(ids(page)) == sorted(str(row.pk) for row in expected), parameters
        assert "ignored" not in page


def test_what_is_ignored_is_said(search, layer, canvas, api, manifest):
    assert search(q="x", colour="red", min="2")["ignored"] == ["colour", "min"]
    assert search(1, q="x", colour="red")["within"]["ignored"] == ["colour"]
    terms = api.get(f"/iiif/autocomplete/{manifest.pk}", {"q": "b", "page": "2"}).json()
    assert terms["ignored"] == ["page"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"date": "yesterday"}, "bad-date"),
        ({"date": "2026-02-31T00:00:00Z/2026-03-31T00:00:00Z"}, "bad-date"),
        ({"date": "2026-01-01T00:00:00+01:00/2026-03-31T00:00:00Z"}, "bad-date"),
        ({"page": "2"}, "bad-page"),
        ({"page": "0"}, "bad-page"),
        ({"page": "x"}, "bad-page"),
        ({"q": "a" * 501}, "bad-q"),
        ({"q": "a " * 30}, "bad-q"),
    ],
)
def test_what_cannot_be_read_is_a_problem(api, manifest, layer, parameters, code):
    for path in ("/iiif/search/", "/iiif/search/1/"):
        response = api.get(f"{path}{manifest.pk}", parameters)
        assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "q", ["\x00", "a\x00b", "\ud800", "'\"'", '"""', "(((", "<->", "a <-> b", ":*", "éé" * 100]
)
def test_odd_queries_are_answered(api, manifest, layer, q):
    for path in ("/iiif/search/", "/iiif/search/1/", "/iiif/autocomplete/", "/iiif/autocomplete/1/"):
        response = api.get(f"{path}{manifest.pk}", {"q": q.encode("utf-8", "surrogatepass")})
        assert response.status_code == 200, response.content


def test_readers_find_only_what_they_may_read(api, owner, stranger, manifest, layer, canvas):
    private = make_layer(owner)
    say(layer, canvas, "bird seen")
    say(private, canvas, "bird hidden")
    for person, expected in ((None, 1), (stranger, 1), (owner, 2)):
        api.force_authenticate(person)
        for path in (
            f"/iiif/search/{manifest.pk}",
            "/iiif/search/",
            f"/iiif/search/{manifest.pk}/{canvas.pk}",
        ):
            assert len(api.get(path, {"q": "bird"}).json()["items"]) == expected, (path, person)
        terms = api.get(f"/iiif/autocomplete/{manifest.pk}", {"q": "h"}).json()["items"]
        assert [term["value"] for term in terms] == (["hidden"] if person == owner else [])
    Manifest.objects.update(is_public=False)
    api.force_authenticate(stranger)
    assert api.get(f"/iiif/search/{manifest.pk}", {"q": "bird"}).status_code == 404
    assert api.get("/iiif/search/", {"q": "bird"}).json()["items"] == []


def test_a_canvas_is_searched_alone(api, manifest, layer, canvas):
    here, there = say(layer, canvas, "bird"), say(layer, manifest.canvases.get(position=1), "bird")
    page = api.get(f"/iiif/search/{manifest.pk}/{canvas.pk}", {"q": "bird"}).json()
    assert ids(page) == [str(here.pk)]
    assert page["id"].startswith(f"{SITE}/iiif/search/{manifest.pk}/{canvas.pk}?")
    assert ids(api.get(f"/iiif/search/{manifest.pk}", {"q": "bird"}).json()) == [str(here.pk), str(there.pk)]
    assert api.get(f"/iiif/search/{manifest.pk}/{uuid4()}", {"q": "bird"}).status_code == 404


def test_everything_is_searched_and_says_where_it_is(api, manifest, layer, canvas):
    say(layer, canvas, "bird")
    target = api.get("/iiif/search/", {"q": "bird"}).json()["items"][0]["target"]
    whole = target["source"]["partOf"]
    assert (whole["id"], whole["label"]) == (
        f"{SITE}/iiif/presentation/{manifest.pk}/manifest", {"en": ["A book"]},
    )  # fmt: skip
    on = api.get("/iiif/search/1/", {"q": "bird"}).json()["resources"][0]["on"]
    assert on["@id"] == f"{canvas.uri}#xywh=10,20,30,40"
    assert (on["within"]["@type"], on["within"]["label"]) == ("sc:Manifest", "A book")


def test_results_come_in_pages_in_the_order_of_the_book(api, manifest, layer):
    second, first = manifest.canvases.get(position=1), manifest.canvases.get(position=0)
    for number in range(60):
        say(layer, second if number % 2 else first, f"bird {number}", box=(0, number + 1, 5, 5))
    url, seen = f"/iiif/search/{manifest.pk}?q=bird&motivation=commenting&odd=1", []
    pages = []
    while url:
        page = api.get(url.removeprefix(SITE)).json()
        assert page["startIndex"] == len(seen)
        assert page["partOf"]["total"] == 60
        assert "odd" not in page["id"]
        seen += [
            (item["target"]["source"]["id"], item["target"]["selector"]["value"]) for item in page["items"]
        ]
        pages.append(page)
        url = page.get("next", {}).get("id")
    assert len(pages) == 2
    assert pages[0]["partOf"]["first"]["id"] == pages[0]["id"]
    assert pages[0]["partOf"]["last"]["id"] == pages[1]["id"]
    assert pages[1]["prev"]["id"] == pages[0]["id"]
    assert [uri for uri, _ in seen] == [first.uri] * 30 + [second.uri] * 30
    assert [int(place.split(",")[1]) for _, place in seen[:30]] == list(range(1, 60, 2))
    old = api.get(f"/iiif/search/1/{manifest.pk}?q=bird&page=2").json()
    assert (old["startIndex"], old["within"]["total"], "next" in old) == (50, 60, False)
    assert old["prev"] == f"{SITE}/iiif/search/1/{manifest.pk}?q=bird&page=1"


def test_what_is_found_is_whole_and_valid(search, layer, canvas, clef):
    say(layer, canvas, "bird", concepts=[clef], extension={"confidence": 0.5})
    page = search(q="bird")
    assert page["@context"][-1] == "http://iiif.io/api/search/2/context.json"
    assert page["@context"][0].endswith("/w3c/context.json")
    (item,) = page["items"]
    assert "@context" not in item
    assert read(item).problems == ()


def test_terms_complete_from_words_and_labels(api, manifest, layer, canvas, clef):
    for text in ("bird bird", "Birthday birds", "bird of the bush"):
        say(layer, canvas, text)
    say(layer, canvas, concepts=[clef])
    say(layer, canvas, concepts=[clef])
    path = f"/iiif/autocomplete/{manifest.pk}"

    def values(**parameters):
        return [(term["value"], term["total"]) for term in api.get(path, parameters).json()["items"]]

    assert values(q="bir") == [("bird", 2), ("birds", 1), ("birthday", 1)]
    assert values(q="bir", min="2") == [("bird", 2)]
    assert values(q="bir", motivation="tagging") == []
    assert values(q="CLE") == [("Clé de fa", 2), ("F clef", 2)]
    assert values(q="cle de") == [("Clé de fa", 2)]
    assert values(q="bassschlü") == [("Bassschlüssel", 2)]
    old = api.get(f"/iiif/autocomplete/1/{manifest.pk}", {"q": "bir", "motivation": "commenting"}).json()
    assert (old["@type"], old["terms"][0]["match"], old["terms"][0]["count"]) == (
        "search:TermList",
        "bird",
        2,
    )
    assert len(api.get(old["terms"][0]["url"].removeprefix(SITE)).json()["resources"]) == 2
    (uri,) = api.get(path, {"q": "https://example.org/v"}).json()["items"]
    assert (uri["value"], uri["label"]["fr"]) == (clef.uri, ["Clé de fa"])
    assert api.get(path).status_code == 400


def test_every_completion_finds_something(api, manifest, layer, canvas, clef):
    say(layer, canvas, "Two birds, in l’œuvre d’Élodie", concepts=[clef])
    for start in ("b", "f", "c", "o", "e", "t"):
        for term in api.get("/iiif/autocomplete/", {"q": start}).json()["items"]:
            assert api.get("/iiif/search/", {"q": term["value"]}).json()["items"], term


def test_deleted_annotations_are_not_found(search, layer, canvas, clef):
    say(layer, canvas, "bird", concepts=[clef])
    Annotation.objects.update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert search(q="bird")["items"] == search(q="fa")["items"] == search(q=clef.uri)["items"] == []


def test_the_manifest_tells_viewers_where_to_search(api, manifest, layer):
    document = api.get(f"/iiif/presentation/{manifest.pk}/manifest").json()
    new, old = document["service"]
    assert (new["type"], new["service"][0]["type"]) == ("SearchService2", "AutoCompleteService2")
    assert (old["@type"], old["@context"]) == ("SearchService1", "http://iiif.io/api/search/1/context.json")
    assert old["profile"] == "http://iiif.io/api/search/1/search"
    for address, key in ((new["id"], "items"), (old["@id"], "resources")):
        assert api.get(address.removeprefix(SITE), {"q": "x"}).json()[key] == []
    for address in (new["service"][0]["id"], old["service"][0]["@id"]):
        assert api.get(address.removeprefix(SITE), {"q": "x"}).status_code == 200


def test_queries_do_not_grow(api, owner, manifest, layer, canvas, clef, django_assert_max_num_queries):
    api.force_authenticate(owner)
    for count in (1, 40):
        for _ in range(count):
            say(layer, canvas, "bird", concepts=[clef])
        for path, most in (
            (f"/iiif/search/{manifest.pk}?q=bird+fa+%22f+clef%22", 5),
            (f"/iiif/search/1/{manifest.pk}?q=bird", 5),
            ("/iiif/search/?q=bird", 4),
            (f"/iiif/autocomplete/{manifest.pk}?q=b", 5),
        ):
            with django_assert_max_num_queries(most):
                assert api.get(path).status_code == 200


def test_words_and_labels_are_found_by_their_indexes(manifest, layer, canvas, clef, owner):
    """Told not to read everything, which it would like to do with tables this small, the database can."""
    say(layer, canvas, "two birds", concepts=[clef])
    annotate(layer, canvas, 3000)
    Label.objects.bulk_create(
        Label(concept=clef, kind="alt", language="en", text=f"sign {n}", folded=f"sign {n}")
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE annotation_annotation; ANALYZE taxonomy_label; SET LOCAL enable_seqscan = off"
        )
    for q, indexes in (
        ("bird", ["annotation_words"]),
        ('"two birds"', ["annotation_words"]),
        ("bir* two", ["annotation_words"]),
        ("fa", ["annotation_words", "label_words"]),
        ("bird fa", ["annotation_words", "label_words"]),
    ):
        plan = matching(Scope(owner, manifest), read_search({"q": q})).explain()
        assert [name for name in ("annotation_words", "label_words") if name in plan] == indexes, plan


def test_old_viewers_get_every_place_as_a_rectangle(api, owner, search, layer, canvas):
    """Mirador 4 draws no result at all when one of them is a point or in percent."""
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M1 1L9 1L9 9Z'/></svg>"
    places = {
        "percent": {"type": "FragmentSelector", "value": "xywh=percent:10,10,50,50"},
        "string": None,
        "point": {"type": "PointSelector", "x": 500, "y": 700},
        "image": {"type": "ImageApiSelector", "region": "200,400,100,60"},
        "outline": {"type": "SvgSelector", "value": svg},
        "refined": {"type": "FragmentSelector", "value": "xywh=100,100,200,200",
                    "refinedBy": {"type": "FragmentSelector", "value": "xywh=10,10,20,20"}},
    }  # fmt: skip
    for name, selector in places.items():
        target = {"type": "SpecificResource", "source": canvas.uri, "selector": selector}
        body = {"type": "TextualBody", "value": f"bird {name}"}
        target = f"{canvas.uri}#xywh=percent:10,10,50,50" if name == "string" else target
        create_annotation(
            layer, {"type": "Annotation", "body": body, "target": target}, by=owner, id=uuid4()
        )  # fmt: skip
    found = {one["resource"]["chars"]: one["on"] for one in search(1, q="bird")["resources"]}
    outline = found.pop("bird outline")["selector"]
    assert (outline["default"]["value"], outline["item"]["value"]) == ("xywh=1,1,8,8", svg)
    assert found == {
        "bird percent": f"{canvas.uri}#xywh=100,140,500,700",
        "bird point": f"{canvas.uri}#xywh=470,670,60,60",
        "bird image": f"{canvas.uri}#xywh=100,200,50,30",
        "bird string": f"{canvas.uri}#xywh=100,140,500,700",
        "bird refined": f"{canvas.uri}#xywh=110,110,20,20",
    }
    everywhere = api.get("/iiif/search/1/", {"q": "point"}).json()["resources"]
    assert everywhere[0]["on"]["@id"] == f"{canvas.uri}#xywh=470,670,60,60"
