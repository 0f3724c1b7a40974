"""Vocabularies leave in the format that is asked for, and as numbered versions that never change."""

from uuid import uuid4

import pytest
import rdflib

from problems import Conflict, Invalid, Refused
from taxonomy.actions import freeze_vocabulary
from taxonomy.actions.editing import deprecate_concept
from taxonomy.actions.proposals import accept_proposal, decline_proposal, propose_concept
from taxonomy.models import Proposal

pytestmark = pytest.mark.django_db
FORMATS = {"turtle": "turtle", "jsonld": "json-ld", "rdfxml": "xml"}
LABEL = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")


@pytest.mark.parametrize(("name", "parser"), FORMATS.items())
def test_every_format_holds_every_concept(client, clefs, name, parser):
    response = client.get(f"/api/v1/vocabularies/clefs/export/{name}")
    graph = rdflib.Graph().parse(data=b"".join(response), format=parser)
    assert rdflib.Literal("clef d’ut quatrième", "fr") in set(graph.objects(None, LABEL))
    assert len(set(graph.subjects(LABEL))) == 6, "five concepts and their scheme"
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get(
        f"/api/v1/vocabularies/clefs/export/{name}", headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


def test_csv_and_an_unknown_format(client, clefs):
    assert "tenor clef" in b"".join(client.get("/api/v1/vocabularies/clefs/export/csv")).decode()
    assert client.get("/api/v1/vocabularies/clefs/export/docx").json()["status"] == 404


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml;q=0.5, application/ld+json", "application/ld+json"),
        ("application/pdf", "text/html"),
    ],
)
def test_the_address_answers_people_and_programs(client, clefs, accept, sent):
    concept = clefs.concepts.first()
    for address in ("/vocab/clefs/", f"/vocab/clefs/{concept.pk}/"):
        response = client.get(address, headers={"Accept": accept})
        assert response["Content-Type"].startswith(sent)
        assert "Accept" in response["Vary"]


def test_one_concept_costs_a_constant_number_of_queries(client, clefs, django_assert_max_num_queries):
    concept = clefs.concepts.get(uri__endswith="/g")
    with django_assert_max_num_queries(9):
        body = b"".join(client.get(f"/vocab/clefs/{concept.pk}/", headers={"Accept": "text/turtle"}))
    graph = rdflib.Graph().parse(data=body)
    assert set(graph.subjects(LABEL)) == {rdflib.URIRef(concept.uri)}


def test_a_version_stands_while_the_vocabulary_goes_on(client, clefs, owner, stranger):
    with pytest.raises(Refused):
        freeze_vocabulary(clefs, by=stranger)
    version = freeze_vocabulary(clefs, note="First", by=owner)
    first = b"".join(client.get("/api/v1/vocabularies/clefs/versions/1/").streaming_content)
    with pytest.raises(Conflict):
        freeze_vocabulary(clefs, by=owner)
    deprecate_concept(clefs.concepts.get(uri__endswith="/c"), by=owner)
    assert freeze_vocabulary(clefs, by=owner).number == 2
    assert b"".join(client.get("/api/v1/vocabularies/clefs/versions/1/").streaming_content) == first
    rows = client.get("/api/v1/vocabularies/clefs/versions/").json()
    assert [(row["number"], row["concepts"]) for row in rows] == [(2, 5), (1, 5)]
    assert rows[1]["sha256"] == version.sha256
    assert client.get(rows[1]["uri"].removeprefix("http://localhost:8000")).status_code == 200


def test_a_proposal_becomes_a_concept_or_gets_a_reason(clefs, owner, contributor):
    pk = uuid4()
    said = {"id": pk, "label": " French violin clef ", "language": "en", "by": contributor}
    proposal = propose_concept(clefs, parent=clefs.concepts.get(uri__endswith="/g").pk, **said)
    assert propose_concept(clefs, **said) == proposal, "a retry"
    with pytest.raises(Conflict):
        propose_concept(clefs, **{**said, "id": uuid4(), "label": "french VIOLIN clef"})
    with pytest.raises(Refused):
        accept_proposal(proposal, by=contributor)
    accepted = accept_proposal(proposal, by=owner, answer="Thank you!")
    assert accepted.concept.labels.get().text == "French violin clef"
    assert accepted.concept.parent.uri.endswith("/g")
    with pytest.raises(Conflict):
        accept_proposal(proposal, by=owner)


def test_a_proposal_can_mean_a_concept_that_is_there_or_be_declined(clefs, owner, contributor):
    meant = clefs.concepts.get(uri__endswith="/f")
    first = propose_concept(clefs, id=uuid4(), label="bass clef", language="en", by=contributor)
    assert accept_proposal(first, by=owner, concept=meant).concept == meant
    second = propose_concept(clefs, id=uuid4(), label="banana", language="en", by=contributor)
    with pytest.raises(Invalid):
        decline_proposal(second, answer=" ", by=owner)
    declined = decline_proposal(second, answer="This is a fruit.", by=owner)
    assert (declined.state, declined.answer) == (Proposal.State.DECLINED, "This is a fruit.")
