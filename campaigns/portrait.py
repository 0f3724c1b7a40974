"""How one participant works: what they take for what, how they draw, whether they change, how long they take."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import numpy as np

from campaigns.models import Campaign, ConsensusMember, Contribution, Participant
from campaigns.quality.answers import Answers, answers_of
from campaigns.quality.edges import from_edges, to_edges
from campaigns.quality.left_out import others_vote
from campaigns.quality.people import BoxHabits, Drift, Speed, box_habits, drift, reliability, speeds
from campaigns.quality.people.reliability import Judged
from campaigns.questions import get_kind
from campaigns.skills import Skill, skills_of
from campaigns.things import NONE, UNNAMED, things_said
from taxonomy.queries import labels_in

MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often (`counts`: true × said) the person said what, where most of the others say one thing.

    `labels`: ids of concepts, or “” for nothing and “?” for a box without a label; those met most often. `more`: how
    many labels are left out.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """None where there is nothing to tell it from."""

    skill: Skill
    confusion: Confusion | None
    boxes: BoxHabits | None
    drift: Drift | None
    speed: Speed | None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def portrait_of(campaign: Campaign, participant: Participant, language: str) -> Portrait:
    """Against what the others say, never against a consensus that the person had a voice in; some ten queries."""
    mine = Contribution.objects.filter(participant=participant).order_by().values("task")
    said = list(things_said(campaign, mine))
    answers = answers_of(*zip(*said, strict=True)) if said else None
    draws = get_kind(campaign.question_kind).TRAITS.draws
    return Portrait(
        skill=skills_of(campaign, [participant.pk], language)[participant.pk],
        confusion=_confusion(answers, str(participant.pk), language) if answers is not None else None,
        boxes=_boxes(participant) if draws else None,
        drift=_drift(answers, participant) if answers is not None else None,
        speed=_speed(campaign, participant),
    )


def _judged(answers: Answers, person: str) -> tuple[Any, Any, Any]:
    """Of one person: codes of items, of what was said, and of what the others say."""
    others = others_vote(answers)
    code = int(np.searchsorted(answers.people, person))
    rows = (answers.person == code) & (others.label >= 0) if code < len(answers.people) else np.zeros(0, bool)
    return answers.item[rows], answers.label[rows], others.label[rows]


def _confusion(answers: Answers, person: str, language: str) -> Confusion | None:
    if person not in answers.people.tolist():
        return None
    _item, said, true = _judged(answers, person)
    if not len(said):
        return None
    alone = np.zeros(len(said), dtype=np.int64)
    (found,) = reliability(Judged(np.array([person]), answers.labels, alone, said, true))
    met = found.counts.sum(axis=0) + found.counts.sum(axis=1)
    order = [int(place) for place in np.argsort(-met, kind="stable") if met[place]]
    kept = sorted(order[:MOST_LABELS])
    labels = tuple(str(answers.labels[place]) for place in kept)
    return Confusion(
        labels=labels,
        names=_names(labels, language),
        counts=tuple(tuple(int(found.counts[a, b]) for b in kept) for a in kept),
        more=len(order) - len(kept),
    )


def _names(labels: Sequence[str], language: str) -> tuple[str, ...]:
    """Labels of concepts, several with commas between; “” and “?” stay for the page to name."""
    known = labels_in(
        {UUID(one) for label in labels if label not in (NONE, UNNAMED) for one in label.split()}, language
    )
    return tuple(
        label if label in (NONE, UNNAMED) else ", ".join(known.get(UUID(one), "?") for one in label.split())
        for label in labels
    )


def _boxes(participant: Participant) -> BoxHabits | None:
    """Each box beside the median of the others' boxes of the same thing."""
    things = ConsensusMember.objects.filter(
        annotation__contribution_shape__contribution__participant=participant
    ).values("item")
    rows = ConsensusMember.objects.filter(item__in=things).values_list(
        "item_id", "annotation__contribution_shape__contribution__participant_id",
        "annotation__x", "annotation__y", "annotation__w", "annotation__h",
    )  # fmt: skip
    own: dict[UUID, tuple[Any, ...]] = {}
    others: defaultdict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for item, person, *box in rows:
        if not box[2] or not box[3]:  # a point has no extent
            continue
        if person == participant.pk:
            own[item] = tuple(box)
        else:
            others[item].append(tuple(box))
    met = [item for item in own if item in others]
    if not met:
        return None
    medians = np.array([np.median(to_edges(np.array(others[item])), axis=0) for item in met])
    places = np.arange(len(met))
    # Any overlap: that it is the same thing is known already.
    return box_habits(
        np.array([own[item] for item in met]), places, from_edges(medians), places, threshold=0.05
    )


def _drift(answers: Answers, participant: Participant) -> Drift | None:
    """Right and wrong in the order in which the tasks were handed in."""
    if str(participant.pk) not in answers.people.tolist():
        return None
    item, said, true = _judged(answers, str(participant.pk))
    if len(said) < 3:
        return None
    rows = Contribution.objects.filter(participant=participant, counts=True).order_by("submitted_at", "pk")
    place = {str(task): number for number, task in enumerate(rows.values_list("task_id", flat=True))}
    members = ConsensusMember.objects.filter(
        annotation__contribution_shape__contribution__participant=participant
    ).values_list("item_id", "item__consensus__task_id")
    place |= {str(thing): place[str(task)] for thing, task in members if str(task) in place}
    order = [place.get(str(answers.items[code]).split()[0], -1) for code in item.tolist()]
    known = np.array(order) >= 0
    return drift(np.array(order)[known], (said == true)[known]) if known.sum() > 2 else None


def _speed(campaign: Campaign, participant: Participant) -> Speed | None:
    tasks = Contribution.objects.filter(participant=participant).order_by().values("task")
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=tasks, time_spent_s__gt=0)
    said = list(rows.values_list("participant_id", "task_id", "time_spent_s"))
    if not said:
        return None
    who, what, spent = zip(*said, strict=True)
    found = speeds([str(one) for one in who], [str(one) for one in what], spent)
    return next((one for one in found if one.person == str(participant.pk)), None)
