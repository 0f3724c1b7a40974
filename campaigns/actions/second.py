"""Where two reviewers must say the same: each speaks without knowing the other, and a third settles what differs."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.rulings import Ruling
from campaigns.models import BulkReview, Opinion, Task
from campaigns.permissions import verbs_held
from campaigns.quality.second import Finding, category, say_the_same
from campaigns.quality.texts import Text
from campaigns.questions.describe import as_json as as_text
from campaigns.questions.places import as_points
from problems import Conflict, Refused

Checked = tuple[Task, Sequence[Ruling], UUID]


def opinions_in_force(tasks: Sequence[Task]) -> QuerySet[Opinion]:
    """What reviewers said of these tasks about the answers as they are merged now, in the order in which they spoke."""
    rows = Opinion.objects.filter(task__in=[task.pk for task in tasks], superseded_at=None)
    return rows.filter(at__gte=F("task__consensus__computed_at")).select_related("by").order_by("at")


def settle(checked: Sequence[Checked], *, by: User, bulk: BulkReview | None = None) -> list[Checked]:
    """Keep what the reviewer says of tasks of one campaign; returns those that are decided by it.

    A task is decided when somebody has said the same before, or when two have differed before: the third settles
    it. Somebody who has spoken about a task already is left out. The caller holds the tasks' locks. Three
    statements however many they are.
    """
    if not checked:
        return []
    before: dict[UUID, list[Opinion]] = {task.pk: [] for task, _rulings, _request in checked}
    for opinion in opinions_in_force([task for task, _rulings, _request in checked]):
        before[opinion.task_id].append(opinion)
    said, decided = [], []
    for task, rulings, request in checked:
        others = before[task.pk]
        if any(other.by_id == by.pk for other in others):
            continue
        said.append(Opinion(id=request, task=task, said=as_json(rulings), bulk=bulk, by=by))
        findings = _findings(said[-1].said)
        if len(others) > 1 or any(say_the_same(findings, _findings(other.said)) for other in others):
            decided.append((task, rulings, request))
    Opinion.objects.bulk_create(said)
    return decided


def refuse_again(task: Task, by: User) -> None:
    """Who has spoken about a task waits for the other reviewer."""
    if opinions_in_force([task]).filter(by=by).exists():
        raise Conflict(
            _(
                "You have decided about this one. It waits for another reviewer; take yours back to change it."
            ),
            code="already-reviewed",
        )


def require_may_supersede(task: Task, by: User) -> None:
    """What two reviewers decided, one does not decide anew, unless they run the campaign."""
    if "manage" not in verbs_held(by, task.campaign):
        raise Refused(
            _("Two reviewers decided this. Only the people who run the campaign may decide it anew."),
            code="needs-two",
        )


def spoken_by_request(task: Task, request: UUID) -> bool:
    """Whether this request was somebody's word before another said the same: sent again it changes nothing."""
    return task.campaign.reviews > 1 and Opinion.objects.filter(pk=request, task=task).exists()


def is_repeated(task: Task, request: UUID, rulings: Sequence[Ruling]) -> bool:
    """Whether this very opinion is here already; a conflict when its id stands for another one."""
    known = Opinion.objects.filter(pk=request).first()
    if known is None:
        return False
    if known.task_id == task.pk and known.said == as_json(rulings):
        return True
    raise Conflict(
        _("Another decision with this id is here already. Give each decision an id of its own."),
        pointer="/id",
        code="id-used",
    )


def withdraw_opinions(opinions: QuerySet[Opinion]) -> int:
    """They count no longer and stay on record; returns how many."""
    return opinions.filter(superseded_at=None).update(superseded_at=Now())


def as_json(rulings: Sequence[Ruling]) -> list[dict[str, Any]]:
    """What is kept of an opinion: each ruling with the merged annotation it is about and what is true instead."""
    return [
        {
            "judged": str(ruling.source.pk) if ruling.source else None,
            "source": list(ruling.source.box) if ruling.source and ruling.source.box else None,
            "verdict": ruling.verdict,
            "box": list(ruling.box) if ruling.stands and ruling.box else None,
            "points": [list(one) for one in ruling.points] if ruling.stands else [],
            "concepts": sorted(map(str, ruling.concepts)) if ruling.stands else [],
            "stands": ruling.stands,
            # Absent where nobody writes: opinions of before say the same.
            **({"text": as_text(ruling.text)} if ruling.stands and ruling.text else {}),
            **({"step": ruling.step} if ruling.step else {}),
            "reason": ruling.reason,
        }
        for ruling in rulings
    ]


def _findings(said: Sequence[Mapping[str, Any]]) -> list[Finding]:
    return [found for one in said if (found := _finding(one))]


def _finding(one: Mapping[str, Any]) -> Finding | None:
    if not one["stands"]:
        return None
    box = tuple(one["box"]) if one["box"] else None
    text = one.get("text")
    written = Text(**text).compared if text else ""
    # What two say of different steps is not the same.
    written = f"{one['step']}: {written}" if one.get("step") else written
    return Finding(box, tuple(one["concepts"]), as_points(one.get("points", ())), written)


def categories(opinion: Opinion) -> dict[str, str]:
    """What an opinion makes of each merged item; what was added is about none."""
    found: dict[str, list[str]] = {}
    for one in opinion.said:
        if one["judged"]:
            label = category(one["verdict"], _finding(one), one["source"])
            found.setdefault(one["judged"], []).append(label)
    return {judged: " / ".join(sorted(labels)) for judged, labels in found.items()}
