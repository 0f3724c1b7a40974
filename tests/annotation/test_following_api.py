"""Collections, watched manifests and changes over REST: shapes, choices, refusals."""

import pytest

from annotation.actions.changes import Change, record_changes
from annotation.actions.sources import import_from_url
from annotation.models import CollectionMember, Manifest, Origin, SourceChange
from tests.annotation.test_collections import brought, library, nested, run  # noqa: F401 - `library` is a fixture

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def collection(owner, finished, library, api):  # noqa: F811
    api.force_authenticate(owner)
    return brought(nested(library), owner, finished)


def test_an_address_of_a_collection_is_an_import_like_any_other(owner, finished, library, api):  # noqa: F811
    api.force_authenticate(owner)
    answer = api.post(f"{ROOT}/imports/", {"url": nested(library)})
    assert answer.status_code == 202
    from annotation.models import SourceImport

    source = finished(SourceImport.objects.get(pk=answer.json()["id"]))
    again = api.get(f"{ROOT}/imports/{source.pk}/").json()
    assert (again["kind"], again["collection"]) == ("collection", str(source.collection_id))


def test_what_one_follows_with_counts(collection, api, django_assert_num_queries):
    address = f"{ROOT}/collections/"
    with django_assert_num_queries(2):
        (row,) = api.get(address).json()["results"]
    assert (row["manifests"], row["wanted"], row["here"], row["refused"]) == (5, 0, 0, 0)
    assert (row["kind"], row["job"]["state"]) == ("collection", "done")
    assert api.get(f"{address}{collection.pk}/").json() == row


def test_members_by_parent_kind_and_state(collection, api):
    address = f"{ROOT}/collections/{collection.pk}/members/"
    rows = api.get(address).json()["results"]
    assert len(rows) == 7
    root = next(row for row in rows if row["parent"] is None)
    below = api.get(address, {"parent": root["id"], "kind": "manifest"}).json()["results"]
    assert [row["uri"][-10:] for row in below] == ["book0.json", "book1.json", "book2.json"]
    assert api.get(address, {"state": "refused"}).json()["results"] == []
    for wrong in ({"parent": "x"}, {"kind": "x"}, {"state": "x"}):
        assert api.get(address, wrong).status_code == 422


def test_choosing_and_watching(collection, api, library):  # noqa: F811
    address = f"{ROOT}/collections/{collection.pk}/"
    member = CollectionMember.objects.get(uri__endswith="book2.json")
    answer = api.patch(address, {"members": [str(member.pk)], "every": "week"})
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["wanted"], answer.json()["every"]) == (1, "week")
    assert answer.json()["next_check_at"]
    run(collection)
    assert api.get(address).json()["here"] == 1
    assert api.patch(address, {"wants": "all"}).json()["wanted"] == 5
    assert api.patch(address, {"without": [str(member.pk)]}).json()["wanted"] == 4
    for wrong in ({"wants": "x"}, {"every": "x"}, {"members": ["x"]}, {"members": [str(collection.pk)]}):
        assert api.patch(address, wrong).status_code == 422
    assert api.post(f"{address}crawl/").status_code == 409, "it is being read"
    run(collection)
    assert api.post(f"{address}crawl/").status_code == 202


def test_a_manifest_is_watched_and_looked_at(owner, finished, library, api):  # noqa: F811
    api.force_authenticate(owner)
    manifest = finished(import_from_url(library.manifest("book"), by=owner)).manifest
    address = f"{ROOT}/manifests/{manifest.pk}/watch/"
    assert api.get(address).json()["every"] == "never"
    assert api.patch(address, {"every": "day"}).json()["every"] == "day"
    assert api.patch(address, {"every": "hour"}).status_code == 422
    answer = api.post(address)
    assert (answer.status_code, answer.json()["job"]["state"]) == (202, "queued")
    assert Origin.objects.get().job_id is not None


def test_changes_and_their_resolution(owner, stranger, api, django_assert_num_queries):
    manifest = Manifest.objects.create(uri="https://e.org/m", document={}, created_by=owner)
    record_changes(
        [Change("image-gone", "https://e.org/c"), Change("rights", needs_attention=False)],
        follower=owner,
        manifest=manifest,
    )
    api.force_authenticate(owner)
    with django_assert_num_queries(2):
        rows = api.get(f"{ROOT}/changes/").json()["results"]
    assert len(rows) == 2
    (row,) = api.get(f"{ROOT}/changes/", {"open": "true"}).json()["results"]
    assert (row["kind"], row["sentence"]) == ("image-gone", "An image is gone")
    address = f"{ROOT}/changes/{row['id']}/resolve/"
    for _again in range(2):
        answer = api.post(address)
        assert answer.status_code == 200
        assert answer.json()["resolved_at"]
    assert SourceChange.objects.get(pk=row["id"]).resolved_by == owner
    assert api.get(f"{ROOT}/changes/", {"open": "true"}).json()["results"] == []
    api.force_authenticate(stranger)
    assert api.get(f"{ROOT}/changes/").json()["results"] == []
    assert api.post(address).status_code == 404


def test_what_somebody_else_follows_is_not_there(collection, manager, api):
    api.force_authenticate(manager)
    assert api.get(f"{ROOT}/collections/").json()["results"] == []
    for path in ("", "members/"):
        assert api.get(f"{ROOT}/collections/{collection.pk}/{path}").status_code == 404
    assert api.post(f"{ROOT}/collections/{collection.pk}/crawl/").status_code == 404
