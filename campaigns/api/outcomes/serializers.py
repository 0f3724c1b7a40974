"""The shapes of predictions, figures, decisions and releases."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.actions.releases import release_uri
from campaigns.api.serializers import BoxField, LanguageMap, PredictedConceptSerializer, ShownTaskSerializer
from campaigns.forecast import Standing
from campaigns.models import PredictionRun, Predictor, Release, ReleaseFile
from campaigns.predictors import KINDS
from campaigns.quality.forecast import Outlook
from campaigns.rules import RULES
from work.api.serializers import JobSerializer


class VoteSerializer(serializers.Serializer[object]):
    concept = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    coarser = serializers.BooleanField(
        help_text="Whether it stands above another concept that was given: it contradicts nobody."
    )


class MemberSerializer(serializers.Serializer[object]):
    annotation = serializers.UUIDField()
    participant = serializers.CharField(help_text="Pseudonym within the campaign.")
    box = BoxField(allow_null=True)
    concepts = PredictedConceptSerializer(many=True)


class RulingSerializer(serializers.Serializer[object]):
    """What was decided on an item, where a decision is in force."""

    verdict = serializers.CharField()
    box = BoxField(allow_null=True)
    concepts = PredictedConceptSerializer(many=True)
    reason = serializers.CharField()


class ReviewItemSerializer(serializers.Serializer[object]):
    """One merged box or tag with its votes."""

    id = serializers.UUIDField()
    box = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of its picture; of the canvas when there is no box.")
    content_state = serializers.CharField(
        help_text="Behind `?iiif-content=` it opens the region in a viewer."
    )
    concepts = PredictedConceptSerializer(many=True)
    votes = VoteSerializer(many=True)
    support = serializers.IntegerField(help_text="How many people gave it.")
    seen = serializers.IntegerField(help_text="How many people saw the task.")
    disagreement = serializers.FloatField(help_text="0 to 1.")
    members = MemberSerializer(many=True)
    decision = RulingSerializer(allow_null=True)


class RetirementSerializer(serializers.Serializer[object]):
    """Why nobody else was asked."""

    sentence = serializers.CharField()
    rule = serializers.ChoiceField(choices=sorted(RULES))
    parameters = serializers.DictField(child=serializers.FloatField())
    campaign_version = serializers.IntegerField(help_text="The configuration in force.")
    contributions = serializers.ListField(
        child=serializers.UUIDField(), help_text="Those that decided it, also where others had answered."
    )
    figures = serializers.DictField(child=serializers.FloatField(), help_text="What the rule measured.")
    at = serializers.DateTimeField()


class ReviewSerializer(serializers.Serializer[object]):
    task = ShownTaskSerializer(allow_null=True)
    items = ReviewItemSerializer(many=True)
    people = serializers.ListField(
        child=serializers.CharField(), help_text="Pseudonyms of all who saw the task."
    )
    disagreement = serializers.FloatField(allow_null=True)
    retirement = RetirementSerializer(allow_null=True)
    remaining = serializers.IntegerField(
        help_text="Tasks that wait for a decision of whoever asks, this one included."
    )
    own = serializers.IntegerField(
        help_text="Further ones that wait for somebody else, because whoever asks answered them."
    )


class ReviewQuery(serializers.Serializer[object]):
    skip = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)
    task = serializers.UUIDField(required=False, default=None)


class JudgementRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(
        allow_null=True, required=False, default=None, help_text="Item; null for an added one."
    )
    verdict = serializers.ChoiceField(choices=["accepted", "corrected", "rejected", "added"])
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        required=False,
        default=None,
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=50
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class DecisionRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client: the same request again changes nothing.")
    task = serializers.UUIDField()
    items = serializers.ListField(child=JudgementRequest(), max_length=2000, allow_empty=True)
    supersede = serializers.BooleanField(
        required=False, default=False, help_text="Replace the decision that stands, if there is one."
    )


class DecidedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    task = serializers.UUIDField()
    decided_at = serializers.DateTimeField()
    remaining = serializers.IntegerField()


class AcceptRequest(serializers.Serializer[object]):
    at_most = serializers.FloatField(
        min_value=0, max_value=1, help_text="Accept tasks that differ no more than this."
    )


class AcceptedSerializer(serializers.Serializer[object]):
    accepted = serializers.IntegerField()
    remaining = serializers.IntegerField()


class IntervalSerializer(serializers.Serializer[object]):
    low = serializers.FloatField()
    high = serializers.FloatField()


class FiguresQuery(serializers.Serializer[object]):
    grouping = serializers.UUIDField(required=False, allow_null=True, default=None)


class AgreementSerializer(serializers.Serializer[object]):
    """Agreement between people; null where the answers cannot tell."""

    coefficient = serializers.CharField(
        help_text="`F1@0.5` for boxes (`F1@0.5, same class` under a grouping), `alpha` for tags."
    )
    value = serializers.FloatField(allow_null=True)
    interval = IntervalSerializer(allow_null=True, help_text="95 %, by bootstrap over canvases.")
    percent = serializers.FloatField(allow_null=True, help_text="Percent agreement on tags, 0 to 1.")
    mean_iou = serializers.FloatField(allow_null=True, help_text="Mean IoU of matched boxes.")
    people = serializers.IntegerField()
    canvases = serializers.IntegerField()


class ArmSerializer(serializers.Serializer[object]):
    """Work on tasks that showed predictions, or on those that showed none."""

    name = serializers.ChoiceField(choices=["with", "without"])
    contributions = serializers.IntegerField()
    tasks = serializers.IntegerField()
    agreement = AgreementSerializer()
    annotations = serializers.IntegerField()
    accepted = serializers.FloatField(
        allow_null=True, help_text="Of the annotations, those taken over by one click."
    )
    coincide = serializers.FloatField(
        allow_null=True, help_text="Of the annotations, those that say what the predictions say, seen or not."
    )
    score = serializers.FloatField(allow_null=True, help_text="Mean on known answers, 0 to 1.")


class FiguresSerializer(AgreementSerializer):
    """Agreement over all counted answers, and what predictions do to them."""

    states = serializers.DictField(
        child=serializers.IntegerField(), help_text="Tasks open, retired, decided."
    )
    arms = ArmSerializer(
        many=True, help_text="With suggestions and without; empty where all tasks show the same."
    )


class ForecastSerializer(serializers.Serializer[object]):
    """When a campaign will be done; days are null where none can be told."""

    outlook = serializers.ChoiceField(
        choices=[one.value for one in Outlook], help_text="A day can be told when it is `due`."
    )
    on = serializers.DateField(allow_null=True, help_text="The median.")
    earliest = serializers.DateField(allow_null=True, help_text="The beginning of the interval.")
    latest = serializers.DateField(allow_null=True, help_text="Its end; null also when that cannot be told.")
    level = serializers.FloatField(help_text="The share of samples within the interval.")
    left = serializers.IntegerField(help_text="Answers that are still needed.")
    each = serializers.FloatField(help_text="Answers that a task is reckoned to take.")
    pace = serializers.FloatField(help_text="Answers a day, the mean of the recent days.")
    days = serializers.IntegerField(help_text="How many recent days that are.")
    target_on = serializers.DateField(allow_null=True)
    standing = serializers.ChoiceField(
        choices=[one.value for one in Standing],
        allow_null=True,
        help_text="How the forecast stands to the target.",
    )


class JobStateSerializer(JobSerializer):
    """A job in a list: how far it is, without its log."""

    class Meta(JobSerializer.Meta):
        fields = [name for name in JobSerializer.Meta.fields if name != "lines"]

    lines = None  # type: ignore[assignment]  # takes the inherited field away


class PredictorSerializer(serializers.ModelSerializer[Predictor]):
    class Meta:
        model = Predictor
        fields = ["id", "kind", "name", "version", "configuration", "created_at"]


class RunSerializer(serializers.ModelSerializer[PredictionRun]):
    predictor = PredictorSerializer(read_only=True)
    job = JobStateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = PredictionRun
        fields = ["id", "predictor", "layer", "label_map", "job", "created_at"]


class RunRequest(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    name = serializers.CharField(max_length=120)
    version = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    configuration = serializers.DictField(required=False, default=dict)
    label_map = serializers.DictField(
        child=serializers.UUIDField(),
        required=False,
        default=dict,
        help_text="The model's class → concept id.",
    )


class ReleaseFileSerializer(serializers.ModelSerializer[ReleaseFile]):
    class Meta:
        model = ReleaseFile
        fields = ["name", "format", "media_type", "size", "sha256"]


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    campaign = serializers.CharField(source="campaign.slug", read_only=True)
    title = LanguageMap(source="campaign.title", read_only=True)
    uri = serializers.SerializerMethodField()
    files = ReleaseFileSerializer(many=True, read_only=True)
    counts = serializers.SerializerMethodField()
    job = JobStateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Release
        fields = [
            "id", "uri", "campaign", "title", "number", "note", "rights", "is_public", "created_at",
            "finished_at", "grouping", "counts", "files", "job",
        ]  # fmt: skip

    def get_uri(self, release: Release) -> str:
        return release_uri(release.pk)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_counts(self, release: Release) -> dict[str, object] | None:
        counts: dict[str, object] | None = release.manifest.get("counts")
        return counts


class ReleaseRequest(serializers.Serializer[object]):
    grouping = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A grouping of the vocabulary whose classes are the categories of its files.",
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    rights = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    is_public = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="As the campaign is, where nothing is said."
    )
