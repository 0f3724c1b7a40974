"""What a visitor did can become a user's: the participation that is left says whose it has become."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_people")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="merged_into",
            field=models.ForeignKey(
                help_text="Whose work a visitor's has become; what they did twice stays with the visitor.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged",
                to="campaigns.participant",
            ),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(
                condition=models.Q(("visitor", ""), _negated=True), fields=["visitor"], name="visits"
            ),
        ),
    ]
