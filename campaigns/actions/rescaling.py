"""Keeps tasks, answers and figures on their places when the space of a canvas is scaled; releases stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from psycopg.sql import SQL, Identifier

from annotation.signals import RescaledCanvas
from campaigns.actions.besides import follow_besides
from campaigns.actions.locking import hold_tasks
from campaigns.models import Campaign, ConsensusItem, Contribution, Gold, Opinion, SimilarSearch, Task

BATCH = 500
_REGIONS = """
UPDATE campaigns_task t
   SET region_x = t.region_x * moved.sx, region_y = t.region_y * moved.sy,
       region_w = t.region_w * moved.sx, region_h = t.region_h * moved.sy
  FROM unnest(%s::uuid[], %s::float8[], %s::float8[]) AS moved(canvas_id, sx, sy)
 WHERE t.canvas_id = moved.canvas_id AND t.region_x IS NOT NULL
"""


def follow_canvases(sender: object, canvases: Sequence[RescaledCanvas], **_more: object) -> None:
    """Scale what campaigns keep in canvas space, in the transaction that gives the canvases their new size.

    The tasks are locked first: an answer that is being handed in is written in the old space before, or judged
    in the new one after. The annotations themselves are scaled by their own room.
    """
    by_id = {canvas.id: canvas for canvas in canvases}
    _scale_tutorials(by_id)  # first: who configures a campaign locks it before its tasks
    # Those too whose other region stands there: an answer to one is written before, or reads where that is after.
    hold_tasks(Task.objects.filter(Q(canvas__in=by_id) | Q(beside__canvas__in=by_id)))
    follow_besides(canvases)
    tasks = dict(Task.objects.filter(canvas__in=by_id).order_by().values_list("pk", "canvas_id"))
    if not tasks:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _REGIONS, [list(by_id), [canvas.sx for canvas in canvases], [canvas.sy for canvas in canvases]]
        )
    factors = {pk: (by_id[canvas].sx, by_id[canvas].sy) for pk, canvas in tasks.items()}
    _scale_answers(factors)
    _scale_spreads(factors)
    _scale_gold(factors)
    _scale_opinions(factors)
    _scale_searches(factors)


def _scale_tutorials(canvases: Mapping[UUID, RescaledCanvas]) -> None:
    """Regions and examples of tutorials; what they were in earlier configurations stays as it was written."""
    teaching = Campaign.objects.exclude(tutorial=[]).filter(
        Exists(Task.objects.filter(campaign=OuterRef("pk"), canvas__in=canvases))
    )
    rows = list(teaching.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for row in rows:
        row.tutorial = [_scaled_step(step, canvases) for step in row.tutorial]
    Campaign.objects.bulk_update(rows, ["tutorial"], batch_size=BATCH)


def _scaled_step(step: dict[str, Any], canvases: Mapping[UUID, RescaledCanvas]) -> dict[str, Any]:
    canvas = canvases.get(UUID(step["canvas"])) if step["canvas"] else None
    if canvas is None:
        return step
    by = (canvas.sx, canvas.sy) * 2
    region = step["region"] and [side * factor for side, factor in zip(step["region"], by, strict=True)]
    example = step["example"] and scaled_answer(step["example"], canvas.sx, canvas.sy)
    return {**step, "region": region, "example": example}


def _scale_opinions(factors: Mapping[UUID, tuple[float, float]]) -> None:
    """What the first of two reviewers said, so that the second is compared with it in one space."""
    rows = list(Opinion.objects.filter(task__in=list(factors), superseded_at=None))
    for row in rows:
        sx, sy = factors[row.task_id]
        row.said = [_scaled_ruling(one, sx, sy) for one in row.said]
    Opinion.objects.bulk_update(rows, ["said"], batch_size=BATCH)


def _scaled_ruling(said: dict[str, Any], sx: float, sy: float) -> dict[str, Any]:
    boxes = {
        name: said[name] and [side * by for side, by in zip(said[name], (sx, sy, sx, sy), strict=True)]
        for name in ("box", "source")
    }
    return {**said, **boxes, "points": [[x * sx, y * sy] for x, y in said.get("points", ())]}


def _scale_gold(factors: Mapping[UUID, tuple[float, float]]) -> None:
    golds = list(Gold.objects.filter(task__in=factors))
    for gold in golds:
        gold.answer = scaled_answer(gold.answer, *factors[gold.task_id])
    Gold.objects.bulk_update(golds, ["answer"], batch_size=BATCH)


def _scale_answers(factors: Mapping[UUID, tuple[float, float]]) -> None:
    rows = Contribution.objects.filter(task__in=factors).only("pk", "task_id", "answer").order_by("pk")
    for batch in _batches(rows):
        for row in batch:
            row.answer = scaled_answer(row.answer, *factors[row.task_id])
        _write("campaigns_contribution", "answer", [(row.pk, row.answer) for row in batch])


def _scale_spreads(factors: Mapping[UUID, tuple[float, float]]) -> None:
    rows = (
        ConsensusItem.objects.filter(consensus__task__in=factors, spread__isnull=False)
        .select_related("consensus")
        .only("pk", "spread", "consensus__task_id")
        .order_by("pk")
    )
    for batch in _batches(rows):
        for row in batch:
            sx, sy = factors[row.consensus.task_id]
            row.spread = [value * s for value, s in zip(row.spread, (sx, sy, sx, sy), strict=True)]
        _write("campaigns_consensusitem", "spread", [(row.pk, row.spread) for row in batch])


def _scale_searches(factors: Mapping[UUID, tuple[float, float]]) -> None:
    """What more is looked for of: a search that waits must not look for what stands elsewhere by then."""
    rows = (
        SimilarSearch.objects.filter(assignment__task__in=factors)
        .select_related("assignment")
        .only("pk", "box", "assignment__task_id")
        .order_by("pk")
    )
    for batch in _batches(rows):
        for row in batch:
            sx, sy = factors[row.assignment.task_id]
            row.box = [value * s for value, s in zip(row.box, (sx, sy, sx, sy), strict=True)]
        _write("campaigns_similarsearch", "box", [(row.pk, row.box) for row in batch])


def _write(table: str, column: str, values: Sequence[tuple[UUID, object]]) -> None:
    """One JSON column of many rows in one statement; `table` and `column` are ours."""
    statement = SQL(
        "UPDATE {table} row SET {column} = moved.value::jsonb"
        " FROM unnest(%s::uuid[], %s::text[]) AS moved(id, value) WHERE row.id = moved.id"
    ).format(table=Identifier(table), column=Identifier(column))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [[pk for pk, _value in values], [orjson.dumps(value).decode() for _pk, value in values]],
        )


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH]) if len(batch) == BATCH else []


def scaled_answer(answer: Mapping[str, Any], sx: float, sy: float) -> dict[str, Any]:
    """The answer with its shapes in another space; whatever is no box or point stays for the validator."""
    steps = answer.get("steps")
    if isinstance(steps, Mapping):
        parts = {
            name: scaled_answer(part, sx, sy) if isinstance(part, Mapping) else part
            for name, part in steps.items()
        }
        return {**answer, "steps": parts}
    shapes = answer.get("shapes")
    if not isinstance(shapes, list):
        return dict(answer)
    return {**answer, "shapes": [_shape(shape, sx, sy) for shape in shapes]}


def _shape(shape: Any, sx: float, sy: float) -> Any:
    if not isinstance(shape, Mapping):
        return shape
    moved = dict(shape)
    if _are_numbers(shape.get("box"), 4):
        moved["box"] = [value * s for value, s in zip(shape["box"], (sx, sy, sx, sy), strict=True)]
    if isinstance(shape.get("points"), list):
        moved["points"] = [
            [point[0] * sx, point[1] * sy] if _are_numbers(point, 2) else point for point in shape["points"]
        ]
    return moved


def _are_numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(type(one) in (int, float) for one in value)
