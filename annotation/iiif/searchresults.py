"""Writes the answers of Content Search 2.0 and 1.0, their lists of terms, and the services to advertise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from annotation.iiif.quotes import Quote
from annotation.iiif.values import LanguageMap

CONTEXT_2 = "http://iiif.io/api/search/2/context.json"
CONTEXT_1 = "http://iiif.io/api/search/1/context.json"
PRESENTATION_2 = "http://iiif.io/api/presentation/2/context.json"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """One place that was found, in one annotation or across several.

    `kind` is `highlighting` when the words are the annotation's own, `contextualizing` when they are not,
    as a label of the concept that it names.
    """

    quotes: tuple[tuple[str, Quote], ...]
    kind: Literal["highlighting", "contextualizing"] = "highlighting"


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of results stands: addresses of the whole and of its pages, how many in all."""

    whole: str
    total: int
    start: int
    first: str
    last: str
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A word or label that completes what was typed; `label` for people when the value is a URI.

    `count` is how many annotations have it; None when there are too many to count.
    """

    value: str
    count: int | None
    label: LanguageMap = field(default_factory=dict)
    language: str | None = None


def results_2(
    uri: str,
    items: Iterable[Mapping[str, Any]],
    *,
    paging: Paging | None = None,
    matches: Sequence[Match] | None = None,
    ignored: Sequence[str] = (),
    extra_contexts: Sequence[str] = (),
) -> Document:
    """A page of results in version 2.0 (§4.2, §4.3): an AnnotationPage of W3C annotations.

    `matches` of None leaves the extended response out.
    """
    document: Document = {
        "@context": [*extra_contexts, CONTEXT_2] if extra_contexts else CONTEXT_2,
        "id": uri,
        "type": "AnnotationPage",
    }
    if paging:
        document |= _paged_2(paging)
    if ignored:
        document["ignored"] = list(ignored)
    document["items"] = [_without_context(item) for item in items]
    if matches is not None:
        found = [_match_2(match, f"{uri}#match-{number}") for number, match in enumerate(matches, start=1)]
        document["annotations"] = [{"type": "AnnotationPage", "items": found}]
    return document


def _paged_2(paging: Paging) -> Document:
    collection = {
        "id": paging.whole,
        "type": "AnnotationCollection",
        "total": paging.total,
        "first": _page_2(paging.first),
        "last": _page_2(paging.last),
    }
    return {
        "partOf": collection,
        **({"next": _page_2(paging.next)} if paging.next else {}),
        **({"prev": _page_2(paging.previous)} if paging.previous else {}),
        "startIndex": paging.start,
    }


def _page_2(uri: str) -> Document:
    return {"id": uri, "type": "AnnotationPage"}


def _match_2(match: Match, uri: str) -> Document:
    targets = [
        {
            "type": "SpecificResource",
            "source": source,
            "selector": [{"type": "TextQuoteSelector", **_texts_of(quote, "prefix", "exact", "suffix")}],
        }
        for source, quote in match.quotes
    ]
    target = targets[0] if len(targets) == 1 else targets
    return {"id": uri, "type": "Annotation", "motivation": match.kind, "target": target}


def _texts_of(quote: Quote, before: str, exact: str, behind: str) -> dict[str, str]:
    """The texts of a quote that are not empty, under the names of a version."""
    said = ((before, quote.prefix), (exact, quote.exact), (behind, quote.suffix))
    return {name: text for name, text in said if text}


def results_1(
    uri: str,
    resources: Iterable[Mapping[str, Any]],
    *,
    paging: Paging | None = None,
    matches: Sequence[Match] | None = None,
    ignored: Sequence[str] = (),
) -> Document:
    """A page of results in version 1.0 (§3.3, §3.4): an AnnotationList of Open Annotation documents."""
    document: Document = {
        "@context": PRESENTATION_2 if matches is None and not ignored else [PRESENTATION_2, CONTEXT_1],
        "@id": uri,
        "@type": "sc:AnnotationList",
    }
    if paging or ignored:
        document["within"] = {
            "@type": "sc:Layer",
            **({"total": paging.total, "first": paging.first, "last": paging.last} if paging else {}),
            **({"ignored": list(ignored)} if ignored else {}),
        }
    if paging:
        document |= {"next": paging.next} if paging.next else {}
        document |= {"prev": paging.previous} if paging.previous else {}
        document["startIndex"] = paging.start
    document["resources"] = [_without_context(resource) for resource in resources]
    if matches is not None:
        document["hits"] = [_hit_1(match) for match in matches]
    return document


def _hit_1(match: Match) -> Document:
    """One hit; of a match across several annotations the words are joined, and the outer context stays."""
    first, last = match.quotes[0][1], match.quotes[-1][1]
    words = Quote(" ".join(quote.exact for _source, quote in match.quotes), first.prefix, last.suffix)
    return {
        "@type": "search:Hit",
        "annotations": [source for source, _quote in match.quotes],
        **_texts_of(words, "before", "match", "after"),
    }


def terms_2(uri: str, terms: Iterable[FoundTerm], *, ignored: Sequence[str] = ()) -> Document:
    """The terms of an autocomplete service in version 2.0 (§5.2)."""
    return {
        "@context": CONTEXT_2,
        "id": uri,
        "type": "TermPage",
        **({"ignored": list(ignored)} if ignored else {}),
        "items": [
            {
                "value": term.value,
                **({} if term.count is None else {"total": term.count}),
                **({"language": term.language} if term.language else {}),
                **({"label": term.label} if term.label else {}),
            }
            for term in terms
        ],
    }


def terms_1(uri: str, terms: Iterable[tuple[FoundTerm, str]], *, ignored: Sequence[str] = ()) -> Document:
    """The same in version 1.0 (§4.3), each term with the address that searches for it."""
    return {
        "@context": CONTEXT_1,
        "@id": uri,
        "@type": "search:TermList",
        **({"ignored": list(ignored)} if ignored else {}),
        "terms": [
            {
                "match": term.value,
                "url": url,
                **({} if term.count is None else {"count": term.count}),
                **({"label": next(iter(term.label.values()))[0]} if term.label else {}),
            }
            for term, url in terms
        ],
    }


def services(search_2: str, complete_2: str, search_1: str, complete_1: str) -> list[Document]:
    """What a manifest says about its search services, of both versions (2.0 §3, 1.0 §3.1 and §4.1)."""
    return [
        {
            "id": search_2,
            "type": "SearchService2",
            "service": [{"id": complete_2, "type": "AutoCompleteService2"}],
        },
        {
            "@context": CONTEXT_1,
            "@id": search_1,
            "@type": "SearchService1",
            "profile": "http://iiif.io/api/search/1/search",
            "service": [
                {
                    "@context": CONTEXT_1,
                    "@id": complete_1,
                    "@type": "AutoCompleteService1",
                    "profile": "http://iiif.io/api/search/1/autocomplete",
                }
            ],
        },
    ]


def within(document: Mapping[str, Any], canvas: str, manifest: str, label: Any) -> Document:
    """The annotation with the manifest of its canvas named in every target on it (2.0 §4.2.3, 1.0 §3.3.3).

    `label` is a language map, or what `label_1` makes of one for version 1.0.
    """
    whole = {"id": manifest, "type": "Manifest", **({"label": label} if label else {})}
    target = document.get("target")
    if isinstance(target, list):
        return {**document, "target": [_named(one, canvas, whole) for one in target]}
    return {**document, "target": _named(target, canvas, whole)}


def label_1(label: LanguageMap) -> Any:
    """A language map as Presentation 2 writes it: a text, or several with their languages."""
    said = [
        {"@value": text, **({"@language": language} if language != "none" else {})}
        for language, texts in label.items()
        for text in texts
    ]
    if not said:
        return ""
    return said[0]["@value"] if len(said) == 1 else said


def _named(target: Any, canvas: str, manifest: Document) -> Any:
    if isinstance(target, str):
        return {"id": target, "type": "Canvas", "partOf": manifest} if _on(target, canvas) else target
    if not isinstance(target, dict):
        return target
    source = target.get("source")
    if isinstance(source, str) and _on(source, canvas):
        return {**target, "source": {"id": source, "type": "Canvas", "partOf": manifest}}
    if isinstance(source, dict) and _on(source.get("id"), canvas):
        return {**target, "source": {**source, "partOf": manifest}}
    return {**target, "partOf": manifest} if source is None and _on(target.get("id"), canvas) else target


def _on(uri: Any, canvas: str) -> bool:
    return isinstance(uri, str) and uri.partition("#")[0] == canvas


def plain_on(resource: Mapping[str, Any], fragment: str = "") -> Document:
    """An Open Annotation on one rectangle of a canvas, with `on` as the simple string that old viewers read.

    `fragment` (`xywh=…` in units of the canvas) is where it stands, which is said instead of percent, points and
    regions of the image: old viewers know none of them, and some show nothing at all because of one. An outline
    gets the rectangle beside it. What has no place stays as it is, and a manifest that is named stays named.
    """
    on = resource.get("on")
    if isinstance(on, str):
        return {**resource, "on": f"{on.partition('#')[0]}#{fragment}" if fragment else on}
    if not isinstance(on, dict) or not isinstance(on.get("full"), str):
        return dict(resource)
    selector = on.get("selector")
    if isinstance(selector, dict) and _is_outline(selector) and fragment:
        return {**resource, "on": {**on, "selector": _choice(fragment, selector)}}
    if not (selector is None or fragment or _is_rectangle(selector)):
        return dict(resource)
    place = f"{on['full']}#{fragment or selector['value']}" if selector else on["full"]
    manifest = on.get("within")
    if isinstance(manifest, dict) and "label" in manifest:
        return {**resource, "on": {"@id": place, "within": manifest}}
    return {**resource, "on": place}


def drawable(resource: Mapping[str, Any], fragment: str) -> Document:
    """An Open Annotation as it is, unless a viewer of its time would stumble over its selector: then `plain_on`."""
    on = resource.get("on")
    selector = on.get("selector") if isinstance(on, dict) else None
    if isinstance(on, dict) and (selector is None or _is_familiar(selector)):
        return dict(resource)
    return plain_on(resource, fragment)


def _is_familiar(selector: Any) -> bool:
    if isinstance(selector, dict) and selector.get("@type") == "oa:Choice":
        return True
    return _is_outline(selector) or (_is_rectangle(selector) and "percent" not in selector["value"])


def _is_outline(selector: Any) -> bool:
    return isinstance(selector, dict) and selector.get("@type") == "oa:SvgSelector"


def _choice(fragment: str, outline: Mapping[str, Any]) -> Document:
    """The two as Mirador and its contemporaries write and read them."""
    rectangle = {"@type": "oa:FragmentSelector", "value": fragment}
    return {"@type": "oa:Choice", "default": rectangle, "item": dict(outline)}


def _is_rectangle(selector: Any) -> bool:
    return (
        isinstance(selector, dict)
        and selector.get("@type") == "oa:FragmentSelector"
        and str(selector.get("value", "")).startswith("xywh=")
    )


def _without_context(document: Mapping[str, Any]) -> Document:
    return {key: value for key, value in document.items() if key != "@context"}
