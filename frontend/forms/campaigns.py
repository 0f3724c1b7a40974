"""Forms of a campaign: what it asks, on which canvases, who may do what, and its predictors."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Person, Role
from annotation.models import Annotation, Canvas, Layer, Manifest
from annotation.permissions import visible_layers, visible_manifests
from campaigns.actions import Wanted
from campaigns.models import Campaign, PredictionRun
from campaigns.questions import KINDS, compare, get_kind
from campaigns.questions.shapes import DEFAULT, SHAPES
from campaigns.questions.verify import MOST_IN_GRID
from campaigns.simulated import RuleOf
from frontend.forms.describing import DescribingFields
from frontend.forms.enough import EnoughFields, fields_of
from frontend.templatetags.rubricator import lang
from taxonomy.models import Concept, Grouping, Vocabulary
from taxonomy.permissions import visible_vocabularies
from taxonomy.queries import concepts_of, show

LANGUAGES = [code for code, _name in settings.LANGUAGES]
COURSE = ("pilot_size", "order", "order_seed", "opens_at", "closes_at", "target_on")
TEXTS = ("title", "prompt", "summary", "instructions")
QUESTION_LABELS = {
    "locate": _("Draw labelled shapes"),
    "tag": _("Tag the whole image"),
    "identify": _("Name regions that are there already"),
    "flag": _("Say yes, no or “cannot tell”"),
    "verify": _("Say whether what is shown is right"),
    "compare": _("Compare two regions: same hand, same object?"),
    "describe": _("Write a short text"),
    "sequence": _("Answer several questions, one after the other"),
}
ASKS_LABELS = {
    "hand": _("Same hand? — the same, probably the same, different, cannot tell"),
    "object": _("Same object? — the same, in part, same subject, different, cannot tell"),
}
MERGED = [
    ("median", _("The median: for outlines what most people drew")),
    (_("Boxes"), [("mean", _("The mean by reliability")), ("max_iou", _("The greatest common overlap"))]),
    (
        _("Outlines"),
        [
            ("union", _("All that anybody drew")),
            ("intersection", _("What all drew")),
            ("medoid", _("The one most like all others")),
        ],
    ),
]
SETTINGS = ("many", "required_label", "coarser_counts", "certainty", "find_similar")
SHAPE_LABELS = {"box": _("Boxes"), "polygon": _("Outlines, corner by corner"), "point": _("Points")}
JUDGING_SETTINGS = ("show", "grid", "may_correct")
REVIEWING = ("examples_wanted", "reviews")
WATCHING = ("gold_share", "qualify_count", "qualify_share", "blind_share")
LICENCES = [
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
    ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
    ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
]


class PercentField(forms.FloatField):
    """A share from 0 to 1 that people read and write in per cent; None where nothing was sent."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value * 100:.6g}" if isinstance(value, float) else value

    def clean(self, value: Any) -> float | None:
        percent = super().clean(value)
        return None if percent is None else round(percent / 100, 8)


class DateTimeInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DateInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class KindSelect(forms.RadioSelect):
    """Tells the style sheet which kinds bring their own answers: what these make needless is then not shown."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        traits = KINDS[str(value)].TRAITS if str(value) in KINDS else None
        if traits and traits.own_words:
            option["attrs"]["data-own-answers"] = True
        if traits and not traits.takes_nothing:
            option["attrs"]["data-never-nothing"] = True
        return option


class CampaignForm(EnoughFields, DescribingFields):
    """Texts come once for each language of the site; `values()` gives what the actions take.

    `chosen` is the vocabulary whose branches are offered when nothing has been sent yet.
    """

    question_kind = forms.ChoiceField(
        label=_("What do people do?"), widget=KindSelect, initial=next(iter(KINDS)),
        choices=lambda: [(kind, QUESTION_LABELS.get(kind, kind)) for kind in KINDS],
    )  # fmt: skip
    shapes = forms.ChoiceField(
        label=_("What do they draw?"), widget=forms.RadioSelect, required=False, initial=DEFAULT,
        choices=lambda: [(shape, SHAPE_LABELS.get(shape, shape)) for shape in SHAPES],
        help_text=_("Where shapes are drawn. It stands once people have answered."),
    )  # fmt: skip
    asks = forms.ChoiceField(
        label=_("Which answers are there?"), widget=forms.RadioSelect, required=False, initial="hand",
        choices=lambda: [(asks, ASKS_LABELS.get(asks, asks)) for asks in compare.SETS],
        help_text=_("Where regions are compared. Their words are yours; once people have answered, they stand."),
    )  # fmt: skip
    many = forms.BooleanField(label=_("Several labels may be given"), required=False)
    required_label = forms.BooleanField(
        label=_("Every shape needs a label"), required=False, initial=True,
        help_text=_("Without it people may draw what they cannot name."),
    )  # fmt: skip
    merged = forms.ChoiceField(
        label=_("How places are merged"), choices=MERGED, required=False,
        help_text=_("Each merged annotation names it. The mean listens more to those whom a model finds reliable."),
    )  # fmt: skip
    coarser_counts = forms.BooleanField(
        label=_("A broader answer contradicts nobody"), required=False,
        help_text=_("People say what they are sure of: “bird” agrees in part with “kingfisher”."),
    )  # fmt: skip
    certainty = forms.BooleanField(
        label=_("Ask people how sure they are"), required=False,
        help_text=_("Of each label: sure, likely or unsure. They may leave it out."),
    )  # fmt: skip
    find_similar = forms.BooleanField(
        label=_("People may have more like a box of theirs looked for"), required=False, initial=True,
        help_text=_("On the same image. They look at each before they take it over."),
    )  # fmt: skip
    show = forms.ChoiceField(
        label=_("What is shown comes"), required=False, initial="one",
        choices=[("one", _("One by one")), ("grid", _("Many pictures at a glance"))],
        help_text=_("Where people say whether something is right."),
    )  # fmt: skip
    grid = forms.IntegerField(
        label=_("Pictures at a glance"), min_value=1, max_value=MOST_IN_GRID, required=False, initial=20
    )
    may_correct = forms.BooleanField(
        label=_("People may correct what is shown"), required=False, initial=True,
        help_text=_("Otherwise they say right or wrong."),
    )  # fmt: skip
    vocabulary = forms.ModelChoiceField(
        label=_("Vocabulary"), queryset=Vocabulary.objects.none(), empty_label=_("Choose one"), required=False,
        help_text=_("The words that people may give."),
    )  # fmt: skip
    branch = forms.ChoiceField(
        label=_("Branch"), required=False, help_text=_("Only concepts below this one are offered.")
    )
    lease_minutes = forms.IntegerField(
        label=_("Minutes for one image"), min_value=5, max_value=24 * 60, initial=30,
        help_text=_("An image that was taken and not handed in goes to somebody else after this time."),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("Everybody may see it once it is open"), required=False, initial=True,
        help_text=_("Otherwise only the people you give a role."),
    )  # fmt: skip
    allows_anonymous = forms.BooleanField(
        label=_("Visitors may contribute without signing in"), required=False,
        help_text=_("More hands, and nobody to ask back."),
    )  # fmt: skip
    rights = forms.ChoiceField(label=_("Licence of the results"), choices=LICENCES)
    gold_share = PercentField(
        label=_("Known answers among the images"), most=50,
        help_text=_("In per cent. Meanwhile the ground truth is not public, since it would give them away."),
    )  # fmt: skip
    gold_feedback = forms.BooleanField(
        label=_("Tell people the known answer after they have handed in"), required=False,
        help_text=_("It teaches; whoever is told also knows that this one was known."),
    )  # fmt: skip
    qualify_count = forms.IntegerField(
        label=_("Known answers before anything else"), min_value=0, max_value=100, required=False,
        help_text=_("How many somebody new is given first. 0: everybody begins at once."),
    )  # fmt: skip
    qualify_share = PercentField(
        label=_("How well they must be answered"), most=100,
        help_text=_("Mean score in per cent. Who stays below may try again after a day."),
    )  # fmt: skip
    blind_share = PercentField(
        label=_("Images without suggestions"), most=100,
        help_text=_("In per cent; chance decides for each image. The overview then compares both."),
    )  # fmt: skip
    examples_wanted = forms.IntegerField(
        label=_("Examples wanted of each label"), min_value=0, max_value=10_000, required=False,
        help_text=_(
            "The review begins with disputes about labels that have fewer decided examples. "
            "0: all labels count the same."
        ),
    )  # fmt: skip
    reviews = forms.TypedChoiceField(
        label=_("Who decides"), choices=[(1, _("One reviewer")), (2, _("Two reviewers who say the same"))],
        coerce=int, empty_value=None, required=False, initial=1,
        help_text=_("Neither sees what the other said. Where they differ, a third settles it."),
    )  # fmt: skip
    pilot_size = forms.IntegerField(
        label=_("Images of the pilot"), min_value=1, max_value=2**31 - 1, required=False,
        help_text=_("The first so many are offered at the beginning; you go on with all when you like what you see."),
    )  # fmt: skip
    order = forms.ChoiceField(
        label=_("Order of the images"), choices=Campaign.Order.choices, initial=Campaign.Order.SEQUENTIAL,
        help_text=_("It may change while people work: nobody loses what is in hand."),
    )  # fmt: skip
    order_seed = forms.IntegerField(
        label=_("Number of the draw"), min_value=0, max_value=2**31 - 1, initial=1,
        help_text=_("The same number gives the same order at random or in turn."),
    )  # fmt: skip
    opens_at = forms.DateTimeField(
        label=_("Opens by itself"), required=False, widget=DateTimeInput(),
        help_text=_("While it is a draft, and if nothing is missing."),
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label=_("Closes by itself"), required=False, widget=DateTimeInput(),
        help_text=_("From then on nothing is given out; what comes in later is kept without counting."),
    )  # fmt: skip
    target_on = forms.DateField(
        label=_("To be done by"), required=False, widget=DateInput(),
        help_text=_("The overview says whether the work will be done by then. It closes nothing."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        person: Person,
        campaign: Campaign | None = None,
        chosen: str | None = None,
        template: Campaign | None = None,
        **kwargs: Any,
    ) -> None:
        self.campaign = campaign
        begun = campaign or template
        kept = self._initial(begun) if begun else {}
        if template and kept["rights"] not in dict(LICENCES):
            del kept["rights"]  # a licence is chosen, not taken over in silence
        if chosen:
            kept.update(vocabulary=chosen, branch="")
        kwargs["initial"] = {**kept, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        vocabularies = visible_vocabularies(person)
        if campaign:  # its own stays among the choices, whoever may see it by now
            own = Q(pk=campaign.vocabulary_id) | Q(pk__in=vocabularies.values("pk"))
            vocabularies = Vocabulary.objects.filter(own)
        self._set_rights()
        self.fields["vocabulary"].queryset = vocabularies  # type: ignore[attr-defined]
        self.fields["vocabulary"].label_from_instance = _title  # type: ignore[attr-defined]
        offered = _branches(vocabularies, self["vocabulary"].value())
        self.fields["branch"].choices = [("", _("The whole vocabulary")), *offered]  # type: ignore[attr-defined]
        for code, name in settings.LANGUAGES:
            self._add_texts(code, str(name))
        self._offer_runs()
        self.judges = campaign is not None and get_kind(campaign.question_kind).TRAITS.judges
        if self.judges:
            del self.fields["blind_share"]  # what is judged is shown to everybody
        if campaign is None:
            self.fields["slug"] = forms.SlugField(
                label=_("Short name"), max_length=60, required=False,
                help_text=_("It stands in the address; made from the title when left empty."),
            )  # fmt: skip

    def _offer_runs(self) -> None:
        """An order by confidence is offered where a model has been asked."""
        runs = PredictionRun.objects.of(self.campaign).select_related("predictor")
        if self.campaign is None or not runs:
            known = [choice for choice in Campaign.Order.choices if choice[0] != Campaign.Order.UNCERTAIN]
            self.fields["order"].choices = known  # type: ignore[attr-defined]
            return
        self.fields["order_run"] = forms.ModelChoiceField(
            label=_("Whose confidence"), queryset=runs, required=False, empty_label=_("None"),
            help_text=_("The run that tells what is uncertain."),
        )  # fmt: skip

    def _set_rights(self) -> None:
        """A licence set elsewhere stays among the choices; none is chosen in silence where none was."""
        if self.campaign is None:
            return
        kept = self.campaign.rights
        if kept not in dict(LICENCES):
            offered = [(kept, kept or _("Not chosen yet")), *LICENCES]
            self.fields["rights"].choices = offered  # type: ignore[attr-defined]

    def texts(self) -> list[dict[str, Any]]:
        """For each language its name and its fields, as the page groups them."""
        return [
            {"code": code, "name": name, "fields": [self[f"{text}_{code}"] for text in TEXTS]}
            for code, name in settings.LANGUAGES
        ]

    def _add_texts(self, code: str, name: str) -> None:
        required = code == settings.LANGUAGE_CODE
        said = {"language": name}
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Title (%(language)s)") % said, max_length=120, required=required,
            widget=forms.TextInput(attrs={"lang": code}),
        )  # fmt: skip
        self.fields[f"prompt_{code}"] = forms.CharField(
            label=_("Question (%(language)s)") % said, max_length=200, required=required,
            widget=forms.TextInput(attrs={"lang": code}),
            help_text=_("What people are asked, in one sentence."),
        )  # fmt: skip
        self.fields[f"summary_{code}"] = forms.CharField(
            label=_("Summary (%(language)s)") % said, max_length=400, required=False,
            widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            help_text=_("One or two sentences that invite people."),
        )  # fmt: skip
        self.fields[f"instructions_{code}"] = forms.CharField(
            label=_("Instructions (%(language)s)") % said, required=False, max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 8, "lang": code}),
            help_text=_("Markdown; shown beside the image."),
        )  # fmt: skip

    @staticmethod
    def _initial(campaign: Campaign) -> dict[str, Any]:
        texts = {
            "title": campaign.title,
            "summary": campaign.summary,
            "instructions": campaign.instructions,
            "prompt": campaign.question.get("prompt", {}),
        }
        return {
            "question_kind": campaign.question_kind,
            "vocabulary": campaign.vocabulary_id,
            "branch": str(campaign.branch_id or ""),
            "shapes": campaign.question.get("shapes", DEFAULT),
            "asks": campaign.question.get("asks", "hand"),
            "merged": campaign.question.get("merged", "median"),
            "many": campaign.question.get("many", False),
            "required_label": campaign.question.get("required_label", True),
            "coarser_counts": campaign.question.get("coarser_counts", False),
            "certainty": campaign.question.get("certainty", False),
            "find_similar": campaign.question.get("find_similar", True),
            **{name: campaign.question[name] for name in JUDGING_SETTINGS if name in campaign.question},
            **DescribingFields.initial_of(campaign.question),
            **fields_of(RuleOf(campaign.overlap, campaign.retirement)),
            "lease_minutes": campaign.lease_minutes,
            "allows_anonymous": campaign.allows_anonymous,
            "is_public": campaign.is_public,
            "rights": campaign.rights,
            **{name: getattr(campaign, name) for name in (*WATCHING, "gold_feedback")},
            **{name: getattr(campaign, name) for name in (*COURSE, *REVIEWING)},
            "order_run": campaign.order_run_id,
            **{f"{name}_{code}": texts[name].get(code, "") for name in TEXTS for code in LANGUAGES},
        }

    def clean(self) -> dict[str, Any]:
        """A vocabulary is needed where the question brings no answers of its own."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._brings_answers() and not data.get("vocabulary") and "vocabulary" not in self.errors:
            self.add_error("vocabulary", forms.Field.default_error_messages["required"])
        return data

    def _brings_answers(self) -> bool:
        """Whether a vocabulary may be left out: a sequence is put together on a page of its own."""
        kind = KINDS.get(self.cleaned_data.get("question_kind", ""))
        asks_later = (
            kind is not None and kind.TRAITS.says == "steps" and not self.cleaned_data.get("vocabulary")
        )
        return bool(kind and kind.TRAITS.own_words) or asks_later

    def clean_branch(self) -> Concept | None:
        chosen = self.cleaned_data["branch"]
        return Concept.objects.get(pk=chosen) if chosen else None

    def short_name(self) -> str:
        data = self.cleaned_data
        return data.get("slug") or slugify(data.get("title_en") or data.get("title_fr") or "")[:60]

    def values(self) -> dict[str, Any]:
        """The settings as `create_campaign` and `configure_campaign` take them."""
        data = self.cleaned_data
        texts = {
            name: {code: data[f"{name}_{code}"] for code in LANGUAGES if data[f"{name}_{code}"]}
            for name in TEXTS
        }
        kept: dict[str, Any] = {}  # settings that the page does not ask for
        if self.campaign and self.campaign.question_kind == data["question_kind"]:
            kept = dict(self.campaign.question)
        understood = KINDS[data["question_kind"]].validate_config({})
        asked = {name: data[name] for name in SETTINGS if name in understood}
        if data["shapes"] and "shapes" in understood:
            asked["shapes"] = data["shapes"]
            if data["merged"]:
                asked["merged"] = data["merged"]
        if data["asks"] and "asks" in understood:
            asked["asks"] = data["asks"]
            if data["asks"] != kept.get("asks"):
                kept.pop("answers", None)  # others are made
        if get_kind(data["question_kind"]).TRAITS.judges:
            given = {name: data[name] for name in JUDGING_SETTINGS}
            asked |= {name: value for name, value in given.items() if value not in ("", None)}
        if get_kind(data["question_kind"]).TRAITS.says == "texts":
            asked |= self.describing()
        return {
            "title": texts["title"],
            "summary": texts["summary"],
            "instructions": texts["instructions"],
            "question_kind": data["question_kind"],
            "question": {**kept, "prompt": texts["prompt"], **asked},
            **self._words(),
            "overlap": data["overlap"],
            "retirement": self.conditions(),
            "lease_minutes": data["lease_minutes"],
            "allows_anonymous": data["allows_anonymous"],
            "is_public": data["is_public"],
            "rights": data["rights"],
            **self._watching(),
            **{name: data[name] for name in COURSE},
            **{name: data[name] for name in REVIEWING if data[name] is not None},
            **({"order_run": data["order_run"]} if "order_run" in data else {}),
        }

    def _words(self) -> dict[str, Any]:
        """The vocabulary and its branch, unless the question brings its own."""
        if self._brings_answers():
            return {}
        return {name: self.cleaned_data[name] for name in ("vocabulary", "branch")}

    def _watching(self) -> dict[str, Any]:
        """Known answers and the blind arm, as far as the page asks about them: a new draft does not."""
        if self.campaign is None:
            return {}
        given = {name: self.cleaned_data.get(name) for name in WATCHING}
        kept = {name: value for name, value in given.items() if value is not None}
        return {**kept, "gold_feedback": self.cleaned_data["gold_feedback"]}


MOST_BRANCHES = 500


def _branches(vocabularies: QuerySet[Vocabulary], chosen: object) -> list[tuple[str, str]]:
    """Concepts of the chosen vocabulary that have narrower ones, indented as in the tree; at most 500."""
    key = chosen.pk if isinstance(chosen, Vocabulary) else str(chosen or "")
    if not str(key).isdecimal() or len(str(key)) > 18:
        return []
    vocabulary = vocabularies.filter(pk=int(key)).first()
    if vocabulary is None:
        return []
    with_narrower = Concept.objects.filter(parent=OuterRef("pk"))
    concepts = concepts_of(vocabulary).filter(Exists(with_narrower)).order_by("preorder")[:MOST_BRANCHES]
    shown = show(concepts, (get_language() or "en").split("-")[0])
    return [(str(concept.id), "\u2003" * len(concept.path) + concept.label) for concept in shown]


def _title(vocabulary: Vocabulary) -> str:
    language = (get_language() or "en").split("-")[0]
    return vocabulary.title.get(language) or next(iter(vocabulary.title.values()), vocabulary.slug)


class RegionsForm(forms.Form):
    """The boxes of a layer: each becomes a region to look at."""

    layer = forms.ModelChoiceField(
        label=_("Layer"), queryset=Layer.objects.none(),
        help_text=_("Every box in it becomes a task: people see the image with this region marked."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = Annotation.objects.filter(layer=OuterRef("pk"), w__gt=0, h__gt=0, deleted_at=None)
        others = visible_layers(person).exclude(kind__in=[Layer.Kind.CONTRIBUTIONS, Layer.Kind.DECISIONS])
        self.fields["layer"].queryset = others.filter(Exists(boxes)).order_by("-created_at")  # type: ignore[attr-defined]
        self.fields["layer"].label_from_instance = lambda layer: lang(layer.label) or str(layer.pk)  # type: ignore[attr-defined]


class ShownForm(RegionsForm):
    """The annotations of a layer that people are to judge."""

    concept = forms.ChoiceField(
        label=_("Label"), required=False, help_text=_("Only those with this label or a narrower one.")
    )
    least = PercentField(
        label=_("Least confidence"), most=100, help_text=_("In per cent; only what a model has said has one.")
    )
    most = PercentField(label=_("Most confidence"), most=100)

    def __init__(self, *args: Any, person: Person, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        layer: Any = self.fields["layer"]
        layer.help_text = _("Every annotation in it is shown once, to be accepted, corrected or rejected.")
        concepts = concepts_of(campaign.vocabulary, campaign.branch).order_by("preorder")[:MOST_BRANCHES]
        shown = show(concepts, (get_language() or "en").split("-")[0])
        offered = [(str(one.id), "\u2003" * len(one.path) + one.label) for one in shown]
        self.fields["concept"].choices = [("", _("Any")), *offered]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Which annotations, as the action takes it."""
        data = self.cleaned_data
        return Wanted((UUID(data["concept"]),) if data["concept"] else (), data["least"], data["most"])


class CanvasesForm(forms.Form):
    """Whole manifests, the newest first or those whose title has the words of `q`."""

    MOST_OFFERED = 60

    manifests = forms.ModelMultipleChoiceField(
        label=_("Sources"), queryset=Manifest.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Every image of the chosen sources becomes a task. Images already in the campaign stay once."
        ),
        error_messages={"required": _("Choose at least one source.")},
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, campaign: Campaign, q: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = visible_manifests(person).defer("document", "metadata")
        offered = (
            visible.annotate(words=Cast("label", TextField())).filter(words__icontains=q) if q else visible
        )
        keys = list(offered.values_list("pk", flat=True)[: self.MOST_OFFERED + 1])
        self.has_more = len(keys) > self.MOST_OFFERED
        sent = self.data.getlist("manifests") if self.is_bound else []  # type: ignore[attr-defined]
        keys = [*keys[: self.MOST_OFFERED], *(pk for pk in sent if _is_uuid(pk))]
        first = Prefetch("canvases", queryset=Canvas.objects.filter(position=0), to_attr="first_canvases")
        tasks = Count("canvases__tasks", filter=Q(canvases__tasks__campaign=campaign), distinct=True)
        shown = visible.filter(pk__in=keys).prefetch_related(first)
        self.fields["manifests"].queryset = shown.annotate(  # type: ignore[attr-defined]
            canvas_count=Count("canvases", distinct=True), task_count=tasks
        )
        self.fields["manifests"].label_from_instance = lambda manifest: lang(manifest.label) or manifest.uri  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


NO_ROLE = "none"


class PersonForm(forms.Form):
    """Give somebody a role in the campaign, or take it away."""

    who = forms.CharField(label=_("User name or e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"), choices=[*Role.choices, (NO_ROLE, _("No role"))], initial=Role.REVIEWER
    )

    def clean_role(self) -> Role | None:
        role = self.cleaned_data["role"]
        return None if role == NO_ROLE else Role(role)

    def clean_who(self) -> User:
        who = self.cleaned_data["who"].strip().replace("\x00", "")
        user = (
            User.objects.filter(username__iexact=who).first()
            or User.objects.filter(email__iexact=who).first()
        )
        if user is None:
            raise forms.ValidationError(_("Nobody with this name or address has an account here yet."))
        return user


class ShownRunForm(forms.Form):
    """Which predictions contributors see."""

    run = forms.ModelChoiceField(
        label=_("Predictions shown to contributors"),
        queryset=PredictionRun.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = PredictionRun.objects.of(campaign).select_related("predictor")
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = run_label  # type: ignore[attr-defined]


def run_label(run: PredictionRun) -> str:
    return f"{run.predictor.name} · {date_format(localtime(run.created_at), 'SHORT_DATETIME_FORMAT')}"


class TemplateMatchForm(forms.Form):
    """*Find more like this*: what people have drawn so far serves as examples."""

    examples = forms.IntegerField(
        label=_("Examples per label"), min_value=1, max_value=10, initial=3,
        help_text=_("The boxes that most people agree on are taken as examples."),
    )  # fmt: skip
    threshold = forms.FloatField(
        label=_("Least likeness"), min_value=0.3, max_value=0.99, initial=0.7,
        help_text=_("From 0 to 1. Higher finds less and errs less."),
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )  # fmt: skip


class HttpPredictorForm(forms.Form):
    """A model behind an address."""

    name = forms.CharField(label=_("Name of the model"), max_length=120)
    version = forms.CharField(label=_("Version"), max_length=60, required=False)
    url = forms.URLField(label=_("Address"), max_length=2000, assume_scheme="https")
    labels = forms.CharField(
        label=_("Labels"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_(
            "One a line: the model’s class, =, and the notation of the concept. For example: clef.G = clef-g"
        ),
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """What a release says of itself."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is in this release and what changed since the last one."),
    )  # fmt: skip
    rights = forms.ChoiceField(label=_("Licence"), choices=LICENCES)
    is_public = forms.BooleanField(label=_("Everybody may download it"), required=False, initial=True)
    grouping = forms.ModelChoiceField(
        Grouping.objects.none(), label=_("Grouping"), required=False, empty_label=_("every concept by itself"),
        help_text=_("COCO and CSV then name its classes, with the concepts beside them."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grouping"]
        field.queryset = Grouping.objects.filter(vocabulary=campaign.vocabulary)
