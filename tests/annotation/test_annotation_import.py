"""Annotations that come in files become layers; nothing is lost silently."""

import json
import os
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from annotation.actions.annotation_layers import layers_of
from annotation.actions.annotation_sources import import_annotations_from_file, import_annotations_from_url
from annotation.import_folder import ImportFolder
from annotation.models import Annotation, Layer
from problems import Invalid, Refused
from tests.annotation.bringing import (
    GALLICA,
    MANIFEST,
    MODEL,
    bring,
    dump,
    gallica,
    left_aside,
    oa,
    only_layer,
    sentences,
    w3c,
)
from tests.annotation.conftest import p3_manifest, report, upload
from work.actions import run_job

__all__ = ["bring", "gallica"]

pytestmark = pytest.mark.django_db


def test_a_mirador_dump_becomes_a_layer_on_its_canvases(bring, gallica):
    source = bring(dump(oa(1), oa(2)), label="Initials")
    assert (source.job.state, source.job.done, source.job.total) == ("done", 2, 2)
    layer = only_layer()
    assert (layer.label, layer.kind, layer.is_public) == ({"none": "Initials"}, "imported", False)
    rows = list(layer.annotations.order_by("created_at"))
    assert [row.box for row in rows] == [(1, 20.5, 30, 39.5), (2, 20.5, 30, 39.5)]
    assert {row.canvas.uri for row in rows} == {f"{GALLICA}/canvas/f2"}
    assert rows[0].document["via"] == "https://example.org/annotation/1"
    assert "remark 1" in rows[0].words
    assert (
        "2 new, 0 changed, 0 unchanged, 0 gone, 0 changed here and at their publisher, 0 left aside"
        in sentences(source)
    )


def test_only_curators_bring_annotations_in(stranger):
    with pytest.raises(Refused):
        import_annotations_from_file(upload(dump(oa(1))), by=stranger)
    with pytest.raises(Refused):
        import_annotations_from_url("https://example.org/list.json", by=stranger)


@pytest.mark.parametrize("url", ["", "example.org/list", "ftp://example.org/l", "https://"])
def test_what_is_no_address_is_refused_at_once(owner, url):
    with pytest.raises(Invalid):
        import_annotations_from_url(url, by=owner)


def test_an_empty_file_is_refused_at_once(owner):
    with pytest.raises(Invalid):
        import_annotations_from_file(SimpleUploadedFile("a.json", b""), by=owner)


@pytest.mark.parametrize(
    "content",
    [
        w3c(1, f"{GALLICA}/canvas/f1"),
        [w3c(1, f"{GALLICA}/canvas/f1")],
        {"type": "AnnotationPage", "items": [w3c(1, f"{GALLICA}/canvas/f1")]},
        {"@type": "sc:AnnotationList", "resources": [oa(1)]},
        {
            "type": "AnnotationCollection",
            "id": "https://example.org/c",
            "first": {"type": "AnnotationPage", "items": [w3c(1, f"{GALLICA}/canvas/f1")]},
        },
        [{"@type": "sc:AnnotationList", "resources": [oa(1)]}],
    ],
)
def test_every_shape_of_file_is_read(bring, gallica, content):
    assert bring(content).job.state == "done"
    assert only_layer().annotations.get().canvas.manifest == gallica


def test_a_collection_gives_its_layer_its_name(bring, gallica):
    page = {"type": "AnnotationPage", "items": [w3c(1, f"{GALLICA}/canvas/f1")]}
    bring(
        [
            {
                **page,
                "partOf": {
                    "id": "https://example.org/c",
                    "type": "AnnotationCollection",
                    "label": {"fr": ["Notes"]},
                },
            },
            page,
        ]
    )
    assert sorted(layer.label.get("fr", "") for layer in Layer.objects.all()) == ["", "Notes"]


def test_what_cannot_be_kept_is_said_and_kept_aside(bring, gallica):
    canvas = f"{GALLICA}/canvas/f2"
    outside = oa(2, on=f"{canvas}#xywh=900,20,300,40")
    nothing = oa(3, resource=[{"@type": "dctypes:Text", "chars": 5}])
    source = bring(dump(oa(1), outside, nothing, "a word", oa(1)))
    assert source.job.state == "done"
    assert Annotation.objects.count() == 1
    lines = {line.pointer.rsplit("/", 1)[-1]: line for line in report(source) if line.severity == "error"}
    step = f"/{MANIFEST.replace('/', '~1')}/{canvas.replace('/', '~1')}"
    by_pointer = {line.pointer: line for line in report(source) if line.pointer}
    assert by_pointer[f"{step}/1"].sentence == "The region leaves its canvas, which is 1000 × 1400."
    assert by_pointer[f"{step}/1"].place == canvas
    assert by_pointer[f"{step}/2/resource/0/value"].severity == "error"
    assert by_pointer[f"{step}/3"].severity == "error"
    assert by_pointer[f"{step}/4"].severity == "warning"
    assert len(lines) == 3
    aside = left_aside(source)
    assert [entry["pointer"] for entry in aside] == [f"{step}/3", f"{step}/1", f"{step}/2", f"{step}/4"]
    assert aside[1]["document"] == outside
    assert "3 left aside" in sentences(source)


def test_an_annotation_that_turns_bad_is_not_gone(bring, gallica):
    bring(dump(oa(1), oa(2)))
    source = bring(dump(oa(1), oa(2, on=f"{GALLICA}/canvas/f2#xywh=900,20,300,40")))
    assert "1 unchanged, 0 gone, 0 changed here and at their publisher, 1 left aside" in sentences(source)
    assert Annotation.objects.filter(deleted_at=None).count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!doctype html><html></html>", "web page or XML"),
        (b'{"@context"', "breaks off"),
        (b'{"a": nonsense}', "has a fault"),
        (b"[1e999]", "An annotation is expected here"),
        (b'{"x": {"y": 1}}', "neither an annotation nor a list"),
        (json.dumps(p3_manifest()).encode(), "This is a IIIF Manifest."),
        (b"[" * 100_000, "nested"),
        (
            b'[{"type": "Annotation", "target": "https://e.org/c", "body": {"id": "https://e.org/b", "n": 1e999}}]',
            "not finite",
        ),
        (b'{"type": "AnnotationPage", "items": []}', "no annotation in it"),
    ],
)
def test_what_is_no_annotation_is_said_in_a_sentence(bring, content, said):
    source = bring(content)
    assert said in sentences(source) + source.job.error
    assert "unexpected" not in source.job.error
    assert not Annotation.objects.exists()


def test_texts_that_the_database_cannot_hold_are_mended(bring, gallica):
    content = dump(oa(1)).replace(b"Remark", b"Re\\u0000mark \\ud800")
    assert bring(content).job.state == "done"
    assert "Re\ufffdmark \ufffd" in str(only_layer().annotations.get().document)


def authored(number: int, name: str) -> dict[str, Any]:
    return oa(
        number,
        **{
            "oa:annotatedBy": {
                "@id": f"mailto:{name}@example.org",
                "name": f"{name}@example.org",
                "mbox": "x",
            }
        },
    )


def test_addresses_of_annotators_become_pseudonyms(bring, gallica):
    users = User.objects.count()
    outside = {**authored(4, "jane"), "on": f"{GALLICA}/canvas/f2#xywh=900,20,300,40"}
    source = bring(dump(authored(1, "Jane"), authored(2, "jane"), authored(3, "john"), outside))
    documents = [row.document for row in only_layer().annotations.order_by("created_at")]
    jane, again, john = (document["creator"] for document in documents)
    assert jane == again != john
    assert jane["id"].startswith("urn:x-rubricator:person:annotator-")
    assert jane["name"] in jane["id"]
    assert "example.org" not in str([jane, john])
    assert "2 e-mail addresses of annotators were replaced" in sentences(source)
    assert "@example.org" not in json.dumps(left_aside(source))
    assert User.objects.count() == users, "nobody becomes a user by being named"
    other = bring(dump(authored(1, "jane")), name="other.json")
    elsewhere = layers_of(other).get().annotations.get().document["creator"]
    assert elsewhere["id"] != jane["id"], "a pseudonym holds within its layer"


def test_addresses_are_kept_where_that_was_chosen(bring, gallica):
    bring(dump(authored(1, "jane")), keeps_addresses=True)
    assert only_layer().annotations.get().document["creator"]["id"] == "mailto:jane@example.org"


def predicted(number: int, label: str = "Lettrine", confidence: str = "0.537") -> dict[str, Any]:
    return oa(
        number,
        resource=[{"@type": "dctypes:Text", "format": "text/html", "chars": MODEL.format(label, confidence)}],
    )


def test_a_list_made_by_a_model_is_a_layer_of_predictions(bring, gallica):
    bring(dump(predicted(1), predicted(2, confidence="0.9")), label="Ornaments")
    layer = only_layer()
    assert (layer.kind, layer.label) == ("predictions", {"none": "Ornaments · snooptypo/2"})
    row = layer.annotations.order_by("created_at").first()
    assert row.confidence == 0.537
    original, tag = row.document["body"]
    assert original["value"] == MODEL.format("Lettrine", "0.537"), "what was there stays"
    assert (tag["value"], tag["purpose"], tag["rubricator:model"], tag["rubricator:modelVersion"]) == (
        "Lettrine",
        "tagging",
        "snooptypo",
        "2",
    )
    assert row.document["rubricator:confidence"] == 0.537
    assert row.document["generator"] == {"type": "Software", "name": "Roboflow snooptypo/2"}


def test_one_remark_of_a_person_makes_it_an_ordinary_layer(bring, gallica):
    bring(dump(predicted(1), oa(2)))
    layer = only_layer()
    assert layer.kind == "imported"
    assert sorted(row.confidence or 0 for row in layer.annotations.all()) == [0, 0.537]


def test_a_tag_with_a_uri_names_our_concept(bring, gallica, owner):
    from taxonomy.models import Concept, Relation
    from tests.campaigns.conftest import make_vocabulary

    mandragore = "http://mandragore.bnf.fr/ark:/12148/cgfbt12345/tag_{}"
    vocabulary = make_vocabulary("mandragore")
    first, second = vocabulary.concepts.all()[:2]
    Concept.objects.filter(pk=first.pk).update(uri=mandragore.format(1))
    Relation.objects.create(concept=second, kind="exactMatch", target_uri=mandragore.format(2))
    tag = {"@type": "oa:Tag", "chars": "croix [voir aussi: crucifiement]"}
    bring(
        dump(
            oa(1, resource=[{**tag, "@id": mandragore.format(1)}]),
            oa(2, resource=[{"@type": "oa:Tag", "chars": mandragore.format(2)}]),
            oa(3, resource=[{"@type": "oa:Tag", "@id": mandragore.format(3)}]),
        )
    )
    rows = {row.document["via"][-1]: row for row in only_layer().annotations.all()}
    assert [link.concept for link in rows["1"].concept_links.all()] == [first]
    assert [link.concept for link in rows["2"].concept_links.all()] == [second]
    assert not rows["3"].concept_links.exists()
    bodies = rows["1"].document["body"]
    assert {"type": "SpecificResource", "source": mandragore.format(1), "purpose": "classifying"} in bodies
    assert bodies[-1]["value"] == "croix"
    assert bodies[-1]["rubricator:scopeNote"] == "voir aussi: crucifiement"


def test_a_vocabulary_that_comes_later_is_linked_at_the_next_import(bring, gallica):
    from taxonomy.models import Concept
    from tests.campaigns.conftest import make_vocabulary

    content = dump(oa(1, resource=[{"@type": "oa:Tag", "@id": "https://example.org/concept/cross"}]))
    bring(content)
    concept = make_vocabulary("later").concepts.first()
    Concept.objects.filter(pk=concept.pk).update(uri="https://example.org/concept/cross")
    assert "1 unchanged" in sentences(bring(content))
    assert only_layer().annotations.get().concept_links.get().concept == concept


def test_an_import_writes_in_batches(bring, gallica, owner, django_assert_max_num_queries):
    many = [oa(number % 900, **{"@id": f"https://example.org/{number}"}) for number in range(4100)]
    files = [import_annotations_from_file(upload(dump(*many), "m.json"), by=owner) for _twice in range(2)]
    for source in files:
        with django_assert_max_num_queries(75):
            run_job(str(source.job.pk))
    assert Annotation.objects.count() == 4100
    changed = [{**one, "motivation": "oa:describing"} for one in many]
    source = import_annotations_from_file(upload(dump(*changed), "m.json"), by=owner)
    with django_assert_max_num_queries(110):
        run_job(str(source.job.pk))
    assert "4100 changed" in sentences(source)


def test_the_files_of_an_import_go_with_the_person(
    bring, owner, settings, django_capture_on_commit_callbacks
):
    source = bring(b"[1, " + json.dumps(oa(1)).encode() + b"]")
    folder = ImportFolder(source)
    folder.keep_page("https://example.org/page", b"{}")
    kept = [default_storage.path(str(source.file.name)), default_storage.path(f"imports/{source.pk}")]
    assert folder.has_aside()
    assert all(map(os.path.exists, kept))
    with django_capture_on_commit_callbacks(execute=True):
        source.delete()
    assert not any(map(os.path.exists, kept))


def test_a_fault_of_an_annotation_that_comes_twice_is_a_fault_both_times(bring):
    broken = {**w3c(1, "https://elsewhere.org/1"), "target": {"selector": 5}}
    source = bring(json.dumps([broken, broken]).encode())
    said = [line.severity for line in report(source) if line.pointer.startswith(("/0", "/1"))]
    assert said
    assert set(said) == {"error"}
