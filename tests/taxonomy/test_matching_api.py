"""Matching over REST and on the pages: look up, start, answer; without script, and for htmx."""

import pytest
from django.urls import reverse

from taxonomy.models import Concept, MatchCandidate
from tests.taxonomy.fakes import ENTITY
from work.actions import run_job

pytestmark = pytest.mark.django_db
BASE = "/api/v1/vocabularies/clefs"


@pytest.fixture
def bass(clefs) -> Concept:
    return Concept.objects.get(uri="https://example.org/clefs/f")


@pytest.fixture
def editor(api, elsewhere, bass, owner):
    api.force_authenticate(owner)
    return api


@pytest.fixture
def desk(client, elsewhere, bass, owner):
    client.force_login(owner)
    return client


def candidates_of_all(editor) -> list[dict]:
    run = editor.post(f"{BASE}/match/", {"authority": "wikidata", "language": "en"})
    assert run.status_code == 202, run.json()
    run_job(run.json()["job"])
    return editor.get(f"{BASE}/candidates/").json()["results"]


def test_one_concept_is_looked_up(editor, elsewhere, bass):
    address = f"{BASE}/concepts/{bass.pk}/candidates/"
    found = editor.get(address, {"authority": "aat", "q": "clef"}).json()
    assert (found["authority"], found["q"], found["candidates"][0]["label"]) == ("aat", "clef", "clef")
    assert editor.get(address, {"authority": "nowhere"}).status_code == 422
    elsewhere.mood = "busy"
    refused = editor.get(address, {"authority": "gnd"})
    assert (refused.status_code, refused.json()["code"]) == (503, "authority-unreachable")
    assert refused["Retry-After"] == "40"


def test_a_vocabulary_is_matched_and_answered(editor, bass, django_assert_max_num_queries):
    rows = candidates_of_all(editor)
    assert len(rows) == 10
    with django_assert_max_num_queries(8):
        editor.get(f"{BASE}/candidates/", {"authority": "wikidata"})
    mine = [row for row in rows if row["concept"] == str(bass.pk)]
    answer = f"{BASE}/candidates/{mine[0]['id']}/answer/"
    assert editor.post(answer, {"accepted": True, "kind": "narrowMatch"}).status_code == 422
    done = editor.post(answer, {"accepted": True, "kind": "closeMatch"})
    assert (done.json()["state"], done.json()["kind"]) == ("accepted", "closeMatch")
    assert bass.relations.get().target_uri == f"{ENTITY}Q800"
    assert editor.post(answer, {"accepted": False}).status_code == 409
    assert editor.get(f"{BASE}/candidates/", {"state": "declined"}).json()["count"] == 1
    assert editor.get(f"{BASE}/candidates/", {"state": "lost"}).status_code == 400


def test_the_page_looks_up_and_matches_without_script(desk, elsewhere, bass):
    address = reverse("concept-lookup", args=["clefs", bass.pk])
    assert b'value="F clef"' in desk.get(address).content
    found = desk.get(address, {"authority": "wikidata", "q": "F clef", "language": "en"})
    assert found.content.count(b'value="exactMatch"') == 3
    assert b"same name" in found.content
    part = desk.get(address, {"authority": "wikidata", "q": "F", "language": "en"}, HTTP_HX_REQUEST="true")
    assert part.content.lstrip().startswith(b"<section")
    done = desk.post(address, {"uri": f"{ENTITY}Q900", "kind": "exactMatch"})
    assert done.headers["Location"] == reverse("concept", args=["clefs", bass.pk])
    assert bass.relations.get().kind == "exactMatch"
    elsewhere.mood = "html"
    told = desk.get(address, {"authority": "gbif", "q": "F clef", "language": "en"})
    assert "GBIF could not be reached from here." in told.content.decode()


def test_the_queue_shows_one_concept_at_a_time(editor, desk, clefs):
    candidates_of_all(editor)
    address = reverse("matching", args=["clefs"])
    page = desk.get(address)
    assert "1 of 5 waiting" in page.content.decode()
    first = page.context["candidates"][0]["candidate"]
    desk.post(address, {"candidate": first.pk, "answer": "exactMatch", "page": "1"})
    second = desk.get(address).context["candidates"][0]["candidate"]
    assert second.concept_id != first.concept_id
    desk.post(address, {"candidate": second.pk, "answer": "none", "page": "1"})
    assert "1 of 3 waiting" in desk.get(address).content.decode()
    for broken in ({}, {"candidate": "x"}, {"candidate": first.pk, "answer": "exactMatch"}):
        assert desk.post(address, broken).status_code == 302
    assert MatchCandidate.objects.filter(state="accepted").count() == 1


def test_asking_begins_on_the_page(desk, clefs):
    start = reverse("matching-start", args=["clefs"])
    assert desk.post(start, {"authority": "gbif", "language": "en"}).status_code == 302
    twice = desk.post(start, {"authority": "gbif", "language": "en"})
    assert twice.status_code == 422
    assert "being asked already" in twice.content.decode()
    assert b"GBIF" in desk.get(reverse("matching", args=["clefs"])).content
