"""The texts of a campaign, language by language: what its translators may write, and nothing else."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.reading import read_tag
from campaigns.actions.campaigns import configure_campaign
from campaigns.models import Campaign
from problems import Invalid

# Of the campaign itself, and of the settings of its question.
OF_CAMPAIGN = ("title", "summary", "instructions")
OF_QUESTION = ("prompt",)
LONGEST = 50_000


def texts_of(campaign: Campaign) -> dict[str, dict[str, str]]:
    """Every text by its name and language."""
    own = {name: dict(getattr(campaign, name)) for name in OF_CAMPAIGN}
    return {**own, **{name: dict(campaign.question.get(name) or {}) for name in OF_QUESTION}}


def write_texts(campaign: Campaign, texts: Mapping[str, Mapping[str, str]], *, by: User) -> Campaign:
    """Set texts, each language by itself: those not named stay, an empty one is taken out.

    A real change is a new version of the configuration, as any other. The caller has been through the gate
    with `translate`.
    """
    with transaction.atomic():
        # Read under the lock: of two translators at work neither undoes what the other has just kept.
        row = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
        changes = _changes(row, texts)
        return configure_campaign(row, changes, by=by) if changes else row


def _changes(campaign: Campaign, texts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is written, as settings of the campaign."""
    known = texts_of(campaign)
    unknown = [name for name in texts if name not in known]
    if unknown:
        raise Invalid(
            _("A campaign has no text “%s”.") % unknown[0], pointer=f"/{unknown[0]}", code="unknown-text"
        )
    written = {name: _merged(name, known[name], said) for name, said in texts.items()}
    changes: dict[str, Any] = {name: written[name] for name in OF_CAMPAIGN if name in written}
    of_question = {name: written[name] for name in OF_QUESTION if name in written}
    if of_question:
        changes["question"] = {**campaign.question, **of_question}
    return changes


def _merged(name: str, before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    for language, text in said.items():
        if read_tag(language) is None:
            raise Invalid(
                _("A language is a tag such as “en” or “pt-BR”."), pointer=f"/{name}", code="bad-language"
            )
        if len(text) > LONGEST:
            raise Invalid(_("This text is too long."), pointer=f"/{name}/{language}", code="too-long")
    merged = {**before, **{language: text.strip() for language, text in said.items()}}
    return {language: text for language, text in merged.items() if text}
