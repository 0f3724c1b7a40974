
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0016_clusters"),
        ('taxonomy', '0006_search_indexes'),
        ('work', '0002_slices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkReview',
            fields=[
                ('id', models.UUIDField(help_text='Made by the client, so that a retry is harmless.', primary_key=True, serialize=False)),
                ('verdict', models.CharField(help_text='Accepted, rejected, or corrected: given another label.', max_length=10)),
                ('wanted', models.JSONField(default=dict, help_text='What an item must be like; see campaigns.sifting.')),
                ('reason', models.TextField()),
                ('foreseen', models.PositiveIntegerField(help_text='How many tasks it was about when it was asked for.')),
                ('decided', models.PositiveIntegerField(default=0)),
                ('taken_back', models.PositiveIntegerField(default=0)),
                ('kept', models.PositiveIntegerField(default=0, help_text='Decided by somebody since, so not taken back.')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_reviews', to='campaigns.campaign')),
                ('concept', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.concept')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='work.job')),
                ('undo_job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='work.job')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='bulk',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to='campaigns.bulkreview'),
        ),
        migrations.AddIndex(
            model_name='bulkreview',
            index=models.Index(fields=['campaign', '-at'], name='bulk_reviews_of_campaign'),
        ),
    ]
