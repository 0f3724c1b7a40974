"""The form of one step of a sequence: what is asked, how it is answered, and on which earlier answer it depends."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from campaigns.questions.shapes import DEFAULT, SHAPES
from campaigns.questions.steps import STEP_KINDS
from frontend.forms.describing import DescribingFields
from frontend.forms.settings.question import QUESTION_LABELS, SHAPE_LABELS
from frontend.forms.settings.texts import LANGUAGES

Step = Mapping[str, Any]
KEPT = "kept"  # a condition that the page does not offer stays as it is
# What of a step's settings the page asks, by kind.
ASKED = {"locate": ("shapes", "many", "required_label"), "tag": ("many",), "flag": ()}


class StepForm(DescribingFields):
    """`before` are the steps that come earlier, `step` the one that is changed, None for another one."""

    name = forms.RegexField(
        label=_("Short name"), regex=r"^[a-z][a-z0-9-]{0,39}$",
        help_text=_("Small letters, digits and hyphens; it stands with every answer and stays."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What do people do?"), widget=forms.RadioSelect,
        choices=lambda: [(kind, QUESTION_LABELS[kind]) for kind in STEP_KINDS],
    )  # fmt: skip
    condition = forms.ChoiceField(label=_("Asked"), required=False)
    shapes = forms.ChoiceField(
        label=_("What do they draw?"), required=False, initial=DEFAULT,
        choices=lambda: [(shape, SHAPE_LABELS.get(shape, shape)) for shape in SHAPES],
    )  # fmt: skip
    many = forms.BooleanField(label=_("Several labels may be given"), required=False)
    required_label = forms.BooleanField(label=_("Every shape needs a label"), required=False, initial=True)

    def __init__(self, *args: Any, before: Sequence[Step], step: Step | None, **kwargs: Any) -> None:
        self.step = step
        kwargs["initial"] = _initial(step) if step else {"kind": next(iter(STEP_KINDS))}
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"prompt_{code}"] = forms.CharField(
                label=_("Question (%(language)s)") % {"language": language}, max_length=200,
                required=code == settings.LANGUAGE_CODE, widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip
        offered = conditions_after(before)
        if step and step["condition"] and _value(step["condition"]) not in dict(offered):
            offered.append((KEPT, __("as it was set")))
        self.fields["condition"].choices = offered  # type: ignore[attr-defined]
        first = ["name", *(f"prompt_{code}" for code in LANGUAGES), "kind", "condition"]
        self.order_fields([*first, *(name for name in self.fields if name not in first)])

    def value(self) -> dict[str, Any]:
        """The step as settings have it; what the page does not ask stays."""
        data, kept = self.cleaned_data, self.step or {}
        kind = data["kind"]
        question = dict(kept["question"]) if kept.get("kind") == kind else {}
        question["prompt"] = {code: data[f"prompt_{code}"] for code in LANGUAGES if data[f"prompt_{code}"]}
        question |= {name: data[name] for name in ASKED.get(kind, ()) if data[name] != ""}
        if kind == "describe":
            question |= self.describing()
        chosen = data["condition"]
        return {
            "name": data["name"],
            "kind": kind,
            "question": question,
            "branch": kept.get("branch") if kept.get("kind") == kind else None,
            "condition": kept.get("condition") if chosen == KEPT else _condition(chosen),
        }


def _initial(step: Step) -> dict[str, Any]:
    question = step["question"]
    return {
        "name": step["name"],
        "kind": step["kind"],
        "condition": _value(step["condition"]),
        **{f"prompt_{code}": question["prompt"].get(code, "") for code in LANGUAGES},
        **{name: question[name] for name in ("shapes", "many", "required_label") if name in question},
        **DescribingFields.initial_of(question),
    }


def conditions_after(before: Sequence[Step]) -> list[tuple[str, str]]:
    """What a step may depend on, as choices of the page."""
    offered = [("", __("always"))]
    for step in before:
        name, said = step["name"], {"step": prompt_of(step)}
        if step["kind"] == "flag":
            offered += [
                (f"{name}:answers:yes", __("if “%(step)s” was answered by yes") % said),
                (f"{name}:answers:no", __("if “%(step)s” was answered by no") % said),
                (f"{name}:answers:yes,unsure", __("unless “%(step)s” was answered by no") % said),
            ]
        else:
            offered += [
                (f"{name}:something", __("if something was said to “%(step)s”") % said),
                (f"{name}:nothing", __("if nothing was there for “%(step)s”") % said),
            ]
    return offered


def prompt_of(step: Step) -> str:
    prompt = step["question"]["prompt"]
    return str(prompt.get("en") or next(iter(prompt.values()), "") or step["name"])


def _value(condition: Step | None) -> str:
    """A condition as a choice of the page; one of concepts is none."""
    if condition is None:
        return ""
    if "answers" in condition:
        return f"{condition['step']}:answers:{','.join(condition['answers'])}"
    if "something" in condition:
        return f"{condition['step']}:{'something' if condition['something'] else 'nothing'}"
    return KEPT


def _condition(chosen: str) -> dict[str, Any] | None:
    name, _colon, rest = chosen.partition(":")
    if not rest:
        return None
    if rest.startswith("answers:"):
        return {"step": name, "answers": rest.removeprefix("answers:").split(",")}
    return {"step": name, "something": rest == "something"}
