"""Editing over REST: every operation, its foresight, its log, its undoing; proposals and their answers."""

from uuid import uuid4

import pytest

from accounts.roles import Role, grant
from taxonomy.documents import vocabulary_value
from taxonomy.models import Concept

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/vocabularies/clefs/changes/"


@pytest.fixture
def editor(api, clefs, owner):
    api.force_authenticate(owner)
    return api


def pk(name: str) -> str:
    return str(Concept.objects.get(uri=f"https://example.org/clefs/{name}").pk)


def said(label: str) -> list[dict]:
    return [{"kind": "pref", "language": "en", "text": label}]


EDITS = {
    "add": lambda: {"labels": said("G clef on line 1"), "parent": pk("g"), "place": 0},
    "describe": lambda: {"concept": pk("f"), "labels": said("bass clef"), "notation": "B"},
    "move": lambda: {"concept": pk("tenor"), "parent": pk("f")},
    "merge": lambda: {"sources": [pk("c")], "target": pk("f")},
    "split": lambda: {"concept": pk("c"), "parts": [{"labels": said("alto")}, {"labels": said("baritone")}]},
    "deprecate": lambda: {"concept": pk("c"), "replaced_by": [pk("f")]},
}


@pytest.mark.parametrize("operation", EDITS)
def test_every_operation_is_logged_and_can_be_taken_back(editor, clefs, operation):
    before = {one.uri: one.labels for one in vocabulary_value(clefs).concepts if not one.deprecated}
    response = editor.post(CHANGES, {"operation": operation, **EDITS[operation]()})
    assert response.status_code == 201, response.json()
    change = response.json()
    assert (change["operation"], change["by"], change["can_be_undone"]) == (operation, "Olga", True)
    assert editor.get(CHANGES).json()["results"][0]["version"] == change["version"]
    undone = editor.post(f"{CHANGES}{change['version']}/undo/")
    assert (undone.status_code, undone.json()["undoes"]) == (201, change["version"])
    after = {one.uri: one.labels for one in vocabulary_value(clefs).concepts if not one.deprecated}
    assert after == before
    assert editor.post(f"{CHANGES}{change['version']}/undo/").status_code == 409


def test_what_changes_nothing_is_not_logged(editor, clefs):
    assert editor.post(CHANGES, {"operation": "describe", "concept": pk("f")}).status_code == 204
    assert clefs.changes.count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "unknown-operation"),
        ({"operation": "explode"}, 422, "unknown-operation"),
        ({"operation": "move", "concept": str(uuid4()), "parent": None}, 404, "not-found"),
        ({"operation": "merge", "sources": [], "target": str(uuid4())}, 422, "invalid"),
        ({"operation": "add", "labels": [{"kind": "alt", "language": "en", "text": "x"}]}, 422, "no-label"),
        ([], 422, "unknown-operation"),
    ],
)
def test_what_cannot_be_done_is_said(editor, sent, status, code):
    response = editor.post(CHANGES, sent)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_an_editor_who_has_seen_less_is_stopped(editor, clefs):
    seen = clefs.version
    body = {"operation": "describe", "concept": pk("f"), "seen": seen}
    assert editor.post(CHANGES, {**body, "notation": "1"}).status_code == 201
    assert editor.post(CHANGES, {**body, "notation": "2"}).status_code == 412


def test_what_a_change_touches_is_foreseen(editor):
    body = {"operation": "merge", "concepts": [pk("c")]}
    touched = editor.post("/api/v1/vocabularies/clefs/foresight/", body).json()
    assert {"kind": "concepts", "count": 1, "sentence": "Narrower concepts stand below."} in touched


def test_a_log_costs_a_constant_number_of_queries(editor, django_assert_max_num_queries):
    for number in range(12):
        editor.post(CHANGES, {"operation": "describe", "concept": pk("f"), "notation": str(number)})
    with django_assert_max_num_queries(5):
        assert len(editor.get(CHANGES).json()["results"]) == 13


def test_a_proposal_and_its_answer(api, clefs, owner, contributor):
    url = "/api/v1/vocabularies/clefs/proposals/"
    api.force_authenticate(contributor)
    body = {"id": str(uuid4()), "label": "percussion clef", "language": "en", "parent": pk("clef")}
    assert api.post(url, body).status_code == 201
    assert api.post(url, body).status_code == 201
    assert len(api.get(url).json()["results"]) == 1
    answer = f"{url}{body['id']}/answer/"
    assert api.post(answer, {"accepted": True}).status_code == 403
    api.force_authenticate(owner)
    accepted = api.post(answer, {"accepted": True, "answer": "Thank you."}).json()
    assert accepted["state"] == "accepted"
    assert Concept.objects.get(pk=accepted["concept"]).ancestors == [Concept.objects.get(pk=pk("clef")).pk]


def test_ones_own_proposals_are_seen_and_those_of_others_are_not(api, clefs, owner, contributor, stranger):
    url = "/api/v1/vocabularies/clefs/proposals/"
    api.force_authenticate(contributor)
    api.post(url, {"id": str(uuid4()), "label": "percussion clef", "language": "en"})
    for person, count in ((contributor, 1), (stranger, 0), (None, 0), (owner, 1)):
        api.force_authenticate(person)
        assert len(api.get(url).json()["results"]) == count
    grant(stranger, clefs, Role.MANAGER)
    api.force_authenticate(stranger)
    assert len(api.get(url).json()["results"]) == 1
