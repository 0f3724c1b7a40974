"""The shapes of those who took part, and of how reliable they are."""

from rest_framework import serializers


class SkillShareSerializer(serializers.Serializer[object]):
    """A share of cases: its posterior mean and 95 % interval, from so many; null without any."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(source="interval.low")
    high = serializers.FloatField(source="interval.high")
    of = serializers.IntegerField()


class ConceptSkillSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    gold = SkillShareSerializer(help_text="Of known things of the concept, those called so.")
    others = SkillShareSerializer(help_text="Of things that the others call so, those called so.")


class FlagSerializer(serializers.Serializer[object]):
    code = serializers.ChoiceField(choices=["hasty", "uniform", "lapsed"])
    sentence = serializers.CharField()


class SkillSerializer(serializers.Serializer[object]):
    """How reliable somebody is, and how sure that is."""

    gold = SkillShareSerializer(help_text="On known answers.")
    others = SkillShareSerializer(help_text="Beside the vote of everybody else.")
    concepts = ConceptSkillSerializer(many=True)
    flags = FlagSerializer(many=True, help_text="What to look at; nothing is deleted for it.")


class ParticipantSerializer(serializers.Serializer[object]):
    """Who took part, under the pseudonym of this campaign."""

    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    signed_in = serializers.BooleanField(help_text="False for an anonymous visitor.")
    is_simulated = serializers.BooleanField()
    contributions = serializers.IntegerField(source="handed_in")
    counted = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    skill = SkillSerializer()
