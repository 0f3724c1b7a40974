"""Gives the canvases that were there before the scale that their manifests tell."""

from dataclasses import asdict

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

from annotation.iiif import ManifestReading, UnreadableDocument, read


def fill(apps, schema_editor):
    manifests = apps.get_model("annotation", "Manifest").objects
    told = manifests.annotate(text=Cast("document", TextField())).filter(text__contains="services/physdim")
    for pk, uri, document in told.values_list("pk", "uri", "document").iterator(chunk_size=20):
        try:
            reading = read(document, url=uri)
        except UnreadableDocument:
            continue
        if not isinstance(reading, ManifestReading):
            continue
        scales = {canvas.uri: asdict(canvas.scale) for canvas in reading.manifest.canvases if canvas.scale}
        canvases = apps.get_model("annotation", "Canvas").objects.filter(manifest_id=pk, uri__in=scales)
        rows = list(canvases.only("uri", "extra"))
        for row in rows:
            row.extra = {**row.extra, "scale": scales[row.uri]}
        apps.get_model("annotation", "Canvas").objects.bulk_update(rows, ["extra"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0010_images_outlive_uploads")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
