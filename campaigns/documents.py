"""The W3C documents that campaigns write: one form for contributions, predictions, consensus and ground truth."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from annotation.addresses import absolute
from annotation.geometry import Box
from annotation.models import Canvas
from annotation.webanno import ConceptBody, build
from campaigns.models import Campaign
from taxonomy.models import Concept
from taxonomy.queries import concepts_of, label_maps


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
        return cls({str(pk): ConceptBody(uri=uri, labels=labels.get(pk, {})) for pk, uri in uris.items()})

    def __getitem__(self, concept_id: str) -> ConceptBody:
        return self._bodies[concept_id]

    def __contains__(self, concept_id: str) -> bool:
        return concept_id in self._bodies


def annotation_document(
    canvas: Canvas,
    box: Box | None,
    concept_ids: Iterable[UUID | str],
    names: ConceptNames,
    *,
    motivation: str,
    creator: str = "",
    generator: str = "",
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A W3C annotation on a box of a canvas (or all of it) whose bodies name concepts."""
    return build(
        canvas_uri=canvas.uri,
        manifest_uri=canvas.manifest.uri,
        box=box,
        concepts=[names[str(concept_id)] for concept_id in concept_ids],
        motivation=motivation,
        creator=creator,
        generator=generator,
        extra=extra or {},
    )


def page_of(campaign: Campaign) -> str:
    """The public address of a campaign."""
    return absolute(f"/campaigns/{campaign.slug}/")
