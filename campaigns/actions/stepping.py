"""The steps of a sequence when a campaign is written: their own answers are made, what they name must be there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.answers import is_id, make_answer, new_vocabulary, words_in
from campaigns.models import Campaign
from campaigns.questions.steps import MOST_STEPS, STEP_KINDS, own_concepts
from campaigns.strands import concepts_within, is_sequence, needs_words, steps_of
from problems import Invalid
from taxonomy.actions.editing import add_concept
from taxonomy.models import Concept, Vocabulary
from taxonomy.permissions import visible_vocabularies
from taxonomy.skos import ConceptValue, LabelValue

Raw = Mapping[str, Any]
# A condition on a concept is sent to every workbench with all that lies below it.
MOST_WITHIN = 5000


def settle_steps(campaign: Campaign, *, by: User) -> None:
    """Give the steps that bring their own answers these, in one small vocabulary of the campaign.

    Within a transaction, before the campaign is written; what has not the shape of steps is refused later. The
    vocabulary of the campaign is that of the steps whose labels are chosen, else the small one. Raises `Invalid`.
    """
    raw = campaign.question.get("steps", []) if isinstance(campaign.question, Mapping) else []
    # More are refused later: nothing is made for them.
    steps = raw if isinstance(raw, list) and len(raw) <= MOST_STEPS else []
    chosen: int | None = campaign.vocabulary_id
    if chosen is None and needs_words(campaign.question_kind, campaign.question):
        raise Invalid(_("Choose a vocabulary."), pointer="/vocabulary", code="required")
    home = _home_of(steps)
    settled = []
    for index, step in enumerate(steps):
        words = _words_of(step)
        if words is None:
            _refuse_unseen(step, index, by)
            settled.append(step)
            continue
        home = home or new_vocabulary(campaign, by)
        settled.append(_with_answers(step, home, words, by))
    if steps:
        campaign.question = {**campaign.question, "steps": settled}
    if chosen is None:
        campaign.vocabulary, campaign.branch = home or new_vocabulary(campaign, by), None


def keep_step_answers(campaign: Campaign, before: Raw) -> None:
    """Let the answers of each step stand where its new settings do not speak of them."""
    known = {step["name"]: step for step in before.get("steps", ())}
    raw = campaign.question.get("steps") if isinstance(campaign.question, Mapping) else None
    if not known or not isinstance(raw, list):
        return
    campaign.question = {**campaign.question, "steps": [_kept(step, known) for step in raw]}


def _kept(step: Any, known: Mapping[str, Raw]) -> Any:
    old = known.get(str(step.get("name"))) if isinstance(step, Mapping) else None
    question = step.get("question", {}) if old else None
    if not old or old["kind"] != step.get("kind") or not isinstance(question, Mapping):
        return step
    answers = old["question"].get("answers")
    return (
        step
        if question.get("answers") or not answers
        else {**step, "question": {**question, "answers": answers}}
    )


def _words_of(step: Any) -> dict[str, Mapping[str, str]] | None:
    """What the answers of a step are to be called; None where it brings none, or names concepts."""
    kind = STEP_KINDS.get(str(step.get("kind"))) if isinstance(step, Mapping) else None
    question = step.get("question", {}) if kind else {}
    if kind is None or not kind.TRAITS.answers or not isinstance(question, Mapping):
        return None
    said = question.get("answers") or {}
    return words_in(said)


def _home_of(steps: list[Any]) -> Vocabulary | None:
    """The vocabulary in which answers of steps are already."""
    shaped = [
        step for step in steps if isinstance(step, Mapping) and isinstance(step.get("question"), Mapping)
    ]
    fine = [step for step in shaped if isinstance(step["question"].get("answers", {}), Mapping)]
    ids = [pk for pk in own_concepts(fine) if is_id(pk)]
    return Vocabulary.objects.filter(concepts__in=[UUID(pk) for pk in ids]).first() if ids else None


def _with_answers(
    step: Raw, home: Vocabulary, words: Mapping[str, Mapping[str, str]], by: User
) -> dict[str, Any]:
    """The step with a concept for each of its answers, below one that is called as the step asks."""
    question, name = dict(step.get("question", {})), str(step.get("name", ""))[:40]
    prompt = question.get("prompt")
    texts = prompt.items() if isinstance(prompt, Mapping) else ()
    labels = tuple(
        LabelValue("pref", language, text.strip()[:200])
        for language, text in texts
        if isinstance(language, str) and isinstance(text, str) and text.strip()
    ) or (LabelValue("pref", "en", name or "?"),)
    above = add_concept(home, ConceptValue(uri="", notation=name, labels=labels), parent=None, by=by)
    choices = STEP_KINDS[step["kind"]].TRAITS.answers_for(question)
    made = {one.name: make_answer(home, one, words, by, above=above) for one in choices}
    return {**step, "question": {**question, "answers": made}}


def _refuse_unseen(step: Any, index: int, by: User) -> None:
    """Answers that are named by ids are concepts of a vocabulary that the person may see."""
    question = step.get("question") if isinstance(step, Mapping) else None
    said = question.get("answers") if isinstance(question, Mapping) else None
    ids = {pk for pk in said.values() if is_id(pk)} if isinstance(said, Mapping) else set()
    if not ids:
        return
    seen = Concept.objects.filter(pk__in=ids, vocabulary__in=visible_vocabularies(by).values("pk"))
    if seen.count() < len(ids):
        raise Invalid(
            _("The answers are concepts that are not here. Leave them out: they are made with the campaign."),
            pointer=f"/question/steps/{index}/question/answers",
            code="answers-elsewhere",
        )


def check_steps(campaign: Campaign) -> None:
    """Refuse steps that name concepts of another vocabulary, and what a sequence cannot do. Raises `Invalid`."""
    if not is_sequence(campaign):
        return
    if campaign.shown_run_id is not None:
        raise Invalid(
            _("In a sequence nothing is suggested. Show the predictions in a campaign of one question."),
            pointer="/shown_run",
            code="not-in-a-sequence",
        )
    named = dict(_named(campaign))
    here = Concept.objects.filter(pk__in=[UUID(pk) for pk in named], vocabulary=campaign.vocabulary_id)
    known = {str(pk) for pk in here.values_list("pk", flat=True)}
    for pk, place in named.items():
        if pk not in known:
            raise Invalid(
                _("This concept is not part of the vocabulary."), pointer=place, code="unknown-concept"
            )
    for index, step in enumerate(steps_of(campaign)):
        wanted = (step["condition"] or {}).get("concepts", ())
        if sum(len(below) for below in concepts_within(wanted).values()) > MOST_WITHIN:
            raise Invalid(
                _("The condition takes in too many concepts. Name some further down."),
                pointer=f"/question/steps/{index}/condition/concepts",
                code="too-many",
            )


def _named(campaign: Campaign) -> list[tuple[str, str]]:
    """The concepts that branches and conditions name, each with its place."""
    found = []
    for index, step in enumerate(steps_of(campaign)):
        where = f"/question/steps/{index}"
        if step["branch"]:
            found.append((step["branch"], f"{where}/branch"))
        for at, pk in enumerate((step["condition"] or {}).get("concepts", ())):
            found.append((pk, f"{where}/condition/concepts/{at}"))
    return found


def asks_otherwise(before: Raw, after: Raw) -> bool:
    """Whether other steps are asked than before, or on other conditions: answers could not be compared."""

    def plan(question: Raw) -> list[Any]:
        return [
            [step["name"], step["kind"], step["branch"], step["condition"]]
            + [step["question"].get(name) for name in ("answers", "shapes", "asks")]
            for step in question.get("steps", ())
        ]

    return plan(before) != plan(after)
