"""Writes info.json for the images we serve ourselves, Image API 3.0 and 2.1 at level 2."""

from typing import Any, Literal

from annotation.iiif.authorization import AUTH_CONTEXT, auth_services
from annotation.iiif.request import Limits
from annotation.iiif.values import AuthValue

PROTOCOL = "http://iiif.io/api/image"
# Beyond level 2 of either version.
_FEATURES = ("canonicalLinkHeader", "profileLinkHeader", "mirroring", "rotationArbitrary")
_SMALLEST_SIZE = 64


def info(
    uri: str,
    *,
    width: int,
    height: int,
    version: Literal[2, 3] = 3,
    limits: Limits | None = None,
    tile: int = 512,
    rights: str | None = None,
    auth: AuthValue | None = None,
) -> dict[str, Any]:
    """The info.json of an image of `width` × `height` pixels (Image API 3.0 §5, 2.1 §5).

    `uri` is the service's base URI, `tile` the side of the tiles that are cheap to cut, `auth` the services
    by which somebody gets to see a protected image (Authorization Flow 2.0 §2.1).
    """
    limits = limits or Limits()
    factors = _scale_factors(width, height, tile)
    shared: dict[str, Any] = {
        "protocol": PROTOCOL,
        "width": width,
        "height": height,
        "sizes": [
            {"width": w, "height": h}
            for w, h in _sizes(width, height, factors)
            if limits.scale_for(w, h) >= 1
        ],
        "tiles": [{"width": tile, "height": tile, "scaleFactors": factors}],
    }
    bounds = {"maxWidth": limits.max_width, "maxHeight": limits.max_height, "maxArea": limits.max_area}
    # Image API 3.0 §5.3: maxHeight only stands beside maxWidth.
    known = {
        key: value for key, value in bounds.items() if value and (key != "maxHeight" or limits.max_width)
    }
    document = (_version_3 if version == 3 else _version_2)(uri, shared, known, limits, rights)
    return _protected(document, auth) if auth else document


def _protected(document: dict[str, Any], auth: AuthValue) -> dict[str, Any]:
    """With the services, and their context before that of the Image API (Authorization Flow 2.0 §2.1)."""
    services = auth_services(auth)
    if document.get("type") == "ImageService3":
        return {**document, "@context": [AUTH_CONTEXT, document["@context"]], "service": services}
    # Image API 2.1 §5.2 allows one context only, so that each service brings its own.
    return {**document, "service": [{"@context": AUTH_CONTEXT, **service} for service in services]}


def _version_3(
    uri: str, shared: dict[str, Any], bounds: dict[str, int], limits: Limits, rights: str | None
) -> dict[str, Any]:
    extra = [fmt for fmt in limits.formats if fmt not in ("jpg", "png")]
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": uri,
        "type": "ImageService3",
        "profile": "level2",
        **shared,
        **bounds,
        **({"extraFormats": extra} if extra else {}),
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": [*_FEATURES, *(["sizeUpscaling"] if limits.upscaling else [])],
        **({"rights": rights} if rights else {}),
    }


def _version_2(
    uri: str, shared: dict[str, Any], bounds: dict[str, int], limits: Limits, rights: str | None
) -> dict[str, Any]:
    extra = [fmt for fmt in limits.formats if fmt not in ("jpg", "png")]
    beyond = {
        **({"formats": extra} if extra else {}),
        "supports": [*_FEATURES, "regionSquare", *(["sizeAboveFull"] if limits.upscaling else [])],
        **bounds,
    }
    return {
        "@context": "http://iiif.io/api/image/2/context.json",
        "@id": uri,
        **shared,
        "profile": ["http://iiif.io/api/image/2/level2.json", beyond],
        **({"license": rights} if rights else {}),
    }


def _scale_factors(width: int, height: int, tile: int) -> list[int]:
    factors = [1]
    while max(width, height) > tile * factors[-1]:
        factors.append(factors[-1] * 2)
    return factors


def _sizes(width: int, height: int, factors: list[int]) -> list[tuple[int, int]]:
    """The whole image at each scale factor, smallest first, without the ones too small to show anything."""
    halves = [(-(-width // factor), -(-height // factor)) for factor in reversed(factors)]
    return [size for size in halves if max(size) >= _SMALLEST_SIZE] or [(width, height)]
