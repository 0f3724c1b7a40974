"""Reads a followed stream of changes backwards, page by page, and applies each change to what is followed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from annotation.actions.changes import Change, record_changes
from annotation.actions.members import list_members
from annotation.crawl import Crawl
from annotation.discovery import Activity, Page, apply_page, is_stream, read_collection, read_page
from annotation.iiif import MemberValue, UnreadableDocument
from annotation.iiif.document import load
from annotation.manifest_import import MAX_BYTES, TIMEOUT_S
from annotation.models import CollectionMember, Manifest, SourceChange, SourceCollection
from fetch import FetchError, HostBusy, fetch
from problems import Problem
from work.runner import Later, Line

MAX_PAGES = 20_000
MOST_LINES = 20
State = CollectionMember.State


def walk(crawl: Crawl) -> None:
    """Walk to where the last walk began (Change Discovery 1.0, processing algorithm); goes on where it stopped.

    Where it stands is kept after every page. Raises `Problem` when the stream cannot be read, `Later` when its
    host asks for patience or the slice is over.
    """
    collection = crawl.collection
    if collection.walk.get("round") == collection.round and not collection.walk.get("page"):
        return  # this round's walk is done; its manifests may not be
    state = collection.walk if collection.walk.get("round") == collection.round else _entrance(crawl)
    while state["page"]:
        state = _step(crawl, state)
        collection.walk = state
        collection.save(update_fields=["walk"])
        crawl.count()
        crawl.runner.check()
        if state["page"]:
            crawl.end_of_slice()
    if state["newest_at"]:
        collection.last_change_at = datetime.fromisoformat(state["newest_at"])
    collection.last_change_id = state["newest_id"] or collection.last_change_id
    collection.save(update_fields=["last_change_at", "last_change_id"])
    crawl.runner.say(f"{state['changes']} changes were read on {state['pages']} pages of the stream.")


def _entrance(crawl: Crawl) -> dict[str, Any]:
    document = _document(crawl, crawl.collection.uri)
    if not is_stream(document):
        raise Problem("This is no longer a stream of changes.", code="not-a-stream")
    stream = read_collection(document, url=crawl.collection.uri)
    crawl.runner.report(Line(p.sentence, p.severity, stream.uri, p.pointer) for p in stream.problems)
    if not stream.last:
        raise Problem(
            "The stream does not say where its last page is, so it cannot be read.", code="no-last-page"
        )
    return {
        "round": crawl.collection.round, "page": stream.last, "pages": 0, "changes": 0, "only_going": False,
        "newest_at": "", "newest_id": "",
    }  # fmt: skip


def _step(crawl: Crawl, state: dict[str, Any]) -> dict[str, Any]:
    """Read one page and apply it; returns where the walk stands then."""
    collection = crawl.collection
    page = read_page(_document(crawl, state["page"]), url=state["page"])
    _report(crawl, page)
    step = apply_page(
        page,
        seen=_seen(collection, page),
        since=collection.last_change_at,
        last_id=collection.last_change_id,
        only_going=state["only_going"],
    )
    _apply(crawl, step.activities)
    newest = max((a.at for a in page.activities if a.at), default=None)
    last = page.activities[-1].id if page.activities else ""
    following = "" if step.is_over else page.prev
    if following and (following == state["page"] or state["pages"] >= MAX_PAGES):
        crawl.runner.say("The pages of the stream lead in a circle.", severity="warning", place=following)
        following = ""
    return {
        **state,
        "page": following,
        "pages": state["pages"] + 1,
        "changes": state["changes"] + len(step.activities),
        "only_going": step.only_going,
        "newest_at": max(state["newest_at"], newest.isoformat() if newest else ""),
        "newest_id": state["newest_id"] or last,
    }


def _document(crawl: Crawl, url: str) -> dict[str, Any]:
    try:
        fetched = fetch(url, max_bytes=MAX_BYTES, timeout_s=TIMEOUT_S, pause=crawl.runner.pause)
        return load(fetched.body)
    except HostBusy as error:
        crawl.runner.say(str(error), place=url)
        raise Later(error.retry_after_s) from error
    except FetchError as error:
        raise Problem(str(error), code=error.code) from error
    except UnreadableDocument as error:
        raise Problem(str(error), code="unreadable") from error


def _report(crawl: Crawl, page: Page) -> None:
    lines = [Line(p.sentence, p.severity, page.uri, p.pointer) for p in page.problems]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [
            Line(f"{len(lines) - MOST_LINES} more faults on this page.", "warning", page.uri)
        ]
    crawl.runner.report(lines)


def _seen(collection: SourceCollection, page: Page) -> set[str]:
    """Of the things on this page, those that newer pages of this walk have settled already."""
    uris = {activity.uri for activity in page.activities}
    rows = collection.members.filter(uri__in=uris, listed_round=collection.round)
    return set(rows.values_list("uri", flat=True))


def _apply(crawl: Crawl, activities: Iterable[Activity]) -> None:
    collection = crawl.collection
    coming = [a for a in activities if a.kind in ("Create", "Update", "Add")]
    going = [a for a in activities if a.kind in ("Delete", "Remove")]
    moving = [a for a in activities if a.kind == "Move"]
    # What does not name its type is tried as a manifest; image services and the like are not for us.
    others = [a for a in coming if a.object_kind not in ("", "Manifest", "Collection")]
    crawl.runner.report(
        Line(f"A change of a {a.object_kind[:40]} concerns neither manifests nor collections.", "info", a.uri)
        for a in others[:MOST_LINES]
    )
    _come(collection, [(a.uri, a.object_kind) for a in coming if a not in others])
    _go(collection, [a.uri for a in going])
    for activity in moving:
        _move(collection, activity)


def _come(collection: SourceCollection, things: Iterable[tuple[str, str]]) -> None:
    """List what was made or changed; what is wanted of it is due again."""
    values = [
        MemberValue(uri, "collection" if kind == "Collection" else "manifest", {}) for uri, kind in things
    ]
    if not values:
        return
    labels = dict(collection.members.filter(uri__in=[v.uri for v in values]).values_list("uri", "label"))
    list_members(collection, None, [MemberValue(v.uri, v.kind, labels.get(v.uri, {})) for v in values])
    collection.members.filter(uri__in=[v.uri for v in values]).update(read_round=0)


def _go(collection: SourceCollection, uris: list[str]) -> None:
    """Mark what was deleted or removed; a manifest that is here stays, and somebody is told."""
    if not uris:
        return
    list_members(collection, None, [MemberValue(uri, "manifest", {}) for uri in uris])
    rows = collection.members.filter(uri__in=uris)
    rows.update(state=State.GONE, listed_round=collection.round)
    for manifest in Manifest.objects.filter(uri__in=uris, created_by=collection.created_by_id).defer(
        "document"
    ):
        _tell(manifest, SourceChange.Kind.MANIFEST_GONE, manifest.uri, None, collection.created_by)


def _move(collection: SourceCollection, activity: Activity) -> None:
    """What moved is looked for under its new address; our copy, with all that hangs on it, goes with it."""
    mine = Manifest.objects.filter(created_by=collection.created_by_id).defer("document")
    manifest = mine.filter(uri=activity.uri).first()
    was_wanted = collection.members.filter(uri=activity.uri, is_wanted=True).exists()
    if manifest and len(activity.target.encode()) <= 2000 and not mine.filter(uri=activity.target).exists():
        Manifest.objects.filter(pk=manifest.pk).update(uri=activity.target, modified_at=timezone.now())
        _tell(
            manifest, SourceChange.Kind.MANIFEST_MOVED, activity.uri, activity.target, collection.created_by
        )
        manifest = None
    _come(collection, [(activity.target, activity.object_kind)])
    moved = collection.members.filter(uri=activity.target)
    if was_wanted:
        moved.update(is_wanted=True)
    here = mine.filter(uri=activity.target).first()
    if here:
        moved.update(manifest=here)
    list_members(collection, None, [MemberValue(activity.uri, "manifest", {})])
    collection.members.filter(uri=activity.uri).update(
        state=State.GONE, listed_round=collection.round, manifest=None
    )
    if manifest:
        _tell(manifest, SourceChange.Kind.MANIFEST_GONE, activity.uri, activity.target, collection.created_by)


def _tell(manifest: Manifest, kind: str, before: str, after: str | None, follower: User) -> None:
    gone = kind == SourceChange.Kind.MANIFEST_GONE
    record_changes(
        [Change(kind, before, before, after, needs_attention=gone)], follower=follower, manifest=manifest
    )
