"""Learn how reliable people are from all that they said, and have every task weighed by it that is not decided."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.consensus import request_consensus
from campaigns.actions.locking import hold_merged
from campaigns.edges import learn_edges, listens_to_the_exact
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Contribution, Gold, ReliabilityModel, Task, TaskConsensus
from campaigns.permissions import refuse_archived
from campaigns.quality.answers import answers_of
from campaigns.quality.labels.fitted import MODELS, TREE_MODELS, Fitted
from campaigns.quality.labels.one_coin import EXPECTED
from campaigns.said import counted_answers
from campaigns.things import Said, asks_once, things_said
from problems import Conflict
from work.models import Job

# A model is learnt anew when there is so much more to learn from.
GROWN = 1.25


def learn_anew(campaign: Campaign, *, by: User | None) -> Job:
    """Queue that the model is learnt from all answers and every task merged by it. `Conflict` where votes are alike."""
    refuse_archived(campaign)
    if campaign.weighing == Campaign.Weighing.ALIKE:
        raise Conflict(
            _(
                "In this campaign everybody's vote counts alike: there is nothing to learn. Choose a model first."
            ),
            code="votes-alike",
        )
    with transaction.atomic():
        # What is outgrown is learnt anew.
        ReliabilityModel.objects.filter(campaign=campaign).update(contributions=0)
        return request_consensus(campaign, by=by)


def learn_reliability(campaign: Campaign) -> ReliabilityModel | None:
    """Learn from all counted answers, and from known ones where one label is asked for; None without answers.

    Every task that is not decided waits to be merged again then. Raises `Conflict` where the model is not made for
    so many labels.
    """
    count = Contribution.objects.filter(task__campaign=campaign, counts=True).count()
    said = list(things_said(campaign))
    if not said:
        return None
    gold = _known(campaign) if asks_once(campaign) else {}
    if gold:
        said += _on_gold(campaign, gold)
    labels = {label for _thing, _person, label in said}
    known = {thing: label for thing, label in gold.items() if label in labels}
    try:
        fitted = _fit(campaign, said, known)
    except ValueError as error:
        raise Conflict(
            _(
                "Too many different labels were given to learn who takes what for what. Choose the simpler model."
            ),
            code="too-many-labels",
        ) from error
    edges = learn_edges(campaign) if listens_to_the_exact(campaign) else None
    with transaction.atomic():
        row, _made = ReliabilityModel.objects.update_or_create(
            campaign=campaign,
            defaults={
                "method": campaign.weighing,
                "state": fitted.as_json(),
                "edges": edges.as_json() if edges else {},
                "contributions": count,
            },
        )
        waiting = TaskConsensus.objects.filter(campaign=campaign, task__state=Task.State.RETIRED)
        hold_merged(waiting)
        waiting.update(outdated_at=Now())
    return row


def _fit(campaign: Campaign, said: Sequence[Said], known: Mapping[str, str]) -> Fitted:
    if campaign.weighing not in TREE_MODELS:
        return MODELS[campaign.weighing](answers_of(*zip(*said, strict=True)), known)
    tree = campaign_tree(campaign)
    # Who said nothing, or something that is no place on the tree, took no turn on it.
    turns = [row for row in said if tree and row[2] in tree]
    if tree is None or not turns:
        return Fitted(campaign.weighing, {}, {}, EXPECTED, {}, {}, 0.0, 0)
    gold = {thing: label for thing, label in known.items() if label in tree}
    return TREE_MODELS[campaign.weighing](answers_of(*zip(*turns, strict=True)), tree, gold)


def fitted_for(campaign: Campaign) -> Fitted | None:
    """What has been learnt by the model that the campaign asks for; one query, none where votes count alike."""
    if campaign.weighing == Campaign.Weighing.ALIKE:
        return None
    row = ReliabilityModel.objects.filter(campaign=campaign, method=campaign.weighing).first()
    return Fitted.from_json(row.state) if row else None


def is_outgrown(campaign: Campaign) -> bool:
    """Whether there is much more to learn from than when the model was learnt; two queries."""
    if campaign.weighing == Campaign.Weighing.ALIKE:
        return False
    row = ReliabilityModel.objects.filter(campaign=campaign, method=campaign.weighing).first()
    now = Contribution.objects.filter(task__campaign=campaign, counts=True).count()
    return row is None or now >= row.contributions * GROWN + 1


def _known(campaign: Campaign) -> dict[str, str]:
    """The known answers as things with their labels."""
    rows = list(Gold.objects.filter(task__campaign=campaign, withdrawn_at=None).values_list("task", "answer"))
    answers = counted_answers([answer for _task, answer in rows])
    return {
        f"gold {task}": " ".join(sorted(answer["concepts"]))
        for (task, _raw), answer in zip(rows, answers, strict=True)
    }


def _on_gold(campaign: Campaign, gold: Mapping[str, str]) -> list[tuple[str, str, str]]:
    rows = Contribution.objects.filter(task__campaign=campaign, assignment__seeded=True).order_by("pk")
    found: list[tuple[UUID, UUID, dict[str, list[str]]]] = list(
        rows.values_list("task_id", "participant_id", "answer")
    )
    answers = counted_answers([answer for *_both, answer in found])
    return [
        (f"gold {task}", str(person), " ".join(sorted(answer["concepts"])))
        for (task, person, _raw), answer in zip(found, answers, strict=True)
        if f"gold {task}" in gold
    ]
