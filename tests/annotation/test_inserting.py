"""Rows that go into several tables by one statement arrive as Django would have written them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from annotation.inserting import insert_together
from annotation.models import Annotation, Layer

pytestmark = pytest.mark.django_db

DOCUMENT = {
    "big": 123456789012345678901234567890, "exact": 0.1, "text": "clé d’ut “𝄡”\n", "null": None, "list": [1, {"a": []}],
}  # fmt: skip


@pytest.fixture
def layer() -> Layer:
    return Layer.objects.create(kind=Layer.Kind.PREDICTIONS)


def make(layer: Layer, **fields: Any) -> Annotation:
    return Annotation(layer=layer, document=DOCUMENT, motivations=["tagging", 'a,"b"'], **fields)


def test_every_kind_of_value_arrives(layer: Layer) -> None:
    rows = [make(layer, x=0.1, y=1e-9, w=1e300, h=2), make(layer)]
    insert_together(rows)
    for row in rows:
        found = Annotation.objects.get(pk=row.pk)
        assert found.document == DOCUMENT
        assert found.motivations == row.motivations
        assert (found.x, found.y, found.w, found.h) == (row.x, row.y, row.w, row.h)
        assert found.created_at == row.created_at
        assert found.revision == 1


def test_what_is_there_stays_and_what_must_not_be_there_is_refused(layer: Layer) -> None:
    first = make(layer, words="first")
    insert_together([first])
    insert_together([make(layer, id=first.pk, words="second"), make(layer)])
    assert Annotation.objects.get(pk=first.pk).words == "first"
    assert Annotation.objects.count() == 2
    with pytest.raises(IntegrityError):
        insert_together([], strictly=[make(layer, id=first.pk)])


def test_the_statement_is_the_same_for_any_number_of_rows(layer: Layer) -> None:
    with CaptureQueriesContext(connection) as caught:
        for count in (1, 2, 70):
            insert_together([make(layer, id=uuid4()) for _ in range(count)])
    assert len({query["sql"].split("%s")[0].split("recordset")[0] for query in caught.captured_queries}) == 1
    assert Annotation.objects.count() == 73
