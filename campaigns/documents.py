"""The W3C documents that campaigns write: the same form for what people, models and merges say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from annotation.geometry import Box, SvgOutline
from annotation.models import Annotation, Canvas
from annotation.webanno import ConceptBody, TextBody, build, corners_in
from campaigns.models import Campaign
from campaigns.questions.kind import Points, Region
from campaigns.questions.places import around, reach_on
from taxonomy.models import Concept
from taxonomy.queries import concepts_of, label_maps

# A body that names a concept classifies; its label is a tag. Viewers list what is tagged, and some expect every
# body of an annotation that does nothing but tag to be a text.
MOTIVATIONS = ("classifying", "tagging")


def motivations_of(text: TextBody | None) -> tuple[str, ...]:
    """Why an annotation was made: for the text that it has, else for its labels."""
    return (text.purpose,) if text else MOTIVATIONS


class ConceptNames:
    """URIs and labels of concepts by id, looked up once for many annotations."""

    def __init__(self, bodies: Mapping[str, ConceptBody]) -> None:
        self._bodies = dict(bodies)

    @classmethod
    def of_campaign(cls, campaign: Campaign) -> "ConceptNames":
        """All concepts that the campaign may use; two queries."""
        return cls._from(concepts_of(campaign.vocabulary, campaign.branch).values_list("pk", "uri"))

    @classmethod
    def of(cls, concept_ids: Iterable[UUID | str]) -> "ConceptNames":
        """These concepts; two queries."""
        return cls._from(Concept.objects.filter(pk__in=set(concept_ids)).values_list("pk", "uri"))

    @classmethod
    def _from(cls, rows: Iterable[tuple[UUID, str]]) -> "ConceptNames":
        uris = dict(rows)
        labels = label_maps(uris)
        return cls({str(pk): _body(uri, labels.get(pk, {})) for pk, uri in uris.items()})

    def __getitem__(self, concept_id: str) -> ConceptBody:
        return self._bodies[concept_id]

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self._bodies

    def including(self, concept_ids: Iterable[UUID | str]) -> "ConceptNames":
        """These names and those of further concepts: deprecated since, or of a branch asked for earlier."""
        missing = {str(pk) for pk in concept_ids} - self._bodies.keys()
        return ConceptNames({**self._bodies, **ConceptNames.of(missing)._bodies}) if missing else self


def annotation_document(
    canvas: Canvas,
    box: Box | None,
    concept_ids: Iterable[UUID | str],
    names: ConceptNames,
    *,
    points: Points = (),
    text: TextBody | None = None,
    creator: Mapping[str, Any] | None = None,
    generator: Mapping[str, Any] | None = None,
    created: datetime | None = None,
    extension: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A W3C annotation on a box of a canvas (or all of it) whose bodies name concepts, or are a text.

    With several `points` on the outline within the box; with one on that point, and the box is not said.
    """
    document = build(
        id="",
        canvas=canvas.uri,
        manifest=canvas.manifest.uri,
        box=None if len(points) == 1 else box,
        svg=SvgOutline.of_polygon(points) if len(points) > 1 else None,
        point=points[0] if len(points) == 1 else None,
        concepts=[names[str(concept_id)] for concept_id in concept_ids],
        text=text,
        motivation=motivations_of(text),
        creator=creator,
        generator=generator,
        created=created,
        extension=extension,
    )
    del document["id"]  # derived from layer and row, never stored
    return document


class Columns(TypedDict):
    """Where a new annotation stands, as its index has it."""

    box: Box | None
    point: tuple[float, float] | None


def columns(box: Box | None, points: Points) -> Columns:
    """A point stands without its box: that is only what is looked at of it."""
    if len(points) == 1:
        return {"box": None, "point": points[0]}
    return {"box": box, "point": None}


def points_of(row: Annotation) -> Points:
    """The corners of the outline that an annotation stands on, its point, or nothing: it is on a box, or everywhere."""
    return (row.point,) if row.point else corners_in(row.document)


def box_of(row: Annotation, canvas: Canvas) -> Region | None:
    """The box of an annotation; of a point the square around it as far as points mean the same."""
    return around(row.point, reach_on((canvas.width, canvas.height))) if row.point else row.box


ASSESSING, MODERATING, COMMENTING = "assessing", "moderating", "commenting"


def decision_document(
    canvas: Canvas,
    box: Box | None,
    *,
    verdict: str,
    changes: bool,
    reason: str,
    judged: str | None,
    creator: Mapping[str, Any],
    created: datetime,
) -> dict[str, Any]:
    """What a reviewer said, as a W3C annotation on the merged annotation that was judged (its URI) and on its place.

    Who accepts or rejects assesses what people said; who `changes` it, or adds to it, moderates (W3C Web
    Annotation Vocabulary §3.3). The verdict and the reason are its bodies.
    """
    motivation = MODERATING if changes else ASSESSING
    document = build(
        id="",
        canvas=canvas.uri,
        manifest=canvas.manifest.uri,
        box=box,
        motivation=motivation,
        creator=creator,
        created=created,
        extension={"decision": verdict},
    )
    del document["id"]
    said = {"type": "TextualBody", "value": verdict, "format": "text/plain", "language": "en"}
    document["body"] = [{**said, "purpose": motivation}]
    if reason:
        why = {"type": "TextualBody", "value": reason, "format": "text/plain", "purpose": COMMENTING}
        document["body"].append(why)
    if judged:
        document["target"] = [document["target"], judged]
    return document


def _body(uri: str, labels: Mapping[str, str]) -> ConceptBody:
    """A concept with one label for readers that cannot look it up: English, else any."""
    language = "en" if "en" in labels else next(iter(labels), None)
    if language is None:
        return ConceptBody(uri)
    return ConceptBody(uri, labels[language], None if language == "und" else language)


def person(name: str, identifier: str = "") -> dict[str, str]:
    """A person under a public name; never a login, never an address."""
    who = {"type": "Person", "nickname": name}
    return {"id": identifier, **who} if identifier else who


def software(name: str) -> dict[str, str]:
    """A program or method, as the generator or creator of an annotation."""
    return {"type": "Software", "name": name}
