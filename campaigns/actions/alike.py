"""Find more like a box on a canvas that people annotate together: candidates for who asked, and for nobody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.geometry import Box, iou
from annotation.models import Canvas, Layer
from annotation.permissions import require_own_kind
from campaigns.actions.similar import MOST_A_MINUTE, SAME, look_on_page
from campaigns.models import LayerSearch
from campaigns.questions import AnswerError
from campaigns.questions.reading import read_box
from problems import Conflict, Invalid, TryLater
from work.actions import request_job, stop_job
from work.models import Job
from work.runner import Runner

KIND = "campaigns.alike"
# A candidate is taken over or dismissed within a sitting.
KEPT = timedelta(hours=1)


def ask_for_alike(layer: Layer, canvas: Canvas, *, pk: UUID, box: Any, by: User) -> LayerSearch:
    """Have more like `box` (x, y, w, h in canvas space) looked for; harmless to repeat.

    Layer and canvas came through their gates: who asks may write into the one and see the other. What the person had
    asked for before is stopped, and forgotten when it is old. Raises `Refused` for a layer that is not written by hand,
    `Invalid` with a pointer, `Conflict` for the same id with another content, `TryLater` for the eleventh in a minute.
    """
    require_own_kind(layer)
    place = _read(canvas, box)
    with transaction.atomic():
        # One search of a person at a time passes here, so that the count is right.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
        known = LayerSearch.objects.select_related("job").filter(pk=pk).first()
        if known is not None:
            return _same(known, layer, canvas, place, by)
        mine = LayerSearch.objects.filter(by=by)
        _refuse_flood(mine.filter(created_at__gt=Now() - timedelta(minutes=1)).count())
        stop_alike(by)
        mine.filter(created_at__lt=Now() - KEPT).delete()
        job = request_job(KIND, pk, by=None, queue="predict")
        # Somebody else may bring the same id at this moment: the database keeps one of both.
        fresh = LayerSearch(pk=pk, layer=layer, canvas=canvas, by=by, box=place, job=job)
        LayerSearch.objects.bulk_create([fresh], ignore_conflicts=True)
        kept = LayerSearch.objects.select_related("job").get(pk=pk)
        return _same(kept, layer, canvas, place, by)


def _read(canvas: Canvas, box: Any) -> list[float]:
    try:
        x, y, w, h = read_box(box, "/box")
    except AnswerError as error:
        raise Invalid(error.sentence, pointer=error.pointer, code=error.code) from error
    # Before a `Box` is made of it, which cannot be as large as any number.
    if x < 0 or y < 0 or x + w > canvas.width + 0.01 or y + h > canvas.height + 0.01:
        raise Invalid(_("The box leaves its canvas."), pointer="/box", code="box-outside")
    return list(Box(x, y, w, h).xywh)


def _same(known: LayerSearch, layer: Layer, canvas: Canvas, box: list[float], by: User) -> LayerSearch:
    asked = (layer.pk, canvas.pk, by.pk, box)
    if (known.layer_id, known.canvas_id, known.by_id, known.box) != asked:
        raise Conflict(
            _("Another search has this id already. Give each search an id of its own."),
            pointer="/id",
            code="id-used",
        )
    return known


def _refuse_flood(lately: int) -> None:
    if lately >= MOST_A_MINUTE:
        raise TryLater(
            _("That was often. Wait a moment before you have more looked for."),
            code="too-often",
            headers={"Retry-After": "20"},
        )


def stop_alike(by: User) -> None:
    """Whoever asks anew, or leaves the canvas, waits for none of these any more."""
    waiting = Job.objects.filter(layer_search__by=by, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    for job in waiting:
        stop_job(job)


def find_alike(search_id: str, runner: Runner) -> int:
    """Look for what was asked for and keep where it is; returns how many places there are."""
    rows = LayerSearch.objects.select_related("canvas__manifest")
    search = (
        rows.defer("canvas__manifest__document", "canvas__manifest__metadata").filter(pk=search_id).first()
    )
    if search is None:  # its layer was deleted, or whoever asked has gone
        return 0
    runner.check()
    box = Box(*search.box)
    found = look_on_page(search.canvas, box, runner)
    wanted = [one for one in found if one.box and iou(one.box, box) < SAME]
    runner.check()  # nobody may wait for it any more
    search.found = [[*one.box.xywh, one.confidence] for one in wanted if one.box]
    search.save(update_fields=["found"])
    return len(wanted)
