"""Questions that bring their own answers: the small vocabulary in which these are concepts, made with the campaign."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from campaigns.models import Campaign
from campaigns.questions import KINDS, Choice
from problems import Conflict, Invalid
from taxonomy.actions import create_vocabulary
from taxonomy.actions.editing import add_concept
from taxonomy.models import Concept, Vocabulary
from taxonomy.queries import label_maps
from taxonomy.skos import ConceptValue, LabelValue

LANGUAGES = ("en", "fr")
TRIES = 10


def settle_answers(campaign: Campaign, *, by: User) -> None:
    """Give a question with answers of its own its vocabulary, unless it has it; another needs one that was chosen.

    In the setting `answers` a name may stand for its concept already, or for what it is to be called by language.
    Called within a transaction, before the campaign is written. Raises `Invalid`.
    """
    choices = _choices_of(campaign)
    if not choices:
        chosen: int | None = campaign.vocabulary_id
        if chosen is None:
            if not _writes(campaign):
                raise Invalid(_("Choose a vocabulary."), pointer="/vocabulary", code="required")
            # Nobody chooses labels there: an empty vocabulary stands where others have theirs.
            campaign.vocabulary, campaign.branch = new_vocabulary(campaign, by), None
        return
    said = campaign.question.get("answers") or {}
    words = words_in(said)
    if said and words is None:
        _refuse_elsewhere(campaign, said)
        return
    campaign.vocabulary, campaign.branch = new_vocabulary(campaign, by), None
    made = {one.name: make_answer(campaign.vocabulary, one, words or {}, by) for one in choices}
    campaign.question = {**campaign.question, "answers": made}


def refuse_chosen(campaign: Campaign) -> None:
    """Refuse a vocabulary that was chosen for a question which brings its own answers. Raises `Invalid`."""
    if _choices_of(campaign) and not campaign.question.get("answers"):
        raise Invalid(
            _("This kind of question brings its own answers. Leave the vocabulary out."),
            pointer="/vocabulary",
            code="own-answers",
        )


def keep_answers(campaign: Campaign, before: Mapping[str, Any]) -> None:
    """Let the answers stand as they were before where the new settings of the question do not speak of them."""
    if not isinstance(campaign.question, Mapping) or campaign.question.get("answers"):
        return
    # Another set of answers is made anew.
    if before.get("answers") and set(before["answers"]) == {one.name for one in _choices_of(campaign)}:
        campaign.question = {**campaign.question, "answers": before["answers"]}


def words_of_answers(campaign: Campaign) -> dict[str, dict[str, str]]:
    """What each answer is called by language, for a definition that knows no ids; two queries at most."""
    answers = campaign.question.get("answers") or {}
    labels = label_maps([UUID(pk) for pk in answers.values()]) if answers else {}
    return {name: dict(labels.get(UUID(pk), {})) for name, pk in answers.items()}


def _choices_of(campaign: Campaign) -> tuple[Choice, ...]:
    """None for a kind that does not exist or settings that are none: these are refused later, with their place."""
    kind = KINDS.get(campaign.question_kind)
    return (
        kind.TRAITS.answers_for(campaign.question) if kind and isinstance(campaign.question, Mapping) else ()
    )


def _writes(campaign: Campaign) -> bool:
    kind = KINDS.get(campaign.question_kind)
    return bool(kind and kind.TRAITS.says == "texts")


def words_in(said: object) -> dict[str, Mapping[str, str]] | None:
    """The labels by language under each name; None where anything else stands there."""
    if not isinstance(said, Mapping):
        return None
    for labels in said.values():
        if not isinstance(labels, Mapping):
            return None
        if not all(isinstance(text, str) for pair in labels.items() for text in pair):
            return None
    return dict(said)


def _refuse_elsewhere(campaign: Campaign, said: object) -> None:
    """Answers that are named by ids must be concepts of the campaign's vocabulary; their shape is judged later."""
    if campaign.vocabulary_id is None:
        raise Invalid(
            _("Leave the answers out: they are made with the campaign."),
            pointer="/question/answers",
            code="answers-elsewhere",
        )
    ids = [pk for pk in said.values() if is_id(pk)] if isinstance(said, Mapping) else []
    if Concept.objects.filter(pk__in=ids, vocabulary=campaign.vocabulary_id).count() < len(set(ids)):
        raise Invalid(
            _(
                "The answers are concepts of another vocabulary. Leave both out: they are made with the campaign."
            ),
            pointer="/question/answers",
            code="answers-elsewhere",
        )


def is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def new_vocabulary(campaign: Campaign, by: User) -> Vocabulary:
    """Named after the campaign, and as public as it is."""
    title = {}
    for language, text in campaign.title.items():
        with override(language if language in LANGUAGES else "en"):
            title[language] = _("Answers: %s") % text[:180]
    stem = f"{campaign.slug[:44]}-answers"
    said: dict[str, Any] = {"title": title, "by": by, "is_public": campaign.is_public}
    for _attempt in range(TRIES):
        with suppress(
            Conflict
        ):  # taken at this moment, by a campaign whose address begins alike: the next look sees that
            return create_vocabulary(slug=_free_slug(stem), **said)
    return create_vocabulary(slug=_free_slug(stem), **said)


def _free_slug(stem: str) -> str:
    taken = set(Vocabulary.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(name for name in chain([stem], (f"{stem}-{n}" for n in count(2))) if name not in taken)


def make_answer(
    vocabulary: Vocabulary,
    choice: Choice,
    words: Mapping[str, Mapping[str, str]],
    by: User,
    *,
    above: Concept | None = None,
) -> str:
    """The concept of one answer, below the step that it answers; its id."""
    given = {language: text.strip() for language, text in words.get(choice.name, {}).items() if text.strip()}
    labels = tuple(LabelValue("pref", language, text) for language, text in (given or choice.labels).items())
    notation = f"{above.notation}-{choice.name}" if above else choice.name
    value = ConceptValue(uri="", notation=notation, labels=labels)
    return str(add_concept(vocabulary, value, parent=above.pk if above else None, by=by).pk)
