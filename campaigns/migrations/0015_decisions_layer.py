from uuid import uuid4

import django.db.models.deletion
from django.db import migrations, models

# Who reads the consensus reads the decisions about it.
GRANTS = """
INSERT INTO annotation_layer{holder}objectpermission (permission_id, {holder}_id, content_object_id)
SELECT held.permission_id, held.{holder}_id, campaign.decisions_layer_id
  FROM annotation_layer{holder}objectpermission held
  JOIN campaigns_campaign campaign ON campaign.consensus_layer_id = held.content_object_id
"""


def make_layers(apps, schema_editor):
    """A layer for the decisions of every campaign, as the one for its consensus is."""
    Campaign = apps.get_model("campaigns", "Campaign")
    Layer = apps.get_model("annotation", "Layer")
    for campaign in Campaign.objects.filter(decisions_layer=None).iterator():
        label = {language: f"{text} – Decisions" for language, text in campaign.title.items()}
        campaign.decisions_layer = Layer.objects.create(
            id=uuid4(), kind="decisions", label=label, is_public=False, created_by_id=campaign.created_by_id
        )
        campaign.save(update_fields=["decisions_layer"])
    for holder in ("user", "group"):
        schema_editor.execute(GRANTS.format(holder=holder))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ("annotation", "0009_decisions_kind"),
        ("campaigns", "0014_order_of_review"),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='decisions_layer',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.layer'),
        ),
        migrations.RunPython(make_layers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='campaign',
            name='decisions_layer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.layer'),
        ),
    ]
