"""What the curator's templates need: the host of an address, the name of a language."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

register = template.Library()


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
    info = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.split("-")[0].lower())
    if info is None or "name" not in info:
        return tag
    return gettext(info["name"])


@register.filter
def translated(sentence: object) -> str:
    """A sentence of an action in the reader's language."""
    return gettext(str(sentence))


@register.filter
def split_words(words: str) -> list[str]:
    """The words of a text, for a loop over a few of them."""
    return words.split()
