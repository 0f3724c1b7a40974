"""What people are asked to do, in the fields of a form: the kind of question, and what each kind leaves open."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.questions import KINDS, compare, get_kind
from campaigns.questions.shapes import DEFAULT, SHAPES
from campaigns.questions.verify import MOST_IN_GRID
from frontend.forms.settings import merging
from frontend.forms.settings.merging import MergingFields

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
SETTINGS = ("many", "required_label", "coarser_counts", "certainty", "find_similar")
SHAPE_LABELS = {"box": _("Boxes"), "polygon": _("Outlines, corner by corner"), "point": _("Points")}
JUDGING_SETTINGS = ("show", "grid", "may_correct")


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


class QuestionFields(MergingFields):
    """Every kind has its fields here; the style sheet shows those of the chosen one, `asked()` takes no other."""

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

    campaign: Campaign | None = None

    def kept(self) -> dict[str, Any]:
        """Settings of the question that the page does not ask for; they go with another kind."""
        if self.campaign and self.campaign.question_kind == self.cleaned_data["question_kind"]:
            return dict(self.campaign.question)
        return {}

    def asked(self) -> dict[str, Any]:
        """Settings that the chosen kind understands."""
        data = self.cleaned_data
        understood = KINDS[data["question_kind"]].validate_config({})
        asked = {name: data[name] for name in SETTINGS if name in understood}
        if data["shapes"] and "shapes" in understood:
            asked["shapes"] = data["shapes"]
            asked |= self.merging()
        if data["asks"] and "asks" in understood:
            asked["asks"] = data["asks"]
        if get_kind(data["question_kind"]).TRAITS.judges:
            given = {name: data[name] for name in JUDGING_SETTINGS}
            asked |= {name: value for name, value in given.items() if value not in ("", None)}
        return asked


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    question = campaign.question
    return {
        "question_kind": campaign.question_kind,
        "shapes": question.get("shapes", DEFAULT),
        "asks": question.get("asks", "hand"),
        **merging.fields_of(campaign),
        "many": question.get("many", False),
        "required_label": question.get("required_label", True),
        "coarser_counts": question.get("coarser_counts", False),
        "certainty": question.get("certainty", False),
        "find_similar": question.get("find_similar", True),
        **{name: question[name] for name in JUDGING_SETTINGS if name in question},
    }
