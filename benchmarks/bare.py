"""What a vocabulary costs without us: the file parsed by rdflib alone, its rows copied and changed by SQL alone."""

import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.db import connection, transaction

TABLES = ("taxonomy_concept", "taxonomy_label")


def parse(path: str) -> float:
    """Seconds of rdflib for reading a Turtle file into a graph; called in a process of its own."""
    import rdflib  # noqa: PLC0415 - only this process needs it

    content = Path(path).read_bytes()
    began = time.perf_counter()
    rdflib.Graph().parse(data=content, format="turtle")
    return round(time.perf_counter() - began, 1)


def copied() -> dict[str, Any]:
    """Seconds for copying the rows of concepts and labels out, and into twins of their tables with the same indexes."""
    seconds = {"out_s": 0.0, "in_s": 0.0}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            with TemporaryFile() as file:
                began = time.perf_counter()
                with cursor.copy(f"COPY {table} TO STDOUT") as out:
                    for part in out:
                        file.write(part)
                seconds["out_s"] += time.perf_counter() - began
                file.seek(0)
                began = time.perf_counter()
                with cursor.copy(f"COPY bare_{table} FROM STDIN") as into:
                    while part := file.read(2**20):
                        into.write(part)
                seconds["in_s"] += time.perf_counter() - began
            cursor.execute(f"DROP TABLE bare_{table}")
    return {name: round(value, 1) for name, value in seconds.items()}


def updated(before: object, after: object) -> float:
    """Seconds of one UPDATE of every link to a concept, checks of its keys and commit included."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE annotation_annotationconcept SET concept_id = %s, said_id = concept_id WHERE concept_id = %s",
            [after, before],
        )
    return round(time.perf_counter() - began, 1)
