"""Reads of known answers: which there are, which could be, and what is told of one after handing in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Assignment, Campaign, Gold, GoldScore, Task
from campaigns.questions.parts import parts_of, shapes_in, texts_in
from campaigns.said import counted_answers, named_concepts
from taxonomy.queries import labels_in


def gold_candidates(campaign: Campaign) -> QuerySet[Task]:
    """The decided tasks that are no known answers, the clearest first: little disagreement, many people."""
    decided = campaign.tasks.filter(state=Task.State.DECIDED)
    free = decided.exclude(pk__in=gold_in_force(campaign).values("task"))
    return free.order_by("consensus__disagreement", "-consensus__seen", "position")


def gold_in_force(campaign: Campaign) -> QuerySet[Gold]:
    """The known answers of a campaign that are given out."""
    return Gold.objects.filter(task__campaign=campaign, withdrawn_at=None)


def gold_shown(campaign: Campaign) -> QuerySet[Gold]:
    """The known answers with their canvases, how often they were answered and how well; the newest first."""
    handed_in = Q(task__contributions__gold_score__isnull=False)
    return (
        gold_in_force(campaign)
        .select_related("task__canvas__manifest", "marked_by")
        .defer("task__canvas__manifest__document", "task__canvas__manifest__metadata")
        .annotate(
            answered=Count("task__contributions", filter=handed_in),
            mean_score=Avg("task__contributions__gold_score__score"),
        )
        .order_by("-marked_at", "task__position")
    )


THE_SAME, NEAR = 0.95, 0.5
Concepts = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """The known answer with labels in the reader's language, and how near one's own came: `score` 0 to 1.

    `shapes`: the box, the points and the labels of each. `texts`: value and language of each.
    """

    score: float
    nothing_here: bool
    concepts: Concepts
    shapes: Sequence[tuple[list[float], list[list[float]], Concepts]]
    texts: Sequence[dict[str, str]] = ()

    @property
    def sentence(self) -> str:
        if self.score >= THE_SAME:
            return _("The answer to that one was known, and yours is the same. Well seen.")
        if self.score >= NEAR:
            return _("The answer to that one was known; yours comes near to it.")
        return _("The answer to that one was known; it differs from yours. Have a look.")


def known_answer_for(lease: Assignment, contribution_id: UUID, language: str) -> KnownAnswer | None:
    """None where the answer was not known, or the campaign keeps it to itself; else two or three queries."""
    if not lease.seeded or not lease.task.campaign.gold_feedback:
        return None
    scores = GoldScore.objects.filter(
        contribution=contribution_id, contribution__task__gold__withdrawn_at=None
    )
    row = scores.values_list("score", "contribution__task__gold__answer").first()
    if row is None:
        return None
    score, answer = row[0], counted_answers([row[1]])[0]
    labels = labels_in([UUID(pk) for pk in named_concepts(answer)], language)
    parts = parts_of(answer)
    return KnownAnswer(
        score=score,
        nothing_here=answer["nothing_here"],
        concepts=_labelled([pk for _step, part in parts for pk in part.get("concepts", ())], labels),
        shapes=[
            (shape["box"], shape.get("points", []), _labelled(shape["concepts"], labels))
            for _place, shape in shapes_in(answer)
        ],
        texts=texts_in(answer),
    )


def _labelled(concepts: Sequence[str], labels: Mapping[UUID, str]) -> Concepts:
    return [{"id": pk, "label": labels.get(UUID(pk), "?")} for pk in concepts]
