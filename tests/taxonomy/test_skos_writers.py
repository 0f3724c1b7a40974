"""What leaves as JSON-LD, RDF/XML or Turtle is the same graph, and comes back the same vocabulary."""

from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

from taxonomy.skos import parse_safely, write_jsonld, write_rdfxml, write_turtle
from taxonomy.skos.rdf import parse_turtle
from taxonomy.skos.statements import parsed, statements_of
from taxonomy.skos.triples import Text, rendered

WRITERS = {
    "turtle": write_turtle,
    "json-ld": lambda value: b"".join(write_jsonld(value)),
    "xml": lambda value: b"".join(write_rdfxml(value)),
}
OURS = {"turtle": "turtle", "json-ld": "jsonld", "xml": "rdfxml"}


def graph(data: bytes, name: str) -> rdflib.Graph:
    kept = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        return rdflib.Graph().parse(data=data, format=name, publicID="urn:base")
    finally:
        rdflib.NORMALIZE_LITERALS = kept


def files(samples: Path) -> list[Path]:
    return sorted((samples / "skos-skosmos-edge").rglob("*.ttl"))


def test_every_sample_leaves_as_the_same_graph_in_three_formats(samples):
    compared = 0
    for path in files(samples):
        value = parse_turtle(path.read_bytes())
        if not value.concepts:
            continue
        graphs = {name: graph(write(value), name) for name, write in WRITERS.items()}
        if len(graphs["turtle"]) > 2000:
            continue  # comparing blank nodes of a large graph takes minutes; the next test reads them back
        for name in ("json-ld", "xml"):
            assert isomorphic(graphs["turtle"], graphs[name]), (path.name, name)
        compared += 1
    assert compared > 20


@pytest.mark.parametrize("name", ["json-ld", "xml"])
def test_iconclass_comes_back_the_same(samples, name):
    (path,) = (samples / "skos-iconclass").glob("*.ttl")
    value = parse_turtle(path.read_bytes())
    assert len(value.concepts) > 600
    back = parse_safely(WRITERS[name](value), rdf_format=OURS[name])
    assert [p for p in back.problems if p.severity == "error"] == []
    assert by_uri(back) == by_uri(value)


def by_uri(value):
    return {
        one.uri: replace(
            one,
            position=0,
            labels=tuple(sorted(one.labels, key=str)),
            notes=tuple(sorted(one.notes, key=str)),
            related=tuple(sorted(one.related)),
            matches=tuple(sorted(one.matches)),
            extra="\n".join(sorted(one.extra.split("\n"))),
        )
        for one in value.concepts
    }


@pytest.mark.parametrize(
    "node",
    [
        "urn:x", "_:b0", Text("plain"), Text('a "quoted" \\ back\nslash\t'), Text("é", "fr"), Text("\x1f\x7f"),
        Text("1", "", "http://www.w3.org/2001/XMLSchema#integer"), Text(". <urn:no> ."), Text("\U0001f600"),
    ],
)  # fmt: skip
def test_the_remainder_is_read_as_it_was_written(node):
    line = f"<urn:s> <urn:p> {rendered(node)} ."
    assert list(parsed(line)) == [("urn:s", "urn:p", node)]


def test_statements_name_no_place_for_what_was_merged(samples):
    value = parse_turtle(b"""
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
        <urn:s> a skos:ConceptScheme . <urn:a> a skos:Concept ; skos:inScheme <urn:s> ; skos:prefLabel "a" .
        <urn:b> a skos:Concept ; skos:inScheme <urn:s> ; skos:prefLabel "b" ; dct:isReplacedBy <urn:a> ;
            <http://www.w3.org/2002/07/owl#deprecated> true .""")
    tops = [node for _s, name, node in statements_of(value) if name.endswith("hasTopConcept")]
    assert tops == ["urn:a"]
    assert value.concepts[1].replaced_by == ("urn:a",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"@context": "https://example.org/context.jsonld", "@id": "urn:a"}', "remote-context"),
        (b'{"a": [{"@context": [{}, "https://example.org/"]}]}', "remote-context"),
        (b'{"@context": {"@import": "https://example.org/"}}', "remote-context"),
        (b'{"@id": ', "syntax"),
        (b"\xff\xfe\xff", "syntax"),
        (b"[" * 100_000, "syntax"),
    ],
)
def test_what_json_ld_may_not_do_is_said(data, code):
    value = parse_safely(data, rdf_format="jsonld")
    assert code in {problem.code for problem in value.problems}
    assert not value.concepts
