from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0008_group_roles'),
    ]

    operations = [
        migrations.AlterField(
            model_name='layer',
            name='kind',
            field=models.CharField(choices=[('contributions', 'Contributions'), ('predictions', 'Predictions'), ('consensus', 'Consensus'), ('ground-truth', 'Ground truth'), ('decisions', 'Decisions'), ('imported', 'Imported'), ('personal', 'Personal')], max_length=16),
        ),
    ]
