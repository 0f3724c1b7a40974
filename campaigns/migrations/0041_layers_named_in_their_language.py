from django.db import migrations

# What the layers of a campaign hold. The words were once those of the language of whoever made the campaign.
WORDS = {
    "en": {
        "contributions": "Contributions", "consensus": "Consensus", "decisions": "Decisions",
        "ground-truth": "Ground truth",
    },
    "fr": {
        "contributions": "Contributions", "consensus": "Consensus", "decisions": "Décisions",
        "ground-truth": "Vérité de terrain",
    },
}
FIELDS = ("contributions_layer", "consensus_layer", "decisions_layer", "ground_truth_layer")
LOOKING = {"en": "Find more like this", "fr": "Chercher d’autres pareils"}


def renamed(label, kind):
    """The name with its last words in the language that it is for; a name that people gave stays as it is."""
    said = {words[kind] for words in WORDS.values()}
    named = {}
    for language, text in label.items():
        title, dash, word = text.rpartition(" – ")
        words = WORDS.get(language, WORDS["en"])
        named[language] = f"{title} – {words[kind]}" if dash and word in said else text
    return named


def name_layers(apps, schema_editor):
    Campaign = apps.get_model("campaigns", "Campaign")
    Layer = apps.get_model("annotation", "Layer")
    for campaign in Campaign.objects.select_related(*FIELDS).iterator(chunk_size=500):
        for layer in (getattr(campaign, field) for field in FIELDS):
            label = renamed(layer.label, layer.kind)
            if label != layer.label:
                Layer.objects.filter(pk=layer.pk).update(label=label)
    looked = Layer.objects.filter(kind="predictions", label__en__startswith=LOOKING["en"], prediction_run__isnull=False)
    for layer in looked.distinct().iterator(chunk_size=500):
        rest = layer.label["en"].removeprefix(LOOKING["en"])
        label = {language: f"{name}{rest}" for language, name in LOOKING.items()}
        Layer.objects.filter(pk=layer.pk, label={"en": layer.label["en"]}).update(label=label)


class Migration(migrations.Migration):

    dependencies = [
        ("annotation", "0012_cursors_of_change"),
        ("campaigns", "0040_priority_tables"),
    ]

    operations = [migrations.RunPython(name_layers, migrations.RunPython.noop)]
