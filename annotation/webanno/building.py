"""Writes the annotations that we make ourselves: a region of a canvas, the concepts it shows, who said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotation.geometry import Box, SvgOutline
from annotation.webanno.terms import CONTEXT, EXTENSIONS, MEDIA_FRAGMENTS, OUR_CONTEXT, PREFIX, listed


@dataclass(frozen=True, slots=True)
class TextBody:
    """Something written: its language, what it is there for, and “rtl” where it runs from right to left."""

    value: str
    language: str
    purpose: str
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class ConceptBody:
    """A concept to label with: its URI, and its label for readers that cannot look it up."""

    uri: str
    label: str | None = None
    language: str | None = None


def build(
    *,
    id: str,  # noqa: A002 - the word of the W3C model
    canvas: str,
    manifest: str | None = None,
    box: Box | None = None,
    svg: SvgOutline | None = None,
    point: tuple[float, float] | None = None,
    concepts: Sequence[ConceptBody] = (),
    comment: str | None = None,
    text: TextBody | None = None,
    motivation: str | Sequence[str] = "tagging",
    creator: Mapping[str, Any] | str | None = None,
    generator: Mapping[str, Any] | str | None = None,
    created: datetime | None = None,
    extension: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A W3C annotation on a canvas, on one region of it (a box, with the outline in it if there is one) or on a point.

    `extension` holds our own properties by their short names (`terms.EXTENSIONS`); they are written with our
    prefix, which the context then declares. `created` must be aware. Raises ValueError for an unknown
    extension or a naive time.
    """
    ours = _extension(extension or {})
    document: dict[str, Any] = {
        "@context": [CONTEXT, OUR_CONTEXT] if ours else CONTEXT,
        "id": id,
        "type": "Annotation",
        "motivation": motivation if isinstance(motivation, str) else listed(list(motivation)),
        "body": _bodies(concepts, comment, text),
        "target": _target(canvas, manifest, _selectors(box, svg, point)),
    }
    if creator is not None:
        document["creator"] = creator if isinstance(creator, str) else dict(creator)
    if generator is not None:
        document["generator"] = generator if isinstance(generator, str) else dict(generator)
    if created is not None:
        document["created"] = written_time(created)
    return {**document, **ours}


def written_time(moment: datetime) -> str:
    """xsd:dateTime in UTC, as W3C wants it: `2026-03-01T12:00:00Z`. Raises ValueError when naive."""
    if moment.tzinfo is None:
        raise ValueError("The time of an annotation needs a time zone.")
    return (
        moment.astimezone(UTC)
        .isoformat(timespec="seconds" if not moment.microsecond else "milliseconds")
        .replace("+00:00", "Z")
    )


def _extension(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(EXTENSIONS))
    if unknown:
        raise ValueError(f"These extension properties are not documented: {', '.join(unknown)}.")
    return {f"{PREFIX}:{key}": value for key, value in values.items()}


def _bodies(
    concepts: Sequence[ConceptBody], comment: str | None, text: TextBody | None
) -> list[dict[str, Any]]:
    # The concept classifies; its label is the tag that viewers print.
    bodies: list[dict[str, Any]] = []
    for concept in concepts:
        bodies.append({"type": "SpecificResource", "source": concept.uri, "purpose": "classifying"})
        if concept.label:
            language = {"language": concept.language} if concept.language else {}
            label = {"type": "TextualBody", "value": concept.label, "format": "text/plain", **language}
            bodies.append({**label, "purpose": "tagging"})
    if text:
        bodies.append(
            {
                "type": "TextualBody",
                "value": text.value,
                "format": "text/plain",
                "language": text.language,
                **({"textDirection": text.direction} if text.direction else {}),
                "purpose": text.purpose,
            }
        )
    if comment:
        bodies.append(
            {"type": "TextualBody", "value": comment, "format": "text/plain", "purpose": "commenting"}
        )
    return bodies


def _target(canvas: str, manifest: str | None, selectors: list[dict[str, Any]]) -> dict[str, Any]:
    source: dict[str, Any] = {"id": canvas, "type": "Canvas"}
    if manifest:
        source["partOf"] = [{"id": manifest, "type": "Manifest"}]
    target: dict[str, Any] = {"type": "SpecificResource", "source": source}
    if selectors:
        target["selector"] = listed(selectors)
    return target


def _selectors(
    box: Box | None, svg: SvgOutline | None, point: tuple[float, float] | None
) -> list[dict[str, Any]]:
    """Alternatives for readers of different ability: the box, and the outline that it surrounds; or a point."""
    selectors: list[dict[str, Any]] = []
    if box:
        selectors.append({"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": box.fragment()})
    if svg:
        selectors.append({"type": "SvgSelector", "value": svg.markup})
    if point:
        # IIIF Presentation 3, Annex “Selectors”.
        selectors.append({"type": "PointSelector", "x": point[0], "y": point[1]})
    return selectors
