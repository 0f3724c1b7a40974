"""Who falls below what is asked on known answers while working passes them anew, where a campaign wishes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0046_languages_of_campaigns")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="requalify",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Who falls below it while working passes them anew."
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="lapsed_at",
            field=models.DateTimeField(null=True, help_text="When the scores last fell below what is asked."),
        ),
    ]
