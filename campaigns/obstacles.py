"""What is still missing before a campaign can open."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from campaigns.models import Campaign
from campaigns.questions import KINDS, ConfigError, get_kind, sequence
from campaigns.questions.steps import LABELLED, own_concepts
from problems.problem import Fault
from taxonomy.heirs import stands
from taxonomy.queries import concepts_of


def obstacles_to_opening(campaign: Campaign) -> list[Fault]:
    """What is still missing before volunteers can come, each as a sentence with its place."""
    found = []
    if not any(campaign.title.values()):
        found.append(Fault("/title", "Give the campaign a title.", "no-title"))
    try:
        question = get_kind(campaign.question_kind).validate_config(campaign.question)
    except ConfigError as error:
        found.append(Fault(f"/question{error.pointer}", error.sentence, error.code))
    else:
        if not question["prompt"]:
            found.append(Fault("/question/prompt", "Write the question that people are asked.", "no-prompt"))
        if campaign.question_kind == sequence.KIND:
            found += _steps_missing(question["steps"])
    if not _has_words(campaign):
        found.append(
            Fault(
                "/vocabulary", "The vocabulary, or the chosen branch of it, has no concepts.", "no-concepts"
            )
        )
    if campaign.asks_about and not stands(campaign.asks_about):
        found.append(
            Fault("/asks_about", "The split that it asks about has been taken back.", "split-taken-back")
        )
    if campaign.closes_at and campaign.closes_at <= timezone.now():
        found.append(
            Fault("/closes_at", "The day on which it closes has passed. Change or remove it.", "over-already")
        )
    if not campaign.tasks.exists():
        found.append(Fault("/canvases", "Choose the canvases that people will see.", "no-tasks"))
    return found


def _steps_missing(steps: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """What the steps of a sequence still lack."""
    if not steps:
        return [Fault("/question/steps", "Add at least one step.", "no-steps")]
    return [
        Fault(
            f"/question/steps/{index}/question/prompt",
            f"Write what people are asked in the step “{step['name']}”.",
            "no-prompt",
        )
        for index, step in enumerate(steps)
        if not step["question"]["prompt"]
    ]


def _has_words(campaign: Campaign) -> bool:
    """Whether there are labels to choose from, or nobody chooses any."""
    kind = KINDS.get(campaign.question_kind)
    if kind is not None and kind.TRAITS.says == "texts":
        return True
    if campaign.question_kind == sequence.KIND and not any(
        step["kind"] in LABELLED for step in campaign.question.get("steps", ())
    ):
        return True
    own = own_concepts(campaign.question.get("steps", ())) if campaign.question_kind == sequence.KIND else ()
    offered = concepts_of(campaign.vocabulary, campaign.branch)
    # The vocabulary of the steps' own answers is none to choose labels from.
    return offered.exists() and not (own and offered.filter(pk__in=list(own)).exists())
