"""Steps of a sequence between sites: concepts go by their addresses, answers of its own by what they are called."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.strands import steps_of
from problems import Invalid
from taxonomy.models import Concept, Vocabulary
from taxonomy.queries import label_maps

Rename = Callable[[str, str], str]


def steps_elsewhere(campaign: Campaign) -> dict[str, Any]:
    """The settings of a sequence without any id of this site; two queries."""
    steps = steps_of(campaign)
    own = [UUID(pk) for step in steps for pk in step["question"].get("answers", {}).values()]
    labels = label_maps(own) if own else {}
    named = {pk for step in steps for pk in _named(step)}
    uris = {str(pk): uri for pk, uri in Concept.objects.filter(pk__in=named).values_list("pk", "uri")}
    return {
        **campaign.question,
        "steps": [_worded(_renamed(step, lambda pk, _place: uris[pk]), labels) for step in steps],
    }


def _worded(step: dict[str, Any], labels: Mapping[UUID, Mapping[str, str]]) -> dict[str, Any]:
    answers = step["question"].get("answers")
    if not answers:
        return step
    words = {name: dict(labels.get(UUID(pk), {})) for name, pk in answers.items()}
    return {**step, "question": {**step["question"], "answers": words}}


def steps_at_home(question: Any, vocabulary: Vocabulary | None) -> Any:
    """The same settings with the ids of this site; one query. What has not the shape of steps is judged later.

    Raises `Invalid` for an address that is none of the vocabulary.
    """
    raw = question.get("steps") if isinstance(question, Mapping) else None
    if not isinstance(raw, list) or not all(isinstance(step, Mapping) for step in raw):
        return question
    named = {uri for step in raw for uri in _named(step)}
    here = {}
    if named and vocabulary is not None:
        rows = Concept.objects.filter(vocabulary=vocabulary, uri__in=named).values_list("uri", "pk")
        here = {uri: str(pk) for uri, pk in rows}

    def rename(uri: str, place: str) -> str:
        if uri not in here:
            raise Invalid(_("The vocabulary has no concept %s.") % uri, pointer=place, code="unknown-concept")
        return here[uri]

    return {
        **question,
        "steps": [_renamed(step, rename, f"/question/steps/{at}") for at, step in enumerate(raw)],
    }


def _named(step: Mapping[str, Any]) -> list[str]:
    condition = step.get("condition")
    concepts = condition.get("concepts") if isinstance(condition, Mapping) else None
    found = [*(concepts if isinstance(concepts, list) else ()), step.get("branch")]
    return [one for one in found if isinstance(one, str)]


def _renamed(step: Mapping[str, Any], rename: Rename, place: str = "") -> dict[str, Any]:
    read = dict(step)
    if isinstance(read.get("branch"), str):
        read["branch"] = rename(read["branch"], f"{place}/branch")
    condition = read.get("condition")
    if isinstance(condition, Mapping) and isinstance(condition.get("concepts"), list):
        where = f"{place}/condition/concepts"
        concepts = [rename(one, where) if isinstance(one, str) else one for one in condition["concepts"]]
        read["condition"] = {**condition, "concepts": concepts}
    return read
