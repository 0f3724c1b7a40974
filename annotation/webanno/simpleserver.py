"""The dialect of Open Annotation that plug-ins of the Simple Annotation Server speak, to W3C and back."""

import re
from collections.abc import Mapping
from typing import Any

from annotation.webanno.openannotation import from_oa, is_oa, to_oa
from annotation.webanno.terms import OUR_CONTEXT, PREFIX, as_list, listed, uri_of

REVISION = f"{PREFIX}:revision"
# What Mirador 2 hangs on annotations for its own use; `endpoint` would even be a whole object of its page.
_OF_THE_PAGE = ("endpoint", "fullId")
_MARKUP = re.compile(r"\s*<([a-z][a-z0-9]*)\b[^>]*>.*</\1>\s*", re.DOTALL | re.IGNORECASE)


def for_plugins(
    document: Mapping[str, Any], *, revision: int, size: tuple[float, float] | None
) -> dict[str, Any]:
    """A W3C document as the plug-ins can read it.

    `mirador-annotations` stops at an annotation without `resource`, without `on.selector` or whose first
    `on` is a string, and then shows none of the canvas: so an empty text, and the region of the whole canvas
    (`size`: width and height), stand where there is nothing.
    """
    old = to_oa({**document, REVISION: revision})
    if not _declares_ours(old):
        old["@context"] = [*as_list(old["@context"]), OUR_CONTEXT]
    bodies = [_told(body) for body in as_list(old.get("resource"))]
    old["resource"] = listed(bodies or [{"@type": "dctypes:Text", "chars": ""}], like=old.get("resource"))
    old["on"] = listed([_placed(target, size) for target in as_list(old.get("on"))])
    return old


def from_plugins(sent: Mapping[str, Any]) -> tuple[dict[str, Any], str | None, Any]:
    """What a plug-in sent as `(W3C document without id, its id, the revision it was made from)`."""
    given = {key: value for key, value in sent.items() if key not in _OF_THE_PAGE}
    revision = given.pop(REVISION, None)
    modern = from_oa(given) if is_oa(given) else given
    identifier = modern.pop("id", None)
    if "body" in modern:
        modern["body"] = listed([_typed(body) for body in as_list(modern["body"])], like=modern["body"])
    if not any(key.startswith(f"{PREFIX}:") for key in modern):
        modern["@context"] = listed([one for one in as_list(modern.get("@context")) if one != OUR_CONTEXT])
    return modern, identifier if isinstance(identifier, str) else None, revision


def kept(
    stored: Mapping[str, Any], changed: Mapping[str, Any], *, size: tuple[float, float] | None
) -> dict[str, Any]:
    """A change by a plug-in that cannot say everything, without the loss of what it cannot say.

    `mirador-annotations` sends texts, tags and the region; every motivation becomes `commenting`, a body
    without text becomes an empty one, all else is left out. What was left out stays as it is `stored`.
    """
    result = {**stored, **changed}
    if changed.get("motivation") == "commenting" and "motivation" in stored:
        result["motivation"] = stored["motivation"]
    if "body" in changed:
        result["body"] = _bodies_kept(stored.get("body"), changed["body"])
        result.pop("bodyValue", None)
    if result.get("body") == []:
        del result["body"]
    if _says_whole(changed.get("target"), size) and not _has_selector(stored.get("target")):
        result["target"] = stored.get("target")
    return result


def _bodies_kept(stored: Any, changed: Any) -> Any:
    """The bodies sent; one that says nothing is the place of the next stored body that has no text."""
    silent = [body for body in as_list(stored) if not _text(body)]
    bodies = [
        (silent.pop(0) if silent else None) if _is_ghost(body) else _like(stored, body)
        for body in as_list(changed)
    ]
    return listed([body for body in bodies if body is not None], like=stored)


def _like(stored: Any, body: Any) -> Any:
    """A text that was not changed keeps its purpose, language and format."""
    return next((one for one in as_list(stored) if _text(one) and _text(one) == _text(body)), body)


def _text(body: Any) -> str | None:
    value = body.get("value") if isinstance(body, dict) else None
    return value if isinstance(value, str) and value else None


def _is_ghost(body: Any) -> bool:
    known = ("value", "id", "source", "items")
    return isinstance(body, dict) and not any(body.get(key) for key in known)


def _typed(body: Any) -> Any:
    """Rich text whose media type `mirador-annotations` does not say."""
    if isinstance(body, dict) and "format" not in body and _MARKUP.fullmatch(_text(body) or ""):
        return {**body, "format": "text/html"}
    return body


def _told(body: Any) -> Any:
    if isinstance(body, str):
        return {"@id": body}
    return body


def _placed(target: Any, size: tuple[float, float] | None) -> Any:
    if isinstance(target, str):
        source, _, fragment = target.partition("#")
        region = fragment if fragment.startswith("xywh=") else _whole(size)
        return _specific(source, region)
    if not isinstance(target, dict):
        return target
    if "full" not in target:
        return _specific(target["@id"], _whole(size)) if isinstance(target.get("@id"), str) else target
    placed = {**target, "full": uri_of(target["full"])}
    if "within" in target:
        placed["within"] = next(iter(as_list(target["within"])), None)
    if "selector" not in target and size:
        placed["selector"] = {"@type": "oa:FragmentSelector", "value": _whole(size)}
    return placed


def _specific(source: str, region: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "oa:SpecificResource", "full": source}
    if region:
        found["selector"] = {"@type": "oa:FragmentSelector", "value": region}
    return found


def _whole(size: tuple[float, float] | None) -> str:
    return f"xywh=0,0,{size[0]:g},{size[1]:g}" if size else ""


def _says_whole(target: Any, size: tuple[float, float] | None) -> bool:
    selectors = as_list(target.get("selector")) if isinstance(target, dict) else []
    said = [one.get("value") for one in selectors if isinstance(one, dict)]
    return bool(size) and said == [_whole(size)]


def _has_selector(target: Any) -> bool:
    if isinstance(target, dict):
        return "selector" in target or "#" in str(target.get("id", ""))
    return not isinstance(target, str) or "#" in target


def _declares_ours(document: Mapping[str, Any]) -> bool:
    return OUR_CONTEXT in as_list(document.get("@context"))
