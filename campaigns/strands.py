"""A campaign as each of its questions: what reads one question reads a sequence step by step, through its strands."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Contribution
from campaigns.questions import QuestionKind, get_kind
from campaigns.questions.sequence import KIND
from campaigns.questions.steps import LABELLED, Step, own_concepts
from problems import Missing
from taxonomy.models import Concept, Grouping, Vocabulary


def steps_of(campaign: Campaign) -> list[Step]:
    """The steps of a sequence; none of a campaign that asks one question."""
    return campaign.question.get("steps", []) if campaign.question_kind == KIND else []


def is_sequence(campaign: Campaign) -> bool:
    return campaign.question_kind == KIND


def strands_of(campaign: Campaign) -> list[Campaign]:
    """The campaign itself, or of a sequence a copy for each step, which asks it alone. To read, not to save."""
    if not is_sequence(campaign):
        return [campaign]
    return [_strand(campaign, step) for step in steps_of(campaign)]


def strand_of(campaign: Campaign, name: str) -> Campaign:
    """The strand of a step; the campaign itself for “”. Raises `Missing`."""
    if not name:
        return campaign
    for step in steps_of(campaign):
        if step["name"] == name:
            return _strand(campaign, step)
    raise Missing("The campaign has no step of this name.")


def _strand(campaign: Campaign, step: Step) -> Campaign:
    strand = copy(campaign)
    strand._state = copy(campaign._state)  # what it refers to is remembered apart
    strand._state.fields_cache = dict(campaign._state.fields_cache)
    strand.step = step["name"]
    strand.question_kind, strand.question = step["kind"], step["question"]
    if step["branch"]:
        strand.branch_id = UUID(step["branch"])
        strand._state.fields_cache.pop("branch", None)
    return strand


def answers_to(campaign: Campaign, only: Q | None = None) -> QuerySet[Contribution]:
    """The counted contributions to a campaign; to a strand of it those of the people who were asked that step."""
    rows = Contribution.objects.filter(only or Q(), task__campaign=campaign, counts=True)
    return rows.filter(answer__steps__has_key=campaign.step) if campaign.step else rows


def on_step(campaign: Campaign, shape: str = "") -> Q:
    """A condition on the shapes of contributions (behind the path `shape`): those of the strand."""
    return Q(**{f"{shape}step": campaign.step}) if campaign.step else Q()


def kind_of(campaign: Campaign) -> QuestionKind:
    """The kind of question that a campaign, or a strand of it, asks."""
    return get_kind(campaign.question_kind)


def config_of(campaign: Campaign) -> Mapping[str, Any]:
    """The settings by which answers are judged; one query where a step depends on concepts or has a branch."""
    steps = steps_of(campaign)
    named = {pk for step in steps for pk in _concepts_named(step)}
    return {**campaign.question, "within": concepts_within(named)} if named else campaign.question


def concepts_within(named: Collection[str]) -> dict[str, set[str]]:
    """For each of these concepts the ids of it and of all below it; one query."""
    found = {pk: {pk} for pk in named}
    if not named:
        return found
    ids = [UUID(pk) for pk in named]
    for pk, ancestors in Concept.objects.filter(ancestors__overlap=ids).values_list("pk", "ancestors"):
        for above in ancestors:
            if str(above) in found:
                found[str(above)].add(str(pk))
    return found


def _concepts_named(step: Mapping[str, Any]) -> list[str]:
    condition = step.get("condition") or {}
    return [*condition.get("concepts", ()), *([step["branch"]] if step.get("branch") else ())]


def own_words_of(campaign: Campaign) -> set[str]:
    """The concepts that the steps of a sequence bring as their own answers, of whatever vocabulary."""
    return own_concepts(steps_of(campaign))


def own_vocabulary_of(campaign: Campaign) -> Vocabulary | None:
    """The small vocabulary of these answers, where there is one; one query."""
    own = own_words_of(campaign)
    return Vocabulary.objects.filter(concepts__in=[UUID(pk) for pk in own]).first() if own else None


def words_of(campaign: Campaign) -> tuple[Vocabulary, Concept | None]:
    """The vocabulary and branch from which a campaign, or a strand of it, takes its labels."""
    own = campaign.question.get("answers") if campaign.step else None
    if not own:
        return campaign.vocabulary, campaign.branch
    some = Concept.objects.select_related("vocabulary", "parent").get(pk=next(iter(own.values())))
    return some.vocabulary, some.parent


def grouping_for(strand: Campaign, grouping: Grouping | None) -> Grouping | None:
    """The grouping under which a strand is compared: none where it brings its own answers, which no class takes in."""
    return None if kind_of(strand).TRAITS.own_words else grouping


def needs_words(kind: str, question: Mapping[str, Any]) -> bool:
    """Whether labels are chosen from a vocabulary, so that one must be there."""
    if kind != KIND:
        return not get_kind(kind).TRAITS.own_words
    steps: Iterable[Any] = question.get("steps", ()) if isinstance(question, Mapping) else ()
    return any(isinstance(step, Mapping) and step.get("kind") in LABELLED for step in steps)
