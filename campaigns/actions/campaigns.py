"""A campaign is made and configured: what a curator sets, refused where it makes no sense, and kept as a version."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role
from annotation.models import Layer, LayerGroupObjectPermission, LayerUserObjectPermission
from campaigns.actions.answers import keep_answers, refuse_chosen, settle_answers
from campaigns.actions.checking import check_course, check_weighing
from campaigns.actions.consensus import request_consensus
from campaigns.actions.locking import hold_tasks, lock_campaign
from campaigns.actions.merging import check_merging
from campaigns.actions.ordering import request_ordering, settle_pilot
from campaigns.actions.retiring import settle_tasks
from campaigns.actions.roles import assign_role
from campaigns.actions.stepping import asks_otherwise, check_steps, keep_step_answers, settle_steps
from campaigns.actions.weighing import request_weighing
from campaigns.enough import read_retirement
from campaigns.languages import read_languages
from campaigns.layer_names import LAYERS, layer_name, rename_layers
from campaigns.models import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    CampaignVersion,
    Contribution,
)
from campaigns.permissions import refuse_archived
from campaigns.questions import ConfigError, get_kind, traits_of
from campaigns.strands import is_sequence
from campaigns.teaching import read_goals, read_questions, read_steps
from problems import Conflict, Invalid
from taxonomy.models import Vocabulary

# What a curator sets; together they are one version of the configuration.
FIELDS = (
    "languages", "title", "summary", "instructions", "tutorial", "faq", "shows_leaderboard", "goals",
    "question_kind", "question", "vocabulary", "branch",
    "overlap", "retirement", "weighing", "lease_minutes", "allows_anonymous", "is_public", "rights", "shown_run",
    "cover",
    "gold_share", "gold_feedback", "qualify_count", "qualify_share", "requalify", "blind_share",
    "pilot_size", "opens_at", "closes_at", "target_on", "examples_wanted", "reviews",
    "order", "order_seed", "order_run",
)  # fmt: skip
# Answers to another question, or in other words, could not be compared with those already given.
SETTLED_BY_ANSWERS = ("question_kind", "vocabulary")
REFERENCES = ("vocabulary", "branch", "shown_run", "cover", "order_run")
ORDERING = ("order", "order_seed", "order_run")
MOST_OVERLAP = 100
MOST_LEASE_MINUTES = 24 * 60
MOST_QUALIFYING = 100
MOST_EXAMPLES = 10_000
# Shares and the most that each may be.
SHARES = (("gold_share", 0.5), ("qualify_share", 1.0), ("blind_share", 1.0))
# Whether everybody may read the ground truth follows from these: it would tell which answers are known.
OPENS_GROUND_TRUTH = {"is_public", "gold_share", "qualify_count"}


def create_campaign(
    *, by: User, slug: str, title: Mapping[str, str], vocabulary: Vocabulary | None = None, **settings: Any
) -> Campaign:
    """A new draft with its four layers; the maker owns it and them. `settings` are those of `FIELDS`.

    The caller has fetched the vocabulary through its gate; a question with answers of its own needs none, and is
    given a small one, in words that its setting `answers` may bring (`campaigns.actions.answers`). Raises `Refused`
    for somebody who is not a curator, `Conflict` for a slug that is taken, `Invalid` for settings that make no sense.
    """
    require_curator(by)
    if not slug or slugify(slug) != slug:
        raise Invalid(
            _("The address may have small letters, digits and hyphens."), pointer="/slug", code="bad-slug"
        )
    is_simulated = bool(settings.pop("is_simulated", False))
    _refuse_unknown(settings)
    campaign = Campaign(
        slug=slug,
        title=dict(title),
        created_by=by,
        is_simulated=is_simulated,
        **settings,
    )
    if vocabulary is not None:
        refuse_chosen(campaign)
        campaign.vocabulary = vocabulary
    _validate_texts(campaign)
    try:
        with transaction.atomic():
            settle_words(campaign, by=by)
            _validate(campaign)
            _make_layers(campaign, by)
            campaign.save(force_insert=True)
            record_version(campaign, by)
            assign_role(campaign, by, Role.OWNER, by=by)
    except IntegrityError as error:
        if Campaign.objects.filter(slug=slug).exists():
            raise Conflict(
                _("A campaign with this address exists already. Choose another."),
                pointer="/slug",
                code="slug-taken",
            ) from error
        raise
    return campaign


def _make_layers(campaign: Campaign, by: User) -> None:
    for field, kind in LAYERS.items():
        label = layer_name(campaign.title, kind)
        is_public = kind == Layer.Kind.GROUND_TRUTH and _opens_ground_truth(campaign)
        setattr(
            campaign, field, Layer.objects.create(kind=kind, label=label, is_public=is_public, created_by=by)
        )


def _opens_ground_truth(campaign: Campaign) -> bool:
    return campaign.is_public and not campaign.uses_gold


def configure_campaign(campaign: Campaign, changes: Mapping[str, Any], *, by: User) -> Campaign:
    """Change settings; every real change is a new version that contributions name.

    Question kind and vocabulary stand once there are contributions (`Conflict`). Another overlap, or other
    conditions for stopping early, retire the tasks that enough people have seen by them and open the others again,
    unless they are decided.
    """
    _refuse_unknown(changes)
    with transaction.atomic():
        row = lock_campaign(campaign)
        refuse_archived(row)
        before = {name: getattr(row, name) for name in changes}
        before |= {name: getattr(row, name) for name in ("question", "vocabulary", "branch")}
        was = row.question_kind
        for name, value in changes.items():
            setattr(row, name, value)
        _validate_texts(row)
        stood = before["question"] if was == row.question_kind else {}
        (keep_step_answers if is_sequence(row) else keep_answers)(row, stood)
        settle_words(row, by=by)
        _validate(row)
        changed = [name for name in before if getattr(row, name) != before[name]]
        if not changed:
            return row
        settled = [name for name in SETTLED_BY_ANSWERS if name in changed]
        if row.question.get("answers") != before["question"].get("answers"):
            settled.append("question")
        if "question" in changed and _draws_otherwise(before["question"], row.question):
            settled.append("question/shapes")
        if "question" in changed and asks_otherwise(before["question"], row.question):
            settled.append("question/steps")
        if settled:
            # An answer on its way is waited for and seen, or waits and is judged by what is asked from now on.
            hold_tasks(row.tasks.all())
        if settled and Contribution.objects.filter(task__campaign=row).exists():
            raise Conflict(
                _("People have answered already. Start a new campaign for another question or vocabulary."),
                pointer=f"/{settled[0]}",
                code="settled-by-answers",
            )
        both = (traits_of(was, before["question"]), row.traits)
        sorts = [(traits.about, traits.judges, traits.pairs) for traits in both]
        if sorts[0] != sorts[1] and row.tasks.exists():
            raise Conflict(
                _(
                    "It has its tasks already, and they are of another sort. Start a new campaign for this question."
                ),
                pointer="/question_kind",
                code="settled-by-tasks",
            )
        row.config_version += 1
        row.save(update_fields=[*changed, "config_version", "modified_at"])
        record_version(row, by)
        if "title" in changed:
            rename_layers(row, before=before["title"])
        if OPENS_GROUND_TRUTH.intersection(changed):
            Layer.objects.filter(pk=row.ground_truth_layer_id).update(is_public=_opens_ground_truth(row))
            if row.uses_gold:
                _close_ground_truth(row)
        if "pilot_size" in changed and row.status == Campaign.Status.PILOT:
            settle_pilot(row)
        if any(name in changed for name in ORDERING) and row.tasks.exists():
            request_ordering(row, by=by)
        if _changes_enough(row, before, changed):
            settle_tasks(row)
        if "question" in changed or "weighing" in changed:
            request_consensus(row, by=by)  # the answers may be merged in another way now
        if "examples_wanted" in changed:
            request_weighing(row, by=by)
    return row


def settle_words(campaign: Campaign, *, by: User) -> None:
    """See that the question has the words that it needs, made or chosen. Raises `Invalid`."""
    (settle_steps if is_sequence(campaign) else settle_answers)(campaign, by=by)


def _draws_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether other shapes are to be drawn: boxes and outlines could not be compared."""
    return bool(before.get("shapes", "box") != after.get("shapes", "box"))


def _close_ground_truth(campaign: Campaign) -> None:
    """Take the ground truth from everybody who does not review: it would tell which answers are known.

    The roles stay; who should read it again when no answers are known any more is given the role anew.
    """
    reviews = {"content_object": campaign, "permission__codename": "review_campaign"}
    people = CampaignUserObjectPermission.objects.filter(**reviews).values("user")
    groups = CampaignGroupObjectPermission.objects.filter(**reviews).values("group")
    truth = {"content_object": campaign.ground_truth_layer_id}
    LayerUserObjectPermission.objects.filter(**truth).exclude(user__in=people).delete()
    LayerGroupObjectPermission.objects.filter(**truth).exclude(group__in=groups).delete()


def _changes_enough(campaign: Campaign, before: Mapping[str, Any], changed: Sequence[str]) -> bool:
    """Whether another number of people, or other answers, may be enough now; the prompt judges nothing."""
    if "overlap" in changed or "retirement" in changed:
        return True
    was = {**before["question"], "prompt": campaign.question["prompt"]} if "question" in changed else None
    return bool(campaign.retirement) and was is not None and was != campaign.question


def record_version(campaign: Campaign, by: User, **more: str) -> None:
    """Keep the settings as they are now under the campaign's version; `more` is said beside them."""
    configuration = {**configuration_of(campaign), **more}
    CampaignVersion.objects.create(
        campaign=campaign, version=campaign.config_version, configuration=configuration, by=by
    )


def configuration_of(campaign: Campaign) -> dict[str, Any]:
    """The settings as JSON: what a version of the configuration keeps."""
    return {
        **{name: _plain(getattr(campaign, name)) for name in FIELDS if name not in REFERENCES},
        "vocabulary": campaign.vocabulary.slug,
        **{name: _text(getattr(campaign, f"{name}_id")) for name in REFERENCES if name != "vocabulary"},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _text(pk: object) -> str | None:
    return None if pk is None else str(pk)


def _refuse_unknown(settings: Mapping[str, Any]) -> None:
    unknown = sorted(set(settings) - set(FIELDS))
    if unknown:
        raise Invalid(
            f"A campaign has no setting “{unknown[0]}”.", pointer=f"/{unknown[0]}", code="unknown-setting"
        )


def _validate_texts(campaign: Campaign) -> None:
    campaign.languages = read_languages(campaign.languages)
    for name in ("title", "summary", "instructions"):
        texts = getattr(campaign, name)
        if not isinstance(texts, Mapping) or not all(isinstance(text, str) for text in texts.values()):
            raise Invalid(_("Give the text by language."), pointer=f"/{name}", code="not-a-language-map")
    campaign.tutorial = read_steps(campaign.tutorial)
    campaign.faq = read_questions(campaign.faq)
    campaign.goals = read_goals(campaign.goals)
    if not any(text.strip() for text in campaign.title.values()):
        raise Invalid(_("Give the campaign a title."), pointer="/title", code="no-title")


def _validate(campaign: Campaign) -> None:
    """Refuse settings that make no sense, and bring the question's into their normal form."""
    if not 1 <= campaign.overlap <= MOST_OVERLAP:
        raise Invalid(
            f"Between 1 and {MOST_OVERLAP} people see each task.", pointer="/overlap", code="bad-overlap"
        )
    if not 1 <= campaign.lease_minutes <= MOST_LEASE_MINUTES:
        raise Invalid(
            f"A task is given out for 1 to {MOST_LEASE_MINUTES} minutes.",
            pointer="/lease_minutes",
            code="bad-lease",
        )
    for name, most in SHARES:
        if not 0 <= getattr(campaign, name) <= most:
            raise Invalid(
                _("This is a share from 0 to %(most)s.") % {"most": f"{most:g}"},
                pointer=f"/{name}",
                code="bad-share",
            )
    if not 0 <= campaign.qualify_count <= MOST_QUALIFYING:
        raise Invalid(
            _("At most %(most)d known answers come first.") % {"most": MOST_QUALIFYING},
            pointer="/qualify_count",
            code="bad-count",
        )
    if campaign.requalify and not (campaign.qualify_count and campaign.gold_share):
        raise Invalid(
            _("Only known answers both before the first other image and among the images can tell this."),
            pointer="/requalify",
            code="no-known-answers",
        )
    if not 0 <= campaign.examples_wanted <= MOST_EXAMPLES:
        raise Invalid(
            _("Between 0 and %(most)d examples are wanted.") % {"most": MOST_EXAMPLES},
            pointer="/examples_wanted",
            code="bad-count",
        )
    if campaign.reviews not in {1, 2}:
        raise Invalid(_("One reviewer decides, or two."), pointer="/reviews", code="bad-count")
    if campaign.branch is not None and campaign.branch.vocabulary_id != campaign.vocabulary_id:
        raise Invalid(
            _("The branch is not part of the vocabulary."), pointer="/branch", code="foreign-branch"
        )
    if campaign.shown_run is not None and campaign.shown_run.predictor.campaign_id != campaign.pk:
        raise Invalid(_("The run belongs to another campaign."), pointer="/shown_run", code="foreign-run")
    check_course(campaign)
    check_weighing(campaign)
    try:
        campaign.question = get_kind(campaign.question_kind).validate_config(campaign.question)
    except ConfigError as error:
        place = "/question_kind" if error.code == "unknown-kind" else f"/question{error.pointer}"
        raise Invalid(error.sentence, pointer=place, code=error.code) from error
    check_steps(campaign)
    check_merging(campaign)
    if campaign.traits.judges and campaign.blind_share:
        raise Invalid(
            _("People judge what is shown, so it cannot be kept from some of them. Set the share to 0."),
            pointer="/blind_share",
            code="no-blind-arm",
        )
    campaign.retirement = read_retirement(
        campaign.retirement, overlap=campaign.overlap, question_kind=campaign.question_kind
    )
