"""Every example of the Content Search specifications, written again by our own writer from what it says.

Where an example and our answer may differ, the difference stands in the test with its reason.
"""

import json
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from annotation.iiif.quotes import Quote, quotes
from annotation.iiif.searchrequest import COMPLETION_PARAMETERS, read_search, terms_of
from annotation.iiif.searchresults import (
    FoundTerm,
    Match,
    Paging,
    plain_on,
    results_1,
    results_2,
    services,
    terms_1,
    terms_2,
    within,
)
from annotation.webanno import from_oa, read, to_oa

EXAMPLES = Path(settings.SAMPLES) / "iiif-spec-examples"
CONTEXTS = Path(settings.SAMPLES) / "iiif-contexts"
pytestmark = pytest.mark.usefixtures("samples")

BIRD = Quote("birds", "There are two ", " in the bush")


@cache
def example(version: int, number: int) -> str:
    (path,) = (EXAMPLES / f"search_{version}.0").glob(f"{number:02}_*.json")
    # The site's generator fills in the version where the source of the specification has a placeholder.
    return path.read_text().replace("{{ page.major }}", str(version))


def said(version: int, number: int) -> dict:
    return json.loads(example(version, number))


def paging_2(document: dict) -> Paging:
    """The numbers and addresses of an example."""
    whole = document["partOf"]
    return Paging(
        whole["id"], whole["total"], document["startIndex"], whole["first"]["id"], whole["last"]["id"],
        next=document["next"]["id"],
    )  # fmt: skip


# --- version 2.0 ----------------------------------------------------------------------------------


def test_2_simple_lists():
    document = said(2, 1)
    assert results_2(document["id"], document["items"]) == document


def test_2_paging():
    document = said(2, 2)
    assert results_2(document["id"], document["items"], paging=paging_2(document)) == document


def test_2_containing_resources():
    document = said(2, 3)
    (item,) = document["items"]
    canvas = item["target"]["id"]
    bare = {**item, "target": canvas}
    whole = item["target"]["partOf"]
    (placed,) = results_2(
        "x", [within(bare, canvas.partition("#")[0], whole["id"], whole["label"])]
    )["items"]  # fmt: skip
    # We say what kind of thing the target is, which the example leaves out.
    assert placed["target"].pop("type") == "Canvas"
    assert placed == item
    assert within(item, canvas.partition("#")[0], whole["id"], whole["label"]) == item


def test_2_ignored_parameters():
    document = said(2, 4)
    request = read_search({"q": "bird", "user": "myusername"}, frozenset({"q", "motivation", "page"}))
    assert results_2(document["id"], [], ignored=request.ignored) == document


def test_2_extended_responses():
    document = said(2, 5)
    assert results_2(document["id"], [], matches=[]) == document


@pytest.mark.parametrize(("number", "kind"), [(6, "contextualizing"), (7, "highlighting")])
def test_2_match_context_and_highlighting(number, kind):
    document = said(2, number)
    (item,) = document["items"]
    written = results_2(document["id"], [item], matches=[Match(((item["id"], BIRD),), kind)])
    assert ids_apart(written) == ids_apart(document)
    if kind == "highlighting":
        assert quotes(item["body"]["value"], terms_of("birds")) == [BIRD]


def test_2_several_matches_in_one_annotation():
    document = said(2, 8)
    (item,) = document["items"]
    found = quotes(item["body"]["value"], terms_of("b*"))
    assert [quote.exact for quote in found] == ["birds", "bush"]
    written = results_2(document["id"], [item], matches=[Match(((item["id"], quote),)) for quote in found])
    ours, theirs = written["annotations"][0]["items"], document["annotations"][0]["items"]
    assert [shape(match) for match in ours] == [shape(match) for match in theirs]
    # How much context is given is ours to choose: all of the line, where the example has three words.
    assert all(
        mine["target"]["selector"][0]["prefix"].endswith(match["target"]["selector"][0]["prefix"])
        for mine, match in zip(ours, theirs, strict=True)
    )


def test_2_matches_across_annotations():
    document = said(2, 9)
    hand, rest = (item["id"] for item in document["items"])
    match = Match(((hand, Quote("hand", "bird in the ")), (rest, Quote("is", "", " worth two in the"))))
    written = results_2(document["id"], document["items"], matches=[match])
    # We do not page the matches apart from the annotations, so that their page has no address of its own.
    assert ids_apart(written)["annotations"][0]["items"] == ids_apart(document)["annotations"][0]["items"]


def test_2_autocomplete():
    document = said(2, 10)
    written = terms_2(document["id"], [FoundTerm(term["value"], None) for term in document["items"]])
    assert written == document
    counted = terms_2(document["id"], [FoundTerm("bird", 15, {"en": ["bird"]}, "en")])["items"][0]
    assert counted == {"value": "bird", "total": 15, "language": "en", "label": {"en": ["bird"]}}


# --- version 1.0 ----------------------------------------------------------------------------------


def test_1_simple_lists():
    document = said(1, 1)
    assert results_1(document["@id"], document["resources"]) == document


def test_1_paging():
    document = said(1, 2)
    whole = document["within"]
    paging = Paging("", whole["total"], 0, whole["first"], whole["last"], next=document["next"])
    assert results_1(document["@id"], document["resources"], paging=paging) == document


def test_1_containing_resources():
    document = said(1, 3)
    (resource,) = document["resources"]
    place = resource["on"]["@id"]
    canvas, manifest = place.partition("#")[0], resource["on"]["within"]
    # From the W3C form that we keep, with its manifest named, to the form of the example.
    modern = from_oa({**resource, "on": place})
    modern["body"]["type"] = "TextualBody"
    old = plain_on(to_oa(within(modern, canvas, manifest["@id"], manifest["label"])))
    assert old["on"]["@id"] == place
    # The example writes `type` where Presentation 2 has `@type`.
    assert old["on"]["within"] == {"@id": manifest["@id"], "@type": "sc:Manifest", "label": manifest["label"]}
    assert old["resource"]["chars"] == resource["resource"]["chars"]


def test_1_search_specific_responses():
    document = said(1, 4)
    (resource,) = document["resources"]
    written = results_1(
        document["@id"], [resource], matches=[Match(((resource["@id"], Quote("bird")),))],
        paging=Paging("", 1, 0, "a", "b"),
    )  # fmt: skip
    assert written["@context"] == document["@context"]
    assert set(document) <= set(written)
    assert shape(document["hits"][0]).items() <= shape(written["hits"][0]).items()


def test_1_ignored_parameters():
    document = said(1, 5)
    written = results_1(
        document["@id"], [], ignored=["user"],
        paging=Paging("", 125, 0, "a", "b", next=document["next"]),
    )  # fmt: skip
    assert written["within"].pop("first") == "a"
    assert written["within"].pop("last") == "b"
    assert written == document


def test_1_snippets():
    document = said(1, 6)
    (resource,) = document["resources"]
    written = results_1(
        document["@id"], [resource], matches=[Match(((resource["@id"], BIRD),), "contextualizing")]
    )
    assert written["hits"][0].pop("match") == "birds"
    assert written == document


def test_1_highlighting():
    """The selectors of a hit: we write one hit with `match`, `before` and `after` a place instead."""
    selector, document = said(1, 7), said(1, 8)
    (resource,) = document["resources"]
    found = quotes(resource["resource"]["chars"], terms_of("b*"))
    hits = results_1("x", [resource], matches=[Match(((resource["@id"], quote),)) for quote in found])["hits"]
    theirs = document["hits"][0]["selectors"]
    assert [hit["match"] for hit in hits] == [one["exact"] for one in theirs]
    assert [hit["after"] for hit in hits] == [" in the bush.", "."]
    assert all(hit["before"].endswith(one["prefix"]) for hit, one in zip(hits, theirs, strict=True))
    assert (hits[0]["match"], hits[0]["before"]) == (selector["exact"], selector["prefix"])


def test_1_hits_across_annotations():
    document = said(1, 9)
    hit = document["hits"][0]
    first, second = hit["annotations"]
    match = Match(
        ((first, Quote("hand", "A bird in the ")), (second, Quote("is", "", " worth two in the bush")))
    )
    assert results_1(document["@id"], document["resources"], matches=[match]) == document


@pytest.mark.parametrize("number", [10, 11])
def test_1_autocomplete(number):
    document = said(1, number)
    request = read_search({"q": "bir", "user": "x"}, COMPLETION_PARAMETERS - {"user"})
    terms = [
        (
            FoundTerm(term["match"], term["count"], {"en": [term["label"]]} if "label" in term else {}),
            term["url"],
        )
        for term in document["terms"]
    ]
    written = terms_1(document["@id"], terms, ignored=request.ignored)
    # The second example forgets its type.
    assert written == {"@type": "search:TermList", **document}


def test_no_example_is_left_out():
    for version, count in ((2, 10), (1, 11)):
        assert len(list((EXAMPLES / f"search_{version}.0").glob("*.json"))) == count


# --- beyond the examples --------------------------------------------------------------------------


def test_every_name_is_a_term_of_the_contexts():
    """A property that no context defines would be lost to whoever reads us as linked data."""
    known = {"@context", "id", "type", "value", "language"}
    for name in ("search/2", "presentation/3"):
        known |= terms_in(json.loads((CONTEXTS / "iiif" / name / "context.json").read_text()))
    known |= terms_in(json.loads((CONTEXTS / "w3c" / "anno.jsonld").read_text()))
    paging = Paging("w", 2, 0, "f", "l", next="n", previous="p")
    documents = [
        results_2("u", [], paging=paging, matches=[Match((("a", BIRD),))], ignored=["user"]),
        terms_2("u", [FoundTerm("bird", 1, {"en": ["bird"]}, "en")], ignored=["user"]),
        services("a", "b", "c", "d")[0],
    ]
    for document in documents:
        assert names_in(document) - known <= {"en"}


def test_old_annotations_stay_readable():
    """What is written in version 1.0 reads back to the same box and text."""
    document = said(1, 1)["resources"][0]
    reading = read(from_oa(document))
    assert reading.bodies[0].text == "A bird in the hand is worth two in the bush"
    assert reading.target.box.xywh == (100, 100, 250, 20)


def shape(node):
    """The keys of a document and the types of its values, all the way down; of texts only that they are."""
    if isinstance(node, dict):
        return {key: shape(value) for key, value in node.items()}
    if isinstance(node, list):
        return [shape(item) for item in node[:1]]
    return type(node).__name__


def ids_apart(document):
    """Without the ids of matches, which every server chooses itself."""
    pages = [
        {
            **page,
            "items": [{key: value for key, value in match.items() if key != "id"} for match in page["items"]],
        }
        for page in document["annotations"]
    ]
    return {**document, "annotations": pages}


def terms_in(node) -> set[str]:
    """The terms that a context defines, in nested contexts too."""
    if isinstance(node, list):
        return {term for item in node for term in terms_in(item)}
    if isinstance(node, dict):
        return set(node) | {term for item in node.values() for term in terms_in(item)}
    return set()


def names_in(node) -> set[str]:
    if isinstance(node, list):
        return {name for item in node for name in names_in(item)}
    if isinstance(node, dict):
        return set(node) | {name for item in node.values() for name in names_in(item)}
    return set()
