"""Writes Presentation 3: manifests that link our annotation pages, and the pages. The one importer of iiif-
prezi3.

The models of iiif-prezi3 check every part; what is written is our own document, because the models' dump
changes URIs (it lower-cases hosts, percent-encodes paths, appends slashes) and a canvas URI that changed is
another canvas.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import iiif_prezi3
from pydantic import ValidationError

from annotation.geometry import Box, clean_number
from annotation.iiif.authorization import AUTH_CONTEXT, auth_services
from annotation.iiif.image import image_url
from annotation.iiif.values import (
    CanvasValue,
    ImageService,
    ImageValue,
    LabelledValue,
    LanguageMap,
    ManifestValue,
    ProviderValue,
)

CONTEXT = "http://iiif.io/api/presentation/3/context.json"

# Presentation 3.0 §3.1: rights are one of these, always written with http.
_RIGHTS = re.compile(
    r"https?://((?:creativecommons\.org/(?:licenses|publicdomain)|rightsstatements\.org/vocab)/.+)"
)
_LANGUAGE = re.compile(r"[A-Za-z-]+")
_ENDINGS = {
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tif": "image/tiff",
    "jp2": "image/jp2",
}


class NotPublishable(ValueError):
    """A value that cannot be written as valid Presentation 3; the message says which part and why."""


def manifest(
    value: ManifestValue,
    *,
    uri: str | None = None,
    annotation_page_urls: Mapping[str, Sequence[str]] | None = None,
    label_of_pages: LanguageMap | None = None,
) -> dict[str, Any]:
    """A Presentation 3 manifest of all canvases whose size is known, each linking its annotation pages.

    `uri` is where we publish it (the value's own otherwise); `annotation_page_urls` maps canvas URIs to
    addresses. The pages that the manifest came with are linked too. Raises NotPublishable.
    """
    pages = annotation_page_urls or {}
    items = [
        _canvas(canvas, pages.get(canvas.uri, ()), label_of_pages or {})
        for canvas in value.canvases
        if canvas.width and canvas.height
    ]
    if not items:
        raise NotPublishable("A manifest needs at least one canvas whose size is known.")
    document = {
        "@context": _contexts(value),
        "id": uri or value.uri,
        "type": "Manifest",
        "label": _texts(value.label) or {"none": [value.uri]},
        **_described(value),
        "items": items,
    }
    # The canvases were checked one by one; one stands for all, so that ten thousand are not checked twice.
    _check(iiif_prezi3.Manifest, {**document, "items": items[:1]}, "manifest")
    return document


def annotation_page(
    id: str,  # noqa: A002 - the word of the specification
    annotations: Iterable[Mapping[str, Any]],
    *,
    part_of: Mapping[str, Any] | None = None,
    next_page: str | None = None,
    extra_contexts: Sequence[str] = (),
) -> dict[str, Any]:
    """A Presentation 3 annotation page of W3C annotations (dicts), each as it is but without its own context.

    `part_of` is the collection (our layer): `{"id", "type": "AnnotationCollection", "label"}`.
    `extra_contexts` are addresses of contexts that explain extension properties; they stand before IIIF's, as
    the specification wants it. Raises NotPublishable when the page itself is wrong; annotations are checked
    by `annotation.webanno.validate`.
    """
    document: dict[str, Any] = {
        "@context": [*extra_contexts, CONTEXT] if extra_contexts else CONTEXT,
        "id": id,
        "type": "AnnotationPage",
    }
    if part_of:
        document["partOf"] = [dict(part_of)]
    if next_page:
        document["next"] = {"id": next_page, "type": "AnnotationPage"}
    _check(iiif_prezi3.AnnotationPage, {"id": id, "type": "AnnotationPage", "items": []}, "annotation page")
    document["items"] = [
        {key: value for key, value in annotation.items() if key != "@context"} for annotation in annotations
    ]
    return document


def _check(model: Any, document: Mapping[str, Any], what: str) -> None:
    if not str(document["id"]).startswith(("http://", "https://")):
        # Presentation 3.0 §3.2; the models let other schemes pass.
        raise NotPublishable(
            f"The {what} cannot be published: its id “{document['id']}” is not an HTTP(S) URI."
        )
    try:
        model(**{key: value for key, value in document.items() if key != "@context"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"][:4])
        raise NotPublishable(f"The {what} cannot be published: {place}: {first['msg']}.") from error


def _canvas(canvas: CanvasValue, pages: Sequence[str], label_of_pages: LanguageMap) -> dict[str, Any]:
    painted = canvas.images or ((canvas.image,) if canvas.image else ())
    notes = [_painting(canvas, image, index) for index, image in enumerate(painted, start=1)]
    document: dict[str, Any] = {
        "id": canvas.uri,
        "type": "Canvas",
        "label": _texts(canvas.label) or {"none": [str(canvas.position + 1)]},
        "width": max(1, round(canvas.width or 0)),
        "height": max(1, round(canvas.height or 0)),
        **({"metadata": [_row(row) for row in canvas.metadata]} if canvas.metadata else {}),
        **({"thumbnail": [_picture(canvas.thumbnail)]} if canvas.thumbnail else {}),
        "items": [{"id": f"{canvas.uri}#painting", "type": "AnnotationPage", "items": notes}],
    }
    _check(iiif_prezi3.Canvas, document, f"canvas {canvas.uri}")
    links = [_page_link(url, label_of_pages) for url in pages]
    links += [
        _page_link(page.uri, page.label) for page in canvas.annotations if page.uri and page.uri not in pages
    ]
    return {**document, **({"annotations": links} if links else {})}


def _page_link(url: str, label: LanguageMap) -> dict[str, Any]:
    # Added after the check: the model reads a link with a label as an embedded, empty page.
    return {"id": url, "type": "AnnotationPage", **({"label": _texts(label)} if label else {})}


def _painting(canvas: CanvasValue, image: ImageValue, number: int) -> dict[str, Any]:
    several = canvas.choices if image == canvas.image and canvas.choices else (image,)
    bodies = [_image(option) for option in several]
    place = f"#{image.placed.fragment()}" if image.placed else ""
    return {
        "id": f"{canvas.uri}#painting-{number}",
        "type": "Annotation",
        "motivation": "painting",
        "body": bodies[0] if len(bodies) == 1 else {"type": "Choice", "items": bodies},
        "target": f"{canvas.uri}{place}",
    }


def _image(image: ImageValue) -> dict[str, Any]:
    service = image.service
    url = image.url or (image_url(service.url, service.version) if service else "")
    services = [*([_service(service)] if service else []), *(auth_services(image.auth) if image.auth else [])]
    body: dict[str, Any] = {
        "id": url,
        "type": "Image",
        "format": _media_type(image.media_type, url),
        **({"label": _texts(image.label)} if image.label else {}),
        **({"width": image.width, "height": image.height} if image.width and image.height else {}),
        **({"service": services} if services else {}),
    }
    if image.taken is None:
        return body
    selector = {"type": "ImageApiSelector", "region": _region(image.taken)}
    return {"type": "SpecificResource", "source": body, "selector": selector}


def _region(box: Box) -> str:
    return ",".join(clean_number(round(value)) for value in box.xywh)


def _media_type(said: str | None, url: str) -> str:
    if said and re.fullmatch(r"[a-z]+/\S+", said):
        return said
    return _ENDINGS.get(url.rsplit(".", 1)[-1].lower(), "image/jpeg")


def _service(service: ImageService) -> dict[str, Any]:
    guarded = {"service": auth_services(service.auth)} if service.auth else {}
    if service.version >= 3:
        profile = service.profile or "level0"
        return {"id": service.url, "type": "ImageService3", "profile": profile, **guarded}
    profile = service.profile or "http://iiif.io/api/image/2/level0.json"
    return {"@id": service.url, "@type": f"ImageService{service.version}", "profile": profile, **guarded}


def _contexts(value: ManifestValue) -> str | list[str]:
    """Authorization Flow 2.0 §2.1: its context stands in the manifest, before that of Presentation."""
    images = (
        image
        for canvas in value.canvases
        for image in (canvas.image, *canvas.choices, *canvas.images)
        if image
    )
    versions = {
        auth.version
        for image in images
        for auth in (image.auth, image.service.auth if image.service else None)
        if auth
    }
    return [AUTH_CONTEXT, CONTEXT] if 2 in versions else CONTEXT


def _described(value: ManifestValue) -> dict[str, Any]:
    """The descriptive properties that have something to say."""
    rights = _RIGHTS.fullmatch(value.rights or "")
    metadata = [_row(row) for row in value.metadata]
    if value.rights and not rights:
        # Another address is no valid `rights`, and must not be lost either.
        metadata.append({"label": {"en": ["Rights"], "fr": ["Droits"]}, "value": {"none": [value.rights]}})
    return {
        key: content
        for key, content in (
            ("summary", _texts(value.summary)),
            ("metadata", metadata),
            ("rights", f"http://{rights[1]}" if rights else None),
            ("requiredStatement", _row(value.required_statement) if value.required_statement else None),
            ("provider", [_provider(agent, value.uri) for agent in value.provider]),
            ("homepage", [_homepage(value.homepage)] if value.homepage else None),
            ("thumbnail", [_picture(value.thumbnail)] if value.thumbnail else None),
            ("viewingDirection", value.viewing_direction),
            ("behavior", [word for word in value.behavior if word in _BEHAVIORS]),
            ("annotations", [_page_link(page.uri, page.label) for page in value.annotations if page.uri]),
        )
        if content
    }


# Those that a manifest may have (Presentation 3.0 appendix A); version 2 hints carry other words.
_BEHAVIORS = frozenset(
    (
        "auto-advance",
        "no-auto-advance",
        "repeat",
        "no-repeat",
        "unordered",
        "individuals",
        "continuous",
        "paged",
    )
)


def _provider(agent: ProviderValue, fallback: str) -> dict[str, Any]:
    return {
        "id": agent.uri or agent.homepage or fallback,
        "type": "Agent",
        "label": _texts(agent.label) or {"none": [agent.uri or "?"]},
        **({"homepage": [_homepage(agent.homepage)]} if agent.homepage else {}),
        **({"logo": [_picture(agent.logo)]} if agent.logo else {}),
    }


def _homepage(url: str) -> dict[str, Any]:
    return {"id": url, "type": "Text", "label": {"none": [url]}, "format": "text/html"}


def _picture(url: str) -> dict[str, Any]:
    return {"id": url, "type": "Image", "format": _media_type(None, url)}


def _row(row: LabelledValue) -> dict[str, Any]:
    return {"label": _texts(row.label) or {"none": [""]}, "value": _texts(row.value) or {"none": [""]}}


def _texts(texts: LanguageMap) -> LanguageMap:
    """With languages as the schema of Presentation 3 takes them: `es-419` becomes `es`."""
    result: LanguageMap = {}
    for language, values in texts.items():
        known = next(
            (tag for tag in (language, re.split("[-_]", language)[0]) if _LANGUAGE.fullmatch(tag)), "none"
        )
        result.setdefault(known, []).extend(values)
    return result
