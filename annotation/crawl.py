"""Walks a followed collection or stream politely, in slices, and brings in what is wanted; nothing twice a round."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import DataError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import require_curator
from annotation.actions.changes import Change, record_changes
from annotation.actions.following import Wants
from annotation.actions.members import (
    Listed,
    confirm_members,
    drop_members,
    list_members,
    mark_read,
    mark_tried,
)
from annotation.iiif import CollectionReading, CollectionValue, UnreadableDocument, read
from annotation.iiif.document import load
from annotation.manifest_import import MAX_BYTES, TIMEOUT_S, bring_in, is_passing
from annotation.models import CollectionMember, SourceChange, SourceCollection
from fetch import Fetched, FetchError, HostBusy, fetch
from problems import Problem
from work.runner import Later, Line, Runner

SLICE_S = 60.0
BATCH = 50
MAX_PAGES = 5_000
MOST_TRIES = 3
# So many failures of a host in a row, and it is away: its members wait instead of failing one by one.
MOST_FAILURES = 5
WAIT_HERE_S = 15.0
MOST_NAMED = 10
State = CollectionMember.State
Kind = CollectionMember.Kind


class Crawl:
    """One slice of a crawl: what is due is read; what a busy host holds back is left for a later slice."""

    def __init__(self, runner: Runner, collection: SourceCollection) -> None:
        self.runner = runner
        self.collection = collection
        self.until = time.monotonic() + SLICE_S
        self.resting: dict[str, float] = {}
        self.failures: Counter[str] = Counter()

    def run(self) -> None:
        """Do what is due; raises `Later` when the slice is over or hosts ask for patience."""
        require_curator(self.collection.created_by)
        self.count()
        while True:
            batch = list(self._due())
            if not batch and not self.resting:
                break
            if not batch:
                self._be_patient()
            for member in batch:
                if _host(member.uri) not in self.resting:
                    self._take(member)
                self.end_of_slice()
        self._finish()

    def count(self) -> None:
        """How much there is to do in this round, and how much is done; two counts."""
        done = self._wanted().filter(read_round=self.collection.round).count()
        self.runner.expect(max(self._not_done().count() + done, 1), done=done)

    def end_of_slice(self) -> None:
        """Let others have the worker after a minute."""
        if time.monotonic() >= self.until:
            raise Later

    def _wanted(self) -> Any:
        listed = Q(kind=Kind.COLLECTION)
        if self.collection.kind == SourceCollection.Kind.STREAM:
            listed &= Q(is_wanted=True)
        members = CollectionMember.objects.filter(collection=self.collection).exclude(state=State.GONE)
        return members.filter(listed | Q(kind=Kind.MANIFEST, is_wanted=True))

    def _not_done(self) -> Any:
        """In a collection everything is due again every round; in a stream, what it says has changed."""
        if self.collection.kind == SourceCollection.Kind.STREAM:
            return self._wanted().filter(read_round=0)
        return self._wanted().filter(read_round__lt=self.collection.round)

    def _due(self) -> Iterator[CollectionMember]:
        """The next members, collections first, those that failed already last, without those of busy hosts."""
        now = time.monotonic()
        self.resting = {host: until for host, until in self.resting.items() if until > now}
        due = self._not_done()
        for host in self.resting:
            due = due.exclude(uri__istartswith=f"http://{host}/").exclude(uri__istartswith=f"https://{host}/")
        rows = due.select_related("manifest").defer("manifest__document", "document")
        batch = list(rows.order_by("kind", "tries", "position")[:BATCH])
        for member in batch:
            # What a collection that is read first no longer lists is not read after it.
            if member.kind == batch[0].kind:
                member.collection = self.collection
                yield member

    def _be_patient(self) -> None:
        wait = max(0.5, min(self.resting.values()) - time.monotonic())
        if wait > WAIT_HERE_S:
            raise Later(wait)
        self.runner.pause(wait)

    def _take(self, member: CollectionMember) -> None:
        """Read one member; whatever is wrong with it costs only itself."""
        try:
            if member.kind == Kind.COLLECTION:
                self._list(member)
            else:
                self._bring_in(member)
        except HostBusy as error:
            self._rest(_host(member.uri), error)
            return
        except FetchError as error:
            if is_passing(error) and self._may_try_again(member, error):
                return
            self._refuse(member, str(error), State.REFUSED)
        except (UnreadableDocument, Problem) as error:
            self._refuse(member, str(getattr(error, "detail", error)), State.REFUSED)
        except DataError:
            self._refuse(member, "The source contains a value that cannot be kept.", State.REFUSED)
        else:
            self.failures[_host(member.uri)] = 0
        self.runner.advance()

    def _rest(self, host: str, error: HostBusy) -> None:
        if host not in self.resting:
            self.runner.say(str(error), place=host)
        self.resting[host] = time.monotonic() + error.retry_after_s

    def _may_try_again(self, member: CollectionMember, error: FetchError) -> bool:
        host = _host(member.uri)
        self.failures[host] += 1
        if self.failures[host] >= MOST_FAILURES:
            raise Problem(
                f"{host} failed {MOST_FAILURES} times in a row. What is done is kept; go on when it answers again.",
                code="host-away",
            ) from error
        return mark_tried(member) < MOST_TRIES

    def _refuse(self, member: CollectionMember, reason: str, state: str) -> None:
        member.read_at = timezone.now()
        mark_read(member, state, reason=reason)
        self.runner.say(reason, severity="error", place=member.uri)

    def _bring_in(self, member: CollectionMember) -> None:
        arrival = bring_in(
            member.uri,
            by=self.collection.created_by,
            known=member.manifest,
            document=_embedded(member),
            pause=self.runner.pause,
        )
        if arrival.state == "collection":
            member.kind = Kind.COLLECTION
            member.save(update_fields=["kind"])
            self.runner.say(
                "This is a collection, listed as a manifest; it is read as one.", place=member.uri
            )
            return
        member.manifest, member.read_at = arrival.manifest, timezone.now()
        mark_read(member, State.UNCHANGED if arrival.state == "unchanged" else State.READ)
        self.runner.report(arrival.lines)

    def _list(self, member: CollectionMember) -> None:
        """Read a collection page by page; a slice that ends in between goes on at the next page."""
        url = member.next_page or member.uri
        while url:
            value = self._page(member, url)
            if value is None:
                return
            # Together: a page that was listed is never taken for one that leads back to itself.
            with transaction.atomic():
                is_news = self._keep(member, value)
                url = self._following(member, value, is_news=is_news)
                member.next_page, member.pages = url, member.pages + 1
                member.save(update_fields=["next_page", "pages", "etag", "last_modified"])
            self.count()
            if url:
                self.end_of_slice()
        member.read_at = timezone.now()
        self._say_what_changed(member)
        mark_read(member, State.READ)

    def _page(self, member: CollectionMember, url: str) -> CollectionValue | None:
        """A page of the collection; None when that is all that there is to do about the member."""
        document = _embedded(member) if url == member.uri else None
        whole: dict[str, Any]
        if isinstance(document, dict):
            whole, came_from = document, url
        else:
            fetched = self._fetched(member, url)
            if fetched.status == 304:
                confirm_members(self.collection, member)
                member.read_at = timezone.now()
                mark_read(member, State.UNCHANGED)
                return None
            whole, came_from = load(fetched.body), fetched.url
            if url == member.uri:
                member.etag = (fetched.etag or "")[:500]
                member.last_modified = (fetched.last_modified or "")[:100]
        reading = read(whole, url=came_from)
        if not isinstance(reading, CollectionReading):
            self._is_a_manifest(member)
            return None
        self.runner.report(
            Line(problem.sentence, problem.severity, url, problem.pointer)
            for problem in reading.problems[:MOST_NAMED]
        )
        return reading.collection

    def _fetched(self, member: CollectionMember, url: str) -> Fetched:
        # What has pages is asked for whole: that the first has not changed says nothing of the others.
        known = url == member.uri and bool(member.etag or member.last_modified)
        return fetch(
            url,
            max_bytes=MAX_BYTES,
            timeout_s=TIMEOUT_S,
            etag=member.etag or None if known else None,
            if_modified_since=member.last_modified or None if known else None,
            pause=self.runner.pause,
        )

    def _is_a_manifest(self, member: CollectionMember) -> None:
        member.kind = Kind.MANIFEST
        member.save(update_fields=["kind"])
        self.runner.say("This is a manifest, listed as a collection; it is read as one.", place=member.uri)

    def _keep(self, member: CollectionMember, value: CollectionValue) -> bool:
        """List the members of a page; whether there was one that this round had not met."""
        if value.label and not member.label:
            member.label = value.label
            member.save(update_fields=["label"])
        if member.parent_id is None and value.label and member.uri == self.collection.uri:
            self.collection.label = value.label
            self.collection.save(update_fields=["label"])
        listed = list_members(self.collection, member, value.members)
        self.runner.report(_said_of(listed, member.uri))
        return listed.is_news

    def _following(self, member: CollectionMember, value: CollectionValue, *, is_news: bool) -> str:
        """The address of the next page, "" at the end."""
        url = value.next or ("" if value.members else value.first) or ""
        if not url:
            return ""
        member.etag = member.last_modified = ""  # see `_fetched`
        if (value.members and not is_news) or member.pages >= MAX_PAGES or url == member.next_page:
            said = "The pages of the collection lead back to one that was read; they are left there."
            self.runner.say(said, severity="warning", place=url)
            return ""
        return url

    def _say_what_changed(self, member: CollectionMember) -> None:
        gone = drop_members(self.collection, member)
        if gone:
            self.runner.say(
                f"{len(gone)} members are no longer listed.", severity="warning", place=member.uri
            )
            self._record(SourceChange.Kind.MEMBERS_REMOVED, member.uri, gone, needs_attention=True)
        if member.read_round:
            fresh = member.children.filter(
                listed_round=self.collection.round, read_round=0, state=State.LISTED
            )
            new = list(fresh.filter(first_round=self.collection.round).values_list("uri", flat=True))
            if new:
                wanted = self.collection.wants == Wants.ALL or member.is_wanted
                self._record(SourceChange.Kind.MEMBERS_ADDED, member.uri, new, needs_attention=not wanted)

    def _record(self, kind: str, place: str, uris: list[str], *, needs_attention: bool) -> None:
        named = {"count": len(uris), "uris": uris[:50]}
        change = Change(kind, place, None, named, needs_attention=needs_attention)
        record_changes([change], follower=self.collection.created_by, collection=self.collection)

    def _finish(self) -> None:
        members = CollectionMember.objects.filter(
            collection=self.collection, read_round=self.collection.round
        )
        states = Counter(members.filter(kind=Kind.MANIFEST).values_list("state", flat=True))
        self.collection.checked_at = timezone.now()
        self.collection.save(update_fields=["checked_at"])
        self.count()
        self.runner.say(
            f"{states[State.READ]} manifests were read, {states[State.UNCHANGED]} had not changed, "
            f"{states[State.REFUSED]} could not be read."
        )


def _host(uri: str) -> str:
    return urlsplit(uri).netloc.lower()


def _embedded(member: CollectionMember) -> object:
    """The document that the collection carries for this member, read only when it is needed."""
    return CollectionMember.objects.values_list("document", flat=True).get(pk=member.pk)


def _said_of(listed: Listed, place: str) -> Iterator[Line]:
    """What was odd about a list of members, in sentences."""
    for uri in listed.loops[:MOST_NAMED]:
        yield Line("The collection lists itself, or one above it: a loop, not followed.", "warning", uri)
    for uri in listed.repeated[:MOST_NAMED]:
        yield Line("This member stands in several places; it is read once.", "info", uri)
    if len(listed.repeated) > MOST_NAMED:
        yield Line(
            f"{len(listed.repeated)} members stand in several places; each is read once.", "info", place
        )
    for uri in listed.too_deep[:MOST_NAMED]:
        yield Line("This collection stands too deep below others; it is not followed.", "warning", uri)
    if listed.too_many:
        yield Line(f"{listed.too_many} members more than can be followed were left out.", "error", place)
    if listed.too_long:
        yield Line(f"{listed.too_long} members were left out: their addresses are too long.", "error", place)
