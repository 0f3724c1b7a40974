"""How well the people behind the ground truth agreed, as it was when it was released: every figure with its method."""

from collections.abc import Iterator

import orjson

from campaigns.formats.values import GroundTruth

NAME = "agreement"
LABEL = "Agreement report"
MEDIA_TYPE = "application/json"
SUFFIX = ".agreement.json"


def write(release: GroundTruth) -> Iterator[bytes]:
    """One JSON object; without people's names, as the snapshot made it."""
    yield orjson.dumps(dict(release.agreement), option=orjson.OPT_INDENT_2)
