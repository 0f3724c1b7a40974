"""The languages in which a campaign is written: those that its owner names, the first for who reads none."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.reading import best_language, read_tag
from campaigns.models import Campaign
from problems import Invalid

MOST_LANGUAGES = 40


def languages_of(campaign: Campaign | None) -> list[str]:
    """Those that are named, else those of the site; and whatever else its texts are written in."""
    named = list(campaign.languages) if campaign else []
    found = named or [code for code, _name in settings.LANGUAGES]
    texts: tuple[Mapping[str, Any], ...] = ()
    if campaign:
        prompt = campaign.question.get("prompt") or {}
        texts = (campaign.title, campaign.summary, campaign.instructions, prompt)
    written = sorted({tag for text in texts for tag, said in text.items() if said})
    return list(dict.fromkeys([*found, *written]))


def written_in(campaign: Campaign) -> list[str]:
    """The languages in which there is a title, in their order: those that a reader may choose among."""
    return [tag for tag in languages_of(campaign) if campaign.title.get(tag)]


def reading_language(campaign: Campaign) -> str:
    """Of these the one that fits the reader best."""
    offered = written_in(campaign)
    return best_language(offered, next(iter(campaign.languages), None)) or "en"


def read_languages(value: Any) -> list[str]:
    """Tags in their usual case, each once. Raises `Invalid`."""
    if not isinstance(value, list) or len(value) > MOST_LANGUAGES:
        raise Invalid(
            _("The languages are a list of at most %(most)d tags.") % {"most": MOST_LANGUAGES},
            pointer="/languages",
            code="bad-languages",
        )
    found = []
    for place, one in enumerate(value):
        tag = read_tag(one)
        if tag is None:
            raise Invalid(
                _("A language is a tag such as “en” or “pt-BR”."),
                pointer=f"/languages/{place}",
                code="bad-language",
            )
        found.append(tag)
    return list(dict.fromkeys(found))
