"""The names we share with the W3C model, our own extension terms, and the two shapes of “one or many”."""

from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"

PREFIX = "rubricator"
NAMESPACE = "urn:x-rubricator:ns#"
# Every extension property that we write, with its meaning: the documentation is made from this table.
EXTENSIONS = {
    "confidence": "How sure a model was, 0–1.",
    "model": "Name of the model that made the annotation.",
    "modelVersion": "Version of that model.",
    "labelMap": "Which vocabulary version the model's classes were mapped to.",
    "origin": "How a person came to the shape: drawn, copied, accepted or edited.",
    "certainty": "How sure a person says that they are: sure, likely or unsure.",
    "similarTo": "The place (xywh=) that a program looked for more like.",
    "iouToPrediction": "Overlap of the shape with the prediction it came from, 0–1.",
    "derivedFrom": "Ids of the annotations this one was computed from.",
    "method": "How it was computed from them.",
    "parameters": "With which parameters.",
    "support": "Share of the participants who said so, 0–1.",
    "posterior": "Probability of the answer given all answers, 0–1.",
    "campaign": "The campaign it belongs to.",
    "vocabularyVersion": "The version of the vocabulary it was made under.",
    "decision": "What a reviewer decided: accepted, corrected, rejected, added, merged, split or nothing.",
    "step": "The question of a sequence that it answers.",
    "simulated": "True when a simulated participant made it.",
    "revision": "Which state of the annotation a viewer was shown; sent back with a change.",
    "canvasAsWritten": "The URI of the canvas as the publisher wrote it, when the manifest writes it otherwise.",
    "scopeNote": "What the publisher wrote in brackets behind a tag: when to use it, what else to see.",
}
OUR_CONTEXT = {PREFIX: NAMESPACE}


def as_list(value: Any) -> list[Any]:
    """Nothing → [], one → [one], many → many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def listed(values: list[Any], like: Any = None) -> Any:
    """One value by itself, several as a list; a list stays a list when `like` is one."""
    return values[0] if len(values) == 1 and not isinstance(like, list) else values


def kinds(node: Any) -> tuple[str, ...]:
    """The types of an object, as strings."""
    return (
        tuple(kind for kind in as_list(node.get("type")) if isinstance(kind, str))
        if isinstance(node, dict)
        else ()
    )


def uri_of(node: Any) -> str | None:
    """The string, or the `id` of the object."""
    if isinstance(node, dict):
        node = node.get("id", node.get("@id"))
    return node if isinstance(node, str) else None
