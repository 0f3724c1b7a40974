"""The pages that bring a vocabulary in: its file, what it would make, and that it is made."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from taxonomy.models import Vocabulary, VocabularyImport
from tests.frontend.curating import finish
from tests.frontend.pages import faults, text, value_of


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [("words.xls", b"x", "file"), ("words.csv", b"", "file")],
)
def test_a_bad_vocabulary_file_is_refused_beside_its_field(
    desk: Client, name: str, content: bytes, field: str
) -> None:
    sent = {"file": SimpleUploadedFile(name, content), "title_fr": "Mots"}
    response = desk.post(reverse("vocabulary-import"), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    assert value_of(response, "title_fr") == "Mots"


def test_a_vocabulary_is_brought_in_from_its_page(desk: Client) -> None:
    file = SimpleUploadedFile("marks.csv", b"label@en,parent\nMark,\nStamp,Mark\n")
    response = desk.post(reverse("vocabulary-import"), {"file": file, "title_en": "Marks"})
    record = VocabularyImport.objects.get()
    assert response["Location"] == reverse("vocabulary-import-progress", args=[record.pk])
    assert record.job is not None
    assert finish(record.job).state == "done"
    page = desk.get(response["Location"])
    assert 'data-job-state="done"' in page.content.decode()
    assert "Stamp" in text(page)
    assert not Vocabulary.objects.filter(slug="marks").exists()
    desk.post(reverse("vocabulary-import-apply", args=[record.pk]))
    record.refresh_from_db()
    assert finish(record.job).state == "done"
    page = desk.get(response["Location"])
    assert reverse("vocabulary", args=["marks"]) in page.content.decode()
    assert "Stamp" in text(desk.get(reverse("vocabulary", args=["marks"])))


def test_a_vocabulary_of_somebody_else_is_not_overwritten(desk: Client, vocabulary: Vocabulary) -> None:
    file = SimpleUploadedFile("clefs.csv", b"label@en\nMine\n")
    response = desk.post(reverse("vocabulary-import"), {"file": file, "slug": "clefs"})
    assert response.status_code == 422
    assert value_of(response, "slug") == "clefs"
    assert not VocabularyImport.objects.exists()
