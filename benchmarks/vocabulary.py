"""A vocabulary of 100,000 concepts: bring it in, search as you type in five languages, merge, write it out."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connection

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.models import AnnotationConcept, Canvas, Layer
from benchmarks import bare
from benchmarks.cost import counting, restart_peak_rss, status_mb
from benchmarks.ground import call, log
from benchmarks.seed import make_canvases, make_person
from taxonomy.actions import start_vocabulary_import
from taxonomy.actions.editing import add_concept, merge_concepts, move_concept, undo_change
from taxonomy.models import Concept, Vocabulary
from taxonomy.published import FORMATS, written
from taxonomy.queries import search_concepts
from taxonomy.skos import ConceptValue, LabelValue
from work.actions import run_job

CONCEPTS, BELOW, ANNOTATIONS = 100_000, 10, 100_000
LANGUAGES = ("en", "fr", "de", "it", "es")
WORDS = ("owl", "lute", "crown", "river", "saint", "letter", "horse", "ship", "rose", "key")
# Beginnings of words that stand within very many labels, and at the beginning of none.
WORST = ("en", "4", "e 4")
TYPED = ("o", "ow", "owl", "owl 4", "cro", "crown 77", "riv", "rose 5", "sai", "key 99", "99999", "zzz")
_ANNOTATIONS = """
INSERT INTO annotation_annotation
       (id, layer_id, canvas_id, document, motivations, x, y, w, h, words, created_at, modified_at, revision)
SELECT gen_random_uuid(), %(layer)s, c.id,
       jsonb_build_object('type', 'Annotation', 'motivation', 'tagging', 'target', c.uri,
          'body', jsonb_build_object('type', 'SpecificResource', 'source', %(uri)s::text)),
       ARRAY['tagging'], n %% 2000, n %% 3000, 50, 20, '', now(), now(), 1
  FROM generate_series(1, %(count)s) AS n
  JOIN (SELECT id, uri, row_number() OVER (ORDER BY position) AS place FROM annotation_canvas) AS c
    ON c.place = 1 + n %% 100
"""
_LINKS = """
INSERT INTO annotation_annotationconcept (annotation_id, concept_id, position)
SELECT id, %(concept)s, 0 FROM annotation_annotation
"""


def measure() -> dict[str, Any]:
    """Seconds and megabytes of the import and the export, milliseconds of a search, seconds of a merge."""
    owner = make_person("olga", is_curator=True)
    log(f"importing {CONCEPTS:,} concepts")
    imported = _import(owner)
    vocabulary = Vocabulary.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "concepts": CONCEPTS,
        "labels": CONCEPTS * len(LANGUAGES),
        "import": imported,
        "search": _search(vocabulary),
        "export_turtle": _export(vocabulary),
        "edit": _edit(vocabulary, owner),
        "merge": _merge(vocabulary, owner),
    }


def _turtle() -> bytes:
    lines = ["@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", "@prefix : <https://example.org/c/> ."]
    for n in range(CONCEPTS):
        word = WORDS[n % len(WORDS)]
        labels = ", ".join(f'"{word} {n} {language}"@{language}' for language in LANGUAGES)
        above = f" ; skos:broader :c{(n - 1) // BELOW}" if n else ""
        lines.append(f':c{n} a skos:Concept ; skos:notation "{n}" ; skos:prefLabel {labels}{above} .')
    return "\n".join(lines).encode()


def _import(owner: User) -> dict[str, Any]:
    """The dry run, then the same file applied; memory is that of this process, the parser's child aside."""
    file: Any = ContentFile(_turtle(), name="large.ttl")
    result: dict[str, Any] = {"megabytes": round(file.size / 2**20, 1)}
    for name, at_once in (("dry_run", False), ("applied", True)):
        file.seek(0)
        record = start_vocabulary_import(file, slug="large", title={}, by=owner, apply=at_once)
        restart_peak_rss()
        began = time.perf_counter()
        with counting() as statements:
            run_job(str(record.job_id))
        seconds = round(time.perf_counter() - began, 1)
        record.refresh_from_db()
        if record.state not in ("ready", "applied"):
            raise SystemExit(f"the import is {record.state}: {record.job and record.job.error}")
        path = record.file.path
        result[name] = {"s": seconds, "peak_mb": status_mb("VmHWM"), "statements": statements.count}
        log(f"{name}: {result[name]}")
    result["bare"] = {"rdflib_s": call("benchmarks.bare:parse", path=path).result, "copy": bare.copied()}
    log(f"bare: {result['bare']}")
    return result


def _search(vocabulary: Vocabulary) -> dict[str, Any]:
    """Milliseconds of what people type, of the worst they can type, and of a statement that asks for nothing."""
    taken = [_typed(vocabulary, typed, language) for typed in TYPED for language in LANGUAGES]
    worst = {typed: _typed(vocabulary, typed, "en") for typed in WORST}
    with connection.cursor() as cursor:
        began = time.perf_counter()
        for _time in range(100):
            cursor.execute("SELECT 1")
    return {
        "searches": len(taken),
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[18], 1),
        "worst_ms": {typed: round(value, 1) for typed, value in worst.items()},
        "bare_statement_ms": round((time.perf_counter() - began) * 10, 2),
    }


def _typed(vocabulary: Vocabulary, typed: str, language: str) -> float:
    began = time.perf_counter()
    search_concepts(vocabulary, None, typed, language, 20)
    return (time.perf_counter() - began) * 1000


def _export(vocabulary: Vocabulary) -> dict[str, Any]:
    restart_peak_rss()
    before = status_mb("VmRSS")
    began = time.perf_counter()
    size = sum(map(len, written(vocabulary, FORMATS["turtle"])))
    return {
        "s": round(time.perf_counter() - began, 1), "megabytes": round(size / 2**20, 1),
        "grew_mb": round(status_mb("VmHWM") - before, 1), "peak_mb": status_mb("VmHWM"),
    }  # fmt: skip


def _edit(vocabulary: Vocabulary, owner: User) -> dict[str, Any]:
    """A concept put in at the very top, so that every other one moves down by a place; then moved to the end."""
    took = []
    value = ConceptValue("", labels=(LabelValue("pref", "en", "first of all"),))
    began = time.perf_counter()
    concept = add_concept(vocabulary, value, parent=None, by=owner, place=0)
    took.append(time.perf_counter() - began)
    began = time.perf_counter()
    move_concept(concept, parent=None, by=owner, place=None)
    took.append(time.perf_counter() - began)
    return dict(zip(("add_first_s", "move_to_the_end_s"), (round(one, 1) for one in took), strict=True))


def _merge(vocabulary: Vocabulary, owner: User) -> dict[str, Any]:
    """Merge a concept that so many annotations name into another, while somebody goes on annotating with it."""
    make_canvases(100, owner)
    layer = Layer.objects.create(label={"en": "Notes"}, kind="imported", is_public=True)
    wanted = [str(CONCEPTS - 2), str(CONCEPTS - 1)]
    source, target = Concept.objects.filter(vocabulary=vocabulary, notation__in=wanted).order_by("notation")
    with connection.cursor() as cursor:
        cursor.execute(_ANNOTATIONS, {"layer": layer.pk, "uri": source.uri, "count": ANNOTATIONS})
        cursor.execute(_LINKS, {"concept": source.pk})
        cursor.execute("ANALYZE")
    result: dict[str, Any] = {"annotations": ANNOTATIONS}
    with meanwhile(layer, source) as waits:
        began = time.perf_counter()
        change = merge_concepts([source], target, by=owner)
        result["s"] = round(time.perf_counter() - began, 1)
    links = AnnotationConcept.objects.filter(annotation__layer=layer)
    result["meanwhile"] = {
        "annotated": len(waits), "longest_wait_s": round(max(waits), 1),
        "count_for_the_heir": links.filter(concept=target, said=source).count() - ANNOTATIONS,
        "left_behind": links.filter(concept=source).count(),
    }  # fmt: skip
    began = time.perf_counter()
    undo_change(change, by=owner)
    result["undo_s"] = round(time.perf_counter() - began, 1)
    result["bare_update_s"] = bare.updated(source.pk, target.pk)
    return result


@contextmanager
def meanwhile(layer: Layer, concept: Concept) -> Iterator[list[float]]:
    """Somebody annotates with the concept, one time after the other, until the end: seconds of each."""
    waits: list[float] = []
    over = Event()

    def annotate() -> None:
        canvas = Canvas.objects.order_by("position").first()
        while not over.is_set():
            new = NewAnnotation(
                id=uuid4(), layer=layer, canvas=canvas, document={"type": "Annotation"},
                motivations=("tagging",), concept_ids=(concept.pk,),
            )  # fmt: skip
            began = time.perf_counter()
            add_annotations([new])
            waits.append(time.perf_counter() - began)
            over.wait(0.05)
        connection.close()

    person = Thread(target=annotate)
    person.start()
    try:
        yield waits
    finally:
        over.set()
        person.join()
