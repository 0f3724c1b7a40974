from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', "0011_claiming"),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='target_on',
            field=models.DateField(blank=True, help_text='The day by which it should be done.', null=True),
        ),
    ]
