"""Long lists and large batches stay within the 65,535 values that a statement can carry to the server."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Case, Value, When
from django.utils import timezone

from accounts.models import User
from annotation.models import Annotation, AnnotationConcept, Layer
from work.models import Job

MANY = 70_000


def test_values_are_bound_by_the_server_and_statements_prepared() -> None:
    options = connection.settings_dict["OPTIONS"]
    assert options["server_side_binding"] is True
    assert options["prepare_threshold"] is not None


@pytest.fixture
def ids() -> list[UUID]:
    """Many ids of nothing."""
    return [uuid4() for _ in range(MANY)]


@pytest.mark.django_db
def test_a_long_list_of_keys_finds_updates_and_deletes(ids: list[UUID]) -> None:
    wanted, other = (Job.objects.create(kind="campaigns.order", subject=name) for name in ("a", "b"))
    ids.insert(50_000, wanted.pk)
    found = Job.objects.filter(pk__in=ids)
    assert [job.pk for job in found] == [wanted.pk]
    assert [job.pk for job in Job.objects.exclude(pk__in=ids)] == [other.pk]
    case = Case(When(pk__in=ids, then=Value("mine")), default=Value("theirs"))
    assert dict(Job.objects.annotate(whose=case).values_list("pk", "whose")) == {
        wanted.pk: "mine",
        other.pk: "theirs",
    }
    assert found.update(subject="c") == 1
    found.delete()
    assert [job.subject for job in Job.objects.all()] == ["b"]


@pytest.mark.django_db
def test_a_long_list_of_texts_numbers_times_and_foreign_keys(ids: list[UUID], owner: User) -> None:
    job = Job.objects.create(kind="campaigns.order", subject="x", requested_by=owner)
    texts = [str(pk) for pk in ids]
    assert Job.objects.filter(subject__in=[*texts, "x"]).get() == job
    numbers = range(owner.pk, owner.pk + MANY)
    assert Job.objects.filter(requested_by__in=numbers).get() == job
    assert Job.objects.filter(requested_by_id__in=numbers, attempt__in=range(MANY)).get() == job
    assert not Job.objects.filter(created_at__in=[timezone.now() for _ in range(MANY)]).exists()
    assert not Annotation.objects.filter(layer__in=ids).exists()
    assert not Job.objects.filter(pk__in=[]).exists()
    assert Job.objects.filter(state__in={"queued", "x", None}).get() == job
    assert Job.objects.filter(requested_by__in=[owner]).get() == job
    assert Job.objects.filter(requested_by__in=User.objects.all()).get() == job


@pytest.mark.django_db
def test_a_text_longer_than_its_column_is_not_cut_to_fit(owner: User) -> None:
    Job.objects.create(kind="k" * 60, subject="x")
    assert not Job.objects.filter(kind__in=["k" * 61, "other"]).exists()


@pytest.mark.django_db
def test_lists_of_every_length_are_one_prepared_statement() -> None:
    texts = set()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        texts.add(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        for length in (2, 3, 1000):
            assert not Job.objects.filter(pk__in=[uuid4() for _ in range(length)]).exists()
    assert len(texts) == 1


@pytest.mark.django_db
def test_large_batches_are_written_in_parts() -> None:
    """Sixteen values a row, in an array that cannot be sent as columns: 70,000 values and more."""
    layer = Layer.objects.create(kind=Layer.Kind.IMPORTED)
    rows = [Annotation(layer=layer, document={}, motivations=["tagging"]) for _ in range(5000)]
    Annotation.objects.bulk_create(rows)
    for row in rows:
        row.confidence, row.words = 0.5, "x"
    Annotation.objects.bulk_update(rows, ["confidence", "words", "motivations"])
    assert Annotation.objects.filter(layer=layer, confidence=0.5, words="x").count() == 5000
    layer.annotations.all().delete()
    assert not Annotation.objects.filter(layer=layer).exists()


@pytest.mark.django_db
def test_related_rows_of_many_are_fetched() -> None:
    layer = Layer.objects.create(kind=Layer.Kind.IMPORTED)
    Annotation.objects.bulk_create(Annotation(layer=layer, document={}) for _ in range(MANY))
    rows = list(layer.annotations.only("pk").prefetch_related("concept_links"))
    assert len(rows) == MANY
    assert not AnnotationConcept.objects.filter(annotation__in=rows).exists()
