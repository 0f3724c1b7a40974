"""The life of a campaign: made, configured, opened, paused, closed, opened again; and who has which role in it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant, revoke
from annotation.models import Layer
from campaigns.actions.contributions import retire
from campaigns.models import Campaign, CampaignUserObjectPermission, CampaignVersion, Contribution, Task
from campaigns.queries import obstacles_to_opening
from campaigns.questions import ConfigError, get_kind
from problems import Conflict, Invalid
from taxonomy.models import Concept, Vocabulary

# What a curator sets; together they are one version of the configuration.
FIELDS = (
    "title", "summary", "instructions", "question_kind", "question", "vocabulary", "branch", "overlap",
    "lease_minutes", "allows_anonymous", "is_public", "rights", "shown_run", "cover",
)  # fmt: skip
# Answers to another question, or in other words, could not be compared with those already given.
SETTLED_BY_ANSWERS = ("question_kind", "vocabulary")
MOST_OVERLAP = 100
MOST_LEASE_MINUTES = 24 * 60

# A role in the campaign, and the role it gives on (contributions, consensus, ground truth).
LAYER_ROLES: dict[Role, tuple[Role | None, Role | None, Role | None]] = {
    Role.OWNER: (Role.OWNER, Role.OWNER, Role.OWNER),
    Role.MANAGER: (Role.MANAGER, Role.MANAGER, Role.MANAGER),
    Role.REVIEWER: (Role.OBSERVER, Role.OBSERVER, Role.OBSERVER),
    Role.CONTRIBUTOR: (None, None, Role.OBSERVER),
    Role.OBSERVER: (None, None, Role.OBSERVER),
}


def create_campaign(*, by: User, slug: str, title: Mapping[str, str], vocabulary: Vocabulary, **settings: Any) -> Campaign:
    """A new draft with its three layers; the maker owns it and them. `settings` are those of `FIELDS`.

    The caller has fetched the vocabulary through its gate. Raises `Refused` for somebody who is not a curator,
    `Conflict` for a slug that is taken, `Invalid` for settings that make no sense.
    """
    require_curator(by)
    if not slug or slugify(slug) != slug:
        raise Invalid(
            _("The address may have small letters, digits and hyphens."), pointer="/slug", code="bad-slug"
        )
    is_simulated = bool(settings.pop("is_simulated", False))
    _refuse_unknown(settings)
    campaign = Campaign(
        slug=slug, title=dict(title), vocabulary=vocabulary, created_by=by, is_simulated=is_simulated, **settings
    )
    _validate(campaign)
    try:
        with transaction.atomic():
            _make_layers(campaign, by)
            campaign.save(force_insert=True)
            _record_version(campaign, by)
            assign_role(campaign, by, Role.OWNER, by=by)
    except IntegrityError as error:
        if Campaign.objects.filter(slug=slug).exists():
            raise Conflict(
                _("A campaign with this address exists already. Choose another."), pointer="/slug", code="slug-taken"
            ) from error
        raise
    return campaign


def _make_layers(campaign: Campaign, by: User) -> None:
    kinds = (
        ("contributions_layer", Layer.Kind.CONTRIBUTIONS, False),
        ("consensus_layer", Layer.Kind.CONSENSUS, False),
        ("ground_truth_layer", Layer.Kind.GROUND_TRUTH, campaign.is_public),
    )
    for field, kind, is_public in kinds:
        label = {language: f"{text} – {kind.label}" for language, text in campaign.title.items()}
        setattr(campaign, field, Layer.objects.create(kind=kind, label=label, is_public=is_public, created_by=by))


def configure_campaign(campaign: Campaign, changes: Mapping[str, Any], *, by: User) -> Campaign:
    """Change settings; every real change is a new version that contributions name.

    Question kind and vocabulary stand once there are contributions (`Conflict`). A smaller overlap retires tasks
    that enough people have seen, a larger one opens them again unless they are decided.
    """
    _refuse_unknown(changes)
    with transaction.atomic():
        row = _lock(campaign)
        changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
        if not changed:
            return row
        settled = [name for name in SETTLED_BY_ANSWERS if name in changed]
        if settled and Contribution.objects.filter(task__campaign=row).exists():
            raise Conflict(
                _("People have answered already. Start a new campaign for another question or vocabulary."),
                pointer=f"/{settled[0]}",
                code="settled-by-answers",
            )
        for name, value in changed.items():
            setattr(row, name, value)
        _validate(row)
        row.config_version += 1
        row.save(update_fields=[*changed, "config_version", "modified_at"])
        _record_version(row, by)
        if "is_public" in changed:
            Layer.objects.filter(pk=row.ground_truth_layer_id).update(is_public=row.is_public)
        if "overlap" in changed:
            _settle_overlap(row)
    return row


def _settle_overlap(campaign: Campaign) -> None:
    """Retire and open tasks by what has been handed in, with every one of them locked against submissions."""
    tasks = Task.objects.filter(campaign=campaign).exclude(state=Task.State.DECIDED).order_by("position")
    list(tasks.select_for_update(no_key=True).values_list("pk", flat=True))
    # A new statement: it sees what was committed while the locks were waited for.
    enough = [
        pk for (pk,) in Task.objects.raw_counts(campaign)
    ] if hasattr(Task.objects, "raw_counts") else []
    del enough


def _refuse_unknown(settings: Mapping[str, Any]) -> None:
    unknown = sorted(set(settings) - set(FIELDS))
    if unknown:
        raise Invalid(f"A campaign has no setting “{unknown[0]}”.", pointer=f"/{unknown[0]}", code="unknown-setting")
