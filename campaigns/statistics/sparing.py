"""Reads tables for who looks on: what took long to compute is shown again for a while."""

import time

from django.utils.timezone import get_current_timezone_name

from campaigns.models import Campaign
from campaigns.statistics.reading import Part, read_part
from campaigns.statistics.table import Table

DEAR_S = 0.2  # below that a table is computed whenever it is asked for
# So many times as long as it took it is shown again: a page that is watched takes a twentieth of a process at most.
TIMES = 20
LONGEST_S = 300.0

_kept: dict[tuple[object, ...], tuple[float, Part]] = {}


def read_sparingly(table: Table, campaign: Campaign, language: str, *, limit: int) -> Part:
    """The first rows of a table, of this moment or as old as they were dear, never more than five minutes."""
    key = (campaign.pk, table.name, language, get_current_timezone_name(), limit)
    now = time.monotonic()
    known = _kept.get(key)
    if known and known[0] > now:
        return known[1]
    part = read_part(table, campaign, language, limit=limit)
    took = time.monotonic() - now
    for old in [one for one, (until, _part) in list(_kept.items()) if until <= now]:
        _kept.pop(old, None)
    if took > DEAR_S:
        _kept[key] = (time.monotonic() + min(TIMES * took, LONGEST_S), part)
    return part
