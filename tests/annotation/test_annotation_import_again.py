"""Annotations that come again: what changed is updated, what people did here stays."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from annotation.actions.documents import delete_annotation, replace_annotation
from annotation.models import Annotation, AnnotationRevision
from tests.annotation.bringing import (
    GALLICA,
    bring,
    dump,
    gallica,
    left_aside,
    oa,
    only_layer,
    sentences,
    w3c,
)

__all__ = ["bring", "gallica"]

pytestmark = pytest.mark.django_db


def test_the_same_file_again_changes_nothing(bring, gallica):
    bring(dump(oa(1), oa(2)))
    before = {row.pk: row.modified_at for row in Annotation.objects.all()}
    source = bring(dump(oa(1), oa(2)))
    assert "0 new, 0 changed, 2 unchanged, 0 gone" in sentences(source)
    assert {row.pk: row.modified_at for row in Annotation.objects.all()} == before
    assert not AnnotationRevision.objects.exists()


def test_what_changed_is_updated_and_what_is_gone_is_taken_out(bring, gallica):
    bring(dump(oa(1), oa(2), oa(3)))
    other = [{"@type": "dctypes:Text", "chars": "Another remark"}]
    source = bring(dump(oa(1), oa(2, resource=other)))
    assert "0 new, 1 changed, 1 unchanged, 1 gone" in sentences(source)
    changed = Annotation.objects.get(document__via="https://example.org/annotation/2")
    assert (changed.revision, changed.document["body"][0]["value"]) == (2, "Another remark")
    assert "another remark" in changed.words
    earlier = changed.revisions.get()
    assert (earlier.by, earlier.reason) == (None, f"import {source.pk}")
    assert "Remark 2" in str(earlier.document)
    gone = Annotation.objects.get(document__via="https://example.org/annotation/3")
    assert gone.deleted_at
    assert gone.revisions.count() == 1
    back = bring(dump(oa(1), oa(2, resource=other), oa(3)))
    gone.refresh_from_db()
    assert gone.deleted_at is None
    assert "0 new, 1 changed, 2 unchanged" in sentences(back)


def test_annotations_without_an_id_are_known_by_their_content(bring, gallica):
    nameless = [oa(1), oa(2)]
    nameless[0].pop("@id")
    nameless[1]["@id"] = "_:an1"
    bring(dump(*nameless))
    source = bring(dump(*reversed(nameless)))
    assert "2 unchanged, 0 gone" in sentences(source)
    assert Annotation.objects.count() == 2


def test_what_something_hangs_on_is_not_taken_out(bring, gallica, owner):
    from campaigns.models import Prediction

    bring(dump(oa(1), oa(2)))
    used = Annotation.objects.get(document__via="https://example.org/annotation/2")
    hang_prediction_on(used, owner)
    source = bring(dump(oa(1)))
    used.refresh_from_db()
    assert used.deleted_at is None
    assert "1 that the source no longer has are in use" in sentences(source)
    assert Prediction.objects.exists()


def hang_prediction_on(annotation: Annotation, owner: User) -> None:
    from campaigns.actions import create_campaign
    from campaigns.models import Prediction, PredictionRun, Predictor
    from tests.campaigns.conftest import SETTINGS, make_vocabulary

    campaign = create_campaign(by=owner, slug="c", vocabulary=make_vocabulary("words"), **SETTINGS)
    predictor = Predictor.objects.create(name="p", kind="template", campaign=campaign)
    run = PredictionRun.objects.create(predictor=predictor, layer=annotation.layer)
    Prediction.objects.create(run=run, annotation=annotation)


def edited(row: Annotation, text: str) -> dict[str, Any]:
    return {**row.document, "body": [{"type": "TextualBody", "value": text}]}


def test_what_people_changed_here_stays_and_both_are_kept(bring, gallica, owner):
    bring(dump(oa(1), oa(2), oa(3)))
    mine, deleted, gone = (
        Annotation.objects.get(document__via=f"https://example.org/annotation/{number}")
        for number in (1, 2, 3)
    )
    replace_annotation(mine, edited(mine, "Corrected here"), by=owner, revision=1)
    delete_annotation(deleted, by=owner, revision=1)
    replace_annotation(gone, edited(gone, "Mine"), by=owner, revision=1)
    same = bring(dump(oa(1), oa(2), oa(3)))
    assert "0 new, 0 changed, 3 unchanged, 0 gone, 0 changed here" in sentences(same), (
        "the source says nothing new"
    )
    theirs = [{"@type": "dctypes:Text", "chars": "Changed there"}]
    source = bring(dump(oa(1, resource=theirs), oa(2, resource=theirs)))
    assert "0 changed, 0 unchanged, 0 gone, 2 changed here and at their publisher" in sentences(source)
    for row in (mine, deleted, gone):
        row.refresh_from_db()
    assert mine.document["body"][0]["value"] == "Corrected here"
    assert deleted.deleted_at
    assert gone.deleted_at is None
    aside = left_aside(source)
    assert [entry["document"]["resource"][0]["chars"] for entry in aside] == ["Changed there"] * 2


def test_what_people_added_to_the_layer_stays(bring, gallica, owner):
    from annotation.actions.documents import create_annotation

    bring(dump(oa(1), oa(2)))
    document = {"@context": "http://www.w3.org/ns/anno.jsonld", **w3c(9, f"{GALLICA}/canvas/f1")}
    row, _created = create_annotation(only_layer(), document, by=owner, id=uuid4())
    bring(dump(oa(1)))
    row.refresh_from_db()
    assert row.deleted_at is None
    assert only_layer().annotations.filter(deleted_at=None).count() == 2


def test_another_file_of_the_same_name_takes_nothing_out(bring, gallica):
    bring(dump(oa(1)))
    source = bring(dump(oa(2)))
    assert "the 1 that were there stay" in sentences(source)
    assert Annotation.objects.filter(deleted_at=None).count() == 2


def test_a_file_that_breaks_off_takes_nothing_out(bring, gallica):
    whole = dump(*(oa(number) for number in range(1, 5)))
    bring(whole)
    source = bring(whole[: whole.rindex(b"{")])
    assert source.job.state == "done"
    assert "so nothing was taken out" in sentences(source)
    assert "breaks off at character" in sentences(source)
    assert Annotation.objects.filter(deleted_at=None).count() == 4
