"""Fills the searchable words of the annotations that were there before the column."""

from django.db import migrations

from annotation.webanno import texts
from taxonomy.folding import fold


def fill(apps, schema_editor):
    annotations = apps.get_model("annotation", "Annotation").objects.only("id", "document")
    batch = []
    for row in annotations.iterator(chunk_size=2000):
        row.words = fold(" ".join(texts(row.document)))[:200_000]
        batch.append(row)
        if len(batch) == 2000:
            annotations.bulk_update(batch, ["words"])
            batch = []
    annotations.bulk_update(batch, ["words"])


class Migration(migrations.Migration):
    dependencies = [("annotation", "0003_words_and_origins")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
