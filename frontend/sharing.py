"""What the share panel of a canvas shows: addresses of a region, of its pictures and of its annotation."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from annotation.addresses import absolute, annotation_uri, manifest_uri
from annotation.cropping import content_state_of, crops_of, offers_as_json, region_from
from annotation.geometry import Box, clean_number
from annotation.iiif.contentstate import PARAMETER, ContentStateError, read_content_state
from annotation.models import Annotation, Canvas
from annotation.opening import region_on
from annotation.permissions import visible_layers
from annotation.queries import shown_box
from frontend.embedding import snippet
from problems import Malformed


def canvas_page(canvas: Canvas, box: Box | None = None, annotation: Annotation | None = None) -> str:
    """The path of the page that shows a region of a canvas."""
    said = {}
    if box:
        said["xywh"] = ",".join(clean_number(value) for value in box.xywh)
    if annotation:
        said["annotation"] = str(annotation.pk)
    path = reverse("canvas", args=[canvas.manifest_id, canvas.pk])
    return f"{path}?{urlencode(said, safe=',')}" if said else path


def wanted_on(canvas: Canvas, request: HttpRequest) -> tuple[Box | None, Annotation | None]:
    """The region and the annotation that the address of a page asks for (`xywh`, `iiif-content`, `annotation`).

    Raises `Malformed` for what cannot be understood. A query at most.
    """
    annotation = _annotation(canvas, request)
    box = region_from(request.GET.get("xywh", ""), canvas) or _pointed_at(canvas, request.GET)
    if box is None and annotation:
        box = shown_box(annotation, canvas)
    return box, annotation


def _annotation(canvas: Canvas, request: HttpRequest) -> Annotation | None:
    """The annotation if it stands here and may be seen; whose link has become old still sees the region."""
    try:
        wanted = UUID(request.GET.get("annotation", ""))
    except ValueError:
        return None
    layers = visible_layers(request.user).order_by().values("pk")
    return Annotation.objects.filter(pk=wanted, canvas=canvas, deleted_at=None, layer__in=layers).first()


def _pointed_at(canvas: Canvas, parameters: QueryDict) -> Box | None:
    said = parameters.get(PARAMETER, "")
    if not said:
        return None
    try:
        places = read_content_state(said)
    except ContentStateError as error:
        raise Malformed(str(error), code="bad-content-state") from error
    return next((region_on(canvas, place) for place in places if place.uri == canvas.uri), None)


def share_panel(canvas: Canvas, box: Box | None, annotation: Annotation | None) -> dict[str, Any]:
    """Everything the panel shows; one query, for what the manifest says of the image service."""
    found = crops_of(canvas, box)
    state = content_state_of(canvas, found.box)
    pictures = offers_as_json(found)
    return {
        "box": found.box,
        "link": absolute(canvas_page(canvas, found.box, annotation)),
        "state": state,
        "opener": absolute(f"{reverse('open')}?{urlencode({PARAMETER: state})}"),
        "annotation": annotation_uri(annotation) if annotation else "",
        "pictures": [offer for offer in pictures["sizes"] if offer["url"]],
        "notes": pictures["notes"],
        **_embedded(canvas, state if found.box else ""),
    }


def _embedded(canvas: Canvas, state: str) -> dict[str, str]:
    """The code that puts the canvas, or a region of it, on somebody's own page; none of a source that is not public."""
    if not canvas.manifest.is_public:
        return {}
    manifest = manifest_uri(canvas.manifest_id)
    code = snippet(iiif_content=state) if state else snippet(manifest=manifest, canvas=canvas.uri)
    said = {"manifest": manifest, "canvas": canvas.uri}
    return {"embed": code, "embed_page": f"{reverse('embed')}?{urlencode(said)}"}
