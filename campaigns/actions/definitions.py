"""A campaign's definition, to start another from: as a document for another site, or copied with its tasks here."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import require_curator
from annotation.models import Manifest
from annotation.permissions import visible_manifests
from campaigns.actions.answers import words_of_answers
from campaigns.actions.campaigns import FIELDS, REFERENCES, create_campaign
from campaigns.actions.tasks import choose_canvases, tell_planner
from campaigns.actions.teaching import write_tutorial
from campaigns.actions.travelling_steps import steps_at_home, steps_elsewhere
from campaigns.models import Campaign
from campaigns.permissions import refuse_archived
from campaigns.strands import is_sequence, needs_words
from campaigns.travelling import steps_abroad
from campaigns.travelling import steps_at_home as lessons_at_home
from problems import Invalid, Refused
from taxonomy.models import Concept, Vocabulary
from taxonomy.permissions import visible_vocabularies

TYPE, VERSION = "CampaignDefinition", 1
# What a definition says as the campaign does; vocabulary, branch and sources go by their addresses.
PLAIN = tuple(name for name in FIELDS if name not in (*REFERENCES, "tutorial"))
MOST_SOURCES = 20_000

_COPY_TASKS = """
INSERT INTO campaigns_task (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h,
                            about_id, beside_id, priority)
SELECT gen_random_uuid(), %s, canvas_id, position, 'open', region_x, region_y, region_w, region_h, about_id, beside_id,
       priority
  FROM campaigns_task WHERE campaign_id = %s
"""


def definition_of(campaign: Campaign) -> dict[str, Any]:
    """The settings as a document without any id of this site; two queries, more with answers of its own or a tutorial.

    `sources` are the manifests whose whole canvases are tasks; regions, answers and predictions stay here.
    """
    whole = campaign.tasks.filter(region_x=None, about=None).order_by().values("canvas__manifest")
    sources = Manifest.objects.filter(pk__in=whole).order_by("uri").values_list("uri", flat=True)
    return {
        "type": TYPE,
        "version": VERSION,
        "slug": campaign.slug,
        **{name: getattr(campaign, name) for name in PLAIN},
        "question": question_elsewhere(campaign),
        "order": _order_elsewhere(campaign),
        "vocabulary": None
        if not needs_words(campaign.question_kind, campaign.question)
        else {"uri": campaign.vocabulary.uri, "title": campaign.vocabulary.title},
        "tutorial": steps_abroad(campaign),
        "branch": campaign.branch.uri if campaign.branch else None,
        "sources": list(sources),
    }


def campaign_from(definition: Mapping[str, Any], *, slug: str, by: User) -> tuple[Campaign, list[str]]:
    """A new draft from a definition, with tasks for its sources; and the sources that are not here.

    The shape of the definition has been checked. Raises `Invalid` for a vocabulary or branch that is not here or
    that the person may not see, and what `create_campaign` raises.
    """
    require_curator(by)
    if (definition["type"], definition["version"]) != (TYPE, VERSION):
        raise Invalid(
            _("This is no definition of a campaign of version 1."), pointer="/type", code="unknown-definition"
        )
    vocabulary = _vocabulary_of(definition, by) if definition["vocabulary"] else None
    branch = None
    if definition["branch"] and vocabulary:
        branch = Concept.objects.filter(vocabulary=vocabulary, uri=definition["branch"]).first()
        if branch is None:
            raise Invalid(
                _("The vocabulary has no concept %s.") % definition["branch"],
                pointer="/branch",
                code="unknown-branch",
            )
    wanted = definition["sources"]
    here = dict(visible_manifests(by).filter(uri__in=wanted).order_by().values_list("uri", "pk"))
    with transaction.atomic():
        plain = {name: definition[name] for name in PLAIN}
        plain["question"] = steps_at_home(plain["question"], vocabulary)
        campaign = create_campaign(by=by, slug=slug, vocabulary=vocabulary, branch=branch, **plain)
        if here and not (campaign.traits.about or campaign.traits.judges):  # regions stay where they are
            choose_canvases(campaign, manifests=[here[one] for one in wanted if one in here], by=by)
        steps = lessons_at_home(campaign, definition["tutorial"])
        if steps:
            campaign = write_tutorial(campaign, steps, by=by)
    return campaign, [one for one in wanted if one not in here]


def _vocabulary_of(definition: Mapping[str, Any], by: User) -> Vocabulary:
    uri = definition["vocabulary"]["uri"]
    vocabulary = visible_vocabularies(by).filter(uri=uri).first()
    if vocabulary is None:
        raise Invalid(
            _("Bring in the vocabulary %s first.") % uri, pointer="/vocabulary", code="unknown-vocabulary"
        )
    return vocabulary


def question_elsewhere(campaign: Campaign) -> dict[str, Any]:
    """Its settings; answers of its own go by what they are called."""
    if is_sequence(campaign):
        return steps_elsewhere(campaign)
    words = words_of_answers(campaign)
    return {**campaign.question, "answers": words} if words else campaign.question


def copy_campaign(campaign: Campaign, *, slug: str, by: User) -> Campaign:
    """A new draft with the settings and all tasks of a campaign that the person runs; answers stay where they are.

    The predictions that people are shown belong to the campaign they were made for, and are not copied. Raises
    `Refused` when tasks are about sources that the person may not see.
    """
    require_curator(by)
    tasks = campaign.tasks.order_by()
    of_pairs = tasks.filter(beside__isnull=False).values("beside__canvas__manifest")
    sources = Q(pk__in=tasks.values("canvas__manifest")) | Q(pk__in=of_pairs)
    if Manifest.objects.filter(sources).exclude(pk__in=visible_manifests(by).values("pk")).exists():
        raise Refused(_("Some of its images belong to sources that you may not see."))
    left = {"title", "shown_run", "order_run"}
    settings = {name: getattr(campaign, name) for name in FIELDS if name not in left}
    settings["order"] = _order_elsewhere(campaign)
    with transaction.atomic():
        copy = create_campaign(by=by, slug=slug, title=_copied(campaign.title), **settings)
        with connection.cursor() as cursor:
            cursor.execute(_COPY_TASKS, [copy.pk, campaign.pk])
            added = cursor.rowcount
    tell_planner(added)
    return copy


def _order_elsewhere(campaign: Campaign) -> str:
    """Its order, where that does not hang on predictions that stay here."""
    uncertain = campaign.order == Campaign.Order.UNCERTAIN
    return Campaign.Order.SEQUENTIAL if uncertain else campaign.order


def _copied(title: Mapping[str, str]) -> dict[str, str]:
    """“Clefs (copy)”, in each language that we speak."""
    said = {}
    for language, text in title.items():
        with override(language if language in ("en", "fr") else "en"):
            said[language] = _("%s (copy)") % text
    return said


def offer_as_template(campaign: Campaign, *, offered: bool) -> Campaign:
    """Let others begin new campaigns from the settings of this one, or no longer; the caller owns it.

    Who sees the campaign sees the template. Images, answers and predictions are no part of it.
    """
    refuse_archived(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(is_template=offered)
    campaign.is_template = offered
    return campaign
