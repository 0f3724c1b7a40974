from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0006_following")]

    operations = [
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["layer", "created_at", "id"],
                name="annotation_in_container",
            ),
        ),
    ]
