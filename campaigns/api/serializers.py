"""The shapes of campaigns over REST: what the workbench reads and what it sends."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.models import Campaign, ContributionShape
from campaigns.questions import KINDS
from campaigns.questions.describe import PURPOSES
from campaigns.questions.shapes import SHAPES
from campaigns.rules import EARLY
from campaigns.teaching import MOST_GOALS

QUESTION_KINDS = sorted(KINDS)
LANGUAGES = "By language: `en`, `fr`, …"


class LanguageMap(serializers.DictField):
    """`{"en": "…", "fr": "…"}`, a text each."""

    child = serializers.CharField(allow_blank=True, max_length=50_000)


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
)
class IIIFLanguageMap(serializers.JSONField):
    """A language map as in IIIF: each language has a list of texts."""


@extend_schema_field({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
class BoxField(serializers.JSONField):
    """`[x, y, w, h]` in canvas units, origin top left."""


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    }
)
class PointsField(serializers.JSONField):
    """`[[x, y], …]` in canvas units: the corners of an outline, or one point."""


POINTS = "The corners of an outline within the box, or the one point in its middle; empty for a box."


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "rule": {"type": "string", "enum": sorted(EARLY)},
                **{
                    name: {"type": "integer" if parameter.is_whole else "number"}
                    for rule in EARLY.values()
                    for name, parameter in rule.PARAMETERS.items()
                },
            },
            "required": ["rule"],
        },
        "description": "Conditions under which fewer people than the overlap are enough: docs/quality.md.",
    }
)
class ConditionsField(serializers.ListField):
    """A list of conditions; `campaigns.rules` reads it."""

    child = serializers.DictField()


class FiniteFloatField(serializers.FloatField):
    """A number that is one: neither infinite nor NaN."""

    def to_internal_value(self, data: Any) -> float:
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


# --- what is read ---------------------------------------------------------------------------------


class TextSerializer(serializers.Serializer[object]):
    """Something written."""

    value = serializers.CharField(help_text="NFC, without white space around it; at most 5,000 characters.")
    language = serializers.CharField(help_text="BCP 47.")


class ProgressSerializer(serializers.Serializer[object]):
    tasks = serializers.IntegerField()
    retired = serializers.IntegerField(help_text="Tasks that enough people have seen.")
    contributions = serializers.IntegerField()
    mine = serializers.IntegerField(help_text="The caller's own contributions.")


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


class CampaignVocabularySerializer(serializers.Serializer[object]):
    slug = serializers.SlugField()
    branch = serializers.UUIDField(allow_null=True)
    count = serializers.IntegerField(help_text="How many concepts there are to choose from.")


class CampaignTutorialSerializer(serializers.Serializer[object]):
    """How long the tutorial is, and whether the caller has seen it."""

    steps = serializers.IntegerField()
    seen = serializers.BooleanField()


class CampaignSerializer(serializers.Serializer[object]):
    """A campaign as a volunteer meets it."""

    slug = serializers.SlugField()
    title = LanguageMap(help_text=LANGUAGES)
    summary = LanguageMap(help_text=LANGUAGES)
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    question = AskedSerializer()
    instructions_html = LanguageMap(help_text="Safe HTML by language.")
    tutorial = CampaignTutorialSerializer()
    vocabulary = CampaignVocabularySerializer()
    overlap = serializers.IntegerField(help_text="The most people who see a task.")
    shows_predictions = serializers.BooleanField()
    progress = ProgressSerializer()


class TotalsSerializer(serializers.Serializer[object]):
    tasks = serializers.IntegerField()
    retired = serializers.IntegerField()
    contributions = serializers.IntegerField()


class CampaignSummarySerializer(serializers.Serializer[object]):
    """A campaign in a list."""

    slug = serializers.SlugField()
    title = LanguageMap(help_text=LANGUAGES)
    summary = LanguageMap(help_text=LANGUAGES)
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    question_kind = serializers.CharField()
    overlap = serializers.IntegerField()
    allows_anonymous = serializers.BooleanField()
    progress = TotalsSerializer()


class ImageSerializer(serializers.Serializer[object]):
    service = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    auth = serializers.JSONField(
        allow_null=True, help_text="The login that the institution asks for: `AuthValue` of annotation.iiif."
    )


class ImageChoiceSerializer(ImageSerializer):
    label = IIIFLanguageMap()  # type: ignore[assignment]
    part = BoxField(allow_null=True, help_text="What of the image is used, in its pixels; null for all.")
    rotation = serializers.FloatField(allow_null=True, help_text="Degrees clockwise.")


class PaintedImageSerializer(serializers.Serializer[object]):
    place = BoxField(allow_null=True, help_text="Where on the canvas; null for all of it.")
    choices = ImageChoiceSerializer(many=True, help_text="What it may be, the default first.")


class ScaleSerializer(serializers.Serializer[object]):
    factor = serializers.FloatField(help_text="Real length of one canvas unit.")
    units = serializers.ChoiceField(choices=["mm", "cm", "in"])


class StatementSerializer(serializers.Serializer[object]):
    label = IIIFLanguageMap()  # type: ignore[assignment]
    value = IIIFLanguageMap()


class ShownManifestSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = IIIFLanguageMap()  # type: ignore[assignment]
    rights = serializers.CharField(allow_null=True)
    required_statement = StatementSerializer(allow_null=True)


class ShownCanvasSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    uri = serializers.CharField()
    label = IIIFLanguageMap()  # type: ignore[assignment]
    width = serializers.FloatField()
    height = serializers.FloatField()
    image = ImageSerializer(help_text="The one that stands for the canvas.")
    images = PaintedImageSerializer(many=True, help_text="All that is painted, in order.")
    scale = ScaleSerializer(allow_null=True, help_text="Where the manifest says how large things are.")
    manifest = ShownManifestSerializer()
    content_state = serializers.CharField(
        help_text="Behind `?iiif-content=` it opens the canvas in a viewer."
    )


class ShownBesideSerializer(serializers.Serializer[object]):
    """The other region of a pair."""

    annotation = serializers.UUIDField()
    canvas = ShownCanvasSerializer()
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of its picture.")


class ShownTaskSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    canvas = ShownCanvasSerializer()
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of the picture of the region, else of the whole canvas.")
    about = serializers.UUIDField(allow_null=True, help_text="The annotation that is asked about, if any.")
    beside = ShownBesideSerializer(allow_null=True, help_text="What it is compared with.")
    left = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Which of the two stands on the left, of who holds a lease.",
    )


class PredictedConceptSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]


class ShownPredictionSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    confidence = serializers.FloatField(allow_null=True, help_text="Share from 0 to 1.")
    crop = serializers.CharField(help_text="Address of its picture.")


class AssignmentSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    task = ShownTaskSerializer()
    predictions = ShownPredictionSerializer(many=True)
    neighbours = serializers.ListField(
        child=BoxField(),
        help_text="Other regions that are asked about there, where the question is about regions.",
    )
    finds_similar = serializers.BooleanField(help_text="Whether more like a drawn box may be looked for.")


CLAIM_REASONS = ["nothing_left", "campaign_not_open", "all_leased", "not_qualified"]


class ClaimSerializer(serializers.Serializer[object]):
    assignment = AssignmentSerializer(allow_null=True)
    reason = serializers.ChoiceField(choices=CLAIM_REASONS, allow_null=True)
    retry_after_s = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer()


class BatchSerializer(serializers.Serializer[object]):
    """Several leases, by label and the least sure first; empty with the reason why."""

    assignments = AssignmentSerializer(many=True)
    reason = serializers.ChoiceField(choices=CLAIM_REASONS, allow_null=True)
    retry_after_s = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer()


class RenewedSerializer(serializers.Serializer[object]):
    expires_at = serializers.DateTimeField()


class KnownShapeSerializer(serializers.Serializer[object]):
    box = BoxField()
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    crop = serializers.CharField(help_text="Address of its picture.")


class FeedbackSerializer(serializers.Serializer[object]):
    """The answer that was known already, after one's own has been handed in."""

    score = serializers.FloatField(help_text="How near one's own came, 0 to 1.")
    sentence = serializers.CharField()
    nothing_here = serializers.BooleanField()
    concepts = PredictedConceptSerializer(many=True, help_text="Of a tag question.")
    shapes = KnownShapeSerializer(many=True)
    texts = TextSerializer(many=True)
    crop = serializers.CharField(help_text="Address of the picture that was asked about.")
    beside = serializers.CharField(allow_null=True, help_text="That of what it was compared with.")


class SubmittedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    assignment = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    counted = serializers.BooleanField(help_text="False for work that came after enough people had answered.")
    progress = ProgressSerializer()
    feedback = FeedbackSerializer(
        allow_null=True, help_text="Where the campaign tells what was known: the answer, if it was."
    )


class FaultSerializer(serializers.Serializer[object]):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class PreviewSerializer(serializers.Serializer[object]):
    """A task as volunteers will see it, without a lease, and what is missing before the campaign can open."""

    task = ShownTaskSerializer(allow_null=True)
    predictions = ShownPredictionSerializer(many=True)
    neighbours = serializers.ListField(child=BoxField(), help_text="As in an assignment.")
    obstacles = FaultSerializer(many=True)


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
    code = serializers.ChoiceField(choices=["hasty", "uniform"])
    sentence = serializers.CharField()


class SkillSerializer(serializers.Serializer[object]):
    """How reliable somebody is, and how sure that is."""

    gold = SkillShareSerializer(help_text="On known answers.")
    others = SkillShareSerializer(help_text="Beside the vote of everybody else.")
    concepts = ConceptSkillSerializer(many=True)
    flags = FlagSerializer(many=True, help_text="What looks implausible; nothing is deleted for it.")


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


class CampaignSettingsSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign as those see it who run it."""

    vocabulary = serializers.CharField(source="vocabulary.slug", read_only=True)
    title = LanguageMap()
    summary = LanguageMap()
    instructions = LanguageMap(help_text="Markdown by language.")
    retirement = ConditionsField()

    class Meta:
        model = Campaign
        fields = [
            "slug", "title", "summary", "instructions", "status", "question_kind", "question", "vocabulary",
            "branch", "overlap", "retirement", "weighing", "lease_minutes", "allows_anonymous", "is_public", "rights",
            "shown_run",
            "gold_share", "gold_feedback", "qualify_count", "qualify_share", "blind_share",
            "pilot_size", "opens_at", "closes_at", "target_on", "examples_wanted", "reviews",
            "order", "order_seed", "order_run",
            "cover", "config_version", "contributions_layer", "consensus_layer", "decisions_layer",
            "ground_truth_layer",
            "shows_leaderboard", "goals",
            "created_at", "opened_at", "closed_at",
        ]  # fmt: skip


# --- what is sent ---------------------------------------------------------------------------------


class ConfigureRequest(serializers.Serializer[object]):
    """Settings of a campaign; those left out stay as they are."""

    title = LanguageMap(required=False)
    summary = LanguageMap(required=False)
    instructions = LanguageMap(required=False, help_text="Markdown by language.")
    question_kind = serializers.CharField(required=False, max_length=20)
    question = serializers.DictField(required=False, help_text="Settings of the question, with its `prompt`.")
    vocabulary = serializers.SlugField(required=False)
    branch = serializers.UUIDField(required=False, allow_null=True)
    overlap = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="The most people who see a task."
    )
    retirement = ConditionsField(required=False)
    weighing = serializers.ChoiceField(
        required=False, choices=Campaign.Weighing.choices, help_text="How votes weigh when labels are merged."
    )
    lease_minutes = serializers.IntegerField(required=False, min_value=1, max_value=1440)
    allows_anonymous = serializers.BooleanField(required=False)
    is_public = serializers.BooleanField(required=False)
    rights = serializers.CharField(required=False, allow_blank=True, max_length=500)
    shown_run = serializers.UUIDField(required=False, allow_null=True)
    gold_share = FiniteFloatField(
        required=False, min_value=0, max_value=0.5, help_text="Share of tasks whose answer is known."
    )
    gold_feedback = serializers.BooleanField(
        required=False, help_text="Whether the known answer is told after handing in."
    )
    qualify_count = serializers.IntegerField(
        required=False, min_value=0, max_value=100,
        help_text="How many known answers come before the first other task; 0: none.",
    )  # fmt: skip
    qualify_share = FiniteFloatField(
        required=False, min_value=0, max_value=1, help_text="Mean score on them that lets somebody in."
    )
    blind_share = FiniteFloatField(
        required=False, min_value=0, max_value=1, help_text="Share of tasks that show no predictions."
    )
    pilot_size = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="So many tasks, the first in order, are offered in the pilot.",
    )  # fmt: skip
    opens_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the draft opens by itself."
    )
    closes_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it closes by itself."
    )
    shows_leaderboard = serializers.BooleanField(required=False, help_text="Off unless it is asked for.")
    goals = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=MOST_GOALS,
        help_text="[{count, on}]: so many accepted items by a day.",
    )  # fmt: skip
    target_on = serializers.DateField(
        required=False, allow_null=True, help_text="The day by which it should be done; it closes nothing."
    )
    examples_wanted = serializers.IntegerField(
        required=False, min_value=0, max_value=10_000,
        help_text="Decided examples wanted of each concept; the review begins with what lacks them.",
    )  # fmt: skip
    reviews = serializers.IntegerField(
        required=False, min_value=1, max_value=2, help_text="How many reviewers must say the same."
    )
    order = serializers.ChoiceField(
        choices=Campaign.Order.choices,
        required=False,
        help_text="Of the queue; a change is carried out in the background.",
    )
    order_seed = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    order_run = serializers.UUIDField(required=False, allow_null=True)


class CreateRequest(ConfigureRequest):
    slug = serializers.SlugField(max_length=60)
    title = LanguageMap()
    question_kind = serializers.CharField(max_length=20)
    question = serializers.DictField(help_text="Settings of the question, with its `prompt`.")
    vocabulary = serializers.SlugField(
        required=False, help_text="Left out for a kind of question that brings its own answers."
    )


class PairsRequest(serializers.Serializer[object]):
    """How pairs are made of the regions of the layers, or which they are."""

    by = serializers.ChoiceField(
        choices=["label", "chance", "alike", "table"],
        help_text=(
            "`label`: regions with a label in common, at most `most` of each label; `chance`: `most` of all; `alike`: "
            "each region beside the `each` that look most like it; `table`: those of `table`."
        ),
    )
    most = serializers.IntegerField(required=False, min_value=1, max_value=100_000, default=100)
    each = serializers.IntegerField(required=False, min_value=1, max_value=20, default=3)
    across = serializers.BooleanField(
        required=False, default=False, help_text="Only regions of two different sources."
    )
    seed = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        default=1,
        help_text="The same seed draws the same pairs.",
    )
    table = serializers.CharField(
        required=False, allow_blank=True, max_length=5_000_000,
        help_text="CSV: two ids or addresses of annotations a row.",
    )  # fmt: skip


class PairFaultSerializer(serializers.Serializer[object]):
    row = serializers.IntegerField()
    sentence = serializers.CharField()


class CanvasesRequest(serializers.Serializer[object]):
    manifests = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1000)
    canvases = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20_000)
    layers = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=20,
        help_text="Each box in them becomes a region; where annotations are judged, each becomes a task.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=1000,
        help_text="Where annotations are judged: only those with one of these or below it.",
    )
    min_confidence = FiniteFloatField(
        required=False, allow_null=True, min_value=0, max_value=1,
        help_text="Where annotations are judged: only those at least so confident.",
    )  # fmt: skip
    max_confidence = FiniteFloatField(required=False, allow_null=True, min_value=0, max_value=1)
    pairs = PairsRequest(
        required=False, allow_null=True, help_text="Where regions are compared: which of those of `layers`."
    )


class CanvasesAddedSerializer(serializers.Serializer[object]):
    added = serializers.IntegerField(help_text="Tasks made; canvases that were there already make none.")
    tasks = serializers.IntegerField(help_text="Tasks of the campaign now.")
    job = serializers.UUIDField(required=False, help_text="What makes them, where they are many.")
    faults = PairFaultSerializer(
        many=True, required=False, help_text="The rows of a table of pairs that made none, with the reason."
    )


class ClaimRequest(serializers.Serializer[object]):
    resume = serializers.BooleanField(
        default=False, help_text="First return a task that the caller holds already."
    )


class BatchClaimRequest(ClaimRequest):
    count = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=60,
        help_text="As many as the campaign gives at once, when left out.",
    )  # fmt: skip


class ShapeRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client.")
    box = BoxField(required=False, help_text="Of a box.")
    points = PointsField(required=False, help_text="Of an outline its corners, of a point one pair.")
    concepts = serializers.ListField(child=serializers.UUIDField())
    origin = serializers.ChoiceField(choices=ContributionShape.Origin.choices)
    prediction = serializers.UUIDField(allow_null=True)
    certainty = serializers.ChoiceField(
        choices=ContributionShape.Certainty.choices, required=False, help_text="Where the campaign asks."
    )


class ContributionEnvelope(serializers.Serializer[object]):
    """What is the same for every kind of question; the answer itself is read by the kind."""

    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")
    assignment = serializers.UUIDField()
    time_spent_s = FiniteFloatField(required=False, allow_null=True, default=None, min_value=0)
    locale = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)
    device = serializers.ChoiceField(
        choices=["phone", "tablet", "desktop"], required=False, allow_blank=True, default=""
    )
    canvas_size = serializers.ListField(
        child=FiniteFloatField(min_value=1e-6), min_length=2, max_length=2, required=False, allow_null=True,
        default=None, help_text="Width and height of the canvas on which the boxes were drawn.",
    )  # fmt: skip


class StepAnswerRequest(serializers.Serializer[object]):
    """The answer to one step."""

    nothing_here = serializers.BooleanField(default=False)
    shapes = ShapeRequest(many=True, required=False)
    concepts = serializers.ListField(child=serializers.UUIDField(), required=False)
    texts = TextSerializer(many=True, required=False)
    certainty = serializers.ChoiceField(choices=ContributionShape.Certainty.choices, required=False)


class ContributionRequest(ContributionEnvelope):
    """The whole request, for the schema."""

    nothing_here = serializers.BooleanField(default=False)
    shapes = ShapeRequest(many=True, required=False)
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Of a tag question."
    )
    texts = TextSerializer(many=True, required=False, help_text="Where people write; one at most.")
    steps = serializers.DictField(
        child=StepAnswerRequest(), required=False,
        help_text="Of a sequence: the name of each step that is asked, and the answer to it.",
    )  # fmt: skip
    rejected_predictions = serializers.ListField(child=serializers.UUIDField(), required=False)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    certainty = serializers.ChoiceField(
        choices=ContributionShape.Certainty.choices, required=False, help_text="Of a tag question that asks."
    )
    left = serializers.UUIDField(
        required=False, allow_null=True,
        help_text="Of a pair: the annotation that stood on the left when the answer was given.",
    )  # fmt: skip


ANSWER_FIELDS = (
    "nothing_here", "shapes", "concepts", "texts", "steps", "rejected_predictions", "comment", "certainty", "left",
)  # fmt: skip


class ContributionsRequest(serializers.Serializer[object]):
    """Several answers at once, each with an id of its own."""

    contributions = serializers.ListField(child=ContributionRequest(), max_length=60)


class BatchEnvelope(serializers.Serializer[object]):
    """How many there are is settled here; each of them is read by itself."""

    contributions = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=60)


class ProblemSerializer(serializers.Serializer[object]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BatchResultSerializer(serializers.Serializer[object]):
    """What became of one of them: kept, or refused for what it says."""

    id = serializers.CharField(allow_null=True, help_text="As it was sent.")
    status = serializers.IntegerField(help_text="201 kept, 200 here already, else as it would be by itself.")
    receipt = SubmittedSerializer(allow_null=True)
    problem = ProblemSerializer(allow_null=True)


class BatchSubmittedSerializer(serializers.Serializer[object]):
    results = BatchResultSerializer(many=True, help_text="In the order in which they were sent.")
    progress = ProgressSerializer(allow_null=True)
