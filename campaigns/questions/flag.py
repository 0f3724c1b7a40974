"""“Is there a watermark?”: yes, no or cannot tell, for a whole canvas or a region of it.

Settings and answer: `campaigns.questions.choices`; the answers are `yes`, `no` and `unsure`. Who cannot tell has
answered: it stands as the merged answer only where more than half say so, and counts against each of the others.
"""

from collections.abc import Container, Mapping
from typing import Any

from campaigns.questions.choices import read_answer, read_settings
from campaigns.questions.kind import Answer, Choice, Config, Region, Size, Traits
from campaigns.questions.tag import as_answer, compare, marks, merge

KIND = "flag"
LABEL = "Yes or no"
TRAITS = Traits(
    method="majority of yes, no and cannot tell, 1",
    tree_method="majority of yes, no and cannot tell on a tree, 1",
    says="labels",
    released_as="labels",
    answers=(
        Choice(name="yes", labels={"en": "Yes", "fr": "Oui"}, letters={"en": "y", "fr": "o"}),
        Choice(name="no", labels={"en": "No", "fr": "Non"}, letters={"en": "n", "fr": "n"}),
        Choice(name="unsure", labels={"en": "Cannot tell", "fr": "Impossible à dire"}),
    ),
)

DEFAULTS: Config = {"answers": {}}

__all__ = [
    "KIND", "LABEL", "TRAITS", "as_answer", "compare", "marks", "merge", "validate_answer", "validate_config",
]  # fmt: skip


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings with the concept of each answer. Raises ConfigError."""
    return read_settings(config, TRAITS.answers)


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form: one of the three. Raises AnswerError."""
    return read_answer(answer, allowed_concepts)
