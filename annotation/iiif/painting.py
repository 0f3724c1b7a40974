"""Says in Presentation 3 what a canvas shows: painting annotations, choices, cuttings, other media."""

from collections.abc import Iterator
from typing import Any

from annotation.geometry import Box, clean_number
from annotation.iiif.describing import picture
from annotation.iiif.values import CanvasValue, ImageValue, PaintingValue


def painted(canvas: CanvasValue, *, other_media: bool = True) -> list[dict[str, Any]]:
    """The painting annotations of a canvas, in order; `other_media` are those that show no still image."""
    notes: list[dict[str, Any]] = []
    for painting in _paintings(canvas):
        if painting.options:
            notes.append(_annotation(canvas, painting, len(notes) + 1))
        elif painting.document and other_media:
            notes.append({key: value for key, value in painting.document.items() if key != "@context"})
    return notes


def _paintings(canvas: CanvasValue) -> Iterator[PaintingValue]:
    """As read, or made from the images of a canvas that was not read from a document."""
    if canvas.paintings:
        yield from canvas.paintings
        return
    for image in canvas.images or ((canvas.image,) if canvas.image else ()):
        yield PaintingValue(canvas.choices if image == canvas.image and canvas.choices else (image,))


def _annotation(canvas: CanvasValue, painting: PaintingValue, number: int) -> dict[str, Any]:
    bodies = [_body(option) for option in painting.options]
    placed = painting.options[0].placed
    return {
        "id": f"{canvas.uri}#painting-{number}",
        "type": "Annotation",
        "motivation": "painting",
        "body": bodies[0] if len(bodies) == 1 else {"type": "Choice", "items": bodies},
        "target": painting.target or f"{canvas.uri}{f'#{placed.fragment()}' if placed else ''}",
    }


def _body(image: ImageValue) -> dict[str, Any]:
    body = picture(image)
    if image.taken is None and not image.rotation:
        return body
    selector = {
        "type": "ImageApiSelector",
        **({"region": _region(image.taken)} if image.taken else {}),
        **({"rotation": clean_number(image.rotation)} if image.rotation else {}),
    }
    return {"type": "SpecificResource", "source": body, "selector": selector}


def _region(box: Box) -> str:
    return ",".join(clean_number(round(value)) for value in box.xywh)
