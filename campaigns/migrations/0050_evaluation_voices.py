"""What an evaluation set aside, and the images on which people stand beside each other, can be looked at."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0012_cursors_of_change'),
        ("campaigns", "0049_searching_together"),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluationpair',
            name='aside',
            field=models.CharField(blank=True, db_default='', default='', help_text='elsewhere, other_shape, unscored (which counts too, in a row of its own); not there: none.', max_length=12),
        ),
        migrations.CreateModel(
            name='EvaluationVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.PositiveSmallIntegerField()),
                ('canvas', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotation.canvas')),
                ('evaluation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='campaigns.evaluation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'person', 'canvas'), name='voice_once_an_image')],
            },
        ),
    ]
