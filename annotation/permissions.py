"""Who may see and change manifests, layers and the annotations in them."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Decision, Person, allow, verbs_of, visible_to
from annotation.models import (
    Annotation,
    Canvas,
    Layer,
    LayerGroupObjectPermission,
    LayerUserObjectPermission,
    Manifest,
    ManifestUserObjectPermission,
    SourceChange,
    SourceCollection,
    StoredImage,
)
from problems import Gone, Missing, Refused, Unauthenticated

PUBLIC = Q(is_public=True)

# A further way to be shown an image: who asks (and, where there is one, the request with its cookies) → a
# condition on rows of `StoredImage`.
Way = Callable[[Person, HttpRequest | None], Q]
_FURTHER_WAYS: list[Way] = []


def also_show_images(way: Way) -> Way:
    """Let a room above say who else may see images; it does so once, in its `apps.py`."""
    if way not in _FURTHER_WAYS:
        _FURTHER_WAYS.append(way)
    return way


def visible_manifests(person: Person) -> QuerySet[Manifest]:
    """The manifests that the person may read, newest first (said aloud, so that counting keeps the order)."""
    return visible_to(person, Manifest.objects.order_by("-created_at", "pk"), public=PUBLIC)


def visible_layers(person: Person) -> QuerySet[Layer]:
    """The layers that the person may read."""
    return visible_to(person, Layer.objects.all(), public=PUBLIC)


def writable_layers(person: Person) -> QuerySet[Layer]:
    """The layers that are written by hand and that the person may write into, newest first; one query."""
    layers = Layer.objects.filter(kind__in=WRITTEN_BY_HAND).order_by("-created_at", "pk")
    if not isinstance(person, User):
        return layers.none()
    if person.is_superuser:
        return layers
    held = {"content_object": OuterRef("pk"), "permission__codename": "contribute_layer"}
    own = Exists(LayerUserObjectPermission.objects.filter(user=person, **held))
    return layers.filter(
        Q(own) | Q(Exists(LayerGroupObjectPermission.objects.filter(group__user=person, **held)))
    )


def get_manifest_for(person: Person, manifest_id: UUID | str, verb: str) -> Manifest:
    """The one gate to a manifest: `view`, `manage` or `own`; its document, perhaps large, is not loaded."""
    manifest = Manifest.objects.defer("document").filter(pk=manifest_id).first()
    if manifest is None:
        raise Missing("There is no manifest at this address, or you may not see it.")
    if verb == "view" and manifest.is_public:
        return manifest
    held = verbs_of(person, manifest)
    decision = Decision(verb in held, "Only the person who brought this manifest in may change it.")
    return allow(person, manifest, verb, visible=manifest.is_public or "view" in held, decision=decision)


def get_image_for(
    person: Person, image_id: UUID | str, verb: str, *, request: HttpRequest | None = None
) -> StoredImage:
    """The one gate to an uploaded image, with its canvas and manifest; one query, however many ways lead in.

    `view`: to be shown it, which follows from the manifest (public, or a role on it) or from a further way.
    `describe`: to learn that it is there, how large it is and how one gets to see it, which is for everybody
    who knows its address: a viewer must read that before anybody can sign in (Authorization Flow 2.0 §2.1).
    """
    ready = StoredImage.objects.filter(pk=image_id, state=StoredImage.State.READY, canvas__isnull=False)
    rows = ready.select_related("canvas__manifest").defer("canvas__manifest__document", "canvas__extra")
    image = rows.annotate(shown=_shown_to(person, request)).first()
    if image is None:
        raise Missing("There is no image at this address, or you may not see it.")
    if verb == "view" and not image.shown:
        if isinstance(person, User):
            raise Refused("You may not see this image. Ask the person who brought it in.")
        raise Unauthenticated(
            "This image is not public. Sign in to see it.", headers={"WWW-Authenticate": "Bearer"}
        )
    return image


def _shown_to(person: Person, request: HttpRequest | None) -> Combinable:
    if isinstance(person, User) and person.is_superuser:
        return Value(value=True)
    shown = Q(canvas__manifest__is_public=True)
    if isinstance(person, User):
        grants = ManifestUserObjectPermission.objects.filter(
            content_object=OuterRef("canvas__manifest"), user=person, permission__codename="view_manifest"
        )
        shown |= Q(Exists(grants))
    for way in _FURTHER_WAYS:
        shown |= way(person, request)
    return ExpressionWrapper(shown, output_field=BooleanField())


def get_layer_for(person: Person, layer_id: UUID | str, verb: str) -> Layer:
    """The one gate to a layer: `view`, `contribute`, `manage` or `own`."""
    layer = Layer.objects.filter(pk=layer_id).first()
    if layer is None:
        raise Missing("There is no layer at this address, or you may not see it.")
    if verb == "view" and layer.is_public:
        return layer
    held = verbs_of(person, layer)
    decision = Decision(verb in held, "Your role on this layer does not include writing to it.")
    return allow(person, layer, verb, visible=layer.is_public or "view" in held, decision=decision)


def get_layer_with_verbs(person: Person, layer_id: UUID | str) -> tuple[Layer, frozenset[str]]:
    """The gate to reading a layer, for who must know as well what else the person may do in it; two queries."""
    layer = Layer.objects.filter(pk=layer_id).first()
    if layer is None:
        raise Missing("There is no layer at this address, or you may not see it.")
    held = verbs_of(person, layer)
    visible = layer.is_public or "view" in held
    return allow(person, layer, "view", visible=visible, decision=Decision(allowed=True)), held


def get_canvas_for(person: Person, layer: Layer, canvas_id: UUID | str) -> Canvas:
    """A canvas as the place of a layer's annotations: who may read the layer may know where it speaks."""
    spoken_of = Q(annotations__layer=layer, annotations__deleted_at=None)
    seen = spoken_of | Q(manifest__in=visible_manifests(person).values("pk"))
    canvas = Canvas.objects.filter(seen, pk=canvas_id).first()
    if canvas is None:
        raise Missing("There is no such canvas, or nothing of this layer stands on it.")
    return canvas


def get_seen_canvas_for(person: Person, canvas_id: UUID | str) -> Canvas:
    """A canvas by itself, through the gate of its manifest."""
    canvas = Canvas.objects.filter(pk=canvas_id).first()
    if canvas is None:
        raise Missing("There is no canvas at this address, or you may not see it.")
    canvas.manifest = get_manifest_for(person, canvas.manifest_id, "view")
    return canvas


def get_annotation_for(
    person: Person, layer_id: UUID | str, annotation_id: UUID | str, verb: str
) -> Annotation:
    """An annotation through the gate of its layer; who may see the layer is told when it was deleted."""
    layer = get_layer_for(person, layer_id, verb)
    annotation = Annotation.objects.filter(layer=layer, pk=annotation_id).select_related("canvas").first()
    if annotation is None:
        raise Missing("The layer has no such annotation.")
    if annotation.deleted_at is not None:
        raise Gone("This annotation has been deleted; its address will not be used again.")
    annotation.layer = layer
    return annotation


# Written by people and programs directly; every other kind is written by what it is the result of.
WRITTEN_BY_HAND = frozenset({Layer.Kind.PERSONAL, Layer.Kind.IMPORTED})


def require_writable(layer: Layer) -> None:
    """Refuse to write by hand into a layer that a campaign, a model or a decision fills."""
    if layer.kind not in WRITTEN_BY_HAND:
        raise Refused("This layer is filled by its campaign and cannot be written to from outside.")


def require_author(annotation: Annotation, person: User) -> None:
    """Refuse to change what somebody else said, unless one manages the layer."""
    if annotation.created_by_id != person.pk and "manage" not in verbs_of(person, annotation.layer):
        raise Refused("Somebody else has made this annotation; only who manages the layer may change it.")


def require_own_kind(layer: Layer) -> None:
    """Refuse to rename, publish, share or delete a layer that belongs to a campaign or to a run of a model."""
    if layer.kind not in WRITTEN_BY_HAND:
        raise Refused("This layer belongs to its campaign; what may be changed is changed there.")


def visible_collections(person: Person) -> QuerySet[SourceCollection]:
    """The collections that the person follows, newest first; a following is nobody else's."""
    if not isinstance(person, User):
        return SourceCollection.objects.none()
    return SourceCollection.objects.filter(created_by=person).order_by("-created_at", "pk")


def get_collection_for(person: Person, collection_id: UUID | str) -> SourceCollection:
    """The one gate to what somebody follows: its follower; 404 for everybody else."""
    collection = (
        visible_collections(person).select_related("job", "created_by").filter(pk=collection_id).first()
    )
    if collection is None:
        raise Missing("You follow no such collection.")
    return collection


def visible_changes(person: Person) -> QuerySet[SourceChange]:
    """What has changed at the sources that the person follows, newest first."""
    if not isinstance(person, User):
        return SourceChange.objects.none()
    return SourceChange.objects.filter(follower=person).order_by("-found_at", "pk")


def get_change_for(person: Person, change_id: UUID | str) -> SourceChange:
    """The one gate to a change: whoever follows its source; 404 for everybody else."""
    change = visible_changes(person).filter(pk=change_id).first()
    if change is None:
        raise Missing("There is no such change among your sources.")
    return change


def key_place(layer_id: UUID) -> str:
    """What a key that writes to one layer only is bound to."""
    return f"{_KEY_PLACE}{layer_id}"


def place_layer(place: str) -> UUID | None:
    """The layer that such a key is bound to: the inverse of `key_place`; None for other places."""
    return UUID(place.removeprefix(_KEY_PLACE)) if place.startswith(_KEY_PLACE) else None


_KEY_PLACE = "layer:"
