"""Compares what people handed in for a known answer with it; nothing of it is counted, nothing told before."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from campaigns.actions.lapsing import judge_again
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Contribution, Gold, GoldScore
from campaigns.quality.kinship import likeness
from campaigns.quality.people.known import marks
from campaigns.questions import get_kind
from campaigns.said import counted_answers


def score_contribution(campaign: Campaign, task_id: UUID, pk: UUID, answer: Mapping[str, Any]) -> None:
    """Keep the score of an answer that has just come in; nothing where the known one was withdrawn meanwhile.

    Where people requalify, whoever falls below by it has lapsed: two more statements.
    """
    gold = Gold.objects.filter(task=task_id, withdrawn_at=None).first()
    if gold is not None:
        _keep(campaign, [(pk, answer, gold.answer)])
        judge_again(campaign, [pk])


def score_again(campaign: Campaign, golds: Iterable[Gold]) -> None:
    """Measure every answer that was given to these tasks as a known one; a few statements for any number.

    Within a transaction. Where people requalify, whoever falls below by it has lapsed at once.
    """
    known = {gold.task_id: gold.answer for gold in golds}
    rows = Contribution.objects.filter(task__in=known, assignment__seeded=True).order_by("pk")
    pairs = [(pk, said, known[task]) for pk, task, said in rows.values_list("pk", "task_id", "answer")]
    if pairs:
        _keep(campaign, pairs)
        judge_again(campaign, [pk for pk, *_both in pairs])


def _keep(campaign: Campaign, pairs: Sequence[tuple[UUID, Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Scores of (contribution, answer, known answer), each as its concepts count now."""
    compare = get_kind(campaign.question_kind).compare
    tree = campaign_tree(campaign)
    if tree is not None:
        compare = partial(compare, alike=likeness(tree))
    read = counted_answers([answer for _pk, *both in pairs for answer in both])
    rows = [
        GoldScore(
            contribution_id=pk, score=min(1.0, max(0.0, compare(said, known))), concepts=marks(said, known),
            scored_at=timezone.now(),
        )
        for (pk, *_both), said, known in zip(pairs, read[::2], read[1::2], strict=True)
    ]  # fmt: skip
    GoldScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["contribution"],
        update_fields=["score", "concepts", "scored_at"],
    )
