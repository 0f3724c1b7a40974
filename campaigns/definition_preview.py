"""What a definition would make here, and what is in its way, before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from annotation.models import Canvas
from annotation.permissions import visible_manifests
from campaigns.actions.definitions import campaign_from
from problems import Problem
from problems.problem import Fault
from taxonomy.models import Vocabulary
from taxonomy.permissions import visible_vocabularies


@dataclass(frozen=True, slots=True)
class Preview:
    """The vocabulary (None: not here), how many images the sources have that are here, those that are not, faults."""

    definition: Mapping[str, Any]
    vocabulary: Vocabulary | None
    sources: int
    images: int
    missing: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def prompt(self) -> dict[str, str]:
        """What people are asked, by language, as far as it is texts."""
        prompt = self.definition["question"].get("prompt")
        texts = prompt.items() if isinstance(prompt, Mapping) else ()
        return {str(language): text for language, text in texts if isinstance(text, str)}


def preview_of(definition: Mapping[str, Any], *, by: User) -> Preview:
    """Look at a definition whose shape has been checked; everything that making it does is undone."""
    wanted = definition["sources"]
    here = visible_manifests(by).filter(uri__in=wanted)
    known = set(here.order_by().values_list("uri", flat=True))
    named = definition["vocabulary"]
    return Preview(
        definition=definition,
        vocabulary=visible_vocabularies(by).filter(uri=named["uri"]).first() if named else None,
        sources=len(known),
        images=Canvas.objects.filter(manifest__in=here.order_by().values("pk")).count(),
        missing=[uri for uri in wanted if uri not in known],
        faults=_faults(definition, by),
    )


def _faults(definition: Mapping[str, Any], by: User) -> list[Fault]:
    """What `campaign_from` would refuse. It is done, without the images, and undone."""
    try:
        with transaction.atomic():
            campaign_from({**definition, "sources": []}, slug=f"preview-{uuid4().hex[:12]}", by=by)
            transaction.set_rollback(True)
    except Problem as problem:
        return list(problem.faults) or [Fault("", str(problem.detail), problem.code)]
    return []
