"""Whether enough people have seen a task: what `campaigns.rules` need of the database, and what they say."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q, QuerySet

from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Contribution, Task
from campaigns.quality.certainty import LOOKALIKES
from campaigns.reported import counting_reports
from campaigns.rules import (
    Asked,
    Condition,
    Evidence,
    Finding,
    Given,
    Reported,
    RuleError,
    Stop,
    by_answers,
    by_reports,
    conditions_of,
    decide,
    fixed,
    least_people,
    sets_aside,
)
from campaigns.said import counted_answers
from problems import Invalid
from taxonomy.heirs import heirs_of
from taxonomy.models import Concept
from taxonomy.queries import concepts_of
from taxonomy.tree import Tree

AT_ONCE = 500  # tasks that are read together


def read_retirement(raw: object, *, overlap: int, question_kind: str) -> list[Condition]:
    """The conditions in their normal form. Raises `Invalid` with a pointer below `/retirement`."""
    try:
        return conditions_of(raw, overlap=overlap, question_kind=question_kind)
    except RuleError as error:
        raise Invalid(error.sentence, pointer=f"/retirement{error.pointer}", code=error.code) from error


# --- one task, under its lock ---------------------------------------------------------------------


class Known(Protocol):
    """What is known of a task already when an answer comes in."""

    @property
    def overlap(self) -> int: ...
    @property
    def retirement(self) -> list[Condition]: ...
    @property
    def counted(self) -> tuple[str, ...]: ...


def enough_with(task: Task, known: Known, newcomer: Given) -> Stop | None:
    """Why nobody else is needed once this answer counts; None when somebody is.

    Call it while the task's row is locked. No statement without conditions for stopping early, or before any of
    them could hold; else one, and a few more where concepts that were named have been merged away. Reports need not
    be looked at: what was reported often enough is set aside, and no longer open to an answer.
    """
    early = by_answers(known.retirement)
    ids = tuple(sorted({*known.counted, newcomer.id}))
    if len(ids) < least_people(early, known.overlap):
        return None
    if not early:
        return _by_cap(ids, known.overlap)
    return decide(_evidence(task, newcomer), early, known.overlap)


def _by_cap(ids: tuple[str, ...], overlap: int) -> Stop | None:
    found: Finding | None = fixed.found(ids, overlap)
    return Stop(fixed.KIND, {"people": overlap}, found) if found else None


# The answers so far, what stands above the concepts that they and the new one name, which of these are out of use,
# and how many labels there are to choose from, as far as that matters.
_SO_FAR = """
WITH given AS (
    SELECT k.id, k.answer FROM campaigns_contribution k
     WHERE k.task_id = %(task)s AND k.counts AND k.id <> %(newcomer)s
), named AS (
    SELECT n.id, n.ancestors, n.status FROM taxonomy_concept n
     WHERE n.id IN (
           SELECT (said.concept #>> '{}')::uuid
             FROM (SELECT answer FROM given UNION ALL SELECT %(answer)s::jsonb) every
            CROSS JOIN LATERAL (
                  SELECT jsonb_path_query(every.answer, '$.concepts[*]')
                   UNION ALL SELECT jsonb_path_query(every.answer, '$.shapes[*].concepts[*]')) said(concept))
)
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_array(id, answer) ORDER BY id), '[]') FROM given),
       (SELECT coalesce(jsonb_object_agg(id, ancestors), '{}') FROM named),
       (SELECT coalesce(jsonb_agg(id), '[]') FROM named WHERE status = 'deprecated'),
       (SELECT count(*) FROM (
               SELECT FROM taxonomy_concept n
                WHERE n.vocabulary_id = %(vocabulary)s AND n.status <> 'deprecated'
                  AND (%(branch)s::uuid IS NULL OR n.ancestors @> ARRAY[%(branch)s::uuid])
                LIMIT %(most)s) few)
"""


def _evidence(task: Task, newcomer: Given) -> Evidence:
    campaign = task.campaign
    values: dict[str, Any] = {
        "task": task.pk, "newcomer": newcomer.id, "answer": orjson.dumps(newcomer.answer).decode(),
        "vocabulary": campaign.vocabulary_id, "branch": campaign.branch_id, "most": LOOKALIKES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, values)
        answers, ways, gone, options = cursor.fetchone()
    given = [Given(pk, answer) for pk, answer in orjson.loads(answers)] + [newcomer]
    above: dict[str, list[str]] = orjson.loads(ways)
    if orjson.loads(gone):
        given = _as_counted(given)
        above |= _ways_of(set(heirs_of(map(UUID, above)).values()))
    tree = _small_tree(above, campaign) if campaign.question.get("coarser_counts") else None
    asked = Asked(campaign.question_kind, campaign.question, options, tree)
    return Evidence(asked, given)


def _as_counted(given: Sequence[Given]) -> list[Given]:
    answers = counted_answers([one.answer for one in given])
    return [Given(one.id, answer) for one, answer in zip(given, answers, strict=True)]


def _ways_of(concepts: set[UUID]) -> dict[str, list[str]]:
    rows = Concept.objects.filter(pk__in=concepts).values_list("pk", "ancestors")
    return {str(pk): [str(above) for above in ancestors] for pk, ancestors in rows}


def _small_tree(above: Mapping[str, Sequence[str]], campaign: Campaign) -> Tree[str]:
    """The part of the campaign's tree that these concepts (with what stands above each, root first) span."""
    parents: dict[str, str | None] = {}
    top = str(campaign.branch_id) if campaign.branch_id else None
    for concept, ancestors in above.items():
        way = [*ancestors, concept]
        if top is not None:
            way = way[way.index(top) :] if top in way else []
        parents.update(dict.fromkeys(way[:1]))
        parents.update({below: upper for upper, below in pairwise(way)})
    return Tree(parents)


# --- all tasks of a campaign ----------------------------------------------------------------------


def asked_in(campaign: Campaign) -> Asked:
    """What the campaign asks, with its whole tree; two queries."""
    options = concepts_of(campaign.vocabulary, campaign.branch)[:LOOKALIKES].count()
    return Asked(campaign.question_kind, campaign.question, options, campaign_tree(campaign))


@dataclass(frozen=True, slots=True)
class Judged:
    """An undecided task with its state, and why enough people have seen it by some rule (None: they have not)."""

    task: UUID
    state: str
    stop: Stop | None

    @property
    def becomes(self) -> str:
        """The state that the rule gives it."""
        if self.stop is None:
            return Task.State.OPEN
        return Task.State.ASIDE if sets_aside(self.stop) else Task.State.RETIRED


def judged_tasks(
    campaign: Campaign, conditions: Sequence[Condition], overlap: int, *, only: Sequence[UUID] | None = None
) -> Iterator[Judged]:
    """Every undecided task (or some), judged by a rule on its counted answers and reports, in order; a few queries
    for 500.

    The answers themselves are read only where the rule has conditions for stopping early, reports where it counts
    them. What somebody who reviews has left out is decided, in its way.
    """
    asked = asked_in(campaign) if by_answers(conditions) else None
    tasks = undecided_tasks(campaign)
    tasks = tasks if only is None else tasks.filter(pk__in=only)
    for rows in batches_of(tasks):
        ids = [pk for pk, _state in rows]
        counted = counted_answers_of(ids, read=asked is not None)
        reports = counting_reports(ids) if by_reports(conditions) else {}
        for pk, state in rows:
            stop = _judge(asked, counted[pk], reports.get(pk, ()), conditions, overlap)
            yield Judged(pk, state, stop)


def undecided_tasks(campaign: Campaign) -> QuerySet[Task]:
    """The tasks whose state a rule gives: neither decided nor left out by somebody who reviews."""
    left_out = Q(retirements__superseded_at=None, retirements__left_out_at__isnull=False)
    aside = campaign.tasks.filter(left_out, state=Task.State.ASIDE)
    return campaign.tasks.exclude(state=Task.State.DECIDED).exclude(pk__in=aside.values("pk"))


def _judge(
    asked: Asked | None,
    given: Sequence[Given],
    reports: Sequence[Reported],
    conditions: Sequence[Condition],
    overlap: int,
) -> Stop | None:
    if not given and not reports:
        return None
    return decide(Evidence(asked, given, reports), conditions, overlap)


def batches_of(tasks: Any) -> Iterator[list[tuple[UUID, str]]]:
    """(id, state) of tasks in their order, so many at once that memory stays small."""
    after = -1
    while True:
        rows = list(
            tasks.filter(position__gt=after)
            .order_by("position")[:AT_ONCE]
            .values_list("pk", "state", "position")
        )
        if not rows:
            return
        yield [(pk, state) for pk, state, _position in rows]
        after = rows[-1][2]


def counted_answers_of(tasks: Sequence[UUID], *, read: bool = True) -> dict[UUID, list[Given]]:
    """The counted answers of each task in the order of their arrival, as they count now; unread they are empty."""
    rows = Contribution.objects.filter(task__in=tasks, counts=True).order_by("submitted_at", "id")
    found = list(rows.values_list("task_id", "pk", *(["answer"] if read else [])))
    answers = counted_answers([row[2] for row in found]) if read else [{} for _row in found]
    by_task: dict[UUID, list[Given]] = defaultdict(list)
    for row, answer in zip(found, answers, strict=True):
        by_task[row[0]].append(Given(str(row[1]), answer))
    return by_task


@dataclass(frozen=True, slots=True)
class Change:
    """What a changed rule does to the undecided tasks: retired at once, opened again, set aside; and as they are
    then."""

    retire: int
    reopen: int
    set_aside: int
    retired: int
    open: int
    aside: int


def foresee_rule(campaign: Campaign, conditions: Sequence[Condition], overlap: int) -> Change:
    """What a change to this rule would do now; nothing is changed."""
    states = Task.State
    now, changed = Counter[str](), Counter[str]()
    for one in judged_tasks(campaign, conditions, overlap):
        now[one.becomes] += 1
        changed[one.becomes] += one.becomes != one.state
    return Change(
        retire=changed[states.RETIRED], reopen=changed[states.OPEN], set_aside=changed[states.ASIDE],
        retired=now[states.RETIRED], open=now[states.OPEN], aside=now[states.ASIDE],
    )  # fmt: skip
