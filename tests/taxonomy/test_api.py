"""Vocabularies over REST: list, browse, search, bring in; private ones only for their people."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.roles import Role, grant
from taxonomy.models import Vocabulary
from tests.taxonomy.conftest import CLEFS
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db
BASE = "/api/v1/vocabularies/"


def test_anybody_reads_a_public_vocabulary(api, clefs):
    (row,) = api.get(BASE).json()["results"]
    assert (row["slug"], row["concepts"]) == ("clefs", 5)
    assert api.get(f"{BASE}clefs/").json() == row
    top = api.get(f"{BASE}clefs/concepts/?parent=top&lang=fr").json()
    assert (top["total"], top["items"][0]["label"], top["items"][0]["children"]) == (1, "clef", 3)
    below = api.get(f"{BASE}clefs/concepts/?parent={top['items'][0]['id']}").json()
    assert [item["notation"] for item in below["items"]] == ["G", "F", "C"]
    hit = api.get(f"{BASE}clefs/concepts/?q=cle+de+sol&lang=fr").json()["items"][0]
    assert (hit["label"], hit["matched"], hit["path"]) == ("clef de sol", None, ["clef"])
    hit = api.get(f"{BASE}clefs/concepts/?q=treble&lang=fr").json()["items"][0]
    assert (hit["label"], hit["matched"]) == ("clef de sol", "treble clef")
    concept = api.get(f"{BASE}clefs/concepts/{hit['id']}/").json()
    assert {label["language"] for label in concept["labels"]} == {"en", "fr"}


def test_a_private_vocabulary_is_for_its_people(api, owner, observer, stranger, clefs):
    Vocabulary.objects.update(is_public=False)
    grant(observer, clefs, Role.OBSERVER)
    for person, status in ((None, 404), (stranger, 404), (observer, 200), (owner, 200)):
        api.force_authenticate(person)
        assert api.get(f"{BASE}clefs/").status_code == status
        assert api.get(f"{BASE}clefs/concepts/").status_code == status
        assert api.get(BASE).json()["count"] == (status == 200)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=x",
        "limit=",
        "limit=99999999999999999999",
        "limit=-1",
        "limit=٣",
        "parent=x",
    ],
)
def test_parameters_out_of_range_are_problems(api, clefs, query):
    response = api.get(f"{BASE}clefs/concepts/?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "query", ["q=%00", "lang=%00", "q=%27%29%26%7C%21%3A%2A%5C", "lang=" + "x" * 5000, "q=%ED%A0%80"]
)
def test_odd_parameters_are_harmless(api, clefs, query):
    assert api.get(f"{BASE}clefs/concepts/?{query}").status_code == 200


def test_a_curator_brings_one_in_and_watches(api, owner):
    api.force_authenticate(owner)
    file = SimpleUploadedFile("clefs.ttl", CLEFS.encode())
    response = api.post(f"{BASE}imports/", {"file": file, "title_fr": "Les clés"}, format="multipart")
    assert response.status_code == 202
    record = response.json()
    assert (record["slug"], record["job"]["state"], record["vocabulary"]) == ("clefs", "queued", None)
    run_job(str(Job.objects.get().pk))
    assert api.get(f"{BASE}imports/{record['id']}/").json()["vocabulary"] is None, "a dry run changes nothing"
    applied = api.post(f"{BASE}imports/{record['id']}/apply/")
    assert applied.status_code == 202, applied.json()
    run_job(applied.json()["job"]["id"])
    record = api.get(f"{BASE}imports/{record['id']}/").json()
    assert (record["vocabulary"], record["job"]["share"], record["title"]) == (
        "clefs",
        1.0,
        {"fr": "Les clés"},
    )
    assert record["job"]["lines"]


def test_others_may_not(api, stranger, owner, manager, bring):
    file = SimpleUploadedFile("clefs.ttl", CLEFS.encode())
    assert api.post(f"{BASE}imports/", {"file": file}, format="multipart").status_code == 401
    api.force_authenticate(stranger)
    assert api.post(f"{BASE}imports/", {"file": file}, format="multipart").status_code == 403
    record = bring()
    api.force_authenticate(manager)
    assert api.get(f"{BASE}imports/{record.pk}/").status_code == 404
    assert api.get(f"{BASE}imports/{uuid4()}/").status_code == 404
    assert api.get(f"{BASE}clefs/concepts/{uuid4()}/").status_code == 404


def test_no_file_is_a_fault_at_its_field(api, owner):
    api.force_authenticate(owner)
    response = api.post(f"{BASE}imports/", {}, format="multipart")
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/file"


def test_queries_do_not_grow(api, bring, clefs, django_assert_num_queries):
    table = "notation,label_en\n" + "".join(f"N{n},clef {n}\n" for n in range(300))
    bring(table, "large.csv")
    concept = clefs.concepts.first()
    for slug in ("clefs", "large"):
        with django_assert_num_queries(2):
            api.get(BASE)
        with django_assert_num_queries(2):
            api.get(f"{BASE}{slug}/")
        with django_assert_num_queries(7):
            api.get(f"{BASE}{slug}/concepts/?q=clef&limit=100")
        with django_assert_num_queries(5):
            api.get(f"{BASE}{slug}/concepts/?parent=top&limit=100")
    with django_assert_num_queries(5):
        api.get(f"{BASE}clefs/concepts/{concept.pk}/")
