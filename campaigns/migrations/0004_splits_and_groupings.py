"""A campaign may ask about a split concept; a release may name the grouping that it was written with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_releases_stand"),
        ("taxonomy", "0003_groupings"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="asks_about",
            field=models.ForeignKey(
                blank=True,
                help_text="The split of a concept whose parts it asks people to tell apart.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="campaigns",
                to="taxonomy.vocabularychange",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="grouping",
            field=models.JSONField(
                default=dict,
                help_text="The grouping that its tables and categories follow, as it was then; empty: none.",
            ),
        ),
    ]
