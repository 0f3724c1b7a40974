"""What templates need: the right language of a text, crops as URLs, numbers set well."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.conf.locale import LANG_INFO
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.reading import best_text, direction_of
from annotation.geometry import Box
from annotation.models import Canvas
from annotation.queries import crop_url
from campaigns.languages import reading_language
from campaigns.models import Campaign, Decision
from campaigns.predictors import match_template
from work.models import Job

_COMMONS = re.compile(r"https?://creativecommons\.org/(publicdomain|licenses)/([a-z-]+)/(\d\.\d)")

register = template.Library()


@register.filter
def lang(texts: Mapping[str, Any] | None, languages: Sequence[str] = ()) -> str:
    """The text of a language map (ours or IIIF's) that fits the reader best, else the first of these `languages`,
    English, or any."""
    return best_text(texts, next(iter(languages or ()), None))[1]


@register.simple_tag
def spoken(texts: Mapping[str, Any] | None, languages: Sequence[str] = ()) -> str:
    """The attributes of what `lang` shows: nothing where that is in the language of the page."""
    tag, _text = best_text(texts, next(iter(languages or ()), None))
    if not tag or tag in ("none", "und") or tag == (get_language() or "en"):
        return ""
    return format_html('lang="{}" dir="{}"', tag, direction_of(tag))


@register.filter
def reading(campaign: Campaign) -> str:
    """The language in which its texts fit the reader best."""
    return reading_language(campaign)


@register.filter
def text_direction(tag: str) -> str:
    """`rtl` or `ltr`, for the `dir` of what is written in a language."""
    return direction_of(tag)


@register.filter
def own_name(tag: str) -> str:
    """A language as those call it who speak it; a tag that is not known stays as it is."""
    info = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.split("-")[0].lower()) or {}
    name = info.get("name_local") or _OWN_NAMES.get(tag.split("-")[0].lower(), tag)
    return name[:1].upper() + name[1:] if name != tag else tag


# Of which Django knows no name.
_OWN_NAMES = {"la": "Latina", "grc": "Ἑλληνική", "zh": "中文", "ur": "اردو", "yi": "ייִדיש", "am": "አማርኛ"}


@register.simple_tag
def crop(canvas: Canvas | None, longest: int = 400, box: Iterable[float] | None = None) -> str:
    """The address of a picture of the canvas, or of a box of it, at most `longest` pixels a side.

    Behind a login of its institution there is no picture but the thumbnail that its manifest names: "" says so
    better than an image that breaks.
    """
    if not canvas:  # a variable that a template does not find is ""
        return ""
    if canvas.extra.get("auth"):
        return str(canvas.extra.get("thumbnail") or "")
    return crop_url(canvas, Box(*box) if box else None, longest=longest)


@register.simple_tag
def crops(canvas: Canvas | None, *longest: int) -> str:
    """A `srcset` of the canvas, with a picture for each of these longest sides; "" where there is only one."""
    if not canvas or not canvas.width or not canvas.height:
        return ""
    share = min(1, canvas.width / canvas.height)
    found = {crop(canvas, side): math.floor(side * share) for side in longest}
    return ", ".join(f"{url} {width}w" for url, width in found.items()) if len(found) > 1 else ""


@register.simple_tag
def detail(canvas: Canvas, longest: int = 800, ratio: float = 4 / 3) -> str:
    """The address of a picture of the upper part of the canvas, `ratio` times as wide as high."""
    width = min(canvas.width * 0.62, canvas.height * ratio)
    height = width / ratio
    box = Box((canvas.width - width) * 0.22, (canvas.height - height) * 0.16, width, height)
    return crop_url(canvas, box, longest=longest)


@register.filter
def rights_name(uri: str) -> str:
    """The short name of a licence known by its address; an unknown address stays as it is."""
    found = _COMMONS.match(uri)
    if found is None:
        return uri
    family, code, version = found.groups()
    if family == "publicdomain":
        return f"CC0 {version}" if code == "zero" else f"Public Domain Mark {version}"
    return f"CC {code.upper()} {version}"


@register.filter
def job_title(job: Job) -> str:
    """What a job does, in words for those who wait for it."""
    titles = {
        "annotation.import": _("Importing images"),
        "annotation.crawl": _("Reading the collection"),
        "annotation.look": _("Looking at the source again"),
        "taxonomy.import": _("Importing the vocabulary"),
        "taxonomy.match": _("Looking concepts up"),
        "campaigns.announce": _("Sending the announcement"),
        "campaigns.consensus": _("Merging the answers"),
        "campaigns.bulk": _("Deciding many at once"),
        "campaigns.bulk-undo": _("Taking decisions back"),
        "campaigns.choose": _("Adding tasks"),
        "campaigns.consensus-shard": _("Merging the answers"),
        "campaigns.order": _("Putting the images in order"),
        "campaigns.priorities": _("Setting priorities"),
        "campaigns.predict": _("Looking for predictions"),
        "campaigns.release": _("Writing the release"),
        "campaigns.personal-export": _("Putting your data together"),
        "campaigns.agreement": _("Measuring how well people agree"),
        "campaigns.compare": _("Comparing the runs"),
        "campaigns.evaluate": _("Comparing the predictions with the release"),
    }
    return titles.get(job.kind, job.kind)


@register.filter
def model_name(name: str) -> str:
    """A model bears the name that people gave it; what this house looks with has one in each language."""
    return name.replace(match_template.LABEL, _(match_template.LABEL), 1)


@register.filter
def verdict(value: str) -> str:
    """A verdict in words."""
    return str(dict(Decision.Verdict.choices).get(value, value))


@register.filter
def share(value: float | None) -> str:
    """A share of 0 to 1 as a whole per cent with the language's own spacing; a dash when unknown."""
    if value is None:
        return "–"
    space = "\u202f" if (get_language() or "en").startswith("fr") else ""
    return f"{number_format(round(value * 100), 0)}{space}%"


@register.filter
def signed_share(value: float | None) -> str:
    """A difference as a per cent with its sign and one decimal."""
    if value is None:
        return "–"
    space = "\u202f" if (get_language() or "en").startswith("fr") else ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_format(round(abs(value) * 100, 1), 1)}{space}%"


@register.filter
def times(value: float | None) -> str:
    """A natural logarithm of a ratio as the ratio, with one decimal."""
    return "–" if value is None else number_format(round(math.exp(value), 1), 1)


@register.filter
def figure(value: float | None, digits: int = 2) -> str:
    """A statistic with fixed decimals; a dash when it cannot be computed."""
    return "–" if value is None else number_format(round(value, digits), digits, force_grouping=True)


@register.filter
def day(value: str) -> str:
    """A day written `YYYY-MM-DD` as the reader's language writes it."""
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping at a key held in a variable."""
    return mapping.get(key)
