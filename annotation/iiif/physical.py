"""Reads how large things really are: the physical dimensions service, of a manifest, a canvas or an image."""

from typing import Any

from annotation.geometry import Box
from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list
from annotation.iiif.values import ImageValue, PhysicalScale

_SERVICE = "iiif.io/api/annex/services/physdim"
_UNITS = {"mm": "mm", "cm": "cm", "in": "in", "inch": "in", "inches": "in"}


def scale_of(services: Any, findings: Findings, pointer: str) -> PhysicalScale | None:
    """What a `service` property says (IIIF annex, Physical Dimensions 1); also inside an image service.

    The factor is real length per unit of whatever has the service: of a canvas its units, of an image its pixels.
    """
    for service in as_list(services):
        if not isinstance(service, dict):
            continue
        found = (
            _read(service, findings, pointer)
            if _is_physical(service)
            else scale_of(
                [inner for inner in as_list(service.get("service")) if _is_physical(inner)], findings, pointer
            )
        )
        if found:
            return found
    return None


def on_canvas(image: ImageValue | None, width: float | None) -> PhysicalScale | None:
    """The scale of an image in units of its canvas, which is `width` wide; None where either size is unknown."""
    if image is None or image.scale is None or not image.width or not width:
        return None
    placed = image.placed.w if image.placed else width
    taken = image.taken or Box(0, 0, image.width, 1)
    return PhysicalScale(image.scale.factor * taken.w / placed, image.scale.units)


def _is_physical(service: Any) -> bool:
    if not isinstance(service, dict):
        return False
    said = [*as_list(service.get("profile")), *as_list(service.get("@context"))]
    return any(isinstance(word, str) and _SERVICE in word for word in said)


def _read(service: dict[str, Any], findings: Findings, pointer: str) -> PhysicalScale | None:
    factor, units = _number(service.get("physicalScale")), service.get("physicalUnits")
    known = _UNITS.get(units.strip().lower()) if isinstance(units, str) else None
    if known is None or not 1e-9 < factor < 1e9:
        findings.warn(pointer, "The physical dimensions cannot be read: a scale above zero, in mm, cm or in.")
        return None
    return PhysicalScale(factor, known)


def _number(value: Any) -> float:
    """A number, also as a text; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        return float(value)
    except (ValueError, OverflowError):
        return 0.0
