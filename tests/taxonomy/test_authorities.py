"""Adapters of authorities: what they send, what they read, and that no JSON from outside brings them down."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.authorities import AUTHORITIES, Candidate, Question, Request, Unusable, answers, service
from tests.taxonomy import fakes

CLEF = Question("clef de fa", "fr", 5)
KNOWN = [
    "q0",
    "q1",
    "result",
    "results",
    "candidates",
    "search",
    "id",
    "name",
    "label",
    "key",
    "type",
    "n",
    "usageKey",
    "scientificName",
    "concepturi",
    "display",
    "value",
    "txt",
    "en",
    "fr",
    "p",
    "kw",
    "alternatives",
    "versions",
    "identifierSpace",
    "view",
    "url",
    "rank",
    "score",
    "message",
    "error",
    "info",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("https://x.example/1"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KNOWN), inner, max_size=6),
    max_leaves=8,
)
ITEMS = st.lists(st.dictionaries(st.sampled_from(KNOWN), JSON, max_size=8), max_size=3)
# What is close to the documented shapes, so that the innermost readers are reached.
ANSWERS = (
    JSON
    | ITEMS
    | st.builds(lambda one, two: {"q0": {"result": one}, "q1": {"result": two}}, ITEMS, ITEMS)
    | st.builds(lambda one, two: {"results": [{"candidates": one}, {"candidates": two}]}, ITEMS, ITEMS)
    | st.builds(lambda name, items: {name: items}, st.sampled_from(["search", "results", "result"]), ITEMS)
)


def talked(talk: Any, *given_answers: object) -> tuple[list[Request], Any]:
    """Lead a talk with these answers; gives the requests made and what was found."""
    requests = [next(talk)]
    for answer in given_answers:
        try:
            requests.append(talk.send(answer))
        except StopIteration as done:
            return requests, done.value
    raise AssertionError(f"the adapter asks for more: {requests[-1]}")


def said(request: Request) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(request.url).query).items()}


def test_wikidata_is_searched_in_the_language_of_the_label():
    answer = fakes.wikidata({"search": "clef de fa", "language": "fr"})
    (request,), found = talked(AUTHORITIES["wikidata"]().search(CLEF), answer)
    assert request.url.startswith("https://www.wikidata.org/w/api.php?")
    sent = said(request)
    assert (sent["action"], sent["search"], sent["language"]) == ("wbsearchentities", "clef de fa", "fr")
    assert found[0] == Candidate(
        f"{fakes.ENTITY}Q900", "clef de fa", language="fr", description="sign of pitch, no. 0"
    )


def test_wikidata_says_itself_what_is_wrong():
    refusal = {"error": {"code": "badvalue", "info": 'Unrecognized value for parameter "language": xx'}}
    with pytest.raises(Unusable) as caught:
        talked(AUTHORITIES["wikidata"]().search(CLEF), refusal)
    assert "Unrecognized value" in caught.value.reason


def test_many_are_asked_about_in_one_request_and_keep_their_order():
    authority = AUTHORITIES["wikidata"]()
    questions = [CLEF, Question("clef d’ut", "fr", 5)]
    talk = authority.match(questions)
    request = next(talk)
    assert request.url == "https://wikidata.reconci.link/fr/api"
    assert request.form is not None
    assert json.loads(request.form["queries"]) == {
        "q0": {"query": "clef de fa", "limit": 5},
        "q1": {"query": "clef d’ut", "limit": 5},
    }
    with pytest.raises(StopIteration) as done:
        talk.send({"q1": {"result": [{"id": "Q1", "name": "C clef", "score": 50}]}})
    assert done.value.value == [[], [Candidate(f"{fakes.ENTITY}Q1", "C clef", score=50.0)]]


def test_gbif_falls_back_from_scientific_names_to_names_of_everyday():
    talk = AUTHORITIES["gbif"]().search(Question("chêne", "fr"))
    requests, found = talked(talk, [], {"results": [fakes.TAXON]})
    assert [urlsplit(one.url).path for one in requests] == ["/v1/species/suggest", "/v1/species/search"]
    assert said(requests[1])["qField"] == "VERNACULAR"
    assert found == [
        Candidate(
            "https://www.gbif.org/species/9001", "Inventus musicus L.", language="la", type="species",
            description="accepted · Plantae › Invented › Inventaceae › Inventus", broader_label="Inventus",
        )
    ]  # fmt: skip


def test_gbif_is_not_believed_where_it_knows_a_family_only():
    higher = {**fakes.MATCHED, "matchType": "HIGHERRANK", "alternatives": []}
    _, found = talked(
        AUTHORITIES["gbif"]().match([Question("Inventus absens", "la")]), higher, {"results": []}
    )
    assert found == [[]]
    _, found = talked(AUTHORITIES["gbif"]().match([Question("Inventus musicus", "la")]), fakes.MATCHED)
    assert [(one.uri[-4:], one.score) for one in found[0]] == [("9001", 97.0), ("9002", 60.0)]


def test_the_getty_is_asked_for_the_aat_alone():
    answer = {"q0": {"result": [{"id": "aat/300901", "name": "F clefs"}, {"id": "tgn/7", "name": "Clef"}]}}
    (request,), found = talked(AUTHORITIES["aat"]().search(CLEF), answer)
    assert request.form is not None
    assert json.loads(request.form["queries"])["q0"]["type"] == "/aat"
    assert found == [Candidate("http://vocab.getty.edu/aat/300901", "F clefs")]


def test_iconclass_takes_two_requests_and_writes_its_addresses_as_it_documents():
    answers_ = [{"result": ["48C7321", "48C7321(+3)"], "total": 2}, {"result": fakes.ICONCLASS}]
    requests, found = talked(AUTHORITIES["iconclass"]().search(Question("luth", "fr")), *answers_)
    assert parse_qs(urlsplit(requests[1].url).query)["notation"] == ["48C7321", "48C7321(+3)"]
    assert [one.uri for one in found] == [
        "http://iconclass.org/48C7321", "http://iconclass.org/48C7321(%2B3)"
    ]  # fmt: skip
    assert (found[0].label, found[0].language, found[0].broader_label) == ("luth", "fr", "48C")
    english = talked(AUTHORITIES["iconclass"]().search(Question("Laute", "sv")), *answers_)[1]
    assert (english[0].language, english[0].description) == ("en", "48C7321 · lute, music")


@pytest.mark.parametrize(
    ("manifest", "uri"),
    [
        ({"identifierSpace": "https://x.example/id"}, "https://x.example/id/a%20b"),
        ({"identifierSpace": "https://x.example/id#"}, "https://x.example/id#a%20b"),
        ({"identifierSpace": "none", "view": {"url": "https://x.example/{{id}}.html"}}, "https://x.example/a%20b.html"),
    ],
)  # fmt: skip
def test_ids_of_any_service_become_uris(manifest, uri):
    answer = {"q0": {"result": [{"id": "a b", "name": "clef", "type": ["Sign"]}]}}
    requests, found = talked(service("x", "X", "https://x.example/api").search(CLEF), manifest, answer)
    assert [one.form is None for one in requests] == [True, False]
    assert found == [Candidate(uri, "clef", type="Sign")]


def test_the_draft_is_spoken_to_a_service_that_speaks_nothing_else():
    talk = service("x", "X", "https://x.example/api/").search(CLEF)
    manifest = {"versions": ["1.0-draft"], "identifierSpace": "https://x.example/id/"}
    requests, found = talked(talk, manifest, {"results": [{"candidates": [{"id": "c", "name": "clef"}]}]})
    assert requests[1].url == "https://x.example/api/match"
    assert requests[1].document == {
        "queries": [{"limit": 5, "conditions": [{"matchType": "name", "propertyValue": "clef de fa"}]}]
    }
    assert found == [Candidate("https://x.example/id/c", "clef")]


@pytest.mark.parametrize("name", [*AUTHORITIES, "any"])
@settings(max_examples=60)
@given(said_back=st.lists(ANSWERS, min_size=3, max_size=3), many=st.booleans())
def test_any_json_gives_candidates_or_a_reason(name: str, said_back: list[object], many: bool) -> None:
    authority = service("any", "Any", "https://x.example/") if name == "any" else AUTHORITIES[name]()
    talk: Any = authority.match([CLEF, CLEF]) if many else authority.search(CLEF)
    try:
        next(talk)
        for answer in said_back * 2:
            talk.send(answer)
    except StopIteration as done:
        found = [one for part in done.value for one in part] if many else done.value
        for one in found:
            assert answers.web_address(one.uri) == one.uri
            assert 0 < len(one.label) <= 500
            assert len(one.description) <= 2000
            json.dumps([one.label, one.description, one.type, one.score], allow_nan=False).encode()
    except Unusable:
        return


def test_what_is_cut_says_so():
    assert answers.label("x" * 501) == "x" * 499 + "…"
    assert answers.text("a\x00\ud800 \n b") == "a b"
    assert answers.number(10**400) is None
