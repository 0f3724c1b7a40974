
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


# What was merged before is in the order that it had, and about what was said where people differ.
IN_QUESTION = """
UPDATE campaigns_taskconsensus merged
   SET priority = (SELECT merged.disagreement FROM campaigns_task task
                    WHERE task.id = merged.task_id AND task.state <> 'decided'),
       concepts = coalesce((
           SELECT array_agg(DISTINCT (vote->>'concept')::uuid)
             FROM campaigns_consensusitem item, jsonb_array_elements(item.votes) vote
            WHERE item.consensus_id = merged.id AND (item.disagreement > 0 OR merged.disagreement = 0)), '{}')
"""


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0013_tasks_about_annotations"),
        ('taxonomy', '0006_search_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConceptWeight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.PositiveIntegerField(help_text='How often people said it.')),
                ('decided', models.PositiveIntegerField(help_text='How often it stands in the ground truth.')),
                ('impact', models.FloatField()),
                ('weighed_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='taskconsensus',
            name='review_order',
        ),
        migrations.AddField(
            model_name='campaign',
            name='examples_wanted',
            field=models.PositiveSmallIntegerField(db_default=10, default=10, help_text='Decided examples wanted of each concept; the review begins with what lacks them.'),
        ),
        migrations.AddField(
            model_name='taskconsensus',
            name='concepts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[], default=list, help_text='Concepts that are in question.', size=None),
        ),
        migrations.AddField(
            model_name='taskconsensus',
            name='impact',
            field=models.FloatField(db_default=1, default=1, help_text='What a decision is worth, 1 to 3.'),
        ),
        migrations.AddField(
            model_name='taskconsensus',
            name='priority',
            field=models.FloatField(help_text='Disagreement × impact; the review begins with the highest. None once it is decided.', null=True),
        ),
        migrations.RunSQL(IN_QUESTION, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='taskconsensus',
            name='disagreement',
            field=models.FloatField(default=0, help_text='0 to 1: that of the most disputed item.'),
        ),
        migrations.AddIndex(
            model_name='taskconsensus',
            index=models.Index(condition=models.Q(('priority__isnull', False)), fields=['campaign', '-priority', 'id'], name='review_priority'),
        ),
        migrations.AddIndex(
            model_name='taskconsensus',
            index=models.Index(fields=['campaign', 'disagreement'], name='review_undisputed'),
        ),
        migrations.AddIndex(
            model_name='taskconsensus',
            index=django.contrib.postgres.indexes.GinIndex(fields=['concepts'], name='consensus_about_concepts'),
        ),
        migrations.AddField(
            model_name='conceptweight',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weights', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='conceptweight',
            name='concept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='taxonomy.concept'),
        ),
        migrations.AddConstraint(
            model_name='conceptweight',
            constraint=models.UniqueConstraint(fields=('campaign', 'concept'), name='weight_once_a_concept'),
        ),
    ]
