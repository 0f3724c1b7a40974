"""The code that puts a source on somebody's own page: one script and one element."""

from django.templatetags.static import static
from django.utils.html import escape

from annotation.addresses import absolute

SCRIPT = "workbench/embed.js"
ELEMENT = "rubricator-workbench"


def script_address() -> str:
    """Where the element's script is, under a name that stays."""
    return absolute(static(SCRIPT))


def element(**attributes: str) -> str:
    """The element with what is said of it; underscores in names are hyphens, and what is empty is left out."""
    said = "".join(
        f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value
    )
    return f"<{ELEMENT}{said}></{ELEMENT}>"


def snippet(**attributes: str) -> str:
    """What is copied into a page."""
    return f'<script type="module" src="{escape(script_address())}"></script>\n{element(**attributes)}'
