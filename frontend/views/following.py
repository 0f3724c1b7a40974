"""Pages of followed collections and streams, of what has changed at institutions, and the watch on a source."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_curator
from annotation.actions.changes import resolve_change
from annotation.actions.following import choose_members, crawl_again, look_again, origin_of, watch
from annotation.models import CollectionMember, SourceChange, SourceCollection
from annotation.permissions import get_change_for, get_collection_for, get_manifest_for, visible_changes
from annotation.queries import manifests_below
from frontend.changes import explained
from frontend.forms.following import FollowForm, WatchForm
from frontend.reports import report_of
from frontend.views.jobs import last_lines
from problems import Invalid

PAGE = 100


@require_http_methods(["GET", "POST"])
def collection_detail(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """What a collection holds, one level at a time, with boxes to choose from; its progress and report."""
    by = require_curator(request.user)
    collection = get_collection_for(by, collection_id)
    if request.method == "POST":
        shown = _ids(request.POST.getlist("shown"))
        chosen = set(_ids(request.POST.getlist("members")))
        before = set(collection.members.filter(pk__in=shown, is_wanted=True).values_list("pk", flat=True))
        choose_members(
            collection,
            by=by,
            members=[pk for pk in shown if pk in chosen and pk not in before],
            without=[pk for pk in shown if pk in before and pk not in chosen],
        )
        return redirect(request.get_full_path())
    here = _member_at(collection, request.GET.get("at", ""))
    children = collection.members.filter(parent=here).exclude(state=CollectionMember.State.GONE)
    rows = children.defer("document").order_by("kind", "position", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    below = manifests_below(collection)
    manifests = collection.members.filter(kind=CollectionMember.Kind.MANIFEST)
    context = {
        "section": "sources",
        "collection": collection,
        "here": here,
        "trail": _trail(collection, here),
        "page": page,
        "rows": [{"member": row, "below": below.get(row.pk, (0, 0))} for row in page],
        "manifests": manifests.exclude(state=CollectionMember.State.GONE).count(),
        "brought_in": manifests.filter(manifest__isnull=False).count(),
        "form": FollowForm(initial={"every": collection.every, "wants": collection.wants}),
        "job": collection.job,
        "lines": last_lines(collection.job) if collection.job and not collection.job.is_finished else [],
        **report_of(collection.job, request.GET.get("report")),
    }
    return render(request, "sources/collection.html", context)


def _member_at(collection: SourceCollection, at: str) -> CollectionMember | None:
    """The collection whose members are shown: the one named, else the root; None in a stream."""
    lists = collection.members.filter(kind=CollectionMember.Kind.COLLECTION).defer("document")
    if at:
        return get_object_or_404(lists, pk__in=_ids([at]))
    if collection.kind == SourceCollection.Kind.STREAM:
        return None
    return lists.filter(parent=None).first()


def _trail(collection: SourceCollection, here: CollectionMember | None) -> list[CollectionMember]:
    if here is None or not here.ancestors:
        return []
    above = {row.pk: row for row in collection.members.filter(pk__in=here.ancestors).defer("document")}
    return [above[pk] for pk in here.ancestors if pk in above]


def _ids(values: list[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in values]
    except ValueError as error:
        raise Invalid("The collection has no such member.", code="unknown-member") from error


@require_POST
def collection_follow(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Set what becomes of members and how often to look again."""
    by = require_curator(request.user)
    collection = get_collection_for(by, collection_id)
    form = FollowForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["wants"] != collection.wants:
            choose_members(collection, by=by, wants=form.cleaned_data["wants"])
        watch(collection, every=form.cleaned_data["every"], by=by)
    return redirect("collection", collection.pk)


@require_POST
def collection_crawl(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Look at everything again now."""
    by = require_curator(request.user)
    crawl_again(get_collection_for(by, collection_id), by=by)
    return redirect("collection", collection_id)


@require_POST
def source_watch(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Set how often a source is looked at again, or look now."""
    by = require_curator(request.user)
    manifest = get_manifest_for(by, manifest_id, "manage")
    if "now" in request.POST:
        look_again(manifest, by=by)
    else:
        form = WatchForm(request.POST)
        if form.is_valid():
            watch(origin_of(manifest), every=form.cleaned_data["every"], by=by)
    return redirect("source", manifest.pk)


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """What has changed at one's sources, newest first; what needs somebody is marked."""
    by = require_curator(request.user)
    changes = visible_changes(by).select_related("manifest", "collection").defer("manifest__document")
    only_open = "all" not in request.GET
    if only_open:
        changes = changes.filter(needs_attention=True, resolved_at=None)
    page = Paginator(changes, 50).get_page(request.GET.get("page"))
    context = {
        "section": "sources",
        "page": page,
        "rows": [explained(change) for change in page],
        "only_open": only_open,
        "open_count": open_changes(request),
    }
    return render(request, "sources/changes.html", context)


def open_changes(request: HttpRequest) -> int:
    """How many changes wait for somebody; one query."""
    if not request.user.is_authenticated:
        return 0
    return SourceChange.objects.filter(follower=request.user, needs_attention=True, resolved_at=None).count()


@require_POST
def change_resolve(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Say that one has looked at it."""
    by = require_curator(request.user)
    resolve_change(get_change_for(by, change_id), by=by)
    return redirect("change-list")
