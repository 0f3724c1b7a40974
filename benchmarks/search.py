"""Content Search among 200,000 annotations on 2,000 canvases: rare words, frequent words, labels, completions."""

import statistics
import time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, override_settings

from annotation.finding import Scope, matching
from annotation.iiif.searchrequest import read_search
from annotation.models import Layer, Manifest
from benchmarks.cost import counting
from benchmarks.ground import log
from benchmarks.seed import make_canvases, make_person, make_vocabulary

ANNOTATIONS, CANVASES = 200_000, 1_000
TIMES = 7

# Every annotation says “folio” and a number, one of 5,000 words and one of 40; each third names a concept.
_ANNOTATIONS = """
INSERT INTO annotation_annotation
       (id, layer_id, canvas_id, document, motivations, x, y, w, h, words, created_at, modified_at, revision)
SELECT gen_random_uuid(), (%(layers)s::uuid[])[1 + n %% 4], c.id,
       jsonb_build_object('type', 'Annotation', 'motivation', 'commenting', 'target', c.uri,
          'body', jsonb_build_object('type', 'TextualBody', 'value', said.text)),
       ARRAY['commenting'], n %% 2000, n %% 3000, 50, 20, said.text, now(), now(), 1
  FROM generate_series(1, %(count)s) AS n
  JOIN (SELECT id, uri, row_number() OVER (ORDER BY manifest_id, position) AS place
          FROM annotation_canvas) AS c ON c.place = 1 + n %% %(canvases)s
 CROSS JOIN LATERAL (
       SELECT 'folio ' || n || ' word' || n * 7919 %% 5000 || ' often' || n %% 40 || ' a line of text' AS text
       ) AS said
"""
_LINKS = """
INSERT INTO annotation_annotationconcept (annotation_id, concept_id, position)
SELECT a.id, (%(concepts)s::uuid[])[1 + a.row %% %(many)s], 0
  FROM (SELECT id, row_number() OVER () AS row FROM annotation_annotation) AS a
 WHERE a.row %% 3 = 0
"""

QUESTIONS = {
    "a rare word": "?q=word4711",
    "a rare word and a frequent one": "?q=word4711+folio",
    "a word in every annotation": "?q=folio",
    "the last page of a word in every annotation": "?q=folio&page=2000",
    "one in forty": "?q=often7",
    "a phrase": "?q=%22word4711+often1%22",
    "a beginning": "?q=word47*",
    "a label in another language": "?q=%22signe+12%22",
    "a URI": "?q=https://example.org/signs/12",
    "nothing asked": "",
}
COMPLETIONS = {"a beginning of 1,000 words": "?q=word4", "a beginning in every annotation": "?q=fol"}


def measure() -> dict[str, Any]:
    """Milliseconds (median of seven) and statements of each question, and how the database answers."""
    log(f"seeding {ANNOTATIONS:,} annotations")
    manifest = _seed()
    client = Client()
    with override_settings(ALLOWED_HOSTS=["*"]):
        asked = {
            name: _ask(client, f"/iiif/search/{manifest.pk}{query}") for name, query in QUESTIONS.items()
        }
        asked["everywhere: a rare word"] = _ask(client, "/iiif/search/?q=word4711")
        asked["everywhere: one in forty"] = _ask(client, "/iiif/search/?q=often7")
        completed = {
            name: _ask(client, f"/iiif/autocomplete/{manifest.pk}{query}")
            for name, query in COMPLETIONS.items()
        }
    return {
        "annotations": ANNOTATIONS,
        "canvases": 2 * CANVASES,
        "search": asked,
        "autocomplete": completed,
        "plan_of_a_rare_word": _plan(manifest, "word4711"),
    }


def _seed() -> Manifest:
    owner = make_person("olga", is_curator=True)
    manifests = [make_canvases(count, owner) for count in (CANVASES, CANVASES + 1)]
    Manifest.objects.update(is_public=True)
    layers = [
        Layer.objects.create(label={"en": "Notes"}, kind="imported", is_public=True).pk for _ in range(4)
    ]
    concepts = list(make_vocabulary().concepts.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        values = {"layers": layers, "count": ANNOTATIONS, "canvases": 2 * CANVASES}
        cursor.execute(_ANNOTATIONS, values)
        cursor.execute(_LINKS, {"concepts": concepts, "many": len(concepts)})
        cursor.execute("VACUUM ANALYZE annotation_annotation")
        cursor.execute("VACUUM ANALYZE annotation_annotationconcept")
        cursor.execute("ANALYZE")
    return manifests[0]


def _ask(client: Client, path: str) -> dict[str, Any]:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        with counting() as statements:
            response = client.get(path)
        taken.append(time.perf_counter() - began)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code} {response.content[:300]!r}")
    answer = response.json()
    total = answer.get("partOf", {}).get("total", len(answer["items"]))
    return {"ms": round(statistics.median(taken) * 1000, 1), "statements": statements.count, "total": total}


def _plan(manifest: Manifest, q: str) -> list[str]:
    rows = matching(Scope(AnonymousUser(), manifest), read_search({"q": q}))
    return rows[:50].explain(analyze=True).splitlines()
