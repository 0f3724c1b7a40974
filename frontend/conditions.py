"""When a step of a sequence is asked, in people's words: a sentence for the list, and the choices of the form."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.questions import compare
from campaigns.questions.steps import LABELLED
from frontend.templatetags.rubricator import lang
from taxonomy.queries import labels_in

Step = Mapping[str, Any]
# What a condition is about, as the form names it: `name:something`, `name:answers:yes,unsure`, `name:concepts`.
CONCEPTS = "concepts"
# A sentence names so many labels; of more it says how many there are.
MOST_NAMED = 5


def prompt_of(step: Step) -> str:
    """What the step asks, in the reader's language."""
    return lang(step["question"]["prompt"]) or str(step["name"])


def choices_after(before: Sequence[Step]) -> list[tuple[str, str]]:
    """What a step may depend on, as choices of the page."""
    offered = [("", _("always"))]
    for step in before:
        for test in _tests_of(step):
            condition = {"step": step["name"], **test}
            offered.append((choice_of(condition), clause(condition, before, {})))
    return offered


def _tests_of(step: Step) -> list[dict[str, Any]]:
    if step["kind"] == "flag":
        return [{"answers": ["yes"]}, {"answers": ["no"]}, {"answers": ["yes", "unsure"]}]
    if step["kind"] == "compare":
        return [{"answers": some} for some in _some_answers(step)]
    labelled: list[dict[str, Any]] = [{"concepts": []}] if step["kind"] in LABELLED else []
    return [*labelled, {"something": True}, {"something": False}]


def _some_answers(step: Step) -> list[list[str]]:
    """Each answer of a comparison alone, and all but that the two differ."""
    names = [one.name for one in compare.TRAITS.answers_for(step["question"])]
    return [*([name] for name in names), [name for name in names if name not in ("different", "unsure")]]


def choice_of(condition: Mapping[str, Any] | None) -> str:
    """A condition as a choice of the page."""
    if condition is None:
        return ""
    name = condition["step"]
    if "answers" in condition:
        return f"{name}:answers:{','.join(condition['answers'])}"
    if "concepts" in condition:
        return f"{name}:{CONCEPTS}"
    return f"{name}:{'something' if condition['something'] else 'nothing'}"


def condition_by(choice: str, concepts: Sequence[str]) -> dict[str, Any] | None:
    """The condition that a choice of the page means; `concepts` are those picked beside it."""
    name, _colon, rest = choice.partition(":")
    if not rest:
        return None
    if rest.startswith("answers:"):
        return {"step": name, "answers": rest.removeprefix("answers:").split(",")}
    if rest == CONCEPTS:
        return {"step": name, "concepts": list(concepts)}
    return {"step": name, "something": rest == "something"}


def sentences_of(steps: Sequence[Step], language: str) -> list[dict[str, str]]:
    """Of every step when it is asked, and below what its labels stand; one query."""
    labels = labels_in([UUID(pk) for step in steps for pk in _named(step)], language)
    said = {str(pk): label for pk, label in labels.items()}
    return [{"asked": _asked(step, steps, said), "branch": _branch(step, said)} for step in steps]


def _named(step: Step) -> list[str]:
    return [*(step["condition"] or {}).get("concepts", ()), *([step["branch"]] if step["branch"] else ())]


def _asked(step: Step, steps: Sequence[Step], labels: Mapping[str, str]) -> str:
    if step["condition"] is None:
        return _("Always asked.")
    return _("Asked %(when)s.") % {"when": clause(step["condition"], steps, labels)}


def _branch(step: Step, labels: Mapping[str, str]) -> str:
    if not step["branch"]:
        return ""
    return _("Its labels are those below “%(label)s”.") % {"label": labels.get(step["branch"], "?")}


def clause(condition: Mapping[str, Any], steps: Sequence[Step], labels: Mapping[str, str]) -> str:
    """“if “Is there a seal?” was answered by yes”; of concepts without their labels, what the form asks for next."""
    # A full stop inside the quotation marks would stand before the one behind them.
    asked = {step["name"]: prompt_of(step).rstrip(".") for step in steps}
    said = {"step": asked.get(condition["step"], condition["step"])}
    if "answers" in condition:
        return _by_answers(condition["answers"], said)
    if "concepts" in condition:
        return _by_concepts(condition["concepts"], said, labels)
    kinds = {step["name"]: step["kind"] for step in steps}
    if kinds.get(condition["step"]) == "verify":
        return (
            _("if what is shown was kept in “%(step)s”") if condition["something"]
            else _("if what is shown was rejected in “%(step)s”")
        ) % said  # fmt: skip
    if condition["something"]:
        return _("if something was said to “%(step)s”") % said
    return _("if nothing was there for “%(step)s”") % said


def _by_answers(answers: Sequence[str], said: dict[str, str]) -> str:
    if set(answers) == {"yes", "unsure"}:
        return _("unless “%(step)s” was answered by no") % said
    words = {
        "yes": _("yes"),
        "no": _("no"),
        "unsure": _("cannot tell"),
        "same": _("the same"),
        "likely": _("probably the same"),
        "part": _("the same in part"),
        "kin": _("same subject, otherwise made"),
        "different": _("different"),
    }
    said = {**said, "answers": _either([words.get(one, one) for one in answers])}
    return _("if “%(step)s” was answered by %(answers)s") % said


def _by_concepts(concepts: Sequence[str], said: dict[str, str], labels: Mapping[str, str]) -> str:
    if not concepts:
        return _("if certain labels were given to “%(step)s”") % said
    names = [_("“%(label)s”") % {"label": labels.get(pk, "?")} for pk in concepts[:MOST_NAMED]]
    rest = len(concepts) - len(names)
    if rest:
        names.append(ngettext("%(count)d other label", "%(count)d other labels", rest) % {"count": rest})
    said = {**said, "labels": _either(names)}
    sentence = ngettext(
        "if “%(step)s” was answered with %(labels)s, or with something below it",
        "if “%(step)s” was answered with %(labels)s, or with something below one of these",
        len(concepts),
    )
    return sentence % said


def _either(words: Sequence[str]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s or %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}
