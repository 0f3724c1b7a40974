"""Says in Presentation 3 what a resource says of itself: texts, rights, providers, pictures, links, services."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from annotation.iiif.authorization import auth_services
from annotation.iiif.image import image_url
from annotation.iiif.values import (
    Described,
    ImageService,
    ImageValue,
    LabelledValue,
    LanguageMap,
    LinkValue,
    ManifestValue,
    ProviderValue,
)

# Presentation 3.0 §3.1: rights are one of these, always written with http.
_RIGHTS = re.compile(
    r"https?://((?:creativecommons\.org/(?:licenses|publicdomain)|rightsstatements\.org/vocab)/.+)"
)
_LANGUAGE = re.compile(r"[A-Za-z-]+")
_ENDINGS = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "jp2": "image/jp2",
}
_PLAYING = frozenset(("auto-advance", "no-auto-advance", "repeat", "no-repeat"))
_LAYOUT = frozenset(("unordered", "individuals", "continuous", "paged"))
# What each may say (Presentation 3.0 §3.4); version 2 hints carry other words.
BEHAVIORS = {
    "Collection": _PLAYING | _LAYOUT | {"multi-part", "together"},
    "Manifest": _PLAYING | _LAYOUT,
    "Canvas": frozenset(("auto-advance", "no-auto-advance", "facing-pages", "non-paged")),
    "Range": _PLAYING | _LAYOUT | {"sequence", "thumbnail-nav", "no-nav"},
}


def described(value: Described, kind: str) -> dict[str, Any]:
    """The descriptive properties that have something to say; `kind` is Manifest, Canvas, Range, Collection."""
    rights = _RIGHTS.fullmatch(value.rights or "")
    metadata = [row(entry) for entry in value.metadata]
    if value.rights and not rights:
        # Another address is no valid `rights`, and must not be lost either.
        metadata.append({"label": {"en": ["Rights"], "fr": ["Droits"]}, "value": {"none": [value.rights]}})
    return {
        key: content
        for key, content in (
            ("summary", texts(value.summary)),
            ("metadata", metadata),
            ("rights", f"http://{rights[1]}" if rights else None),
            ("requiredStatement", row(value.required_statement) if value.required_statement else None),
            ("provider", _providers(value)),
            ("homepage", [link(page, labelled=True) for page in _homepages(value)]),
            ("rendering", [link(page, labelled=True) for page in value.rendering]),
            ("seeAlso", [link(page) for page in value.see_also]),
            ("partOf", [link(whole) for whole in value.part_of]),
            ("thumbnail", _thumbnails(value)),
            ("behavior", [word for word in value.behavior if word in BEHAVIORS[kind]]),
            ("navDate", _date(value.nav_date)),
            ("navPlace", value.nav_place),
            ("service", services(value.services)),
        )
        if content
    }


def link(value: LinkValue, *, labelled: bool = False) -> dict[str, Any]:
    """A reference to something outside; `labelled` makes sure that there is a text to show."""
    label = texts(value.label) or ({"none": [_last_step(value.uri)]} if labelled else {})
    media_type = value.media_type if re.fullmatch(r"[a-z]+/.+", value.media_type or "") else None
    language = [word for word in value.language if _LANGUAGE.fullmatch(word)]
    return {
        "id": value.uri,
        "type": value.kind,
        **({"label": label} if label else {}),
        **({"format": media_type} if media_type else {}),
        **({"profile": value.profile} if value.profile else {}),
        **({"language": language} if language else {}),
    }


def picture(image: ImageValue) -> dict[str, Any]:
    """An image with what is known of it, and its service."""
    service = image.service
    url = image.url or (image_url(service.url, service.version) if service else "")
    media_type = _media_type(image.media_type, url)
    offered = [
        *([_image_service(service)] if service else []),
        *(auth_services(image.auth) if image.auth else []),
    ]
    return {
        "id": url,
        "type": "Image",
        **({"format": media_type} if media_type else {}),
        **({"label": texts(image.label)} if image.label else {}),
        **({"width": image.width, "height": image.height} if image.width and image.height else {}),
        **({"service": offered} if offered else {}),
    }


def row(entry: LabelledValue) -> dict[str, Any]:
    """A label with its value; Presentation 3 wants both."""
    return {"label": texts(entry.label) or {"none": [""]}, "value": texts(entry.value) or {"none": [""]}}


def texts(said: LanguageMap) -> LanguageMap:
    """With languages as the schema of Presentation 3 takes them: `es-419` becomes `es`."""
    result: LanguageMap = {}
    for language, values in said.items():
        known = next(
            (tag for tag in (language, re.split("[-_]", language)[0]) if _LANGUAGE.fullmatch(tag)), "none"
        )
        result.setdefault(known, []).extend(values)
    return result


def services(received: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Services as received, with the type that version 2 left to the context, and one profile."""
    return [_service(service) for service in received]


def _service(received: Mapping[str, Any]) -> dict[str, Any]:
    service = {key: value for key, value in received.items() if key not in ("profile", "service")}
    if "id" not in service or "type" not in service:
        name = service.pop("id", None) or service.get("@id")
        service = {"@id": name, "@type": service.pop("type", None) or _service_type(received), **service}
        service["@type"] = service["@type"] if isinstance(service["@type"], str) else "Service"
    elif isinstance(service.get("label"), str):
        service["label"] = {"none": [service["label"]]}
    profiles = received.get("profile")
    profile = next((item for item in (profiles if isinstance(profiles, list) else [profiles]) if item), None)
    if isinstance(profile, str):
        service["profile"] = profile
    inner = received.get("service")
    nested = [item for item in (inner if isinstance(inner, list) else [inner]) if isinstance(item, dict)]
    named = [item for item in nested if str(item.get("id") or item.get("@id")).startswith("http")]
    return {**service, **({"service": services(named)} if named else {})}


def _service_type(received: Mapping[str, Any]) -> str:
    """Presentation 3.0 §3.3 `service`: what services older than version 3 are called."""
    said = received.get("@type") or f"{received.get('profile')} {received.get('@context')}"
    for words, kind in (
        ("/search/1/autocomplete", "AutoCompleteService1"),
        ("/search/0/autocomplete", "AutoCompleteService0"),
        ("/search/1/", "SearchService1"),
        ("/search/0/", "SearchService0"),
        ("/auth/1/token", "AuthTokenService1"),
        ("/auth/1/logout", "AuthLogoutService1"),
        ("/auth/1/", "AuthCookieService1"),
        ("/image/1/", "ImageService1"),
        ("/image/2/", "ImageService2"),
    ):
        if words in str(said):
            return kind
    return said if received.get("@type") and isinstance(said, str) else "Service"


def _image_service(service: ImageService) -> dict[str, Any]:
    size = {"width": service.width, "height": service.height} if service.width and service.height else {}
    said = {**size, **({"service": auth_services(service.auth)} if service.auth else {})}
    if service.version >= 3:
        return {"id": service.url, "type": "ImageService3", "profile": service.profile or "level0", **said}
    profile = service.profile or "http://iiif.io/api/image/2/level0.json"
    return {"@id": service.url, "@type": f"ImageService{service.version}", "profile": profile, **said}


def _providers(value: Described) -> list[dict[str, Any]]:
    agents = [_provider(agent) for agent in value.provider]
    logo = value.logo if isinstance(value, ManifestValue) else None
    if logo and not agents:
        # The logo of version 2 must be shown; version 3 shows those of providers, and nothing names this one.
        host = _split(logo)
        name = {"none": [host.hostname or logo]}
        agents = [_provider(ProviderValue(f"{host.scheme}://{host.netloc}/", name, logo=logo))]
    return [agent for agent in agents if agent["id"].startswith("http")]


def _provider(agent: ProviderValue) -> dict[str, Any]:
    pages = agent.homepages or ((LinkValue(agent.homepage, "Text"),) if agent.homepage else ())
    logos = agent.logos or ((ImageValue(agent.logo),) if agent.logo else ())
    named = agent.uri if (agent.uri or "").startswith("http") else agent.homepage or agent.logo
    return {
        "id": named or "",
        "type": "Agent",
        "label": texts(agent.label) or {"none": [_last_step(named or "–")]},
        **({"homepage": [link(page, labelled=True) for page in pages]} if pages else {}),
        **({"logo": [picture(logo) for logo in logos]} if logos else {}),
        **({"seeAlso": [link(page) for page in agent.see_also]} if agent.see_also else {}),
    }


def _homepages(value: Described) -> tuple[LinkValue, ...]:
    if value.homepages or not value.homepage:
        return value.homepages
    return (LinkValue(value.homepage, "Text", media_type="text/html"),)


def _thumbnails(value: Described) -> list[dict[str, Any]]:
    if value.thumbnails or not value.thumbnail:
        return [picture(image) for image in value.thumbnails]
    return [picture(ImageValue(value.thumbnail))]


def _date(said: str | None) -> str | None:
    """With a time zone, which version 3 wants and version 2 forgot at times."""
    return said if said is None or re.search(r"(?:Z|[+-]\d\d:\d\d)$", said) else f"{said}Z"


def _media_type(said: str | None, url: str) -> str | None:
    if said and re.fullmatch(r"[a-z]+/\S+", said):
        return said
    return _ENDINGS.get(_split(url).path.rsplit(".", 1)[-1].lower())


def _last_step(url: str) -> str:
    """What of an address says most to a person: its last step, or its host."""
    parts = _split(url)
    return unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.hostname or url


def _split(url: str) -> SplitResult:
    """The parts of an address; of one that is none, nothing."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
