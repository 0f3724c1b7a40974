"""The region that stands beside the one a task is about: fetched for many tasks at once, and named in what is said."""

from collections.abc import Iterable
from typing import Any

from annotation.geometry import Box
from annotation.models import Annotation, Canvas
from annotation.webanno import TextBody, build
from campaigns import documents
from campaigns.models import Assignment, Task
from campaigns.questions.kind import Region

# Who says how two things belong together links them (W3C Web Annotation Vocabulary §3.3).
LINKING = ("linking",)


def fetch_beside(tasks: Iterable[Task]) -> None:
    """Give each task of a pair its other region, with canvas and manifest; one query, none where there are no pairs."""
    waiting = [task for task in tasks if task.beside_id and not Task.beside.is_cached(task)]
    if not waiting:
        return
    rows = Annotation.objects.select_related("canvas__manifest").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )
    found = rows.in_bulk({task.beside_id for task in waiting})
    for task in waiting:
        task.beside = found[task.beside_id]


def beside_of(task: Task) -> tuple[Canvas, Region | None] | None:
    """Canvas and box (None: all of it) of what stands beside; one query where it was not fetched, none for no pair."""
    if task.beside_id is None:
        return None
    fetch_beside([task])
    other: Any = task.beside
    return other.canvas, other.box


def motivations_of(task: Task, text: TextBody | None = None) -> tuple[str, ...]:
    """Why an annotation of a task was made: to link two regions, else for its text or its labels."""
    return LINKING if task.beside_id else documents.motivations_of(text)


def paired(document: dict[str, Any], task: Task) -> dict[str, Any]:
    """The document of what is said of a task; of a pair it has both regions as its targets and links them."""
    other = beside_of(task)
    if other is None:
        return document
    canvas, box = other
    target = build(id="", canvas=canvas.uri, manifest=canvas.manifest.uri, box=Box(*box) if box else None)[
        "target"
    ]
    return {**document, "motivation": LINKING[0], "target": [document["target"], target]}


def left_of(lease: Assignment) -> str | None:
    """The annotation that stands on the left for this person: by chance, and always the same for their lease."""
    task = lease.task
    if task.beside_id is None:
        return None
    return str(task.about_id if lease.pk.int % 2 else task.beside_id)
