from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0015_decisions_layer"),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='details',
            field=models.JSONField(db_default={}, default=dict, help_text='Of clusters merged or split: ids of the answers (`members`), of what it became (`into`).'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='verdict',
            field=models.CharField(choices=[('accepted', 'Accepted'), ('corrected', 'Corrected'), ('rejected', 'Rejected'), ('added', 'Added'), ('merged', 'Merged'), ('split', 'Split'), ('nothing', 'Nothing is here')], max_length=10),
        ),
    ]
