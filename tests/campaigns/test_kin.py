"""What different labels have in common is told: “they differ, but all of these are clefs”."""

from campaigns.api.outcomes.review import _kin

ABOVE = {
    "rabbit": ["animals", "mammals", "leporids"],
    "hare": ["animals", "mammals", "leporids"],
    "leporids": ["animals", "mammals"],
    "fox": ["animals", "mammals"],
    "trout": ["animals"],
    "boat": [],
}


def test_the_nearest_concept_above_all() -> None:
    assert _kin(["rabbit", "hare"], ABOVE) == "leporids"
    assert _kin(["rabbit", "hare", "fox"], ABOVE) == "mammals"


def test_what_says_nothing_is_not_told() -> None:
    assert _kin(["rabbit", "trout"], ABOVE) is None  # all are in the one tree
    assert _kin(["rabbit", "boat"], ABOVE) is None
    assert _kin(["rabbit"], ABOVE) is None
    assert _kin(["rabbit", "leporids"], ABOVE) is None  # one of them says it already
    assert _kin([], ABOVE) is None
