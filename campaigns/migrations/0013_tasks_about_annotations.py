import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0008_group_roles'),
        ('campaigns', '0012_target'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='about',
            field=models.ForeignKey(db_index=False, help_text='The annotation that is asked about; the region is its box.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.annotation'),
        ),
        migrations.AddField(
            model_name='task',
            name='beside',
            field=models.ForeignKey(db_index=False, help_text='The annotation that it is compared with, perhaps on another canvas.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.annotation'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('about__isnull', False)), fields=['about'], name='task_about'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('beside__isnull', False)), fields=['beside'], name='task_beside'),
        ),
    ]
