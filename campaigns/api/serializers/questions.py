"""The shapes of what a campaign asks: its question, the answers to it, the steps of a sequence."""

from rest_framework import serializers

from campaigns.api.serializers.values import LANGUAGES
from campaigns.questions import KINDS
from campaigns.questions.describe import PURPOSES
from campaigns.questions.shapes import SHAPES

QUESTION_KINDS = sorted(KINDS)


class ChoiceSerializer(serializers.Serializer[object]):
    name = serializers.CharField(help_text="Stable; the notation of its concept at first.")
    concept = serializers.UUIDField()
    letters = serializers.DictField(
        child=serializers.CharField(), help_text="Language → the key that chooses it, beside its number."
    )


class QuestionSerializer(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    draws = serializers.BooleanField(help_text="Whether people draw the places; else the task has them.")
    takes_nothing = serializers.BooleanField(help_text="Whether “nothing here” is an answer.")
    answers = ChoiceSerializer(many=True, help_text="The answers that the question brings itself, in order.")
    shapes = serializers.ChoiceField(choices=sorted(SHAPES), help_text="What is drawn, where people draw.")
    prompt = serializers.DictField(child=serializers.CharField(), help_text=LANGUAGES)
    many = serializers.BooleanField(  # type: ignore[assignment]  # a field of the answer, not the framework's
        help_text="Whether several concepts may be given at once."
    )
    required_label = serializers.BooleanField()
    judges = serializers.BooleanField(
        help_text="Whether each task shows one annotation, to be accepted, corrected or rejected."
    )
    pairs = serializers.BooleanField(help_text="Whether each task shows two regions to be compared.")
    show = serializers.ChoiceField(
        choices=["one", "grid"], help_text="Whether what is judged comes one by one or many at a glance."
    )
    grid = serializers.IntegerField(help_text="How many tasks at most are given out at once.")
    may_correct = serializers.BooleanField(help_text="Whether what is judged may be corrected.")
    certainty = serializers.BooleanField(help_text="Whether people are asked how sure they are.")
    writes = serializers.BooleanField(help_text="Whether people write a text.")
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Those that may be written in; none are all."
    )
    max_length = serializers.IntegerField(help_text="Most characters of a text.")
    multiline = serializers.BooleanField(help_text="Whether a text may have several lines.")
    purpose = serializers.ChoiceField(choices=PURPOSES, help_text="What a text does.")


class ConditionSerializer(serializers.Serializer[object]):
    """On what a step depends: one of the three is there."""

    step = serializers.CharField(help_text="An earlier step.")
    answers = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="One of these was the answer."
    )
    something = serializers.BooleanField(
        required=False, help_text="Something was said there; false: “nothing here” was."
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="One of these was said; all below are listed.",
    )


class StepAskedSerializer(serializers.Serializer[object]):
    """One of several questions that are asked in sequence."""

    name = serializers.CharField()
    question = QuestionSerializer()
    condition = ConditionSerializer(allow_null=True)


class AskedSerializer(QuestionSerializer):
    """What a campaign asks."""

    steps = StepAskedSerializer(many=True, help_text="Of a sequence; else none.")
