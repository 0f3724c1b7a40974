"""Who may see and change manifests, layers and the annotations in them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Decision, Person, allow, verbs_of, visible_to
from annotation.models import Annotation, Canvas, Layer, Manifest
from problems import Missing, Refused

PUBLIC = Q(is_public=True)


def visible_manifests(person: Person) -> QuerySet[Manifest]:
    """The manifests that the person may read, newest first (said aloud, so that counting keeps the order)."""
    return visible_to(person, Manifest.objects.order_by("-created_at", "pk"), public=PUBLIC)


def visible_layers(person: Person) -> QuerySet[Layer]:
    """The layers that the person may read."""
    return visible_to(person, Layer.objects.all(), public=PUBLIC)


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


def get_canvas_for(person: Person, layer: Layer, canvas_id: UUID | str) -> Canvas:
    """A canvas as the place of a layer's annotations: who may read the layer may know where it speaks."""
    spoken_of = Q(annotations__layer=layer, annotations__deleted_at=None)
    seen = spoken_of | Q(manifest__in=visible_manifests(person).values("pk"))
    canvas = Canvas.objects.filter(seen, pk=canvas_id).first()
    if canvas is None:
        raise Missing("There is no such canvas, or nothing of this layer stands on it.")
    return canvas


def get_annotation_for(
    person: Person, layer_id: UUID | str, annotation_id: UUID | str, verb: str
) -> Annotation:
    """An annotation through the gate of its layer."""
    layer = get_layer_for(person, layer_id, verb)
    annotation = (
        Annotation.objects.filter(layer=layer, pk=annotation_id, deleted_at=None)
        .select_related("canvas")
        .first()
    )
    if annotation is None:
        raise Missing("The layer has no such annotation.")
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


def key_place(layer_id: UUID) -> str:
    """What a key that writes to one layer only is bound to."""
    return f"layer:{layer_id}"
