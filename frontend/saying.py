"""What an annotation says, as a line of a list shows it: its remarks and tags, without markup, cut short."""

from collections.abc import Mapping
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator

from annotation.webanno import texts

MOST_CHARACTERS = 160
# Of a transcription of pages only the beginning is looked at.
_LOOKED_AT = 4_000


def words_shown(document: Mapping[str, Any]) -> str:
    """The texts of its bodies in one line of at most 160 characters; "" for one that says nothing in words."""
    said = (_plain(text) for text in texts(document))
    return Truncator(" · ".join(dict.fromkeys(filter(None, said)))).chars(MOST_CHARACTERS)


def _plain(text: str) -> str:
    # What was escaped twice is shown as it was written; the page escapes it again.
    return " ".join(unescape(strip_tags(text[:_LOOKED_AT].replace("<", " <"))).split())
