"""Nothing is lost: Open Annotation ⇄ W3C ⇄ Turtle, and a program that creates, replaces and deletes with retries."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import rdflib
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from rdflib import Graph
from rdflib.compare import isomorphic
from rest_framework.test import APIClient

from annotation.models import Annotation, AnnotationRevision, Layer
from annotation.webanno import from_oa, read, to_oa, validate
from annotation.webanno.rdf import UNKNOWN, graph_of, turtle
from tests.annotation.conftest import make_layer
from tests.cast import make_member

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CANVAS = "https://example.org/iiif/book/canvas/1"

iris = st.integers(0, 9).map(lambda n: f"https://e.org/r/{n}")
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
purposes = st.sampled_from(["tagging", "commenting", "classifying", "linking"])
numbers = st.integers(0, 500)
odd = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
fragments = st.builds(
    lambda x, y, w, h: {
        "type": "FragmentSelector",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
        "value": f"xywh={x},{y},{w + 1},{h + 1}",
    },
    numbers, numbers, numbers, numbers,
)  # fmt: skip
svgs = numbers.map(
    lambda n: {
        "type": "SvgSelector",
        "value": f'<svg xmlns="http://www.w3.org/2000/svg"><circle cx="{n}" cy="{n}" r="{n + 1}"/></svg>',
    }
)
points = st.builds(lambda x, y: {"type": "PointSelector", "x": x, "y": y}, numbers, numbers)
quotes = words.map(lambda exact: {"type": "TextQuoteSelector", "exact": exact, "prefix": "a"})
positions = numbers.map(lambda n: {"type": "TextPositionSelector", "start": n, "end": n + 1})
plain = fragments | svgs | points | quotes | positions
selectors = st.recursive(
    plain,
    lambda inner: st.builds(lambda outer, refined: {**outer, "refinedBy": refined}, plain, inner),
    max_leaves=3,
)
texts = st.builds(
    lambda value, more: {"type": "TextualBody", "value": value, **more},
    words,
    st.fixed_dictionaries(
        {},
        optional={
            "language": st.sampled_from(["fr", ["fr", "de"]]),
            "format": st.just("text/plain"),
            "purpose": purposes,
            "textDirection": st.sampled_from(["ltr", "rtl", "auto"]),
            "created": st.just("2020-01-01T00:00:00Z"),
        },
    ),
)
specifics = st.builds(
    lambda source, selector, purpose: {
        "type": "SpecificResource", "source": source, "selector": selector, "purpose": purpose,
    },
    iris, selectors | st.lists(selectors, min_size=2, max_size=3), purposes,
)  # fmt: skip
resources = iris | texts | specifics
sets = st.builds(
    lambda kind, items: {"type": kind, "items": items},
    st.sampled_from(["Choice", "List", "Composite", "Independents"]),
    st.lists(resources, min_size=1, max_size=3),
)
agents = iris | st.builds(lambda name: {"type": "Person", "name": name, "homepage": "https://e.org/"}, words)
annotations = st.builds(
    lambda target, more, unknown: {
        "@context": CONTEXT, "type": "Annotation", "target": target, **more,
        **({"oddity": unknown} if unknown is not None else {}),
    },
    iris | specifics | sets | st.lists(iris | specifics, min_size=2, max_size=3),
    st.fixed_dictionaries(
        {"motivation": purposes | st.lists(purposes, min_size=2, max_size=2)},
        optional={
            "body": resources | sets | st.lists(resources, min_size=2, max_size=3),
            "creator": agents,
            "created": st.just("2020-01-01T00:00:00Z"),
            "rights": iris,
            "canonical": st.just("urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"),
            "x:prefixed": words,
        },
    ),
    odd,
)  # fmt: skip


@given(annotations)
def test_w3c_goes_to_open_annotation_and_back(document: dict[str, Any]) -> None:
    assert validate(document) == []
    old = to_oa(document)
    assert from_oa(old) == document
    assert to_oa(from_oa(old)) == old
    assert read(old).document == document
    assert [(target.source, target.box, target.point) for target in read(old).targets] == [
        (target.source, target.box, target.point) for target in read(document).targets
    ]


@given(annotations)
def test_reading_keeps_the_document(document: dict[str, Any]) -> None:
    before = json.dumps(document)
    assert json.dumps(read(document, embedded=False).document) == before == json.dumps(document)


@given(annotations)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_turtle_says_the_same(monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]) -> None:
    # Else the parser writes “Z” as “+00:00”, which is another literal.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    said = {**document, "id": "https://e.org/a/1"}
    graph = graph_of(said)
    assert isomorphic(Graph().parse(data=turtle(said), format="turtle"), graph)
    if "oddity" in document:
        (kept,) = graph.objects(rdflib.URIRef("https://e.org/a/1"), rdflib.URIRef(f"{UNKNOWN}oddity"))
        assert json.loads(str(kept)) == document["oddity"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_turtle_is_what_the_context_of_the_w3c_says(samples, monkeypatch) -> None:
    """By rdflib's own reading of JSON-LD, with W3C's context read from the samples and nothing fetched."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    context = json.loads((samples / "iiif-contexts/w3c/anno.jsonld").read_text())["@context"]
    # The model has them, and its context does not.
    context |= {kind: f"oa:{kind}" for kind in ("Composite", "List", "Independents")}
    paths = sorted((samples / "w3c-annotation-model/tools/samples/correct").glob("*.json"))
    assert len(paths) == 45
    for path in paths:
        document = json.loads(path.read_text())
        theirs = Graph().parse(data=json.dumps({**document, "@context": context}), format="json-ld")
        assert isomorphic(graph_of(document), theirs), path.name


def test_what_turtle_makes_of_the_unknown() -> None:
    graph = graph_of(
        {
            "@context": [
                CONTEXT,
                {"zoo": "https://zoo.example/#", "bad": 1},
                "https://nowhere.example/context",
            ],
            "id": "https://e.org/a/1",
            "type": ["Annotation", "zoo:Animal", "Beast of prey"],
            "target": "https://e.org/1",
            "zoo:legs": [4, 2],
            "https://e.org/p": "whole IRI",
            "nope:x y": {"deep": None},
            "rubricator:confidence": 0.5,
            "label": {"en": ["x"]},
        }
    )
    said = {(str(p).rsplit("/", 1)[-1], str(o)) for _s, p, o in graph}
    assert ("#legs", "4") in said
    assert ("#legs", "2") in said
    assert ("p", "whole IRI") in said
    assert ("urn:x-rubricator:json#nope%3Ax%20y", '{"deep":null}') in said
    assert ("urn:x-rubricator:ns#confidence", "0.5") in said
    assert ("22-rdf-syntax-ns#type", "https://zoo.example/#Animal") in said
    assert ("22-rdf-syntax-ns#type", "urn:x-rubricator:json#Beast%20of%20prey") in said
    assert ("rdf-schema#label", '{"en":["x"]}') in said


# --- a program that retries ------------------------------------------------------------------------


class Writing(RuleBasedStateMachine):
    """Every request may be sent twice, as after a lost connection; what stands is what was last said."""

    names = Bundle("names")
    layer: Layer

    @initialize()
    def start(self) -> None:
        self.said: dict[UUID, dict[str, Any]] = {}
        self.changes: dict[UUID, int] = {}
        self.deleted: set[UUID] = set()
        owner = make_member("owner")
        self.layer = make_layer(owner, is_public=True)
        self.client = APIClient()
        self.client.force_authenticate(owner)

    def send(self, method: str, path: str, document: object = None, **headers: str) -> Any:
        body = json.dumps(document) if document is not None else ""
        return self.client.generic(method, path, body, content_type="application/ld+json", headers=headers)

    def path(self, pk: UUID) -> str:
        return f"/w3c/{self.layer.pk}/{pk}"

    @rule(target=names, document=annotations, again=st.booleans())
    def create(self, document: dict[str, Any], again: bool) -> UUID:
        pk = uuid4()
        for _ in range(1 + again):
            made = self.send("POST", f"/w3c/{self.layer.pk}/", {**document, "id": pk.urn})
            assert (made.status_code, made["ETag"]) == (201, '"1"')
        self.said[pk], self.changes[pk] = document, 0
        return pk

    @rule(target=names, document=annotations, slug=st.sampled_from(["a", "b"]), again=st.booleans())
    def create_by_slug(self, document: dict[str, Any], slug: str, again: bool) -> UUID:
        made = self.send("POST", f"/w3c/{self.layer.pk}/", document, Slug=slug)
        pk = UUID(made["Location"].rsplit("/", 1)[1])
        if pk in self.said:
            assert self.said[pk] == document, "the slug stands for this very document"
            return pk
        self.said[pk], self.changes[pk] = document, 0
        return pk

    @rule(pk=names, document=annotations, again=st.booleans(), stale=st.booleans())
    def replace(self, pk: UUID, document: dict[str, Any], again: bool, stale: bool) -> None:
        seen = f'"{self.changes[pk] + 1}"'
        if pk in self.deleted:
            assert self.send("PUT", self.path(pk), document, **{"If-Match": seen}).status_code == 410
            return
        before = self.said[pk]
        document = {**document, **({"canonical": before["canonical"]} if "canonical" in before else {})}
        changes = before != document
        if stale and changes:
            assert self.send("PUT", self.path(pk), document, **{"If-Match": '"0"'}).status_code == 412
            return
        for _ in range(1 + again):
            answer = self.send("PUT", self.path(pk), document, **{"If-Match": seen})
            assert answer.status_code == 200, answer.content
        self.said[pk] = document
        self.changes[pk] += changes

    @rule(pk=consumes(names), again=st.booleans())
    def delete(self, pk: UUID, again: bool) -> None:
        if pk in self.deleted:
            return
        expected = [204, 410]
        for status in expected[: 1 + again]:
            seen = f'"{self.changes[pk] + 1}"'
            assert self.send("DELETE", self.path(pk), **{"If-Match": seen}).status_code == status
        self.deleted.add(pk)

    @rule(pk=names)
    def read_it(self, pk: UUID) -> None:
        answer = self.client.get(self.path(pk))
        if pk in self.deleted:
            assert answer.status_code == 410
        else:
            uri = f"{settings.SITE_URL}{self.path(pk)}"
            assert answer.json() == {**self.said[pk], "id": uri}
            assert answer["ETag"] == f'"{self.changes[pk] + 1}"'

    @invariant()
    def the_container_has_what_stands(self) -> None:
        if not hasattr(self, "layer"):
            return
        page = self.client.get(f"/w3c/{self.layer.pk}/?page=0&iris=1").json()
        standing = set(self.said) - self.deleted
        assert {UUID(uri.rsplit("/", 1)[1]) for uri in page["items"]} == standing
        assert page["partOf"]["total"] == len(standing)

    @invariant()
    def every_change_is_in_the_history(self) -> None:
        if hasattr(self, "layer"):
            recorded = AnnotationRevision.objects.filter(annotation__layer=self.layer).count()
            assert recorded == sum(self.changes.values()) + len(self.deleted)
            assert Annotation.objects.filter(layer=self.layer).count() == len(self.said)


@pytest.mark.django_db
def test_a_program_that_retries(run_rolled_back: Callable[[], None]) -> None:
    run_rolled_back()


@pytest.fixture
def run_rolled_back(db: None) -> Callable[[], None]:
    """Run the machine; each of its runs is undone before the next."""
    from hypothesis.stateful import run_state_machine_as_test

    class Undone(Writing):
        def __init__(self) -> None:
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    quick = hypothesis_settings(max_examples=10, stateful_step_count=12, deadline=None)
    return lambda: run_state_machine_as_test(Undone, settings=quick)
