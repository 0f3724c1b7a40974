"""What is painted on a canvas, image by image and in order, as a viewer is given it: from what the import kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.models import Canvas

Kept = Mapping[str, Any]


def painted_images(canvas: Canvas) -> list[dict[str, Any]]:
    """Each image with its place on the canvas (None: all of it) and what it may be, the default first.

    The image in the canvas's own columns is the first choice of one of them; no query.
    """
    return [
        {"place": _numbers(options[0].get("placed")), "choices": [_choice(option) for option in options]}
        for options in _kept(canvas)
    ]


def physical_scale(canvas: Canvas) -> dict[str, Any] | None:
    """Real length per canvas unit, where the manifest says it: `factor` and `units` (mm, cm, in)."""
    scale: dict[str, Any] | None = canvas.extra.get("scale")
    return scale


def _kept(canvas: Canvas) -> Sequence[Sequence[Kept]]:
    extra = canvas.extra
    if extra.get("options"):
        options: Sequence[Sequence[Kept]] = extra["options"]
        return options
    choices = extra.get("choices") or []
    images = extra.get("images") or []
    if images:
        # The largest image stands for the canvas; if it is one of several to choose from, these are its choices.
        return [choices if choices and image == choices[0] else [image] for image in images]
    if choices:
        return [choices]
    own = _own(canvas)
    return [[own]] if own else []


def _own(canvas: Canvas) -> Kept | None:
    """The one image, from the columns."""
    if not (canvas.image_service or canvas.image_url):
        return None
    service = {"url": canvas.image_service, "version": canvas.image_service_version}
    return {
        "service": {**service, "auth": canvas.extra.get("auth")} if canvas.image_service else None,
        "url": canvas.image_url or None,
        "width": canvas.image_width,
        "height": canvas.image_height,
        "label": {},
        "placed": canvas.extra.get("placed"),
        "taken": canvas.extra.get("taken"),
        "auth": canvas.extra.get("auth"),
    }


def _choice(kept: Kept) -> dict[str, Any]:
    service = kept.get("service") or {}
    return {
        "service": service.get("url"),
        "version": service.get("version"),
        "url": kept.get("url"),
        "width": kept.get("width"),
        "height": kept.get("height"),
        "auth": service.get("auth") or kept.get("auth"),
        "label": kept.get("label") or {},
        "part": _numbers(kept.get("taken")),
        "rotation": kept.get("rotation"),
    }


def _numbers(box: Any) -> list[float] | None:
    """A box as it was kept, by name or as four numbers."""
    if not box:
        return None
    return [box[side] for side in "xywh"] if isinstance(box, dict) else list(box)
