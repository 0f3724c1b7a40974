"""Collections are followed: listed, chosen from, crawled politely, taken up again, and read only where changed."""

import json
import time
import tracemalloc

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotation import crawl as crawling
from annotation import manifest_import
from annotation.actions import members as listing
from annotation.actions.following import choose_members, crawl_again, follow
from annotation.actions.sources import import_from_file, import_from_url
from annotation.models import CollectionMember, Manifest, SourceChange, SourceCollection, SourceImport
from problems import Conflict, Invalid
from tests.annotation.conftest import upload
from tests.annotation.institution import WEB_PAGE, Library, hangs_up, opened, says
from work.actions import resume_job, run_job, stop_job, sweep
from work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(settings):
    cache.clear()
    with opened() as server:
        settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [server.host]
        yield server
    cache.clear()


def run(collection: SourceCollection) -> Job:
    """Do the crawl as workers would, slice after slice."""
    collection.refresh_from_db()
    job = collection.job
    for _slice in range(50):
        run_job(str(job.pk))
        job.refresh_from_db()
        if job.state != Job.State.QUEUED or job.not_before:
            break
    collection.refresh_from_db()
    return job


def brought(url: str, owner, finished) -> SourceCollection:
    """Import an address that turns out to be a collection, and list it."""
    source = finished(import_from_url(url, by=owner))
    assert source.job.state == "done", source.job.error
    assert source.kind == "collection"
    run(source.collection)
    return source.collection


def said(job: Job) -> str:
    return "\n".join(f"{line.severity}: {line.sentence} {line.place}" for line in job.lines.all())


def states(collection: SourceCollection) -> dict[str, str]:
    rows = collection.members.filter(kind="manifest").values_list("uri", "state")
    return {uri.rpartition("/")[2]: state for uri, state in rows}


def nested(library: Library) -> str:
    books = [library.manifest(f"book{number}") for number in range(5)]
    library.collection("c-inner", books[3], books[4])
    return library.collection("c-top", *books[:3], library.url("c-inner.json"))


def test_a_collection_is_listed_before_anything_is_brought_in(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    assert (collection.kind, collection.label, collection.wants) == (
        "collection",
        {"en": ["c-top"]},
        "chosen",
    )
    assert states(collection) == {f"book{number}.json": "listed" for number in range(5)}
    assert library.asked == ["c-top.json", "c-top.json", "c-inner.json"], "no manifest was fetched"
    inner = collection.members.get(uri__endswith="c-inner.json")
    assert inner.children.count() == 2
    assert Manifest.objects.count() == 0


def test_what_is_chosen_is_brought_in_and_nothing_else(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    inner = collection.members.get(uri__endswith="c-inner.json")
    first = collection.members.get(uri__endswith="book0.json")
    assert choose_members(collection, by=owner, members=[inner.pk, first.pk]) == 3
    job = run(collection)
    assert (job.state, job.done, job.total) == ("done", 5, 5), job.error
    assert {key for key, state in states(collection).items() if state == "read"} == {
        "book0.json", "book3.json", "book4.json",
    }  # fmt: skip
    assert Manifest.objects.count() == 3
    assert first.pk in Manifest.objects.get(uri=first.uri).memberships.values_list("pk", flat=True)
    choose_members(collection, by=owner, without=[first.pk])
    assert Manifest.objects.count() == 3, "what is here stays"
    with pytest.raises(Invalid):
        choose_members(collection, by=owner, members=[collection.pk])


def test_everything_means_also_what_comes_later(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    run(collection)
    assert Manifest.objects.count() == 5
    late = library.manifest("late")
    library.documents["/c-inner.json"]["items"].append(
        {"id": late, "type": "Manifest", "label": {"en": ["L"]}}
    )
    crawl_again(collection, by=owner)
    assert run(collection).state == "done"
    assert Manifest.objects.filter(uri=late).exists()
    change = SourceChange.objects.get(kind="members-added")
    assert (change.after["uris"], change.needs_attention) == ([late], False)


def test_again_asks_conditionally_and_reads_only_what_changed(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    run(collection)
    library.manifest("book2", pages=2)
    library.asked.clear()
    crawl_again(collection, by=owner)
    job = run(collection)
    assert set(library.unchanged) == {
        "c-top.json", "c-inner.json", "book0.json", "book1.json", "book3.json", "book4.json",
    }  # fmt: skip
    assert states(collection)["book2.json"] == "read"
    assert "1 manifests were read, 4 had not changed, 0 could not be read." in said(job)
    assert Manifest.objects.get(uri__endswith="book2.json").canvases.count() == 2


def test_members_that_leave_are_said_and_kept(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    run(collection)
    del library.documents["/c-top.json"]["items"][0]
    crawl_again(collection, by=owner)
    run(collection)
    assert states(collection)["book0.json"] == "gone"
    assert SourceChange.objects.get(kind="members-removed").is_open
    assert Manifest.objects.count() == 5


def test_loops_and_repeated_members_are_recognised(owner, finished, library):
    book = library.manifest("book")
    top, inner = library.url("c-top.json"), library.url("c-inner.json")
    library.collection("c-inner", book, top, inner)
    library.collection("c-top", book, inner, book)
    collection = brought(top, owner, finished)
    report = said(collection.job)
    assert report.count("a loop, not followed") == 2
    assert "stands in several places" in report
    assert collection.members.count() == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(404), "404"),
        (says(200, WEB_PAGE, Content_Type="text/html"), "web page (“Please sign in”)"),
        (says(200, b"{", Content_Type="application/json"), "not valid JSON"),
        (says(200, b'{"a": 1}', Content_Type="application/json"), "no manifest"),
    ],
)
def test_a_bad_member_is_a_line_and_never_sinks_the_crawl(owner, finished, library, answer, words):
    library.misbehave("book1.json", answer)
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    job = run(collection)
    assert job.state == "done"
    assert states(collection)["book1.json"] == "refused"
    bad = job.lines.get(severity="error")
    assert words in bad.sentence
    assert bad.place == library.url("book1.json")
    assert words in collection.members.get(uri__endswith="book1.json").reason
    assert Manifest.objects.count() == 4


def test_a_member_that_breaks_off_is_tried_again(owner, finished, library):
    library.misbehave("book1.json", hangs_up, says(500), says(500), says(500))
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    job = run(collection)
    assert (job.state, states(collection)["book1.json"]) == ("done", "read"), said(job)


def test_a_short_wait_is_waited_for_with_a_heartbeat(owner, finished, library):
    library.misbehave("book1.json", says(429, Retry_After="1"))
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    before = time.monotonic()
    assert run(collection).state == "done"
    assert time.monotonic() - before >= 1
    assert set(states(collection).values()) == {"read"}


def test_a_long_wait_gives_the_worker_back_and_fails_no_member(owner, finished, library):
    library.misbehave("book1.json", says(503, Retry_After="3600"))
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    job = run(collection)
    assert job.state == "queued"
    assert 3500 < (job.not_before - timezone.now()).total_seconds() <= 3600
    assert "slow down" in said(job)
    assert states(collection)["book1.json"] == "listed"
    asked = len(library.asked)
    run_job(str(job.pk))
    assert len(library.asked) == asked, "a wake-up that comes too early finds nothing to do"
    cache.clear()
    Job.objects.filter(pk=job.pk).update(
        not_before=timezone.now(), created_at=timezone.now() - timezone.timedelta(1)
    )
    assert sweep() == 1, "the sweeper wakes what has rested"
    assert run(collection).state == "done"
    assert set(states(collection).values()) == {"read"}


def test_work_that_rests_can_be_stopped_at_once(owner, finished, library):
    library.misbehave("book1.json", says(503, Retry_After="3600"))
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    job = run(collection)
    stop_job(job)
    job.refresh_from_db()
    assert job.state == "stopped"


def test_a_host_that_goes_away_stops_the_crawl_and_it_goes_on_where_it_stopped(owner, finished, library):
    books = [library.manifest(f"book{number}") for number in range(12)]
    collection = brought(library.collection("c-top", *books), owner, finished)
    choose_members(collection, by=owner, wants="all")
    library.closed_after = len(library.asked) + 4
    job = run(collection)
    assert (job.state, Manifest.objects.count()) == ("failed", 4)
    assert "5 times in a row" in job.error
    assert "refused" not in states(collection).values()
    library.closed_after = None
    library.asked.clear()
    resume_job(job)
    assert run(collection).state == "done"
    assert sorted(library.asked) == sorted(
        f"book{n}.json" for n in range(12) if f"book{n}.json" in library.asked
    )
    assert len(library.asked) == 8, "those that are done are not fetched again"
    assert Manifest.objects.count() == 12


def test_a_killed_worker_costs_at_most_the_member_in_its_hand(owner, finished, library, monkeypatch):
    books = [library.manifest(f"book{number}") for number in range(6)]
    collection = brought(library.collection("c-top", *books), owner, finished)
    choose_members(collection, by=owner, wants="all")
    real = crawling.bring_in

    def dies(url, **more):
        if Manifest.objects.count() == 3:
            raise SystemExit  # as a killed process: nothing is caught, the row says "running"
        return real(url, **more)

    monkeypatch.setattr(crawling, "bring_in", dies)
    collection.refresh_from_db()
    with pytest.raises(SystemExit):
        run_job(str(collection.job_id))
    job = Job.objects.get(pk=collection.job_id)
    assert job.state == "running"
    monkeypatch.setattr(crawling, "bring_in", real)
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago, created_at=long_ago, sent_at=long_ago)
    library.asked.clear()
    assert sweep() == 1
    assert run(collection).state == "done"
    assert len(library.asked) == 3
    job.refresh_from_db()
    assert job.interruptions == 1


def test_what_a_manifest_carries_is_not_lost_with_a_worker_that_dies_after_writing_it(
    owner, finished, library, monkeypatch
):
    """The second attempt must not be told “304 Not Modified” for what the first did not finish."""
    book = library.manifest("book")
    document = library.documents["/book.json"]
    document["items"][0]["annotations"] = [{"id": library.url("page.json"), "type": "AnnotationPage"}]
    collection = brought(library.collection("c-top", book), owner, finished)
    choose_members(collection, by=owner, wants="all")
    real = manifest_import.annotations_of

    def dies(*_given, **_more):
        raise SystemExit

    monkeypatch.setattr(manifest_import, "annotations_of", dies)
    collection.refresh_from_db()
    with pytest.raises(SystemExit):
        run_job(str(collection.job_id))
    assert Manifest.objects.filter(uri=book).exists()
    monkeypatch.setattr(manifest_import, "annotations_of", real)
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    Job.objects.update(heartbeat_at=long_ago, created_at=long_ago, sent_at=long_ago)
    sweep()
    run(collection)
    assert SourceImport.objects.filter(kind=SourceImport.Kind.ANNOTATIONS, manifest__uri=book).exists()


def test_a_long_crawl_lets_others_have_the_worker(owner, finished, library, monkeypatch):
    books = [library.manifest(f"book{number}") for number in range(4)]
    collection = brought(library.collection("c-top", *books), owner, finished)
    choose_members(collection, by=owner, wants="all")
    monkeypatch.setattr(crawling, "SLICE_S", 0.0)
    collection.refresh_from_db()
    run_job(str(collection.job_id))
    job = Job.objects.get(pk=collection.job_id)
    assert (job.state, job.interruptions, Manifest.objects.count()) == ("queued", 0, 1)
    assert run(collection).state == "done"
    job.refresh_from_db()
    assert job.attempt >= 4
    assert Manifest.objects.count() == 4


def test_pages_are_followed_and_a_slice_ends_between_them(owner, finished, library, monkeypatch):
    books = [library.manifest(f"book{number}") for number in range(4)]
    names = [{"@id": uri, "@type": "sc:Manifest", "label": uri[-5:]} for uri in books]
    context = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "sc:Collection",
        "label": "P",
    }
    first, second = library.url("c-1.json"), library.url("c-2.json")
    top = library.put("c-top.json", {**context, "@id": library.url("c-top.json"), "first": first, "total": 4})
    library.put("c-1.json", {**context, "@id": first, "manifests": names[:2], "next": second})
    library.put("c-2.json", {**context, "@id": second, "manifests": names[2:], "next": first})
    monkeypatch.setattr(crawling, "SLICE_S", 0.0)
    collection = brought(top, owner, finished)
    assert collection.job.state == "done"
    assert len(states(collection)) == 4
    assert library.asked.count("c-2.json") == 1


def test_limits_are_said(owner, finished, library, monkeypatch):
    monkeypatch.setattr(listing, "MAX_MEMBERS", 3)
    monkeypatch.setattr(listing, "MAX_DEPTH", 1)
    collection = brought(nested(library), owner, finished)
    assert "members more than can be followed were left out" in said(collection.job)
    assert "too deep" in said(collection.job)
    assert collection.members.count() == 3


def test_embedded_manifests_need_no_request(owner, finished, library):
    library.manifest("book")
    whole = library.documents["/book.json"]
    top = library.put("c-top.json", {
        "@context": whole["@context"], "id": library.url("c-top.json"), "type": "Collection",
        "label": {"en": ["T"]}, "items": [whole],
    })  # fmt: skip
    collection = brought(top, owner, finished)
    choose_members(collection, by=owner, wants="all")
    run(collection)
    assert Manifest.objects.count() == 1
    assert "book.json" not in library.asked


def test_a_member_that_is_not_what_the_list_says_is_read_as_what_it_is(owner, finished, library):
    book, other = library.manifest("c-book"), library.manifest("other")
    inner = library.collection("xcollection", other)
    collection = brought(library.collection("c-top", book, inner), owner, finished)
    choose_members(collection, by=owner, wants="all")
    job = run(collection)
    assert job.state == "done"
    assert set(states(collection)) == {"c-book.json", "other.json"}
    assert Manifest.objects.count() == 2, said(job)


def test_only_one_crawl_at_a_time(owner, finished, library):
    source = finished(import_from_url(nested(library), by=owner))
    with pytest.raises(Conflict):
        crawl_again(source.collection, by=owner)
    assert Job.objects.filter(kind="annotation.crawl").count() == 1


def test_a_collection_comes_as_a_file_too(owner, finished, library):
    nested(library)
    content = json.dumps(library.documents["/c-top.json"]).encode()
    source = finished(import_from_file(upload(content), by=owner))
    run(source.collection)
    assert len(states(source.collection)) == 5
    assert library.asked == ["c-inner.json"]


def test_who_is_no_longer_a_curator_crawls_nothing(owner, finished, library):
    collection = brought(nested(library), owner, finished)
    choose_members(collection, by=owner, wants="all")
    owner.is_curator = False
    owner.save()
    assert run(collection).state == "failed"
    assert Manifest.objects.count() == 0


REAL = [
    "iiif-manifests-real/presentation-2/nls-collection.json",
    "iiif-manifests-real/presentation-2/nlw-collection.json",
    "iiif-manifests-real/presentation-2/biblissima-collection.json",
    "iiif-manifests-real/presentation-2/collection-scta.json",
    "iiif-manifests-real/presentation-2/wellcome-collection.json",
    "iiif-manifests-real/presentation-2/duplicate-member-collection.json",
    "iiif-manifests-real/presentation-2/paginated-collection.json",
    "iiif-manifests-real/presentation-3/wellcome-collection.json",
    "iiif-cookbook/0032-collection/collection.json",
    "iiif-cookbook/0068-newspaper/newspaper_title-collection.json",
    "iiif-spec-examples/presentation_2.1/09_members.json",
    "iiif-spec-examples/presentation_3.0/01_5-1-collection.json",
]


@pytest.mark.parametrize("name", REAL)
def test_real_collections_are_listed(owner, finished, samples, name):
    """Their own members live elsewhere: what stands in the file itself is listed, the rest is said."""
    source = finished(import_from_file(upload((samples / name).read_bytes()), by=owner))
    assert source.job.state == "done", source.job.error
    members = source.collection.members
    root = members.get(parent=None)
    job = run(source.collection)
    assert "unexpected" not in job.error
    root.refresh_from_db()
    paged = "paginated" in name
    assert (root.state == "read") or paged or job.state == "failed", said(job)
    assert paged or members.count() > 1


def test_listing_takes_a_constant_number_of_statements(owner, django_assert_max_num_queries):
    from annotation.iiif import MemberValue

    collection = follow("https://example.org/c", "collection", by=owner)
    root = collection.members.get()
    for count in (3, 900):
        values = [MemberValue(f"https://example.org/{count}/{n}", "manifest", {}) for n in range(count)]
        with django_assert_max_num_queries(10):
            listing.list_members(collection, root, values)
    with django_assert_max_num_queries(10):
        listing.list_members(collection, root, values)
    assert CollectionMember.objects.count() == 904


def test_a_large_crawl_holds_little_in_memory(owner, finished, library):
    """What a crawl holds does not grow with what it has read."""
    books = [library.manifest(f"book{number}", pages=20) for number in range(40)]
    collection = brought(library.collection("c-top", *books), owner, finished)
    choose_members(collection, by=owner, wants="all")
    tracemalloc.start()
    assert run(collection).state == "done"
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Manifest.objects.count() == 40
    assert peak < 8 * 2**20, (held, peak)
