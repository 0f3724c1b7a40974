"""Open Annotation, as Mirador 2 and Presentation 2 write it, to W3C Web Annotation and back, losslessly."""

from collections.abc import Mapping
from typing import Any

from annotation.webanno.terms import CONTEXT, MEDIA_FRAGMENTS, as_list, listed

OA_CONTEXT = "http://iiif.io/api/presentation/2/context.json"

_TO_W3C = {
    "oa:Annotation": "Annotation",
    "oa:SpecificResource": "SpecificResource",
    "oa:FragmentSelector": "FragmentSelector",
    "oa:SvgSelector": "SvgSelector",
    "oa:TextQuoteSelector": "TextQuoteSelector",
    "oa:TextPositionSelector": "TextPositionSelector",
    "oa:Choice": "Choice",
    "oa:Composite": "Composite",
    "oa:List": "List",
    "dctypes:Text": "Text",
    "dctypes:Image": "Image",
    "dctypes:Sound": "Sound",
    "dctypes:MovingImage": "Video",
    "dctypes:Dataset": "Dataset",
    "sc:Canvas": "Canvas",
    "sc:Manifest": "Manifest",
    "foaf:Person": "Person",
    "foaf:Organization": "Organization",
    "prov:SoftwareAgent": "Software",
}
_TO_OA = {modern: old for old, modern in _TO_W3C.items()}
_TEXT_TYPES = frozenset({"dctypes:Text", "cnt:ContentAsText", "oa:Tag"})
# Georeferencing bodies are GeoJSON, whose member is called `type` in either model.
_GEOJSON = ("FeatureCollection", "Feature")
_PROPERTIES = {
    "annotatedBy": "creator",
    "annotatedAt": "created",
    "serializedBy": "generator",
    "serializedAt": "generated",
    "oa:annotatedBy": "creator",
    "oa:annotatedAt": "created",
    "oa:serializedBy": "generator",
    "oa:serializedAt": "generated",
    "dcterms:creator": "creator",
    "dcterms:created": "created",
    "dcterms:modified": "modified",
}
_OLD_PROPERTIES = {
    "creator": "oa:annotatedBy",
    "created": "oa:annotatedAt",
    "generator": "oa:serializedBy",
    "generated": "oa:serializedAt",
    "modified": "dcterms:modified",
}


def is_oa(document: Mapping[str, Any]) -> bool:
    """Whether this is Open Annotation rather than W3C: it says so by its type or by `on` and `resource`."""
    if "target" in document or "body" in document:
        return False
    return "oa:Annotation" in as_list(document.get("@type")) or "on" in document


def from_oa(document: Mapping[str, Any]) -> dict[str, Any]:
    """The W3C form. Properties that the W3C model does not know are kept as they are.

    `Choice` of selectors becomes a list of selectors (in W3C several selectors are alternatives), `full`
    becomes `source`, `within` its `partOf`, texts become TextualBody, tags TextualBody with the purpose
    tagging.
    """
    result: dict[str, Any] = {"@context": _context(document.get("@context"), CONTEXT)}
    if "@id" in document:
        result["id"] = document["@id"]
    result["type"] = "Annotation"
    if "motivation" in document:
        result["motivation"] = _each(
            document["motivation"], lambda word: word.removeprefix("oa:").removeprefix("sc:")
        )
    if "resource" in document:
        result["body"] = listed(
            [_body(item) for item in as_list(document["resource"])], like=document["resource"]
        )
    if "on" in document:
        result["target"] = listed([_target(item) for item in as_list(document["on"])])
    for key, value in document.items():
        name = _PROPERTIES.get(key, key)
        if key not in ("@context", "@id", "@type", "motivation", "resource", "on") and name not in result:
            result[name] = _agent(value) if name in ("creator", "generator") else value
    return result


def to_oa(document: Mapping[str, Any]) -> dict[str, Any]:
    """The Open Annotation form that Mirador 2 and Presentation 2 viewers read; the inverse of `from_oa`."""
    result: dict[str, Any] = {"@context": _context(document.get("@context"), OA_CONTEXT)}
    if "id" in document:
        result["@id"] = document["id"]
    result["@type"] = "oa:Annotation"
    if "motivation" in document:
        result["motivation"] = _each(document["motivation"], _old_motivation)
    if "bodyValue" in document:
        result["resource"] = {"@type": "dctypes:Text", "format": "text/plain", "chars": document["bodyValue"]}
    if "body" in document:
        result["resource"] = listed(
            [_old_body(item) for item in as_list(document["body"])], like=document["body"]
        )
    if "target" in document:
        result["on"] = listed([_old_target(item) for item in as_list(document["target"])])
    for key, value in document.items():
        if key not in ("@context", "id", "type", "motivation", "body", "bodyValue", "target"):
            result[_OLD_PROPERTIES.get(key, key)] = (
                _old_names(value) if key in ("creator", "generator") else value
            )
    return result


def _context(said: Any, ours: str) -> Any:
    """Ours, followed by contexts of the document's own extensions."""
    known = (
        CONTEXT,
        OA_CONTEXT,
        "http://iiif.io/api/presentation/2/context.json",
        "http://www.w3.org/ns/oa.jsonld",
    )
    others = [item for item in as_list(said) if item not in known and not _is_iiif(item)]
    return [ours, *others] if others else ours


def _is_iiif(context: Any) -> bool:
    return isinstance(context, str) and ("iiif.io/api/" in context or "shared-canvas.org" in context)


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, list):
        return [change(item) if isinstance(item, str) else item for item in value]
    return change(value) if isinstance(value, str) else value


def _old_motivation(word: str) -> str:
    if not word or ":" in word:
        return word
    return f"sc:{word}" if word == "painting" else f"oa:{word}"


def _names(node: Any) -> Any:
    """`@id`, `@type` and the prefixes of known types modernised, one level; the rest as it is."""
    if not isinstance(node, dict):
        return node
    renamed = {{"@id": "id", "@type": "type"}.get(key, key): value for key, value in node.items()}
    if "type" in renamed:
        renamed["type"] = _each(renamed["type"], lambda kind: _TO_W3C.get(kind, kind))
    return renamed


def _old_names(node: Any) -> Any:
    if not isinstance(node, dict) or node.get("type") in _GEOJSON:
        return node
    renamed = {{"id": "@id", "type": "@type"}.get(key, key): value for key, value in node.items()}
    if "@type" in renamed:
        renamed["@type"] = _each(renamed["@type"], lambda kind: _TO_OA.get(kind, kind))
    return renamed


def _agent(value: Any) -> Any:
    return [_names(item) for item in value] if isinstance(value, list) else _names(value)


def _body(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    kinds = [kind for kind in as_list(node.get("@type")) if isinstance(kind, str)]
    if "chars" in node and (not kinds or any(kind in _TEXT_TYPES for kind in kinds)):
        rest = {key: value for key, value in node.items() if key not in ("@type", "@id", "chars")}
        named = {"id": node["@id"]} if "@id" in node else {}
        tagging = {"purpose": "tagging"} if "oa:Tag" in kinds else {}
        return {**named, "type": "TextualBody", **tagging, "value": node["chars"], **rest}
    if "@id" in node and any(kind in ("oa:Tag", "oa:SemanticTag") for kind in kinds):
        rest = {key: value for key, value in node.items() if key not in ("@type", "@id")}
        return {"type": "SpecificResource", "purpose": "tagging", "source": node["@id"], **rest}
    if "oa:Choice" in kinds:
        options = [node["default"]] if "default" in node else []
        options += as_list(node.get("item"))
        rest = {key: value for key, value in _names(node).items() if key not in ("default", "item")}
        return {**rest, "items": [_body(option) for option in options]}
    if "oa:SpecificResource" in kinds:
        return _specific(node)
    return _names(node)


def _old_body(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if kind == "TextualBody" and "value" in node:
        tagging = node.get("purpose") == "tagging"
        gone = ("type", "id", "value", "purpose") if tagging else ("type", "id", "value")
        rest = {key: value for key, value in node.items() if key not in gone}
        named = {"@id": node["id"]} if "id" in node else {}
        return {**named, "@type": "oa:Tag" if tagging else "dctypes:Text", "chars": node["value"], **rest}
    if kind == "SpecificResource" and _is_plain_tag(node):
        rest = {key: value for key, value in node.items() if key not in ("type", "purpose", "source")}
        return {"@type": "oa:Tag", "@id": node["source"], **rest}
    if kind == "Choice" and isinstance(node.get("items"), list) and node["items"]:
        first, *others = (_old_body(item) for item in node["items"])
        rest = {key: value for key, value in node.items() if key not in ("type", "items")}
        return {
            "@type": "oa:Choice",
            **rest,
            "default": first,
            **({"item": listed(others)} if others else {}),
        }
    if kind == "SpecificResource":
        return _old_specific(node)
    return _old_names(node)


def _is_plain_tag(node: Mapping[str, Any]) -> bool:
    return node.get("purpose") == "tagging" and isinstance(node.get("source"), str) and "selector" not in node


def _target(node: Any) -> Any:
    if isinstance(node, str):
        source, mark, fragment = node.partition("#xywh=")
        if not mark:
            return node
        return {"type": "SpecificResource", "source": source, "selector": _fragment(f"xywh={fragment}")}
    if not isinstance(node, dict):
        return node
    return _specific(node) if "full" in node else _names(node)


def _specific(node: Mapping[str, Any]) -> dict[str, Any]:
    rest = {
        key: value
        for key, value in _names(dict(node)).items()
        if key not in ("full", "selector", "within", "type")
    }
    source = _names(node.get("full"))
    if "within" in node:
        whole = node["within"]
        part_of = {"id": whole, "type": "Manifest"} if isinstance(whole, str) else _names(whole)
        if isinstance(source, str):
            source = {"id": source, "type": "Canvas"}
        source = {**source, "partOf": part_of} if isinstance(source, dict) else source
    result = {"type": "SpecificResource", **({"source": source} if "full" in node else {}), **rest}
    if "selector" in node:
        result["selector"] = listed([_selector(item) for item in _alternatives(node["selector"])])
    return result


def _alternatives(selector: Any) -> list[Any]:
    if isinstance(selector, dict) and "oa:Choice" in as_list(selector.get("@type")):
        default = [selector["default"]] if "default" in selector else []
        return default + as_list(selector.get("item"))
    return as_list(selector)


def _selector(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if "chars" in node and "value" not in node:
        node = {**{key: value for key, value in node.items() if key != "chars"}, "value": node["chars"]}
    renamed: dict[str, Any] = _names(node)
    if renamed.get("type") == "FragmentSelector" and str(renamed.get("value", "")).startswith("xywh="):
        renamed.setdefault("conformsTo", MEDIA_FRAGMENTS)
    return renamed


def _fragment(value: str) -> dict[str, Any]:
    return {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": value}


def _old_target(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return _old_specific(node) if "source" in node else _old_names(node)


def _old_specific(node: Mapping[str, Any]) -> dict[str, Any]:
    rest = {
        key: value
        for key, value in _old_names(dict(node)).items()
        if key not in ("source", "selector", "@type")
    }
    source = node.get("source")
    result: dict[str, Any] = {"@type": "oa:SpecificResource"}
    if isinstance(source, dict):
        inner = {key: value for key, value in source.items() if key != "partOf"}
        plain = (
            set(inner) <= {"id", "type"} and inner.get("type", "Canvas") == "Canvas" and "partOf" in source
        )
        result["full"] = inner.get("id") if plain else _old_names(inner)
        if "partOf" in source:
            result["within"] = _old_names(source["partOf"])
    elif source is not None:
        result["full"] = source
    result |= rest
    selectors = [_old_selector(item) for item in as_list(node.get("selector"))]
    if len(selectors) > 1:
        result["selector"] = {"@type": "oa:Choice", "default": selectors[0], "item": listed(selectors[1:])}
    elif selectors:
        result["selector"] = selectors[0]
    return result


def _old_selector(node: Any) -> Any:
    renamed = _old_names(node)
    if isinstance(renamed, dict) and renamed.get("conformsTo") == MEDIA_FRAGMENTS:
        return {key: value for key, value in renamed.items() if key != "conformsTo"}
    return renamed
