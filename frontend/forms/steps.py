"""The form of one step of a sequence: what is asked, how it is answered, and on which earlier answer it depends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts.reading import direction_of
from campaigns.models import Campaign
from campaigns.questions import compare
from campaigns.questions.shapes import DEFAULT, SHAPES
from campaigns.questions.steps import BRANCHED, LABELLED, STEP_KINDS
from frontend.conditions import CONCEPTS, Step, choice_of, choices_after, condition_by
from frontend.forms.describing import DescribingFields
from frontend.forms.picking import ConceptsField, Pick, sought
from frontend.forms.settings.question import ASKS_LABELS, QUESTION_LABELS, SHAPE_LABELS
from frontend.forms.settings.texts import named_languages

KEPT = "kept"  # a condition that the page does not offer stays as it is
# What of a step's settings the page asks, by kind.
ASKED = {
    "locate": ("shapes", "many", "required_label"),
    "tag": ("many",),
    "identify": ("many",),
    "verify": ("may_correct", "many"),
    "compare": ("asks",),
}
KEPT_SETTINGS = ("shapes", "many", "required_label", "asks", "may_correct")
PICKED = ("branch", "condition_concepts")
# When it is asked comes after how it is answered.
LAST = ("condition", "condition_concepts")


class StepForm(DescribingFields):
    """`before` are the steps that come earlier, `step` the one that is changed, None for another one.

    `typed` is what somebody has filled in and not yet sent to be kept: it is shown again, and nothing is judged.
    """

    name = forms.RegexField(
        label=_("Short name"), regex=r"^[a-z][a-z0-9-]{0,39}$",
        help_text=_("Small letters, digits and hyphens; it stands with every answer and stays."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What do people do?"), widget=forms.RadioSelect,
        choices=lambda: [(kind, QUESTION_LABELS[kind]) for kind in STEP_KINDS],
        help_text=_("The first step settles what each task is about: an image, a region, something shown, or a pair."),
    )  # fmt: skip
    shapes = forms.ChoiceField(
        label=_("What do they draw?"), required=False, initial=DEFAULT,
        choices=lambda: [(shape, SHAPE_LABELS.get(shape, shape)) for shape in SHAPES],
    )  # fmt: skip
    asks = forms.ChoiceField(
        label=_("Which answers are there?"), required=False, initial="hand",
        choices=lambda: [(asks, ASKS_LABELS.get(asks, asks)) for asks in compare.SETS],
    )  # fmt: skip
    may_correct = forms.BooleanField(
        label=_("People may correct what is shown"), required=False, initial=True,
        help_text=_("Otherwise they say right or wrong."),
    )  # fmt: skip
    branch = ConceptsField(
        label=_("Branch of the vocabulary"), many=False, wide=True,
        help_text=_("Then only labels below this one are offered in this step."),
    )  # fmt: skip
    many = forms.BooleanField(label=_("Several labels may be given"), required=False)
    required_label = forms.BooleanField(label=_("Every shape needs a label"), required=False, initial=True)
    condition = forms.ChoiceField(label=_("Asked"), required=False)
    condition_concepts = ConceptsField(
        label=_("Which labels"), many=True,
        help_text=_("One of these is enough, or anything below it."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, campaign: Campaign, before: Sequence[Step], step: Step | None,
        typed: QueryDict | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.step, self._typed = step, typed
        kwargs["initial"] = _initial(step) if step else {"kind": next(iter(STEP_KINDS))}
        super().__init__(*args, **kwargs)
        self._written = named_languages(campaign)
        for code, language in self._written:
            self.fields[f"prompt_{code}"] = forms.CharField(
                label=_("Question (%(language)s)") % {"language": language}, max_length=200,
                required=code == self._written[0][0],
                widget=forms.TextInput(attrs={"lang": code, "dir": direction_of(code)}),
            )  # fmt: skip
        offered = choices_after(before)
        if step and choice_of(step["condition"]) not in dict(offered):
            offered.append((KEPT, __("as it was set")))
        self.fields["condition"].choices = offered  # type: ignore[attr-defined]
        for name in PICKED:
            self.fields[name].offer(campaign.vocabulary, campaign.branch)  # type: ignore[attr-defined]
        if not any(one["kind"] in LABELLED for one in before):
            del self.fields["condition_concepts"]
        self._order()
        if typed is not None:
            self.initial = {
                name: field.widget.value_from_datadict(typed, {}, name) for name, field in self.fields.items()
            }

    def _order(self) -> None:
        first = ["name", *(f"prompt_{code}" for code, _name in self._written), "kind"]
        self.order_fields([*first, *(name for name in self.fields if name not in (*first, *LAST)), *LAST])

    def look_up(self, language: str) -> None:
        """Have the fields of concepts show what is picked and what is found; after the form is bound or filled in."""
        for name in PICKED:
            if name in self.fields:
                sent = self.data if self.is_bound else self._typed or {}
                words = str(sent.get(f"{name}_q", ""))
                self.look_in(name, self[name].value() or (), words, language)
        if not self.is_bound and "branch" in self.fields and not self._branches():
            del self.fields["branch"]

    def look_in(self, name: str, ids: Sequence[str], words: str, language: str) -> Pick:
        field: Any = self.fields[name]
        found: Pick = field.look(name, ids, words, language)
        return found

    def _branches(self) -> bool:
        """Whether there is a branch to choose: in a flat vocabulary there is none."""
        pick: Pick | None = self.fields["branch"].pick  # type: ignore[attr-defined]
        return pick is not None and bool(pick.picked or pick.count)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        wants = str(data.get("condition", "")).endswith(f":{CONCEPTS}")
        if wants and not data.get("condition_concepts") and "condition_concepts" not in self.errors:
            self.add_error("condition_concepts", __("Pick at least one label."))
        return data

    def value(self) -> dict[str, Any]:
        """The step as settings have it; what the page does not ask stays."""
        data, kept = self.cleaned_data, self.step or {}
        kind = data["kind"]
        question = dict(kept["question"]) if kept.get("kind") == kind else {}
        # What is written in a language that the page does not show stays.
        asked = {code: data[f"prompt_{code}"] for code, _name in self._written}
        prompt = {**(kept.get("question") or {}).get("prompt", {}), **asked}
        question["prompt"] = {code: text for code, text in prompt.items() if text}
        question |= {name: data[name] for name in ASKED.get(kind, ()) if data[name] != ""}
        if kind == "describe":
            question |= self.describing()
        chosen = data["condition"]
        return {
            "name": data["name"],
            "kind": kind,
            "question": question,
            "branch": next(iter(data.get("branch") or ()), None) if kind in BRANCHED else None,
            "condition": kept.get("condition")
            if chosen == KEPT
            else condition_by(chosen, data.get("condition_concepts") or ()),
        }


def unsought(data: QueryDict) -> list[str]:
    """The fields into which words were typed that have not been looked up yet."""
    return [name for name in PICKED if sought(data, name)]


def _initial(step: Step) -> dict[str, Any]:
    question = step["question"]
    return {
        "name": step["name"],
        "kind": step["kind"],
        "condition": choice_of(step["condition"]),
        "condition_concepts": (step["condition"] or {}).get("concepts", []),
        "branch": [step["branch"]] if step["branch"] else [],
        **{f"prompt_{code}": text for code, text in question["prompt"].items()},
        **{name: question[name] for name in KEPT_SETTINGS if name in question},
        **DescribingFields.initial_of(question),
    }
