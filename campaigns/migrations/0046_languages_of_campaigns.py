"""A campaign names the languages in which it is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0045_map_of_tasks")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="languages",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="BCP 47 tags in which it is written, the first for who reads none; empty: those of the site.",
            ),
        ),
    ]
