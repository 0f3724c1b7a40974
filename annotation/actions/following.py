"""Follow collections and streams: choose what is brought in, begin again, watch, and look at single manifests again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_curator
from annotation.models import CollectionMember, Every, Manifest, Origin, SourceCollection
from annotation.permissions import get_manifest_for
from problems import Conflict, Invalid
from work.actions import request_job, request_job_once
from work.models import Job

INTERVALS = {Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}
Wants = SourceCollection.Wants


def follow(
    uri: str, kind: str, *, by: User, label: Mapping[str, Any] | None = None, document: object = None
) -> SourceCollection:
    """Follow a collection or a stream, or take one up again that this person follows; its listing is queued.

    `document` is a collection that came as a file and has no address to be read from.
    """
    require_curator(by)
    with transaction.atomic():
        collection, created = SourceCollection.objects.select_for_update().get_or_create(
            uri=uri, created_by=by, defaults={"kind": kind, "label": label or {}}
        )
        if kind == SourceCollection.Kind.COLLECTION:
            root, _created = collection.members.get_or_create(
                uri=uri, defaults={"kind": CollectionMember.Kind.COLLECTION, "label": label or {}}
            )
            if document is not None:
                root.document = document
                root.save(update_fields=["document"])
        if not created and not is_busy(collection):
            collection.round += 1
            collection.save(update_fields=["round"])
        request_crawl(collection, by=by)
    return collection


def is_busy(collection: SourceCollection) -> bool:
    """Whether a crawl of it is waiting or running."""
    if collection.job_id is None:
        return False
    return Job.objects.filter(pk=collection.job_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()


def request_crawl(collection: SourceCollection, *, by: User | None) -> Job:
    """Queue what there is to do; a crawl that is under way takes it up by itself."""
    if collection.job is not None and is_busy(collection):
        return collection.job
    collection.job = request_job("annotation.crawl", collection.pk, by=by, queue="fetch")
    collection.save(update_fields=["job"])
    return collection.job


def crawl_again(collection: SourceCollection, *, by: User) -> SourceCollection:
    """Begin a new round: everything is asked for again, and only what has changed is read."""
    require_curator(by)
    with transaction.atomic():
        row = SourceCollection.objects.select_for_update().get(pk=collection.pk)
        if is_busy(row):
            raise Conflict(
                _("This collection is being read at this moment. Stop that first."), code="is-busy"
            )
        row.round += 1
        row.walk = {}
        row.save(update_fields=["round", "walk"])
        request_crawl(row, by=by)
    return row


def choose_members(
    collection: SourceCollection,
    *,
    by: User,
    wants: str | None = None,
    members: Sequence[UUID] = (),
    without: Sequence[UUID] = (),
) -> int:
    """Say what is brought in, and queue it; returns how many manifests are wanted now.

    `members` are manifests and collections (with all below them) to bring in, `without` those that are not wanted
    any more; what is here stays here. `wants` is what becomes of all, now and later: everything, what is here
    already, or only what is chosen.
    """
    require_curator(by)
    _refuse_unknown(collection, [*members, *without])
    with transaction.atomic():
        row = SourceCollection.objects.select_for_update().get(pk=collection.pk)
        everything = CollectionMember.objects.filter(collection=row)
        if wants is not None:
            row.wants = wants
            row.save(update_fields=["wants"])
        if wants == Wants.ALL:
            everything.update(is_wanted=True)
        elif wants == Wants.KNOWN:
            everything.filter(manifest__isnull=False).update(is_wanted=True)
        for chosen, is_wanted in ((list(members), True), (list(without), False)):
            if chosen:
                at_or_below = Q(pk__in=chosen) | Q(ancestors__overlap=chosen)
                everything.filter(at_or_below).update(is_wanted=is_wanted)
        request_crawl(row, by=by)
    return everything.filter(kind=CollectionMember.Kind.MANIFEST, is_wanted=True).count()


def _refuse_unknown(collection: SourceCollection, ids: Sequence[UUID]) -> None:
    known = set(collection.members.filter(pk__in=ids).values_list("pk", flat=True))
    for index, pk in enumerate(ids):
        if pk not in known:
            raise Invalid(
                _("The collection has no such member."), pointer=f"/members/{index}", code="unknown-member"
            )


def watch(source: SourceCollection | Origin, *, every: str, by: User) -> None:
    """Set how often the source is looked at again."""
    require_curator(by)
    source.every = every
    source.next_check_at = next_check(every)
    source.save(update_fields=["every", "next_check_at"])


def next_check(every: str) -> Any:
    """When to look again, from now; None for never."""
    interval = INTERVALS.get(Every(every))
    return timezone.now() + interval if interval else None


def origin_of(manifest: Manifest) -> Origin:
    """Where the manifest is looked for again: where it was read from, else its own id."""
    return Origin.objects.get_or_create(manifest=manifest, defaults={"url": manifest.uri})[0]


def look_again(manifest: Manifest, *, by: User) -> Job:
    """Queue another look at one manifest and its images."""
    require_curator(by)
    get_manifest_for(by, manifest.pk, "manage")
    return request_look(origin_of(manifest), by=by)


def request_look(origin: Origin, *, by: User | None) -> Job:
    """Queue the look itself, once."""
    with transaction.atomic():
        job = request_job_once("annotation.look", origin.pk, by=by, queue="fetch")
        Origin.objects.filter(pk=origin.pk).update(job=job)
    return job


def request_due() -> int:
    """Queue a look at every source whose time has come; returns how many. One caller at a time."""
    due = timezone.now()
    collections = list(SourceCollection.objects.filter(next_check_at__lte=due).values_list("pk", flat=True))
    for pk in collections:
        with transaction.atomic():
            # Asked again under the lock: somebody may be changing it, or beginning a round, at this moment.
            rows = SourceCollection.objects.select_for_update(of=("self",)).select_related("created_by")
            collection = rows.filter(pk=pk, next_check_at__lte=due).first()
            if collection is None:
                continue
            collection.next_check_at = next_check(collection.every)
            if not is_busy(collection):
                collection.round, collection.walk = collection.round + 1, {}
            collection.save(update_fields=["next_check_at", "round", "walk"])
            request_crawl(collection, by=collection.created_by)
    origins = list(Origin.objects.filter(next_check_at__lte=due).select_related("manifest__created_by"))
    for origin in origins:
        with transaction.atomic():
            still = Origin.objects.filter(pk=origin.pk, every=origin.every, next_check_at__lte=due)
            if not still.update(next_check_at=next_check(origin.every)):
                continue
            request_look(origin, by=origin.manifest.created_by)
    return len(collections) + len(origins)
