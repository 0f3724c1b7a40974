"""Pages of followed collections and of changes: what is shown, chosen, saved, and how much it costs."""

import pytest
from django.urls import reverse

from annotation.actions.changes import Change, record_changes
from annotation.actions.sources import import_from_url
from annotation.models import CollectionMember, Manifest, Origin, SourceChange
from frontend.changes import ADVICE, explained
from tests.annotation.conftest import finished  # noqa: F401 - a fixture
from tests.annotation.test_collections import brought, library, nested, run  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(owner, finished, library, client):  # noqa: F811
    client.force_login(owner)
    return brought(nested(library), owner, finished)


def test_the_progress_page_leads_to_what_the_collection_holds(collection, client):
    source = collection.imports.get()
    page = client.get(reverse("source-import-progress", args=[source.pk])).content.decode()
    assert reverse("collection", args=[collection.pk]) in page
    assert "c-top" in page


def test_the_tree_is_walked_level_by_level(collection, client):
    address = reverse("collection", args=[collection.pk])
    page = client.get(address).content.decode()
    assert page.count('name="members"') == 4
    assert "5 manifests listed" in page
    inner = CollectionMember.objects.get(uri__endswith="c-inner.json")
    assert f"?at={inner.pk}" in page
    below = client.get(address, {"at": inner.pk}).content.decode()
    assert below.count('name="members"') == 2
    assert client.get(address, {"at": collection.pk}).status_code == 404
    assert client.get(address, {"at": "x"}).status_code == 422


def test_what_is_marked_is_brought_in_and_what_is_unmarked_is_not(collection, client):
    address = reverse("collection", args=[collection.pk])
    shown = [str(row.pk) for row in collection.members.filter(ancestors__len=1)]
    one = collection.members.get(uri__endswith="book1.json")
    assert client.post(address, {"shown": shown, "members": [str(one.pk)]}).status_code == 302
    assert list(collection.members.filter(is_wanted=True)) == [one]
    run(collection)
    page = client.get(address).content.decode()
    assert "1 is here" in page
    assert reverse("source", args=[Manifest.objects.get().pk]) in page
    client.post(address, {"shown": shown, "members": []})
    assert not collection.members.filter(is_wanted=True).exists()


def test_following_and_looking_again(collection, client):
    client.post(reverse("collection-follow", args=[collection.pk]), {"wants": "all", "every": "week"})
    collection.refresh_from_db()
    assert (collection.wants, collection.every) == ("all", "week")
    run(collection)
    assert Manifest.objects.count() == 5
    client.post(reverse("collection-crawl", args=[collection.pk]))
    collection.refresh_from_db()
    assert collection.round == 2


def test_a_page_costs_the_same_for_few_and_many(collection, client, django_assert_max_num_queries):
    root = collection.members.get(parent=None)
    CollectionMember.objects.bulk_create(
        CollectionMember(
            collection=collection, parent=root, ancestors=[root.pk], kind="manifest", uri=f"https://e.org/{n}",
            position=10 + n,
        )
        for n in range(300)
    )  # fmt: skip
    with django_assert_max_num_queries(18):
        assert b"305 manifests" in client.get(reverse("collection", args=[collection.pk])).content


def test_changes_are_shown_explained_and_settled(owner, client, django_assert_max_num_queries):
    manifest = Manifest.objects.create(uri="https://e.org/m", document={}, created_by=owner)
    record_changes(
        [
            Change("image-gone", "https://e.org/c", "https://e.org/i", "404"),
            Change("canvas-rescaled", "https://e.org/d", [1, 2], [2, 4, 7], needs_attention=False),
            Change("canvases-added", "", None, {"count": 3, "uris": []}, needs_attention=False),
            Change("statement", "", None, {"label": {"en": ["Credit"]}, "value": {"en": ["The library"]}}),
        ],
        follower=owner,
        manifest=manifest,
    )
    client.force_login(owner)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("change-list")).content.decode()
    assert "An image is gone" in page
    assert "ask the institution" in page
    assert "were scaled" not in page
    everything = client.get(f"{reverse('change-list')}?all").content.decode()
    assert "2 × 4, 7 annotations" in everything
    assert "3 of them" in everything
    assert "The library" in everything
    assert "2 changes at your sources need a look" in client.get(reverse("source-list")).content.decode()
    change = SourceChange.objects.get(kind="image-gone")
    client.post(reverse("change-resolve", args=[change.pk]))
    assert "An image is gone" not in client.get(reverse("change-list")).content.decode()


def test_every_change_that_needs_somebody_says_what_to_do():
    harmless = {"canvases-added", "canvases-removed", "canvases-reordered"}
    assert set(ADVICE) == set(SourceChange.Kind.values) - harmless
    for kind in SourceChange.Kind.values:
        assert explained(SourceChange(kind=kind))["change"].get_kind_display()


def test_the_watch_on_a_source(owner, finished, library, client, stranger):  # noqa: F811
    manifest = finished(import_from_url(library.manifest("book"), by=owner)).manifest
    address = reverse("source", args=[manifest.pk])
    assert 'data-testid="watch"' not in client.get(address).content.decode()
    client.force_login(owner)
    assert 'data-testid="watch"' in client.get(address).content.decode()
    client.post(reverse("source-watch", args=[manifest.pk]), {"every": "day"})
    assert Origin.objects.get().every == "day"
    client.post(reverse("source-watch", args=[manifest.pk]), {"every": "day", "now": "1"})
    assert Origin.objects.get().job.state == "queued"
    assert "Looking at the source again" in client.get(address).content.decode()
