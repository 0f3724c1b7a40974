"""The index of the places of tasks carries state and id, so that the map reads it alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0044_flagged_tasks")]

    operations = [
        migrations.RemoveConstraint(model_name="task", name="task_position_once"),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                fields=("campaign", "position"), include=("state", "id"), name="task_position_once"
            ),
        ),
    ]
