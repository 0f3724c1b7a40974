"""What a change at an institution means for a curator, and what to do about it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from annotation.models import SourceChange

Kind = SourceChange.Kind
ADVICE = {
    Kind.MANIFEST_GONE: gettext_lazy(
        "Ask the institution for the new address and import it, or keep what is here: your annotations stay."
    ),
    Kind.MANIFEST_MOVED: gettext_lazy("Nothing to do: it is read from its new address."),
    Kind.MANIFEST_UNREADABLE: gettext_lazy(
        "Open the address in a browser. Often a login or a fault of the server is in the way; try again later."
    ),
    Kind.IMAGE_GONE: gettext_lazy(
        "Volunteers cannot see this image. Pause campaigns that ask about it, and ask the institution."
    ),
    Kind.IMAGE_RESIZED: gettext_lazy(
        "Look whether it is still the same picture: the annotations on it have stayed where they were."
    ),
    Kind.SERVICE_MOVED: gettext_lazy("Import the manifest again to take the new address over."),
    Kind.CANVAS_RESCALED: gettext_lazy(
        "Nothing to do: what was there before is in the history of each annotation."
    ),
    Kind.CANVAS_RESHAPED: gettext_lazy(
        "The picture was cropped or replaced. Look at its annotations and correct them by hand."
    ),
    Kind.NOT_RESCALED: gettext_lazy("Open the annotation and draw its region anew."),
    Kind.RIGHTS: gettext_lazy("Check that your campaigns and releases still respect them."),
    Kind.STATEMENT: gettext_lazy("Check that your campaigns and releases still give credit as asked."),
    Kind.CANVASES_KEPT: gettext_lazy(
        "They are kept because annotations or tasks stand on them. Decide whether to go on with them."
    ),
    Kind.MEMBERS_ADDED: gettext_lazy("Choose in the collection whether to bring them in."),
    Kind.MEMBERS_REMOVED: gettext_lazy("What was brought in stays here. Decide whether to go on with it."),
}


def explained(change: SourceChange) -> dict[str, Any]:
    """A change with what was before, what is now, and what to do about it, in words."""
    return {
        "change": change,
        "advice": ADVICE.get(Kind(change.kind), ""),
        "before": _words(change, change.before),
        "after": _words(change, change.after),
    }


def _words(change: SourceChange, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _size(value)
    if "count" in value:
        return ngettext("%(count)d of them", "%(count)d of them", value["count"]) % {"count": value["count"]}
    texts = value.get("value", {})
    return " ".join(part for parts in texts.values() for part in parts)[:300] if texts else ""


def _size(value: list[Any]) -> str:
    width, height, *more = value
    size = f"{width:g} × {height:g}"
    if not more:
        return size
    return _("%(size)s, %(count)d annotations") % {"size": size, "count": more[0]}
