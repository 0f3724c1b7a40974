"""The shapes of predictions, figures, decisions and releases."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.actions.releases import release_uri
from campaigns.api.serializers import (
    POINTS,
    BoxField,
    FiniteFloatField,
    LanguageMap,
    PointsField,
    PredictedConceptSerializer,
    ShownTaskSerializer,
    TextSerializer,
)
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
    probability = serializers.FloatField(
        allow_null=True, help_text="Of the label, where votes weigh by a model of reliability."
    )
    coarser = serializers.BooleanField(
        help_text="Whether it stands above another concept that was given: it contradicts nobody."
    )


class MemberSerializer(serializers.Serializer[object]):
    annotation = serializers.UUIDField()
    participant = serializers.CharField(help_text="Pseudonym within the campaign.")
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    text = TextSerializer(allow_null=True)


class RulingSerializer(serializers.Serializer[object]):
    """What was decided on an item, where a decision is in force."""

    verdict = serializers.CharField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    text = TextSerializer(allow_null=True)
    reason = serializers.CharField()


class WrittenSerializer(TextSerializer):
    """A text, with those who wrote just that."""

    people = serializers.ListField(child=serializers.CharField(), help_text="Their pseudonyms.")


class KeptRulingSerializer(serializers.Serializer[object]):
    """What the reviewer said of an item among the crops, before the rest of its task."""

    verdict = serializers.CharField()
    concepts = PredictedConceptSerializer(many=True)
    reason = serializers.CharField(allow_blank=True)


class ReviewItemSerializer(serializers.Serializer[object]):
    """One merged box or tag with its votes."""

    id = serializers.UUIDField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    crop = serializers.CharField(help_text="Address of its picture; of the canvas when there is no box.")
    content_state = serializers.CharField(
        help_text="Behind `?iiif-content=` it opens the region in a viewer."
    )
    concepts = PredictedConceptSerializer(many=True)
    kin = PredictedConceptSerializer(
        allow_null=True, help_text="What the different labels have above them all."
    )
    votes = VoteSerializer(many=True)
    support = serializers.IntegerField(help_text="How many people gave it.")
    seen = serializers.IntegerField(help_text="How many people saw the task.")
    disagreement = serializers.FloatField(help_text="0 to 1.")
    place = serializers.CharField(
        allow_blank=True, help_text="How its place came about, as a sentence; empty where one person drew it."
    )
    members = MemberSerializer(many=True)
    step = serializers.CharField(allow_blank=True, help_text="Of a sequence the question it answers.")
    moot = serializers.BooleanField(
        help_text="Of a sequence: the step is not asked after what more than half said before."
    )
    text = TextSerializer(allow_null=True, help_text="What more than half wrote alike.")
    written = WrittenSerializer(
        many=True, help_text="All that was written, each once, first what is most like all others."
    )
    decision = RulingSerializer(allow_null=True)
    kept = KeptRulingSerializer(allow_null=True)


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


class UrgencySerializer(serializers.Serializer[object]):
    """Why this task comes now: the queue is in the order of disagreement × impact."""

    sentence = serializers.CharField()
    disagreement = serializers.FloatField(help_text="0 to 1.")
    impact = serializers.FloatField(help_text="1 + rarity + share of the wanted examples that is lacking.")
    differ = serializers.IntegerField(help_text="How many do not say what most say about the worst item.")
    seen = serializers.IntegerField()
    concept = serializers.UUIDField(allow_null=True, help_text="The weightiest of those in question.")
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    said = serializers.IntegerField(help_text="How often people said it, when it was weighed last.")
    total = serializers.IntegerField(help_text="How often they said any concept.")
    decided = serializers.IntegerField(help_text="Its examples in the ground truth.")
    wanted = serializers.IntegerField(help_text="How many are wanted of each concept.")


class StandingSerializer(serializers.Serializer[object]):
    """How far the review is, without what anybody said."""

    wanted = serializers.IntegerField(help_text="How many reviewers must say the same.")
    given = serializers.IntegerField(help_text="How many have spoken.")
    differ = serializers.BooleanField(help_text="Two have, and differ: this decision settles it.")


class ReviewSerializer(serializers.Serializer[object]):
    task = ShownTaskSerializer(allow_null=True)
    items = ReviewItemSerializer(many=True)
    people = serializers.ListField(
        child=serializers.CharField(), help_text="Pseudonyms of all who saw the task."
    )
    disagreement = serializers.FloatField(allow_null=True)
    retirement = RetirementSerializer(allow_null=True)
    why = UrgencySerializer(allow_null=True)
    standing = StandingSerializer(allow_null=True)
    remaining = serializers.IntegerField(
        help_text="Tasks that wait for a decision of whoever asks, this one included."
    )
    own = serializers.IntegerField(
        help_text="Further ones that wait for somebody else, because whoever asks answered them."
    )
    second = serializers.IntegerField(
        help_text="Further ones about which whoever asks has spoken, and another reviewer must say the same."
    )


class ReviewQuery(serializers.Serializer[object]):
    skip = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)
    task = serializers.UUIDField(required=False, default=None)


class PartRequest(serializers.Serializer[object]):
    """What a cluster is split into: the answers that say it, and what is true of it."""

    members = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        required=False,
        default=None,
        help_text="The median of its members' boxes where none is given.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=50,
        help_text="The label that more than half of its members give where none is given.",
    )  # fmt: skip


class TextRequest(serializers.Serializer[object]):
    """What stands, as the reviewer chose or wrote it; the question reads it like any answer."""

    value = serializers.CharField(max_length=20_000, trim_whitespace=False)
    language = serializers.CharField(max_length=35)


class JudgementRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(
        allow_null=True, required=False, default=None, help_text="Item; null for an added one."
    )
    verdict = serializers.ChoiceField(
        choices=["accepted", "corrected", "rejected", "added", "merged", "split"]
    )
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        required=False,
        default=None,
    )
    points = serializers.ListField(
        child=serializers.ListField(child=FiniteFloatField(), min_length=2, max_length=2),
        required=False,
        default=list,
        max_length=1001,
        help_text="Where outlines or points are drawn, in the place of a box.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=50
    )
    text = TextRequest(required=False, allow_null=True, default=None, help_text="Where people write.")
    step = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        help_text="Of something added in a sequence.",
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    merges = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=200,
        help_text="The items that become one with a merged one; they get no verdict of their own.",
    )  # fmt: skip
    parts = serializers.ListField(
        child=PartRequest(), required=False, default=list, max_length=50,
        help_text="What a split item falls into: every answer of it in exactly one part.",
    )  # fmt: skip


class DecisionRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client: the same request again changes nothing.")
    task = serializers.UUIDField()
    items = serializers.ListField(child=JudgementRequest(), max_length=2000, allow_empty=True)
    supersede = serializers.BooleanField(
        required=False, default=False, help_text="Replace the decision that stands, if there is one."
    )


class LookSerializer(serializers.Serializer[object]):
    """What another reviewer said, told to somebody who has spoken."""

    by = serializers.CharField()
    items = serializers.IntegerField(help_text="Merged items they judged.")
    alike = serializers.IntegerField(help_text="Those of which both say the same.")


class DecidedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    task = serializers.UUIDField()
    decided_at = serializers.DateTimeField(
        allow_null=True, help_text="None while another reviewer must speak."
    )
    looks = LookSerializer(many=True, help_text="What others had said before, where two must say the same.")
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


class BetweenReviewersSerializer(serializers.Serializer[object]):
    """How far two reviewers agree who looked at the same task."""

    items = serializers.IntegerField(help_text="Merged items that both judged.")
    tasks = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    kappa = serializers.FloatField(allow_null=True, help_text="Cohen's κ, the first look against the second.")


class StepAgreementSerializer(AgreementSerializer):
    """Agreement on one step of a sequence, among those who were asked it."""

    step = serializers.CharField()


class FiguresSerializer(AgreementSerializer):
    """Agreement over all counted answers, and what predictions do to them."""

    steps = StepAgreementSerializer(many=True, required=False, help_text="Of a sequence; else absent.")
    states = serializers.DictField(
        child=serializers.IntegerField(), help_text="Tasks open, retired, decided."
    )
    reviewers = BetweenReviewersSerializer(allow_null=True, help_text="Where two reviewers must agree.")
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
