"""“Which species is this?”: a label for each region that is there already, from a layer of annotations.

Settings (with their defaults), beside the `prompt`:
    many            false  whether several labels may be given
    coarser_counts  false  whether a coarser concept than another's agrees with it in part
    certainty       false  whether people say how sure they are

Answer: that of `campaigns.questions.tag`, about the region; “nothing here” says that it is none of what may be named.
People differ in the labels alone, but what is released are boxes with labels: a model has to find them too.
"""

from collections.abc import Container, Mapping
from typing import Any

from campaigns.questions import tag
from campaigns.questions.kind import Answer, Config, Region, Size, Traits
from campaigns.questions.reading import read_config
from campaigns.questions.tag import as_answer, compare, marks, merge

KIND = "identify"
LABEL = "Name regions that are there"
TRAITS = Traits(
    method="majority label of a region, 1",
    tree_method="lowest label of a region with over 2/3 support, 1",
    says="labels",
    released_as="boxes",
    about=True,
)

DEFAULTS: Config = {"many": False, "coarser_counts": False, "certainty": False}

__all__ = [
    "KIND", "LABEL", "TRAITS", "as_answer", "compare", "marks", "merge", "validate_answer", "validate_config",
]  # fmt: skip


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    return read_config(config, DEFAULTS)


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form, concepts in a fixed order. Raises AnswerError."""
    return tag.validate_answer(
        answer, config=config, canvas_size=canvas_size, allowed_concepts=allowed_concepts, region=region
    )
