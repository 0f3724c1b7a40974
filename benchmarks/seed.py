"""Rows to measure with, written directly: vocabulary, people, canvases."""

from typing import Any

from django.db import connection

from accounts.models import User
from annotation.models import Canvas, Manifest
from campaigns.models import Campaign
from taxonomy.actions import rebuild_tree
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Vocabulary

WIDTH, HEIGHT = 2400, 3400


def make_person(name: str, **fields: Any) -> User:
    user = User(username=name, email=f"{name}@example.org", pseudonym=name.title(), **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_vocabulary(concepts: int = 30) -> Vocabulary:
    """A flat vocabulary with labels in two languages."""
    vocabulary = Vocabulary.objects.create(
        slug="signs", uri="https://example.org/signs", title={"en": "Signs"}, version=1
    )
    for rank in range(concepts):
        concept = Concept.objects.create(
            vocabulary=vocabulary, uri=f"{vocabulary.uri}/{rank}", notation=f"s{rank}", rank=rank
        )
        for language, text in (("en", f"sign {rank}"), ("fr", f"signe {rank}")):
            Label.objects.create(
                concept=concept, kind=Label.Kind.PREF, language=language, text=text, folded=fold(text)
            )
    rebuild_tree(vocabulary)
    return vocabulary


_CANVASES = """
INSERT INTO annotation_canvas
       (id, manifest_id, uri, position, label, width, height, image_service, image_service_version, image_url,
        image_width, image_height, extra)
SELECT gen_random_uuid(), %(manifest)s, %(uri)s || '/canvas/' || n, n,
       jsonb_build_object('none', jsonb_build_array('f. ' || n)), %(width)s, %(height)s,
       %(uri)s || '/image/' || n, 3, %(uri)s || '/image/' || n || '/full/max/0/default.jpg',
       %(width)s, %(height)s, '{}'
  FROM generate_series(0, %(count)s - 1) AS n
"""


def make_canvases(count: int, by: User) -> Manifest:
    """A manifest with so many canvases."""
    uri = f"https://example.org/iiif/{count}"
    manifest = Manifest.objects.create(
        uri=f"{uri}/manifest", label={"en": ["A long book"]}, document={}, created_by=by,
        rights="http://creativecommons.org/publicdomain/zero/1.0/",
    )  # fmt: skip
    values = {"manifest": manifest.pk, "uri": uri, "count": count, "width": WIDTH, "height": HEIGHT}
    with connection.cursor() as cursor:
        cursor.execute(_CANVASES, values)
        cursor.execute(f"ANALYZE {Canvas._meta.db_table}")
    return manifest


_TASKS = """
INSERT INTO campaigns_task (id, campaign_id, canvas_id, position, state)
SELECT gen_random_uuid(), %(campaign)s, id, position, 'open'
  FROM annotation_canvas WHERE manifest_id = %(manifest)s
"""


def make_tasks(campaign: Campaign, manifest: Manifest) -> None:
    """A task for each canvas."""
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, {"campaign": campaign.pk, "manifest": manifest.pk})
        cursor.execute("ANALYZE campaigns_task")
