"""IIIF Change Discovery 1.0: every example of the specification is read, and streams are walked as it prescribes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from annotation.actions.following import choose_members, crawl_again
from annotation.actions.sources import import_from_url
from annotation.discovery import Activity, Page, apply_page, is_stream, read_collection, read_page
from annotation.discovery.reading import read_activity
from annotation.models import Manifest, SourceChange, SourceCollection
from tests.annotation.institution import Library, says
from tests.annotation.test_collections import library, run, said, states  # noqa: F401 - `library` is a fixture

FOLDER = "iiif-spec-examples/discovery_1.0"


def example(samples: Path, number: int) -> dict[str, Any]:
    (path,) = (samples / FOLDER).glob(f"{number:02}_*.json")
    document: dict[str, Any] = json.loads(path.read_text())
    return document


# --- every example -----------------------------------------------------------------------------------


def test_there_are_eleven_examples(samples: Path) -> None:
    assert len(list((samples / FOLDER).glob("*.json"))) == 11


@pytest.mark.parametrize(
    ("number", "kind", "at"),
    [
        (1, "Update", None),
        (2, "Update", datetime(2017, 9, 20, tzinfo=UTC)),
        (3, "Create", datetime(2017, 9, 20, tzinfo=UTC)),
        (4, "Add", datetime(2019, 11, 22, tzinfo=UTC)),
        (5, "Remove", datetime(2017, 11, 23, tzinfo=UTC)),
        (11, "Update", datetime(2017, 9, 21, tzinfo=UTC)),
    ],
)
def test_activities_of_levels_0_to_2(samples: Path, number: int, kind: str, at: datetime | None) -> None:
    activity, problems = read_activity(example(samples, number))
    assert problems == ()
    assert activity is not None
    assert (activity.kind, activity.at) == (kind, at)
    assert (activity.uri, activity.object_kind) == ("https://example.org/iiif/1/manifest", "Manifest")


def test_a_refresh_has_a_beginning_and_no_object(samples: Path) -> None:
    activity, problems = read_activity(example(samples, 6))
    assert problems == ()
    assert activity is not None
    assert (activity.kind, activity.uri, activity.at) == ("Refresh", "", None)
    assert activity.started_at == datetime(2020, 6, 21, tzinfo=UTC)


@pytest.mark.parametrize(("number", "count"), [(7, 2), (10, 1)])
def test_pages(samples: Path, number: int, count: int) -> None:
    page = read_page(example(samples, number))
    assert page.problems == ()
    assert (page.uri, len(page.activities)) == ("https://example.org/activity/page-1", count)
    assert (page.prev, page.next) == (
        "https://example.org/activity/page-0",
        "https://example.org/activity/page-2",
    )
    assert page.part_of == "https://example.org/activity/all-changes"


@pytest.mark.parametrize("number", [8, 9])
def test_collections_of_pages(samples: Path, number: int) -> None:
    document = example(samples, number)
    assert is_stream(document)
    stream = read_collection(document)
    assert (stream.uri, stream.total, stream.problems) == (
        "https://example.org/activity/all-changes", 21456, (),
    )  # fmt: skip
    assert stream.last == "https://example.org/activity/page-214"
    assert stream.first == "https://example.org/activity/page-0"


def test_a_iiif_collection_is_no_stream(samples: Path) -> None:
    path = samples / "iiif-cookbook/0032-collection/collection.json"
    assert not is_stream(json.loads(path.read_text()))
    assert not is_stream([])


# --- what is wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "pointer", "kept"),
    [
        ("x", "/orderedItems/0", False),
        ({"type": "Like", "object": "https://e.org/m"}, "/orderedItems/0/type", False),
        ({"type": "Update"}, "/orderedItems/0/object", False),
        ({"type": "Update", "object": {"id": "urn:x"}}, "/orderedItems/0/object", False),
        ({"type": "Move", "object": "https://e.org/m"}, "/orderedItems/0/target", True),
        (
            {"type": "Update", "object": "https://e.org/m", "endTime": "yesterday"},
            "/orderedItems/0/endTime",
            True,
        ),
        ({"type": "Update", "object": "https://e.org/m", "endTime": 5}, "/orderedItems/0/endTime", True),
    ],
)
def test_a_bad_activity_is_reported_and_costs_only_itself(node: object, pointer: str, kept: bool) -> None:
    good = {"type": "Update", "object": "https://e.org/good"}
    page = read_page({"type": "OrderedCollectionPage", "orderedItems": [node, good]})
    assert [problem.pointer for problem in page.problems] == [pointer]
    assert [activity.uri for activity in page.activities][kept:] == ["https://e.org/good"]


def test_relative_addresses_and_times_without_a_zone_are_completed() -> None:
    page = read_page(
        {"id": "p1", "prev": {"id": "p0"}, "orderedItems": [
            {"type": "as:Update", "object": {"@id": "m"}, "endTime": "2020-01-01T00:00:00"}
        ]},
        url="https://e.org/s/p1",
    )  # fmt: skip
    assert (page.prev, page.activities[0].uri) == ("https://e.org/s/p0", "https://e.org/s/m")
    assert page.activities[0].at == datetime(2020, 1, 1, tzinfo=UTC)


# --- the rule of reading backwards ---------------------------------------------------------------------


def at(day: int) -> datetime:
    return datetime(2020, 1, day, tzinfo=UTC)


def act(kind: str, name: str = "", day: int | None = None, **more: str) -> Activity:
    return Activity(
        kind, f"https://e.org/{name}" if name else "", "Manifest", at=at(day) if day else None, **more
    )


def step(*activities: Activity, prev: str = "p", **known: Any) -> tuple[list[str], bool, bool]:
    known = {"seen": set(), "since": None, **known}
    done = apply_page(Page("x", activities, prev=prev), **known)
    return [f"{a.kind} {a.uri[-1:]}" for a in done.activities], done.is_over, done.only_going


def test_the_newest_change_of_a_thing_counts() -> None:
    found = step(act("Create", "a", 1), act("Update", "b", 2), act("Delete", "a", 3))
    assert found == (["Delete a", "Update b"], False, False)
    assert step(act("Create", "a", 1), seen={"https://e.org/a"})[0] == []


def test_what_is_older_than_the_last_walk_ends_it() -> None:
    found = step(act("Update", "a", 1), act("Update", "b", 2), act("Update", "c", 3), since=at(2))
    assert found == (["Update c", "Update b"], True, False), "the same second may hold something new"


def test_a_stream_without_times_ends_at_the_change_known_by_its_id() -> None:
    changes = [act("Update", "a", id="1"), act("Update", "b", id="2"), act("Update", "c", id="3")]
    assert step(*changes, last_id="2") == (["Update c"], True, False)


def test_the_first_page_is_the_end() -> None:
    assert step(act("Update", "a", 1), prev="")[1] is True


def test_a_refresh_ends_a_first_reading() -> None:
    assert step(act("Update", "a", 1), act("Refresh"), act("Update", "b", 3)) == (["Update b"], True, False)


def test_behind_a_refresh_only_what_goes_counts() -> None:
    found = step(
        act("Update", "a", 2), act("Delete", "c", 3), act("Refresh"), act("Update", "b", 5), since=at(1)
    )
    assert found == (["Update b", "Delete c"], False, True)
    assert step(act("Create", "a", 2), act("Move", "d", 3, target="x"), since=at(1), only_going=True)[0] == [
        "Move d"
    ]


# --- a stream that is followed -------------------------------------------------------------------------


def change(kind: str, uri: str, day: int, **more: object) -> dict[str, Any]:
    time = at(day).isoformat().replace("+00:00", "Z")
    return {"type": kind, "object": {"id": uri, "type": "Manifest"}, "endTime": time, **more}


def publish(library: Library, *pages: list[dict[str, Any]]) -> str:  # noqa: F811
    context = {"@context": "http://iiif.io/api/discovery/1/context.json"}
    for number, items in enumerate(pages):
        page: dict[str, Any] = {**context, "id": library.url(f"p{number}"), "type": "OrderedCollectionPage"}
        page["orderedItems"] = items
        if number:
            page["prev"] = {"id": library.url(f"p{number - 1}"), "type": "OrderedCollectionPage"}
        library.put(f"p{number}", page)
    last = {"id": library.url(f"p{len(pages) - 1}"), "type": "OrderedCollectionPage"}
    stream = {**context, "id": library.url("stream"), "type": "OrderedCollection", "last": last}
    return library.put("stream", stream)


def followed(url: str, owner: Any, finished: Any, **choice: Any) -> SourceCollection:
    source = finished(import_from_url(url, by=owner))
    assert (source.job.state, source.kind) == ("done", "collection"), source.job.error
    run(source.collection)
    if choice:
        choose_members(source.collection, by=owner, **choice)
        run(source.collection)
    return source.collection


@pytest.fixture
def books(library: Library) -> list[str]:  # noqa: F811
    return [library.manifest(f"book{number}") for number in range(4)]


@pytest.mark.django_db
def test_a_stream_is_recognised_and_read_backwards(owner, finished, library, books) -> None:  # noqa: F811
    url = publish(
        library,
        [change("Create", books[0], 1), change("Create", books[1], 2)],
        [change("Create", books[2], 3), change("Delete", books[1], 4)],
    )
    collection = followed(url, owner, finished)
    assert collection.kind == "stream"
    assert library.asked == ["stream", "stream", "p1", "p0"]
    assert states(collection) == {"book0.json": "listed", "book1.json": "gone", "book2.json": "listed"}
    assert collection.last_change_at == at(4)


@pytest.mark.django_db
def test_the_next_walk_stops_where_the_last_one_began(owner, finished, library, books) -> None:  # noqa: F811
    old = [[change("Create", books[0], 1)], [change("Create", books[1], 2), change("Create", books[2], 3)]]
    collection = followed(publish(library, *old), owner, finished, wants="all")
    assert Manifest.objects.count() == 3
    publish(library, *old, [change("Update", books[0], 5), change("Create", books[3], 6)])
    library.manifest("book0", pages=3)
    library.asked.clear()
    crawl_again(collection, by=owner)
    job = run(collection)
    assert job.state == "done", job.error
    assert "p0" not in library.asked
    assert set(library.asked) == {"stream", "p2", "p1", "book0.json", "book3.json", "book2.json"}
    assert library.unchanged == ["book2.json"]
    assert Manifest.objects.get(uri=books[0]).canvases.count() == 3
    assert Manifest.objects.filter(uri=books[3]).exists()
    assert collection.last_change_at == at(6)


@pytest.mark.django_db
def test_only_what_is_here_already(owner, finished, library, books) -> None:  # noqa: F811
    finished(import_from_url(books[1], by=owner))
    url = publish(library, [change("Create", uri, 1) for uri in books])
    collection = followed(url, owner, finished, wants="known")
    assert Manifest.objects.count() == 1
    assert states(collection)["book1.json"] == "unchanged", "asked for with its ETag"
    assert states(collection)["book0.json"] == "listed"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["Delete", "Remove"])
def test_what_is_deleted_is_flagged_and_kept(owner, finished, library, books, kind) -> None:  # noqa: F811
    url = publish(library, [change("Add", uri, 1) for uri in books])
    collection = followed(url, owner, finished, wants="all")
    publish(library, [change("Add", uri, 1) for uri in books], [change(kind, books[0], 2)])
    crawl_again(collection, by=owner)
    run(collection)
    assert states(collection)["book0.json"] == "gone"
    assert Manifest.objects.count() == 4
    found = SourceChange.objects.get(kind="manifest-gone")
    assert (found.manifest.uri, found.is_open) == (books[0], True)


@pytest.mark.django_db
def test_what_moves_keeps_its_place_here(owner, finished, library, books) -> None:  # noqa: F811
    url = publish(library, [change("Create", books[0], 1)])
    collection = followed(url, owner, finished, wants="all")
    mine = Manifest.objects.get()
    library.manifest("new")
    moved = {**change("Move", books[0], 2), "target": {"id": library.url("new.json"), "type": "Manifest"}}
    publish(library, [change("Create", books[0], 1)], [moved])
    crawl_again(collection, by=owner)
    job = run(collection)
    assert job.state == "done", job.error
    assert states(collection) == {"book0.json": "gone", "new.json": "read"}, said(job)
    assert Manifest.objects.get().pk == mine.pk
    assert Manifest.objects.get().uri == library.url("new.json")
    assert SourceChange.objects.filter(kind="manifest-moved", needs_attention=False).count() == 1


@pytest.mark.django_db
def test_a_walk_goes_on_at_the_page_where_it_stopped(owner, finished, library, books) -> None:  # noqa: F811
    from work.actions import resume_job

    url = publish(library, *[[change("Create", uri, day)] for day, uri in enumerate(books, 1)])
    library.misbehave("p1", says(404))
    source = finished(import_from_url(url, by=owner))
    job = run(source.collection)
    assert job.state == "failed"
    assert "404" in job.error
    library.asked.clear()
    resume_job(job)
    assert run(source.collection).state == "done"
    assert library.asked == ["p1", "p0"]
    assert len(states(source.collection)) == 4


@pytest.mark.django_db
def test_a_busy_stream_waits_politely(owner, finished, library, books) -> None:  # noqa: F811
    url = publish(library, [change("Create", books[0], 1)])
    library.misbehave("p0", says(429, Retry_After="1800"))
    source = finished(import_from_url(url, by=owner))
    job = run(source.collection)
    assert (job.state, job.not_before is not None) == ("queued", True)


@pytest.mark.django_db
def test_pages_that_lead_in_a_circle_end(owner, finished, library, books) -> None:  # noqa: F811
    url = publish(library, [change("Create", books[0], 1)], [change("Create", books[1], 2)])
    library.documents["/p0"]["prev"] = library.url("p0")
    collection = followed(url, owner, finished)
    assert "in a circle" in said(collection.job)


@pytest.mark.django_db
def test_changes_of_other_things_are_said_and_left(owner, finished, library, books) -> None:  # noqa: F811
    other = change("Update", library.url("image"), 1)
    other["object"]["type"] = "ImageService3"
    collection = followed(publish(library, [other, change("Create", books[0], 2)]), owner, finished)
    assert states(collection) == {"book0.json": "listed"}
    assert "ImageService3" in said(collection.job)


# --- our own stream ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_our_own_stream_is_one(owner, client, django_assert_num_queries) -> None:
    for number in range(120):
        Manifest.objects.create(
            uri=f"https://e.org/{number}", document={}, created_by=owner, is_public=number != 5
        )
    with django_assert_num_queries(1):
        entry = client.get("/iiif/discovery/").json()
    stream = read_collection(entry)
    assert (stream.total, stream.problems) == (119, ())
    assert is_stream(entry)
    found: list[Activity] = []
    address = stream.last
    while address:
        with django_assert_num_queries(2):
            document = client.get(address.replace("http://testserver", "")).json()
        page = read_page(document)
        assert page.problems == ()
        assert page.part_of == stream.uri
        found += reversed(page.activities)
        address = page.prev
    assert len({activity.uri for activity in found}) == 119
    times = [activity.at for activity in found if activity.at]
    assert times == sorted(times, reverse=True)
    assert {activity.kind for activity in found} == {"Create"}
    assert client.get("/iiif/discovery/7").status_code == 404


@pytest.mark.django_db
def test_a_manifest_that_was_read_again_is_an_update_at_the_end(owner, client) -> None:
    first = Manifest.objects.create(uri="https://e.org/1", document={}, created_by=owner)
    Manifest.objects.create(uri="https://e.org/2", document={}, created_by=owner)
    Manifest.objects.filter(pk=first.pk).update(created_at=at(1))
    first.refresh_from_db()
    first.save()
    page = read_page(client.get("/iiif/discovery/0").json())
    assert [activity.kind for activity in page.activities] == ["Create", "Update"]
    assert str(first.pk) in page.activities[-1].uri


@pytest.mark.django_db
def test_a_site_with_nothing_has_an_empty_stream(client) -> None:
    assert client.get("/iiif/discovery/").json()["totalItems"] == 0
    assert client.get("/iiif/discovery/0").json()["orderedItems"] == []
