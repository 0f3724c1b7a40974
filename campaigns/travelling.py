"""Tutorials between sites: images and concepts go by their addresses, since ids mean nothing elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from annotation.models import Canvas
from campaigns.models import Campaign, Task
from campaigns.teaching import MOST_STEPS, Entry
from problems import Invalid
from taxonomy.models import Concept


def steps_abroad(campaign: Campaign) -> list[Entry]:
    """The steps of a tutorial without any id of this site; two queries."""
    if not campaign.tutorial:
        return []
    canvases = Canvas.objects.filter(pk__in={step["canvas"] for step in campaign.tutorial if step["canvas"]})
    concepts = Concept.objects.filter(pk__in={pk for step in campaign.tutorial for pk in _named(step)})
    uris = {str(pk): uri for rows in (canvases, concepts) for pk, uri in rows.values_list("pk", "uri")}
    return [_renamed(step, uris) for step in campaign.tutorial]


def steps_at_home(campaign: Campaign, steps: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The same steps with the ids of this site; what is not here leaves its step without a picture or a label.

    Two queries. Raises `Invalid` for what is no list of steps.
    """
    if len(steps) > MOST_STEPS:
        raise Invalid(
            _("At most %(most)d entries.") % {"most": MOST_STEPS}, pointer="/tutorial", code="too-many"
        )
    try:
        wanted = {step["canvas"] for step in steps if step.get("canvas")}
        named = {uri for step in steps for uri in _named(step)}
        tasks = Task.objects.filter(campaign=campaign, canvas__uri__in=wanted)
        here = {uri: str(pk) for uri, pk in tasks.values_list("canvas__uri", "canvas")}
        concepts = Concept.objects.filter(vocabulary=campaign.vocabulary_id, uri__in=named)
        here |= {uri: str(pk) for uri, pk in concepts.values_list("uri", "pk")}
        return [{**_renamed(step, here), "id": str(uuid4())} for step in steps]
    except (TypeError, AttributeError, KeyError, ValueError):
        raise Invalid(_("Give a list of entries."), pointer="/tutorial", code="not-a-list") from None


def _named(step: Mapping[str, Any]) -> list[str]:
    example = step.get("example") or {}
    of_shapes = [name for shape in example.get("shapes") or () for name in shape.get("concepts") or ()]
    return [*(example.get("concepts") or ()), *of_shapes]


def _renamed(step: Mapping[str, Any], names: Mapping[str, str]) -> Entry:
    """A step whose canvas and concepts have other names; those without one are left out."""
    canvas = names.get(step.get("canvas") or "")
    return {
        "text": step.get("text"),
        "canvas": canvas,
        "region": step.get("region") if canvas else None,
        "example": _example(step.get("example"), names) if canvas else None,
    }


def _example(example: Mapping[str, Any] | None, names: Mapping[str, str]) -> Entry | None:
    if not example:
        return None
    return {
        "nothing_here": example.get("nothing_here") is True,
        "shapes": [
            {
                "box": shape.get("box"),
                "points": shape.get("points") or [],
                "concepts": _known(shape.get("concepts") or (), names),
            }
            for shape in example.get("shapes") or ()
        ],
        "concepts": _known(example.get("concepts") or (), names),
        **({"texts": example["texts"]} if example.get("texts") else {}),
    }


def _known(said: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names[one] for one in said if one in names]
