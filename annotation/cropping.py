"""What can be shared of a region: its page here, its content state, its pictures, and what to know of them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from annotation.addresses import absolute, manifest_uri
from annotation.geometry import Box, GeometryError
from annotation.iiif import info
from annotation.iiif.contentstate import Place, content_state
from annotation.iiif.crops import Ability, Crops, OutsideCanvas, Saying, ability_of, crops
from annotation.images.limits import LIMITS
from annotation.models import Canvas, Manifest
from annotation.queries import canvas_value
from problems import Invalid, Malformed

SENTENCES: dict[Saying, Any] = {
    "clipped": _("The region leaves its canvas; only what lies on it can be shown."),
    "rounded": _("The region was widened to whole pixels of the image."),
    "cannot-cut": _(
        "The image service cannot cut out a region; these are addresses of the whole image, and the region "
        "stands behind the #."
    ),
    "fixed-sizes": _("The image service keeps only these sizes ready."),
    "limited": _("The image service gives no larger picture of this region."),
    "no-service": _(
        "The image has no image service; this is the whole image, the region stands behind the #."
    ),
    "no-image": _("The canvas has no image."),
    "size-unknown": _(
        "The size of the image is not known, so that the sizes of its pictures are not either."
    ),
}


def region_from(text: str, canvas: Canvas) -> Box | None:
    """The region that a query string asks for: `x,y,w,h`, `percent:…` or `xywh=…`; None when it is empty.

    Raises `Malformed` for what is no rectangle.
    """
    text = text.strip()
    if not text:
        return None
    fragment = text if text.startswith("xywh=") else f"xywh={text}"
    try:
        return Box.from_fragment(fragment, width=canvas.width, height=canvas.height)
    except GeometryError as error:
        raise Malformed(str(error), pointer="/xywh", code="bad-xywh") from error


def crops_of(canvas: Canvas, box: Box | None, ladder: Mapping[str, int] | None = None) -> Crops:
    """The pictures of a region that can be had; one query for what the manifest says of the image service.

    Raises `Invalid` when nothing of the region lies on the canvas.
    """
    value = canvas_value(canvas)
    ability = _ability(canvas) if value.image_service else None
    try:
        return crops(value, box, ability, **({"ladder": ladder} if ladder else {}))
    except OutsideCanvas as error:
        raise Invalid(str(error), pointer="/xywh", code="outside-canvas") from error


def content_state_of(canvas: Canvas, box: Box | None = None) -> str:
    """The content state of a canvas or a region of it, in the manifest that we publish; no query."""
    return content_state(place_of(canvas, box))


def place_of(canvas: Canvas, box: Box | None = None) -> Place:
    return Place(
        canvas.uri, "Canvas", manifest_uri(canvas.manifest_id), fragment=box.fragment() if box else ""
    )


def offers_as_json(found: Crops) -> dict[str, Any]:
    """The pictures and what to say of them, as programs get it."""
    return {
        "xywh": list(found.box.xywh) if found.box else None,
        "pixels": [round(value) for value in found.pixels.xywh] if found.pixels else None,
        "sizes": [asdict(offer) for offer in found.offers],
        "notes": [{"code": code, "detail": str(SENTENCES[code])} for code in found.sayings],
    }


def _ability(canvas: Canvas) -> Ability:
    service = canvas_value(canvas).image_service
    assert service is not None
    return ability_of(service, _description(canvas))


def _description(canvas: Canvas) -> Mapping[str, Any] | None:
    """What is known of the service: of our own everything, of others what the manifest embeds."""
    if (
        canvas.image_service.startswith(absolute("/iiif/image/"))
        and canvas.image_width
        and canvas.image_height
    ):
        return info(canvas.image_service, width=canvas.image_width, height=canvas.image_height, limits=LIMITS)
    return _service_in(_canvas_in_manifest(canvas), canvas.image_service)


def _canvas_in_manifest(canvas: Canvas) -> Any:
    """The canvas as its manifest describes it (Presentation 3, else 2); the manifest itself stays behind."""
    named = orjson.dumps({"uri": canvas.uri}).decode()
    found = Coalesce(
        _queried("$.items[*] ? (@.id == $uri)", named),
        _queried('$.sequences[*].canvases[*] ? (@."@id" == $uri)', named),
        output_field=JSONField(),
    )
    return Manifest.objects.filter(pk=canvas.manifest_id).values_list(found, flat=True).first()


def _queried(path: str, variables: str) -> Func:
    """What stands at a JSON path of the manifest's document."""
    return Func(F("document"), Value(path), Value(variables), function="jsonb_path_query_first")


def _service_in(node: Any, address: str) -> Mapping[str, Any] | None:
    """The object with this address anywhere in the node."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            said = here.get("id", here.get("@id"))
            if isinstance(said, str) and said.removesuffix("/info.json").rstrip("/") == address:
                return here
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return None
