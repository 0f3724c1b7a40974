"""Import of a manifest of 10,000 canvases and ranges, beside parsing the same bytes and copying the same rows."""

import os
import time
from pathlib import Path
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from django.urls import reverse
from psycopg.types.json import Jsonb, set_json_dumps

from accounts.models import User
from annotation.actions.sources import import_from_file
from annotation.models import Manifest
from benchmarks.cost import counting, cpu_s
from benchmarks.ground import POSTGRES_PID, call, log
from benchmarks.seed import make_person
from work.actions import run_job

CANVASES = 10_000


def measure() -> dict[str, Any]:
    """The first import, the same manifest again, and the physical limit."""
    log(f"generating a manifest of {CANVASES} canvases")
    path = Path(settings.DATA) / "manifest.json"
    path.write_bytes(orjson.dumps(manifest(CANVASES)))
    make_person("curator", is_curator=True)
    first, again = (_import(path, what) for what in ("import", "the same again"))
    log("the published manifest and the page of the source")
    shown = call("benchmarks.import_manifest:show").result
    log("the physical limit")
    limit = call("benchmarks.import_manifest:limit", path=str(path)).result
    return {
        "canvases": CANVASES,
        "bytes": path.stat().st_size,
        "import": first,
        "again": again,
        "shown": shown,
        "limit": limit,
        "times_the_limit": round(first["seconds"] / limit["seconds"], 2),
    }


def _import(path: Path, what: str) -> dict[str, Any]:
    log(what)
    postgres = int(os.environ[POSTGRES_PID])
    before = cpu_s(postgres)
    done = call("benchmarks.import_manifest:perform", path=str(path))
    return {
        **done.result,
        "postgres_cpu_s": round(cpu_s(postgres) - before, 2),
        "rss_before_mb": done.rss_before_mb,
        "rss_peak_mb": done.rss_peak_mb,
    }


def perform(path: str) -> dict[str, Any]:
    """Upload and job, as a curator and a worker do it."""
    curator = User.objects.get(username="curator")
    with counting() as statements, Path(path).open("rb") as file:
        upload: UploadedFile[Any] = UploadedFile(file, name="manifest.json", size=Path(path).stat().st_size)
        began, cpu = time.perf_counter(), time.process_time()
        source = import_from_file(upload, by=curator)
        assert source.job is not None
        run_job(str(source.job.pk))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    source.job.refresh_from_db()
    assert source.job.state == "done", source.job.error
    canvases = Manifest.objects.get().canvases.count()
    assert canvases == CANVASES, canvases
    return {"seconds": round(seconds, 2), "python_cpu_s": round(cpu, 2), "statements": statements.count}


def show() -> dict[str, Any]:
    """What visitors ask for next: our Presentation 3 of it, first and again, and its page with the contents."""
    Manifest.objects.update(is_public=True)
    pk, client = Manifest.objects.get().pk, Client()
    urls = {
        "published_first": reverse("iiif-manifest", args=[pk]),
        "published_again": reverse("iiif-manifest", args=[pk]),
        "page": reverse("source", args=[pk]),
        "page_again": reverse("source", args=[pk]),
    }
    answers = {}
    for name, url in urls.items():
        began = time.perf_counter()
        with counting() as statements:
            response = client.get(url)
        seconds = round(time.perf_counter() - began, 2)
        assert response.status_code == 200, response.content[:500]
        answers[name] = {"seconds": seconds, "bytes": len(response.content), "statements": statements.count}
    return answers


def limit(path: str) -> dict[str, Any]:
    """orjson.loads of the bytes, the manifest's row, and a COPY of its canvases into tables built alike."""
    set_json_dumps(orjson.dumps)
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as link:
        tables = ("annotation_manifest", "annotation_canvas")
        for table in tables:
            link.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)")
        rows = link.execute("SELECT * FROM annotation_canvas").fetchall()
        jsonb = {i for i, value in enumerate(rows[0]) if isinstance(value, dict)}
        rows = [tuple(Jsonb(v) if i in jsonb else v for i, v in enumerate(row)) for row in rows]
        began = time.perf_counter()
        document = orjson.loads(Path(path).read_bytes())
        parsed_s = time.perf_counter() - began
        with link.transaction():
            link.execute(
                "INSERT INTO limit_annotation_manifest"
                " (id, uri, presentation_version, label, summary, metadata, rights, provider, homepage,"
                "  thumbnail_url, document, is_public, created_at, modified_at)"
                " VALUES (uuidv4(), %s, 3, '{}', '{}', '[]', '', '', '', '', %s, true, now(), now())",
                [document["id"], Jsonb(document)],
            )
            with link.cursor() as cursor, cursor.copy("COPY limit_annotation_canvas FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        seconds = time.perf_counter() - began
        for table in tables:
            link.execute(f"DROP TABLE limit_{table}")
    return {"seconds": round(seconds, 3), "of_which_parsing_s": round(parsed_s, 3)}


def manifest(count: int) -> dict[str, Any]:
    """As libraries publish them: labels, metadata, per canvas an image with its service and a thumbnail."""
    uri = "https://iiif.example.org/presentation/long-book"
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{uri}/manifest",
        "type": "Manifest",
        "label": {"en": ["A very long book"], "fr": ["Un très long livre"]},
        "metadata": [{"label": {"en": ["Shelfmark"]}, "value": {"none": ["MS 10000"]}}],
        "rights": "http://creativecommons.org/publicdomain/mark/1.0/",
        "requiredStatement": {"label": {"en": ["Provider"]}, "value": {"en": ["A generated library"]}},
        "rendering": [
            {"id": f"{uri}.pdf", "type": "Text", "format": "application/pdf", "label": {"en": ["PDF"]}}
        ],
        "items": [_canvas(uri, number) for number in range(1, count + 1)],
        "structures": [_range(uri, 0, [_chapter(uri, start, count) for start in range(1, count + 1, 20)])],
    }


def _chapter(uri: str, start: int, count: int) -> dict[str, Any]:
    """Twenty pages, each with a range of its own."""
    pages = range(start, min(start + 20, count + 1))
    leaves = [_range(uri, page, [{"id": f"{uri}/canvas/p{page}", "type": "Canvas"}]) for page in pages]
    return _range(f"{uri}/chapter", start, leaves)


def _range(uri: str, number: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"{uri}/range/{number}",
        "type": "Range",
        "label": {"en": [f"Part {number}"]},
        "items": items,
    }


def _canvas(uri: str, number: int) -> dict[str, Any]:
    canvas = f"{uri}/canvas/p{number}"
    service = {
        "id": f"https://iiif.example.org/image/{number:06d}",
        "type": "ImageService3",
        "profile": "level2",
    }
    image = {"type": "Image", "format": "image/jpeg", "service": [service]}
    return {
        "id": canvas,
        "type": "Canvas",
        "label": {"none": [f"f. {(number + 1) // 2}{'rv'[number % 2 - 1]}"]},
        "width": 4000 + number % 7,
        "height": 6000 + number % 11,
        "thumbnail": [
            {"id": f"{service['id']}/full/200,/0/default.jpg", "width": 200, "height": 300, **image}
        ],
        "items": [
            {
                "id": f"{canvas}/page",
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{canvas}/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": {
                            "id": f"{service['id']}/full/max/0/default.jpg",
                            "width": 4000 + number % 7,
                            "height": 6000 + number % 11,
                            **image,
                        },
                        "target": canvas,
                    }
                ],
            }
        ],
    }
