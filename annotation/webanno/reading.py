"""Reads an annotation, W3C or Open Annotation, into values: what is said, about which region, by whom."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation.webanno.modelresults import model_results
from annotation.webanno.openannotation import from_oa, is_oa
from annotation.webanno.placing import Sizes, place_of
from annotation.webanno.terms import as_list, kinds, uri_of
from annotation.webanno.validation import validate
from annotation.webanno.values import Agent, Body, Problem, Reading, Target

# Purposes (or, without one, motivations) that make a body a label rather than a remark.
_LABELLING = frozenset({"tagging", "classifying", "identifying"})
MAX_ITEMS = 1_000


def read(
    document: Mapping[str, Any],
    *,
    canvas_size: tuple[float, float] | None = None,
    image_size: tuple[float, float] | None = None,
    embedded: bool = True,
) -> Reading:
    """Read one annotation. The sizes (of the canvas in its units, of its image in pixels) are needed only for
    regions in percent.

    `embedded` is for an annotation inside a page, which states no context of its own. Never raises: what is
    wrong stands in `problems`, with pointers into the W3C form (`document`), which is the document itself
    unless it is Open Annotation.
    """
    modern = from_oa(document) if is_oa(document) else dict(document)
    problems = list(validate(modern, embedded=embedded))
    motivations = tuple(
        word.removeprefix("oa:") for word in as_list(modern.get("motivation")) if isinstance(word, str)
    )
    bodies = tuple(_bodies(modern, motivations))[:MAX_ITEMS]
    targets = tuple(_targets(modern.get("target"), Sizes(canvas_size, image_size), problems))[:MAX_ITEMS]
    created = modern.get("created")
    return Reading(
        id=modern["id"] if isinstance(modern.get("id"), str) else None,
        motivations=motivations,
        bodies=bodies,
        targets=targets,
        creator=_agent(modern.get("creator")),
        generator=_agent(modern.get("generator")),
        created=created if isinstance(created, str) else None,
        document=modern,
        model_results=tuple(result for body in bodies if body.text for result in model_results(body.text)),
        problems=tuple(problems),
    )


def texts(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What the bodies of a W3C annotation say in words: remarks, tags, labels; much cheaper than `read`."""
    return tuple(body.text for body in _bodies(document, ()) if body.text)


def _bodies(document: Mapping[str, Any], motivations: tuple[str, ...]) -> Iterator[Body]:
    if isinstance(document.get("bodyValue"), str):
        # W3C Web Annotation §3.2.5: plain text, language of the annotation's choosing.
        yield _text_body({"value": document["bodyValue"], "format": "text/plain"}, motivations)
    for node in _members(document.get("body")):
        body = _body(node, motivations)
        if body is not None:
            yield body


def _members(value: Any, depth: int = 0) -> Iterator[Any]:
    """All bodies or targets, those inside Choice, List, Composite and Independents included."""
    for node in as_list(value):
        if isinstance(node, dict) and isinstance(node.get("items"), list) and depth < 8:
            yield from _members(node["items"], depth + 1)
        else:
            yield node


def _body(node: Any, motivations: tuple[str, ...]) -> Body | None:
    if isinstance(node, str):
        return Body(_kind(None, motivations, concept=True), uri=node)
    if not isinstance(node, dict):
        return None
    if "TextualBody" in kinds(node) or (isinstance(node.get("value"), str) and "source" not in node):
        return _text_body(node, motivations)
    purpose = _first(node.get("purpose"))
    uri = uri_of(node.get("source")) or uri_of(node)
    if uri is None:
        return None
    label = node.get("label")
    return Body(
        _kind(purpose, motivations, concept=True),
        text=label if isinstance(label, str) else None,
        uri=uri,
        language=_first(node.get("language")),
        media_type=_first(node.get("format")),
        purpose=purpose,
    )


def _text_body(node: Mapping[str, Any], motivations: tuple[str, ...]) -> Body:
    purpose = _first(node.get("purpose"))
    value = node.get("value")
    kind = _kind(purpose, motivations, concept=False)
    # A tag with an identifier of its own is a concept with its word.
    uri = uri_of(dict(node))
    return Body(
        "concept" if kind == "tag" and uri else kind,
        text=value if isinstance(value, str) else None,
        uri=uri,
        language=_first(node.get("language")),
        media_type=_first(node.get("format")),
        purpose=purpose,
    )


def _kind(purpose: str | None, motivations: tuple[str, ...], *, concept: bool) -> Any:
    words = {purpose} if purpose else set(motivations)
    # Mirador 2 says commenting and tagging of one annotation; there only the oa:Tag has the purpose.
    labelling = bool(words) and words <= _LABELLING
    if concept:
        return "concept" if labelling else "resource"
    return "tag" if labelling else "text"


def _targets(value: Any, sizes: Sizes, problems: list[Problem]) -> Iterator[Target]:
    for node in _members(value):
        target = _target(node, sizes, problems)
        if target is not None:
            yield target


def _target(node: Any, sizes: Sizes, problems: list[Problem]) -> Target | None:
    whole = node.get("source", node) if isinstance(node, dict) else node
    uri = uri_of(whole)
    if uri is None:
        return None
    manifest = uri_of(next(iter(as_list(whole.get("partOf"))), None)) if isinstance(whole, dict) else None
    source, mark, fragment = uri.partition("#xywh=")
    place = place_of(
        node.get("selector") if isinstance(node, dict) else None,
        f"xywh={fragment}" if mark else None,
        sizes,
        lambda sentence: problems.append(Problem("/target", sentence, "warning")),
    )
    kind = next((kind for kind in kinds(whole) if kind != "SpecificResource"), None)
    return Target(
        source, manifest, place.box, place.svg, point=place.point, kind=kind, in_image=place.in_image
    )


def _agent(value: Any) -> Agent | None:
    node = next(iter(as_list(value)), None)
    if isinstance(node, str):
        return Agent(uri=node)
    if not isinstance(node, dict):
        return None
    name = _first(node.get("name")) or _first(node.get("nickname"))
    return Agent(uri_of(node), next(iter(kinds(node)), None), name)


def _first(value: Any) -> str | None:
    return next((item for item in as_list(value) if isinstance(item, str)), None)
