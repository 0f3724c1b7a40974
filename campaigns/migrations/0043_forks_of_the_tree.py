from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0042_people_and_images_evaluated"),
    ]

    operations = [
        migrations.AlterField(
            model_name="campaign",
            name="weighing",
            field=models.CharField(
                choices=[
                    ("alike", "Everybody’s alike"),
                    ("one-coin", "By how often each person is right"),
                    ("dawid-skene", "By what each person takes for what"),
                    ("glad", "By how able each person is, and how easy each thing"),
                    ("mace", "By who looks and who only clicks"),
                    ("tree-coin", "By how often each person takes the right turn on the tree"),
                    (
                        "tree-dawid-skene",
                        "By what each person takes for what at each fork of the tree",
                    ),
                ],
                default="alike",
                help_text="How votes weigh.",
                max_length=20,
            ),
        ),
    ]
