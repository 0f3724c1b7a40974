"""Writes what a collection lists: each URI once, in order, with what came new, twice, or went away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q

from annotation.iiif import MemberValue
from annotation.models import CollectionMember, Manifest, SourceCollection

MAX_MEMBERS = 25_000
MAX_DEPTH = 12
LONGEST_URI_BYTES = 2000
Kind = CollectionMember.Kind


@dataclass(slots=True)
class Listed:
    """What became of a list of members: new ones, those that were met elsewhere, loops, those left out."""

    fresh: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)
    too_deep: list[str] = field(default_factory=list)
    too_many: int = 0
    too_long: int = 0
    is_news: bool = False


def list_members(
    collection: SourceCollection, parent: CollectionMember | None, values: Sequence[MemberValue]
) -> Listed:
    """Keep the members that a collection (`parent`) lists; a constant number of statements."""
    listed = Listed()
    wanted = {value.uri: value for value in values if len(value.uri.encode()) <= LONGEST_URI_BYTES}
    listed.too_long = len(values) - sum(value.uri in wanted for value in values)
    with transaction.atomic():
        known = {row.uri: row for row in collection.members.filter(uri__in=wanted).defer("document")}
        above = _above(parent)
        confirmed: list[CollectionMember] = []
        for uri, row in known.items():
            if row.pk in above:
                listed.loops.append(uri)
            elif row.parent_id != (parent.pk if parent else None):
                listed.repeated.append(uri)
            else:
                listed.is_news |= row.listed_round < collection.round
                _describe(row, wanted[uri])
                confirmed.append(row)
        # Written over in one statement a batch, which an UPDATE with a CASE for each row is not.
        CollectionMember.objects.bulk_create(
            confirmed,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["collection", "uri"],
            update_fields=[
                "label",
                "thumbnail_url",
                "document",
                "listed_round",
                "state",
                "etag",
                "last_modified",
            ],
        )
        fresh = [value for uri, value in wanted.items() if uri not in known]
        fresh = _within_limits(collection, parent, fresh, listed)
        CollectionMember.objects.bulk_create(_rows(collection, parent, fresh), batch_size=1000)
    listed.fresh = [value.uri for value in fresh]
    listed.is_news |= bool(fresh)
    return listed


def _above(parent: CollectionMember | None) -> set[UUID]:
    return {parent.pk, *parent.ancestors} if parent else set()


def _describe(row: CollectionMember, value: MemberValue) -> None:
    row.label, row.thumbnail_url, row.document = value.label, _fitting(value.thumbnail), value.document
    row.listed_round = row.collection.round
    if row.state == CollectionMember.State.GONE:
        # Read whole, whatever it was before: those below it went with it.
        row.state, row.etag, row.last_modified = CollectionMember.State.LISTED, "", ""


def _fitting(address: str | None) -> str:
    return address if address and len(address) <= LONGEST_URI_BYTES else ""


def _within_limits(
    collection: SourceCollection, parent: CollectionMember | None, fresh: list[MemberValue], listed: Listed
) -> list[MemberValue]:
    depth = len(parent.ancestors) + 1 if parent else 0
    if depth >= MAX_DEPTH:
        listed.too_deep = [value.uri for value in fresh if value.kind == "collection"]
        fresh = [value for value in fresh if value.kind != "collection"]
    room = max(0, MAX_MEMBERS - collection.members.count())
    listed.too_many = max(0, len(fresh) - room)
    return fresh[:room]


def _rows(
    collection: SourceCollection, parent: CollectionMember | None, fresh: Iterable[MemberValue]
) -> list[CollectionMember]:
    fresh = list(fresh)
    last = collection.members.aggregate(last=Max("position"))["last"] or 0
    here = _here(collection, [value.uri for value in fresh])
    everything = collection.wants == SourceCollection.Wants.ALL or bool(parent and parent.is_wanted)
    known_only = collection.wants == SourceCollection.Wants.KNOWN
    return [
        CollectionMember(
            collection=collection,
            parent=parent,
            ancestors=[*parent.ancestors, parent.pk] if parent else [],
            kind=value.kind,
            uri=value.uri,
            label=value.label,
            thumbnail_url=_fitting(value.thumbnail),
            document=value.document,
            position=last + place,
            manifest=here.get(value.uri),
            is_wanted=everything or (known_only and value.uri in here),
            first_round=collection.round,
            listed_round=collection.round,
        )
        for place, value in enumerate(fresh, 1)
    ]


def _here(collection: SourceCollection, uris: Sequence[str]) -> dict[str, Manifest]:
    """Those of the manifests that this person has brought in already."""
    rows = Manifest.objects.filter(uri__in=uris, created_by=collection.created_by_id).only("pk", "uri")
    return {row.uri: row for row in rows}


def confirm_members(collection: SourceCollection, parent: CollectionMember) -> None:
    """The collection has not changed since it was read: neither have its members."""
    parent.children.exclude(state=CollectionMember.State.GONE).update(listed_round=collection.round)


def drop_members(collection: SourceCollection, parent: CollectionMember) -> list[str]:
    """Mark those that the collection no longer lists; their manifests stay. Returns their URIs."""
    here = collection.members.exclude(state=CollectionMember.State.GONE)
    gone = dict(here.filter(parent=parent, listed_round__lt=collection.round).values_list("pk", "uri"))
    if gone:
        at_or_below = Q(pk__in=gone) | Q(ancestors__overlap=list(gone))
        here.filter(at_or_below).update(state=CollectionMember.State.GONE)
    return list(gone.values())


def mark_read(member: CollectionMember, state: str, *, reason: str = "") -> None:
    """The member is done in this round."""
    member.state, member.reason = state, reason[:2000]
    member.read_round, member.tries = member.collection.round, 0
    member.next_page, member.pages = "", 0
    member.save(update_fields=READ_FIELDS)


READ_FIELDS = [
    "state", "reason", "read_round", "tries", "next_page", "pages", "read_at", "etag", "last_modified",
    "manifest", "kind",
]  # fmt: skip


def mark_tried(member: CollectionMember) -> int:
    """Count an attempt that may succeed later; returns how many there were."""
    CollectionMember.objects.filter(pk=member.pk).update(tries=F("tries") + 1)
    return member.tries + 1
