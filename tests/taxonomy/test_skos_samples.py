"""Real vocabularies: each is imported or its fault named, and what is lost on the way is listed, not hoped."""

from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import graph_diff
from rdflib.namespace import DCTERMS, OWL, SKOS

from taxonomy.skos import read_csv, read_turtle, write_csv, write_turtle
from taxonomy.skos.rdf import parse_turtle
from taxonomy.tree import Tree

# File → (scheme's last part, concepts, codes of errors and warnings).
EXPECTED: dict[str, tuple[str | None, int, set[str]]] = {
    "altlabel": ("altlabel/conceptscheme", 1, set()),
    "cbd": (None, 2, set()),
    "changes": (None, 5, set()),
    "collation": (None, 3, set()),
    "conceptPropertyLabels": ("conceptPropertyLabels/conceptscheme", 4, set()),
    "cycle": ("cycle/conceptscheme", 4, {"cycle"}),
    "date": (None, 5, set()),
    "default_graph": (None, 0, {"no-concepts"}),
    "dup": (None, 7, set()),
    "dupgroup": (None, 1, {"dangling-broader"}),
    "groups": ("groups/conceptscheme", 7, set()),
    "hash": ("hash#conceptscheme", 2, set()),
    "http304": ("test/http304mainconceptscheme", 7, set()),
    "mapping": (None, 2, set()),
    "multiple-schemes": ("multiple-schemes/cs1", 1, {"left-out"}),
    "myns-ontology": (None, 0, {"no-concepts"}),
    "nolang": ("nolang/conceptscheme", 3, set()),
    "prefix": (None, 1, set()),
    "sub": (None, 1, set()),
    "subtag": (None, 1, set()),
    "test": ("test/conceptscheme", 18, {"no-label", "several-preferred-labels"}),
    "test-551-A": ("test-551-A/modifiedVocab", 551, set()),
    "test-concept-schemes": ("exemple.fr/thesaurus", 4, {"left-out"}),
    "test-hierarchy": ("test-hierarchy/conceptscheme", 19, {"no-label", "several-preferred-labels"}),
    "test-hierarchy-without-top-concepts": (
        "test-hierarchy/conceptscheme",
        19,
        {"no-label", "several-preferred-labels"},
    ),
    "test-marc": ("test-marc/conceptscheme", 0, {"no-concepts"}),
    "test-notation-sort": ("test/conceptscheme", 16, {"dangling-broader", "no-label"}),
    "test-qualified-broader": (None, 3, set()),
    "test-qualified-notation": (None, 5, {"duplicate-notation"}),
    "test-rdf-list": ("test-rdf-list/conceptscheme", 27, set()),
    "xl": (None, 1, set()),
    "yso": ("onto/yso/", 270, set()),
}
INVERSES = {
    SKOS.broader: SKOS.narrower,
    SKOS.narrower: SKOS.broader,
    SKOS.related: SKOS.related,
    SKOS.topConceptOf: SKOS.hasTopConcept,
    SKOS.hasTopConcept: SKOS.topConceptOf,
}
# What reading may add: membership and top concepts that were understood, titles under the one name we write,
# and the plain texts of SKOS-XL labels, structured notes and refined labels.
MAY_ADD = {
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.hasTopConcept,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SKOS.definition,
    DCTERMS.title,
    DCTERMS.source,
}
# What it may lose: the links that closed a loop, a second preferred label in a language, other schemes' concepts.
MAY_LOSE = {
    "cycle": {SKOS.broader, SKOS.narrower},
    "several-preferred-labels": {SKOS.prefLabel},
    "left-out": {rdflib.RDF.type, SKOS.inScheme, SKOS.prefLabel, SKOS.topConceptOf, SKOS.hasTopConcept},
}


def closed(data: bytes) -> rdflib.Graph:
    """Return the statements with the inverses that SKOS entails; a plain string is an xsd:string (RDF 1.1)."""
    graph = rdflib.Graph()
    for subject, predicate, node in rdflib.Graph().parse(data=data, format="turtle"):
        is_string = isinstance(node, rdflib.Literal) and node.datatype == rdflib.XSD.string
        graph.add((subject, predicate, rdflib.Literal(str(node)) if is_string else node))
        if predicate in INVERSES and not isinstance(node, rdflib.Literal):
            graph.add((node, INVERSES[predicate], subject))
    return graph


def test_every_edge_case_is_expected(samples: Path) -> None:
    assert {path.stem for path in (samples / "skos-skosmos-edge").glob("*.ttl")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_edge_case_is_imported_or_its_fault_named(samples: Path, name: str) -> None:
    value = parse_turtle((samples / "skos-skosmos-edge" / f"{name}.ttl").read_bytes())
    scheme, count, faults = EXPECTED[name]
    assert value.uri is None if scheme is None else str(value.uri).endswith(scheme)
    assert len(value.concepts) == count
    assert {one.code for one in value.problems if one.severity != "info"} == faults
    assert value.is_importable == bool(count)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_edge_case_goes_round(samples: Path, name: str) -> None:
    data = (samples / "skos-skosmos-edge" / f"{name}.ttl").read_bytes()
    value = parse_turtle(data)
    written = write_turtle(value)
    assert replace(parse_turtle(written), problems=()) == replace(value, problems=())
    _, lost, added = graph_diff(closed(data), closed(written))
    may_lose = set[rdflib.URIRef]().union(*(MAY_LOSE.get(one.code, set()) for one in value.problems))
    assert set(lost.predicates()) <= may_lose
    assert set(added.predicates()) <= MAY_ADD


def test_iconclass_is_read_completely_and_goes_round_equal(samples: Path) -> None:
    data = (samples / "skos-iconclass" / "iconclass_25F_animals.ttl").read_bytes()
    value = read_turtle(data)
    assert value == parse_turtle(data)
    assert (value.uri, len(value.concepts)) == ("https://iconclass.org/scheme/25F", 647)
    assert value.title == {"en": "Iconclass 25F animals (subset)"}
    assert value.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert len({label.language for one in value.concepts for label in one.labels}) == 12
    tree = Tree({one.uri: one.broader[0] if one.broader else None for one in value.concepts})
    assert (tree.roots, tree.height) == (["https://iconclass.org/25F"], 7)
    lion = next(one for one in value.concepts if one.notation == "25F23(LION)")
    assert lion.display("fr") == "animaux prédateurs : lion"
    _, lost, added = graph_diff(closed(data), closed(write_turtle(value)))
    assert len(lost) == len(added) == 0


def test_iconclass_goes_through_a_table(samples: Path) -> None:
    value = parse_turtle((samples / "skos-iconclass" / "iconclass_25F_animals.ttl").read_bytes())
    again = read_csv(write_csv(value))
    for one, other in zip(value.concepts, again.concepts, strict=True):
        assert set(one.labels) == set(other.labels)
        assert (one.uri, one.notation, one.broader, set(one.related)) == (
            other.uri,
            other.notation,
            other.broader,
            set(other.related),
        )


def test_a_loop_is_opened_at_the_right_link(samples: Path) -> None:
    value = parse_turtle((samples / "skos-skosmos-edge" / "cycle.ttl").read_bytes())
    parents = {one.uri[-3:]: [uri[-3:] for uri in one.broader] for one in value.concepts}
    assert parents == {"ta1": [], "ta2": ["ta1"], "ta3": ["ta1"], "ta4": ["ta3"]}


def test_deprecated_and_blank_nodes_are_kept(samples: Path) -> None:
    groups = parse_turtle((samples / "skos-skosmos-edge" / "groups.ttl").read_bytes())
    assert [one.uri[-5:] for one in groups.concepts if one.deprecated] == ["ta111"]
    assert str(OWL.deprecated) not in groups.concepts[0].extra
    cbd = parse_turtle((samples / "skos-skosmos-edge" / "cbd.ttl").read_bytes())
    assert "_:b0" in "".join(one.extra for one in cbd.concepts)
