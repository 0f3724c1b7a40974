"""Forms of a campaign: what it asks, on which canvases, who may do what, and its predictors."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Person, Role
from annotation.permissions import visible_manifests
from campaigns.models import Campaign, PredictionRun
from campaigns.questions import KINDS
from taxonomy.models import Concept, Vocabulary
from taxonomy.permissions import visible_vocabularies
from taxonomy.queries import concepts_of, labels_in

LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEXTS = ("title", "summary", "prompt", "instructions")
QUESTION_LABELS = {"locate": _("Draw labelled boxes"), "tag": _("Tag the whole image")}
LICENCES = [
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
    ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
    ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
]


class CampaignForm(forms.Form):
    """Texts come once for each language of the site; `values()` gives what the actions take."""

    question_kind = forms.ChoiceField(
        label=_("What do people do?"), widget=forms.RadioSelect,
        choices=lambda: [(kind, QUESTION_LABELS.get(kind, kind)) for kind in KINDS],
    )  # fmt: skip
    vocabulary = forms.ModelChoiceField(label=_("Vocabulary"), queryset=Vocabulary.objects.none())
    branch = forms.ChoiceField(
        label=_("Branch"), required=False, help_text=_("Only concepts below this one are offered.")
    )
    many = forms.BooleanField(label=_("Several labels may be given"), required=False)
    overlap = forms.IntegerField(
        label=_("People per image"), min_value=1, max_value=50, initial=3,
        help_text=_("How many people see each image. Three or more let you measure agreement."),
    )  # fmt: skip
    allows_anonymous = forms.BooleanField(label=_("Visitors may contribute without signing in"), required=False)
    is_public = forms.BooleanField(label=_("Everybody may see it once it is open"), required=False, initial=True)
    rights = forms.ChoiceField(label=_("Licence of the results"), choices=LICENCES)

    def __init__(self, *args: Any, person: Person, campaign: Campaign | None = None, **kwargs: Any) -> None:
        self.campaign = campaign
        if campaign is not None:
            kwargs.setdefault("initial", self._initial(campaign))
        super().__init__(*args, **kwargs)
        self.fields["vocabulary"].queryset = visible_vocabularies(person)  # type: ignore[attr-defined]
        self.fields["vocabulary"].label_from_instance = _title  # type: ignore[attr-defined]
        self.fields["branch"].choices = [("", _("The whole vocabulary")), *self._branches()]  # type: ignore[attr-defined]
        for code, name in settings.LANGUAGES:
            self._add_texts(code, str(name))
        if campaign is None:
            self.fields["slug"] = forms.SlugField(
                label=_("Short name"), max_length=60, required=False,
                help_text=_("It stands in the address; made from the title when left empty."),
            )  # fmt: skip

    def _add_texts(self, code: str, name: str) -> None:
        required = code == settings.LANGUAGE_CODE
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Title (%(language)s)") % {"language": name}, max_length=120, required=required
        )
        self.fields[f"summary_{code}"] = forms.CharField(
            label=_("Summary (%(language)s)") % {"language": name}, max_length=400, required=False,
            widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One or two sentences that invite people."),
        )  # fmt: skip
        self.fields[f"prompt_{code}"] = forms.CharField(
            label=_("Question (%(language)s)") % {"language": name}, max_length=200, required=required
        )
        self.fields[f"instructions_{code}"] = forms.CharField(
            label=_("Instructions (%(language)s)") % {"language": name}, required=False, max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 6}), help_text=_("Markdown; shown beside the image."),
        )  # fmt: skip

    def _branches(self) -> list[tuple[str, str]]:
        """Concepts that have narrower ones, of the chosen vocabulary (or of all the visible ones)."""
        chosen = self.data.get("vocabulary") if self.is_bound else self.campaign and self.campaign.vocabulary_id
        if not chosen or not str(chosen).isdigit():
            return []
        vocabulary = Vocabulary.objects.filter(pk=int(chosen)).first()
        if vocabulary is None:
            return []
        concepts = list(concepts_of(vocabulary).filter(children__isnull=False).distinct().order_by("preorder")[:500])
        labels = labels_in([concept.pk for concept in concepts], (get_language() or "en").split("-")[0])
        return [(str(c.pk), "\u2003" * c.depth + labels.get(c.pk, c.notation or c.uri)) for c in concepts]

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
            "many": campaign.question.get("many", False),
            "overlap": campaign.overlap,
            "allows_anonymous": campaign.allows_anonymous,
            "is_public": campaign.is_public,
            "rights": campaign.rights,
            **{f"{name}_{code}": texts[name].get(code, "") for name in TEXTS for code in LANGUAGES},
        }

    def clean_branch(self) -> Concept | None:
        chosen = self.cleaned_data["branch"]
        return Concept.objects.get(pk=chosen) if chosen else None

    def slug(self) -> str:
        data = self.cleaned_data
        return data.get("slug") or slugify(data.get("title_en") or data.get("title_fr") or "")[:60]

    def values(self) -> dict[str, Any]:
        """The settings as `create_campaign` and `configure_campaign` take them."""
        data = self.cleaned_data
        texts = {name: {code: data[f"{name}_{code}"] for code in LANGUAGES if data[f"{name}_{code}"]} for name in TEXTS}
        kept = dict(self.campaign.question) if self.campaign else {}
        return {
            "title": texts["title"],
            "summary": texts["summary"],
            "instructions": texts["instructions"],
            "question_kind": data["question_kind"],
            "question": {**kept, "prompt": texts["prompt"], "many": data["many"]},
            "vocabulary": data["vocabulary"],
            "branch": data["branch"],
            "overlap": data["overlap"],
            "allows_anonymous": data["allows_anonymous"],
            "is_public": data["is_public"],
            "rights": data["rights"],
        }


def _title(vocabulary: Vocabulary) -> str:
    language = (get_language() or "en").split("-")[0]
    return vocabulary.title.get(language) or next(iter(vocabulary.title.values()), vocabulary.slug)


class CanvasesForm(forms.Form):
    """Whole manifests; single canvases are chosen on the manifest's own page through the API."""

    manifests = forms.ModelMultipleChoiceField(
        label=_("Sources"), queryset=None, widget=forms.CheckboxSelectMultiple,
        help_text=_("Every image of the chosen sources becomes a task. Images already in the campaign stay once."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manifests"].queryset = visible_manifests(person).defer("document", "metadata")  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Give somebody a role in the campaign."""

    who = forms.CharField(label=_("User name or e-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role)

    def clean_who(self) -> User:
        who = self.cleaned_data["who"].strip()
        user = User.objects.filter(username__iexact=who).first() or User.objects.filter(email__iexact=who).first()
        if user is None:
            raise forms.ValidationError(_("Nobody with this name or address has an account here yet."))
        return user


class ShownRunForm(forms.Form):
    """Which predictions contributors see."""

    run = forms.ModelChoiceField(
        label=_("Predictions shown to contributors"), queryset=None, required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = PredictionRun.objects.filter(predictor__campaign=campaign).select_related("predictor")
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = lambda run: f"{run.predictor.name} · {run.created_at:%Y-%m-%d %H:%M}"  # type: ignore[attr-defined]


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
        help_text=_("One a line: the model's class, =, and the notation of the concept. For example: clef.G = clef-g"),
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """What a release says of itself."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is in this release and what changed since the last one."),
    )  # fmt: skip
    rights = forms.ChoiceField(label=_("Licence"), choices=LICENCES)
    is_public = forms.BooleanField(label=_("Everybody may download it"), required=False, initial=True)
