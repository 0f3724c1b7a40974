"""What the curator's templates need: the host of an address, the name of a language, a rule in words."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, gettext, gettext_noop

from campaigns.models import Campaign
from campaigns.reasons import rule_in_words

register = template.Library()
# What old books and large thesauri are in, and Django has no name for.
LANGUAGES = {
    "grc": gettext_noop("Ancient Greek"),
    "la": gettext_noop("Latin"),
    "zh": gettext_noop("Chinese"),
}
# The parts of a concept or vocabulary as a dry run names them.
FIELDS = {
    "labels": gettext_noop("Labels"),
    "notes": gettext_noop("Notes"),
    "notation": gettext_noop("Notation"),
    "broader": gettext_noop("Broader"),
    "related": gettext_noop("Related"),
    "matches": gettext_noop("Matches"),
    "replaced_by": gettext_noop("Replaced by"),
    "deprecated": gettext_noop("Out of use"),
    "position": gettext_noop("Place"),
    "extra": gettext_noop("Further statements"),
    "title": gettext_noop("Title"),
    "description": gettext_noop("Description"),
    "licence": gettext_noop("Licence"),
    "source": gettext_noop("Source"),
}


@register.filter
def enough(campaign: Campaign) -> str:
    """When enough people have seen an image, in words."""
    return rule_in_words(campaign.overlap, campaign.retirement)


@register.filter
def host(address: str | None) -> str:
    """The host of an address, without `www.`; nothing for what is no address."""
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@register.filter
def is_ours(address: str) -> bool:
    """Whether an address is one of this site."""
    return address.startswith(f"{settings.SITE_URL}/")


@register.filter
def language_label(tag: str) -> str:
    """The name of a language in the reader's own, by its BCP 47 tag; an unknown tag stays as it is."""
    first = tag.split("-")[0].lower()
    info = LANG_INFO.get(tag.lower()) or LANG_INFO.get(first) or {}
    name = info.get("name") or LANGUAGES.get(first)
    said = gettext(name) if name else tag
    # French writes languages small; the catalogues that we have them from do not agree on it.
    return said[:1].lower() + said[1:] if name and (get_language() or "").startswith("fr") else said


@register.filter
def field_name(name: str) -> str:
    """What a field of a dry run is called in the reader's language."""
    return gettext(FIELDS.get(name, name))


@register.filter
def translated(sentence: object) -> str:
    """A sentence of an action in the reader's language."""
    return gettext(str(sentence))


@register.filter
def split_words(words: str) -> list[str]:
    """The words of a text, for a loop over a few of them."""
    return words.split()
