"""Collections restrict a search, nested ones included, over REST as in the reads below."""

from urllib.parse import quote

import pytest

from problems import Missing
from taxonomy.facets import facet_of, facets, ids_in_order
from taxonomy.queries import search_concepts
from taxonomy.skos import CollectionValue
from tests.taxonomy.conftest import CLEFS

pytestmark = pytest.mark.django_db
BASE = "https://example.org/clefs/"
GROUPED = (
    CLEFS
    + """
:rare a skos:OrderedCollection ; skos:prefLabel "rare ones"@en ; skos:memberList ( :tenor :c ) .
:taught a skos:Collection ; skos:prefLabel "taught"@en, "enseignées"@fr ; skos:member :g, :rare .
"""
)


@pytest.fixture
def grouped(bring):
    return bring(GROUPED).vocabulary


def test_a_collection_holds_what_the_ones_inside_it_hold():
    values = {
        "a": CollectionValue("a", members=("x", "b", "y")),
        "b": CollectionValue("b", members=("z", "x", "a")),
        **{f"n{n}": CollectionValue(f"n{n}", members=(f"n{n + 1}",)) for n in range(3000)},
    }
    found = facets(values)
    assert found["a"].members == ("x", "z", "y"), "a ring ends, and each concept counts once"
    assert [one.uri for one in found["a"].inside] == ["b"]
    assert found["n0"].members == ("n3000",)


def test_members_come_in_their_own_order_or_in_that_of_the_tree(grouped, django_assert_num_queries):
    rare = facet_of(grouped, f"{BASE}rare")
    with django_assert_num_queries(1):
        ids = ids_in_order(grouped, rare)
    uris = dict(grouped.concepts.values_list("pk", "uri"))
    assert [uris[pk].rsplit("/")[-1] for pk in ids] == ["tenor", "c"]
    taught = [uris[pk].rsplit("/")[-1] for pk in ids_in_order(grouped, facet_of(grouped, f"{BASE}taught"))]
    assert taught == ["g", "c", "tenor"]
    with pytest.raises(Missing):
        facet_of(grouped, f"{BASE}none")


def test_a_search_stays_within_the_members(grouped, django_assert_num_queries):
    members = facet_of(grouped, f"{BASE}rare").members
    with django_assert_num_queries(6):
        found, total = search_concepts(grouped, None, "clef", "en", 20, members=members)
    assert ({one.label for one in found}, total) == ({"C clef", "tenor clef"}, 2)
    assert search_concepts(grouped, None, "treble", "en", 20, members=members) == ([], 0)
    assert search_concepts(grouped, None, "", "en", 20, members=())[1] == 0


def test_over_rest(api, grouped):
    base = "/api/v1/vocabularies/clefs/"
    rows = {row["label"]: row for row in api.get(f"{base}collections/?lang=fr").json()}
    assert rows["enseignées"]["collections"] == [f"{BASE}rare"]
    assert rows["rare ones"]["members"] == [f"{BASE}tenor", f"{BASE}c"]
    rare = quote(f"{BASE}rare", safe="")
    assert api.get(f"{base}concepts/?collection={rare}").json()["total"] == 2
    assert api.get(f"{base}concepts/?collection={rare}&q=tenor").json()["total"] == 1
    assert api.get(f"{base}concepts/?collection={rare}&parent=top").json()["total"] == 0
    for odd in ("none", "%00", "%ED%A0%80"):
        answer = api.get(f"{base}concepts/?collection={odd}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
