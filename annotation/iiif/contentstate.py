"""Content State 1.0: a link to a part of a IIIF resource, read in all its forms and written in the shortest."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from annotation.geometry import Box

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
PARAMETER = "iiif-content"
LONGEST = 100_000
MOST_TARGETS = 100
MOST_DEPTH = 20

# What JavaScript's encodeURIComponent leaves as it is, beyond what `quote` does.
_UNRESERVED = "!'()*"
_URI = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_SECONDS = re.compile(r"(?:npt:)?(\d+(?:\.\d*)?)(?:,(\d+(?:\.\d*)?))?")
KINDS = ("Collection", "Manifest", "Range", "Canvas", "Annotation")


class ContentStateError(ValueError):
    """A content state that cannot be understood; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that a content state points at.

    `kind` is a type of Presentation 3, or "" when only its URI is known. `fragment` is the rectangle as
    written (`xywh=…`; percent need the canvas's size), `point` a single place, both in canvas units;
    `start` and `end` are seconds. `manifest` is where to find a canvas or range.
    """

    uri: str
    kind: str = ""
    manifest: str = ""
    fragment: str = ""
    point: tuple[float, float] | None = None
    start: float | None = None
    end: float | None = None

    def box(self, width: float, height: float) -> Box | None:
        """The rectangle on a canvas of this size; None without one. Raises GeometryError."""
        return Box.from_fragment(self.fragment, width=width, height=height) if self.fragment else None


# --- encoding (§6) --------------------------------------------------------------------------------


def encode(state: Mapping[str, Any] | list[Any]) -> str:
    """Content-state-encoding: encodeURIComponent, then base64url without padding (§6.1)."""
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    escaped = quote(text.encode("utf-8", "replace"), safe=_UNRESERVED)
    return base64.urlsafe_b64encode(escaped.encode()).decode().rstrip("=")


def decode(text: str) -> str | dict[str, Any] | list[Any]:
    """What a parameter `iiif-content` holds: a URI as it is, or the JSON that was encoded.

    JSON that was sent without encoding is read too, since what has arrived unharmed is clear. Raises
    ContentStateError.
    """
    text = text.strip()
    if not text:
        raise ContentStateError("The content state is empty.")
    if len(text) > LONGEST:
        raise ContentStateError("The content state is longer than 100,000 characters.")
    if _URI.fullmatch(text):
        return text
    state: str | dict[str, Any] | list[Any] = _json(text if text[0] in "{[" else _decoded(text))
    return state


def _decoded(text: str) -> str:
    # Some encode with the ordinary alphabet, or leave the padding.
    bare = text.replace("+", "-").replace("/", "_").replace(" ", "-").rstrip("=")
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
        decoded = unquote_to_bytes(raw).decode("utf-8").strip()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise ContentStateError(
            "The content state is neither an address nor encoded as IIIF Content State 1.0 wants it "
            "(encodeURIComponent, then base64url). Perhaps the link was cut short."
        ) from error
    # The specification forbids to encode an address; it is clear all the same.
    return json.dumps(decoded) if _URI.fullmatch(decoded) else decoded


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ContentStateError("The content state holds no JSON that can be read.") from error


def _no_number(name: str) -> float:
    raise ValueError(name)


# --- reading (§2, §4) -----------------------------------------------------------------------------


def read_content_state(text: str) -> tuple[Place, ...]:
    """The places that a content state points at, in its order, at least one. Raises ContentStateError."""
    return places_of(decode(text))


def places_of(state: Any) -> tuple[Place, ...]:
    """The places of a state that was decoded or fetched: a URI, an annotation, a target, or a list of them.

    An annotation without the motivation `contentState` is itself what is meant (§2.2.4).
    """
    places: list[Place] = []
    for place in _places(state, 0):
        if len(places) == MOST_TARGETS:
            raise ContentStateError("The content state has more than 100 targets.")
        places.append(place)
    if not places:
        raise ContentStateError("The content state points at nothing.")
    return tuple(places)


def _places(node: Any, depth: int) -> Iterator[Place]:
    if depth > MOST_DEPTH:
        raise ContentStateError("The content state is nested too deeply.")
    if isinstance(node, list):
        for item in node:
            yield from _places(item, depth + 1)
    elif isinstance(node, str):
        yield _place(node, "", "")
    elif not isinstance(node, dict):
        raise ContentStateError("A target of a content state is an address or an object.")
    elif _kind(node) == "Annotation" and _is_state(node):
        if node.get("target") is None:
            raise ContentStateError("The annotation of the content state has no target.")
        yield from _places(node["target"], depth + 1)
    elif "source" in node or _kind(node) == "SpecificResource":
        yield _selected(node)
    else:
        yield _resource(node)


def _is_state(node: Mapping[str, Any]) -> bool:
    said = node.get("motivation")
    return "contentState" in (said if isinstance(said, list) else [said])


def _resource(node: Mapping[str, Any]) -> Place:
    uri = node.get("id", node.get("@id"))
    if not isinstance(uri, str):
        raise ContentStateError("A target of the content state has no id.")
    return _place(uri, _kind(node), _manifest(node))


def _selected(node: Mapping[str, Any]) -> Place:
    source = node.get("source")
    whole = _resource(source) if isinstance(source, dict) else _place(_uri(source), "", "")
    selectors = node.get("selector")
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        if isinstance(selector, dict):
            whole = _narrowed(whole, selector)
    return whole


def _narrowed(place: Place, selector: Mapping[str, Any]) -> Place:
    value = selector.get("value")
    if isinstance(value, str) and _kind(selector) != "SvgSelector":
        fragment, start, end = _fragment(value)
        return Place(
            place.uri, place.kind, place.manifest, fragment or place.fragment, place.point,
            start if start is not None else place.start, end if end is not None else place.end,
        )  # fmt: skip
    if _kind(selector) != "PointSelector":
        return place
    x, y, t = (_number(selector.get(name)) for name in ("x", "y", "t"))
    point = (x, y) if x is not None and y is not None else place.point
    start = t if t is not None else place.start
    return Place(place.uri, place.kind, place.manifest, place.fragment, point, start, place.end)


def _place(uri: str, kind: str, manifest: str) -> Place:
    base, mark, fragment = _uri(uri).rpartition("#")
    area, start, end = _fragment(fragment)
    # Some ids are told apart by their fragment; only a media fragment is a part of something.
    is_part = bool(area) or start is not None or end is not None
    whole = base if mark and (is_part or not fragment) else uri
    return Place(whole, kind or ("Canvas" if area else ""), manifest, area, None, start, end)


def _fragment(text: str) -> tuple[str, float | None, float | None]:
    """The rectangle and the seconds of a media fragment (W3C Media Fragments 1.0)."""
    area, start, end = "", None, None
    for part in text.split("&"):
        name, _sign, value = part.partition("=")
        if name == "xywh" and value:
            area = f"xywh={value}"
        elif name == "t" and (match := _SECONDS.fullmatch(value)):
            start, end = float(match[1]), float(match[2]) if match[2] else None
        elif name == "t" and (match := re.fullmatch(r"(?:npt:)?,(\d+(?:\.\d*)?)", value)):
            end = float(match[1])
    return area, start, end


def _manifest(node: Mapping[str, Any]) -> str:
    """The manifest in `partOf` (Presentation 2: `within`), named as one or the only thing named."""
    whole = node.get("partOf", node.get("within"))
    named = whole if isinstance(whole, list) else [whole]
    manifests = [one for one in named if isinstance(one, dict) and _kind(one) == "Manifest"]
    for one in [*manifests, *named]:
        uri = one.get("id", one.get("@id")) if isinstance(one, dict) else one
        if isinstance(uri, str) and _URI.fullmatch(uri):
            return uri
    return ""


def _kind(node: Mapping[str, Any]) -> str:
    said = node.get("type", node.get("@type"))
    kind = next((one for one in said if isinstance(one, str)), "") if isinstance(said, list) else said
    return kind.rsplit(":", 1)[-1] if isinstance(kind, str) else ""


def _uri(value: Any) -> str:
    if not isinstance(value, str) or not _URI.fullmatch(value):
        raise ContentStateError(
            "A content state points at http(s) addresses; something else stands in this one."
        )
    return value


def _number(value: Any) -> float | None:
    ok = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if ok else None


# --- writing --------------------------------------------------------------------------------------


def target_of(place: Place) -> dict[str, Any]:
    """The target body of a place, the shortest form that says it all (§2.2.3).

    A rectangle and seconds stand in the id as a media fragment, a point in a selector.
    """
    parts = [place.fragment] if place.fragment else []
    if (place.start is not None and place.point is None) or place.end is not None:
        ending = "" if place.end is None else f",{_plain(place.end)}"
        parts.append(f"t={'' if place.start is None else _plain(place.start)}{ending}")
    target: dict[str, Any] = {"id": f"{place.uri}#{'&'.join(parts)}" if parts else place.uri}
    if place.kind:
        target["type"] = place.kind
    if place.manifest:
        target["partOf"] = [{"id": place.manifest, "type": "Manifest"}]
    if place.point is None:
        return target
    selector: dict[str, Any] = {"type": "PointSelector", "x": place.point[0], "y": place.point[1]}
    if place.start is not None and place.end is None:
        selector["t"] = place.start
    return {"type": "SpecificResource", "source": target, "selector": selector}


def annotation_of(*places: Place, uri: str = "") -> dict[str, Any]:
    """The full annotation (§2.2.1); several places become several targets (§5.3)."""
    targets = [target_of(place) for place in places]
    return {
        "@context": CONTEXT,
        **({"id": uri} if uri else {}),
        "type": "Annotation",
        "motivation": ["contentState"],
        "target": targets[0] if len(targets) == 1 else targets,
    }


def content_state(place: Place) -> str:
    """The value of a parameter `iiif-content`: the plain URI where that is enough, else encoded (§3.1)."""
    whole = not (place.fragment or place.point) and place.start is None and place.end is None
    if whole and place.kind in ("", "Manifest", "Collection"):
        return place.uri
    return encode(target_of(place))


def _plain(seconds: float) -> str:
    return format(seconds, ".6f").rstrip("0").rstrip(".")
