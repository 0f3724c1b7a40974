"""A canvas beside that of a page, as its address asks for: `?beside=` its id, its URI, or the address of its page."""

import re
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from annotation.geometry import Box
from annotation.models import Canvas
from annotation.permissions import visible_manifests
from annotation.webanno import canvas_variants
from campaigns.api import shown

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def beside_asked(canvas: Canvas, box: Box | None, request: HttpRequest) -> tuple[dict[str, Any] | None, bool]:
    """What `<rubricator-beside>` shows, or None; and whether a canvas was asked for that is not here to be seen.

    A query where one is asked for.
    """
    asked = request.GET.get("beside", "").strip().replace("\x00", "")[:2000]
    if not asked:
        return None, False
    named = Q(uri__in=canvas_variants(asked))
    if ids := _ID.findall(asked):
        named |= Q(pk=ids[-1])
    rows = Canvas.objects.filter(named, manifest__in=visible_manifests(request.user).order_by().values("pk"))
    other = rows.select_related("manifest").order_by("manifest__created_at", "position").first()
    if other is None:
        return None, True
    first = {"canvas": shown.canvas(canvas), "region": box.xywh if box else None}
    second = {"canvas": shown.canvas(other), "region": None}
    return {"pair": {"first": first, "second": second}, "canvas": other}, False
