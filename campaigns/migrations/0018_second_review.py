import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0017_bulk_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='reviews',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='How many reviewers must say the same: 1 or 2.'),
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.UUIDField(help_text="The request's, made by the client.", primary_key=True, serialize=False)),
                ('said', models.JSONField(help_text='A list of {judged, source, verdict, box, concepts, stands, reason}.')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('superseded_at', models.DateTimeField(help_text='When it was taken back.', null=True)),
                ('bulk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='opinions', to='campaigns.bulkreview')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='campaigns.task')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('superseded_at', None)), fields=['task', 'by'], name='opinions_in_force')],
            },
        ),
    ]
