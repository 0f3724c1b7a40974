"""Sources are looked at again: each kind of change is kept once, settled when it is well, and resolved by people."""

from datetime import timedelta
from itertools import pairwise

import pytest
from celery import current_app
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from annotation import jobs
from annotation.actions.changes import Change, record_changes, resolve_change
from annotation.actions.following import choose_members, look_again, request_due, watch
from annotation.actions.sources import import_from_url
from annotation.look import SAMPLE, sample
from annotation.models import Manifest, Origin, SourceChange
from tests.annotation.conftest import annotate, make_layer
from tests.annotation.institution import WEB_PAGE, says
from tests.annotation.test_collections import library, run, said  # noqa: F401 - `library` is a fixture
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(owner, finished, library) -> Manifest:  # noqa: F811
    """A manifest of three pages, read from the library."""
    return finished(import_from_url(library.manifest("book", pages=3), by=owner)).manifest


def look(manifest, owner) -> Job:
    job = look_again(manifest, by=owner)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def kinds() -> dict[str, bool]:
    return {row.kind: row.is_open for row in SourceChange.objects.order_by("found_at")}


def test_an_import_keeps_what_is_needed_to_ask_again(book, library):  # noqa: F811
    origin = Origin.objects.get(manifest=book)
    assert (origin.url, origin.every) == (library.url("book.json"), "never")
    assert origin.etag


def test_nothing_has_changed(book, owner, library):  # noqa: F811
    job = look(book, owner)
    assert library.unchanged == ["book.json"]
    assert "has not changed" in said(job)
    assert not SourceChange.objects.exists()
    assert (job.done, job.total) == (4, 4)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says(404), "manifest-gone"),
        (says(410), "manifest-gone"),
        (says(403), "manifest-unreadable"),
        (says(200, WEB_PAGE, Content_Type="text/html"), "manifest-unreadable"),
        (says(200, b"{}", Content_Type="application/json"), "manifest-unreadable"),
    ],
)
def test_a_manifest_that_is_gone_and_comes_back(book, owner, library, answer, kind):  # noqa: F811
    library.misbehave("book.json", answer, answer)
    look(book, owner)
    assert kinds() == {kind: True}
    look(book, owner)
    assert SourceChange.objects.count() == 1, "what is known is only seen again"
    library.manifest("book", pages=4)
    look(book, owner)
    assert not SourceChange.objects.get(kind=kind).is_open, "settled by itself"


def test_trouble_that_passes_is_no_change(book, owner, library):  # noqa: F811
    library.misbehave("book.json", *[says(500)] * 3)
    library.misbehave("book/image/1/info.json", *[says(503, Retry_After="900")] * 3)
    job = look(book, owner)
    assert not SourceChange.objects.exists()
    assert "slow down" in said(job)
    assert "book/image/2/info.json" not in library.asked, "a host that asks for a rest gets it"


def test_a_manifest_that_has_moved(book, owner, library):  # noqa: F811
    new = library.put("new.json", library.documents["/book.json"])
    library.misbehave("book.json", says(301, Location=new), says(301, Location=new))
    look(book, owner)
    look(book, owner)
    change = SourceChange.objects.get(kind="manifest-moved")
    assert (change.before, change.after) == (library.url("book.json"), new)


@pytest.mark.parametrize(
    ("change", "kind", "is_open"),
    [
        (lambda d: d.update(rights="http://rightsstatements.org/vocab/InC/1.0/"), "rights", True),
        (
            lambda d: d.update(requiredStatement={"label": {"en": ["Credit"]}, "value": {"en": ["Us"]}}),
            "statement",
            True,
        ),
        (lambda d: d["items"].pop(), "canvases-removed", False),
        (lambda d: d["items"].reverse(), "canvases-reordered", False),
        (lambda d: d["items"][0].update(width=500, height=700), "canvas-rescaled", False),
        (lambda d: d["items"][0].update(width=700, height=500), "canvas-reshaped", False),
        (
            lambda d: d["items"][0]["items"][0]["items"][0]["body"]["service"][0].update(
                id="https://new.org/i"
            ),
            "service-moved",
            False,
        ),
        (
            lambda d: d["items"][0]["items"][0]["items"][0]["body"].update(width=4000, height=5600),
            "image-resized",
            False,
        ),
    ],
)
def test_each_kind_of_change_in_a_manifest(book, owner, library, change, kind, is_open):  # noqa: F811
    change(library.documents["/book.json"])
    # Their info.json is not what this is about.
    library.documents = {"/book.json": library.documents["/book.json"]}
    Origin.objects.filter(manifest=book).update(etag="")
    look(book, owner)
    found = kinds()
    assert found.pop("image-gone", None) in (True, None)
    assert found == {kind: is_open}


def test_canvases_that_are_added(book, owner, library):  # noqa: F811
    library.manifest("book", pages=5)
    look(book, owner)
    change = SourceChange.objects.get()
    assert (change.kind, change.after["count"], change.is_open) == ("canvases-added", 2, False)


def test_canvases_in_use_that_go(book, owner, library):  # noqa: F811
    annotate(make_layer(owner), book.canvases.last())
    library.documents["/book.json"]["items"].pop()
    look(book, owner)
    assert kinds() == {"canvases-kept": True}
    assert book.canvases.count() == 3


def test_images_that_are_gone_and_come_back(book, owner, library):  # noqa: F811
    info = library.documents.pop("/book/image/2/info.json")
    look(book, owner)
    change = SourceChange.objects.get()
    assert (change.kind, change.place[-1], change.is_open) == ("image-gone", "2", True)
    library.put("book/image/2/info.json", info)
    look(book, owner)
    assert kinds() == {"image-gone": False}


def test_images_of_another_size_and_services_that_moved(book, owner, library):  # noqa: F811
    library.documents["/book/image/1/info.json"]["width"] = 999
    library.documents["/book/image/2/info.json"]["id"] = "https://elsewhere.example/2"
    library.documents["/book/image/3/info.json"]["id"] += "/"
    look(book, owner)
    assert kinds() == {"image-resized": True, "service-moved": True}
    resized = SourceChange.objects.get(kind="image-resized")
    assert (resized.before, resized.after) == ([2000, 2800], [999, 2800])


def test_images_are_asked_for_where_the_manifest_says_now(book, owner, library):  # noqa: F811
    document = library.documents["/book.json"]
    body = document["items"][0]["items"][0]["items"][0]["body"]
    services = body["service"]
    (services[0] if isinstance(services, list) else services)["id"] = library.url("book/moved")
    library.put("book/moved/info.json", {"id": library.url("book/moved"), "width": 2000, "height": 2800})
    library.misbehave("book/image/1/info.json", says(404), says(404))
    look(book, owner)
    assert kinds() == {"service-moved": False}
    assert any("book/moved/info.json" in path for path in library.asked)


def test_what_a_person_has_looked_at_is_not_raised_again(book, owner, library):  # noqa: F811
    library.documents["/book/image/1/info.json"]["width"] = 999
    look(book, owner)
    resolve_change(SourceChange.objects.get(), by=owner)
    look(book, owner)
    assert kinds() == {"image-resized": False}
    library.documents["/book/image/1/info.json"]["width"] = 888
    look(book, owner)
    assert SourceChange.objects.filter(resolved_at=None).count() == 1, "another size is news"


def test_static_images_are_asked_for_too(book, owner, library):  # noqa: F811
    library.put("there.jpg", {})
    first, second, _third = book.canvases.order_by("position")
    book.canvases.update(image_service="")
    book.canvases.exclude(pk__in=[first.pk, second.pk]).update(image_url="")
    book.canvases.filter(pk=first.pk).update(image_url=library.url("there.jpg"))
    book.canvases.filter(pk=second.pk).update(image_url=library.url("gone.jpg"))
    look(book, owner)
    assert [row.place for row in SourceChange.objects.all()] == [second.uri]


def test_a_long_manifest_is_sampled_evenly(owner, finished, library):  # noqa: F811
    manifest = finished(import_from_url(library.manifest("long", pages=100), by=owner)).manifest
    positions = [canvas.position for canvas in sample(manifest)]
    assert (len(positions), positions[0], positions[-1]) == (SAMPLE, 0, 99)
    assert max(b - a for a, b in pairwise(positions)) <= 6


def test_many_changes_take_three_statements(book, owner, django_assert_max_num_queries):
    for _again in range(2):
        with django_assert_max_num_queries(3):
            record_changes(
                [Change("image-gone", f"https://e.org/{n}") for n in range(500)],
                follower=owner,
                manifest=book,
            )
    assert SourceChange.objects.count() == 500


# --- the schedule ---------------------------------------------------------------------------------------


def test_nothing_is_watched_unless_somebody_says_so(book, owner):
    assert request_due() == 0
    watch(Origin.objects.get(manifest=book), every="week", by=owner)
    assert request_due() == 0, "a week begins now"


def test_what_is_due_is_queued_once_and_due_again_later(book, owner, finished, library):  # noqa: F811
    collection = finished(
        import_from_url(library.collection("c-top", library.manifest("other")), by=owner)
    ).collection
    choose_members(collection, by=owner, wants="all")
    run(collection)
    origin = Origin.objects.get(manifest=book)
    watch(origin, every="day", by=owner)
    watch(collection, every="week", by=owner)
    past = timezone.now() - timedelta(minutes=1)
    Origin.objects.filter(pk=origin.pk).update(next_check_at=past)
    type(collection).objects.filter(pk=collection.pk).update(next_check_at=past)
    before = Job.objects.count()
    jobs.watch_sources()
    assert Job.objects.count() == before + 2
    jobs.watch_sources()
    assert Job.objects.count() == before + 2
    origin.refresh_from_db()
    assert timedelta(hours=23) < origin.next_check_at - timezone.now() < timedelta(hours=25)
    collection.refresh_from_db()
    assert collection.round == 2
    assert run(collection).state == "done"
    assert set(library.unchanged) == {"c-top.json", "other.json"}
    watch(origin, every="never", by=owner)
    assert origin.next_check_at is None


def test_beat_rings_for_the_watch():
    schedule = site.CELERY_BEAT_SCHEDULE["watch"]
    assert schedule["task"] in current_app.tasks
    assert schedule["schedule"] <= 3600


@pytest.mark.django_db(transaction=True)
def test_two_beats_ring_once(book, owner):
    """Whoever does not get the lock leaves."""
    watch(Origin.objects.get(manifest=book), every="day", by=owner)
    Origin.objects.update(next_check_at=timezone.now() - timedelta(minutes=1))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [jobs.WATCH_LOCK])
            jobs.watch_sources()
            assert not Job.objects.filter(kind="annotation.look").exists()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [jobs.WATCH_LOCK])
    finally:
        other.close()
    jobs.watch_sources()
    assert Job.objects.filter(kind="annotation.look").count() == 1
