"""How each kind of predictor is asked about a canvas."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from annotation.geometry import Box
from annotation.images import ImageRefused
from annotation.models import Annotation, Canvas
from annotation.pixels import cut, gray_page, page_address, page_size
from annotation.queries import with_concepts
from campaigns.models import PredictionRun
from campaigns.predictors import Predictions, http, match_template
from fetch import FetchError, fetch
from problems import Problem
from work.runner import Runner

LONGEST = 1600  # pixels a side of a page that is searched for examples
MODEL_TIMEOUT_S = 60  # below the silence after which a run counts as abandoned
Ask = Callable[[Canvas], Predictions]


def asker_of(run: PredictionRun, runner: Runner) -> Ask:
    """What to call with each canvas of the run. Raises `Problem` where nothing can be asked."""
    settings = dict(run.configuration)
    if run.predictor.kind == match_template.KIND:
        return _template_asker(settings.pop("examples", []), settings, runner)
    return _http_asker(settings)


def _template_asker(examples: Sequence[str], settings: Mapping[str, Any], runner: Runner) -> Ask:
    exemplars = _exemplars(examples, runner)
    if not exemplars:
        raise Problem(_("None of the examples can be used; the report says why."), code="no-examples")

    def keep_on() -> bool:
        runner.advance(0)  # raises when it is time to leave
        return False

    def ask(canvas: Canvas) -> Predictions:
        page, size = gray_page(canvas, longest=LONGEST), (canvas.width, canvas.height)
        return match_template.find(page, exemplars, canvas_size=size, config=settings, should_stop=keep_on)

    return ask


def _exemplars(examples: Sequence[str], runner: Runner) -> list[match_template.Exemplar]:
    """The pixels of the examples, each page opened once; what cannot be used is said."""
    rows = Annotation.objects.filter(pk__in=examples, canvas__isnull=False, w__gt=0)
    rows = with_concepts(rows.select_related("canvas").defer("document").order_by("canvas", "id"))
    found: list[match_template.Exemplar] = []
    for _canvas, boxes in groupby(rows, key=lambda row: row.canvas_id):
        try:
            found += _cut_out(list(boxes), runner)
        except (FetchError, ImageRefused, Problem) as error:
            runner.say(str(error), severity="warning", place=str(_canvas))
    return found


def _cut_out(rows: Sequence[Annotation], runner: Runner) -> Iterable[match_template.Exemplar]:
    """The examples on one canvas."""
    canvas = rows[0].canvas
    assert canvas is not None
    page = gray_page(canvas, longest=LONGEST)
    found = []
    for row in rows:
        assert row.box is not None
        pixels = cut(page, canvas, Box(*row.box))
        for link in row.concept_links.all():
            exemplar = match_template.Exemplar(pixels, str(link.concept_id))
            fault = match_template.unusable(exemplar)
            if fault:
                runner.say(fault, severity="warning", place=str(row.pk))
            else:
                found.append(exemplar)
    return found


def _http_asker(settings: Mapping[str, Any]) -> Ask:
    longest = int(settings["longest_side"])

    def send(request: http.Request) -> bytes:
        answer = fetch(
            request.url,
            accept="application/json",
            method="POST",
            json=dict(request.json),
            max_bytes=20 * 2**20,
            timeout_s=MODEL_TIMEOUT_S,
        )
        return answer.body

    def ask(canvas: Canvas) -> Predictions:
        target = http.Target(
            canvas=canvas.uri,
            canvas_size=(canvas.width, canvas.height),
            image_url=page_address(canvas, longest=longest),
            image_size=page_size(canvas, longest=longest),
        )
        if not target.image_url:
            raise Problem(_("The canvas has no image."), code="no-image")
        return http.predict(target, settings, send)

    return ask
