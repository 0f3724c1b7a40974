"""“Same hand?”, “same object?”: two regions stand beside each other, and people say how they belong together.

Settings, beside the `prompt`: `asks`, which set of answers there is, and `answers` (`campaigns.questions.choices`).

    hand     same, likely, different, unsure
    object   same, part, kin, different, unsure: how similarity pairs are sorted in studies of copied pictures, by all
             of the picture, a part of it, what it shows, or nothing; and “cannot tell”

Answer: that of `campaigns.questions.choices`, and `left`: the id of the annotation that stood on the left when the
answer was given, or null for who does not say. Which of the two it is, is left to chance: nobody's habits of looking
may speak for one of them, and what was shown can be told from the answer.
"""

from collections.abc import Container, Mapping
from typing import Any

from campaigns.questions.choices import read_answer, read_settings
from campaigns.questions.kind import Answer, Choice, Config, Region, Size, Traits
from campaigns.questions.reading import read_choice, read_object, read_uuid
from campaigns.questions.tag import as_answer, compare, marks, merge

KIND = "compare"
LABEL = "Compare two regions"
UNSURE = Choice(name="unsure", labels={"en": "Cannot tell", "fr": "Impossible à dire"})
HAND = (
    Choice(
        name="same", labels={"en": "Same hand", "fr": "Même main"}, letters={"en": "s", "fr": "m"},
        degree=1.0, joins=True,
    ),
    Choice(
        name="likely", labels={"en": "Probably the same hand", "fr": "Probablement la même main"},
        letters={"en": "p", "fr": "p"}, degree=0.5,
    ),
    Choice(
        name="different", labels={"en": "Different hands", "fr": "Mains différentes"},
        letters={"en": "d", "fr": "d"}, degree=0.0, parts=True,
    ),
    UNSURE,
)  # fmt: skip
# Likeness in part and likeness in what is shown are not degrees of one thing: these answers have no order.
OBJECT = (
    Choice(
        name="same", labels={"en": "Same object", "fr": "Même objet"},
        letters={"en": "s", "fr": "m"}, joins=True,
    ),
    Choice(
        name="part", labels={"en": "Same in part", "fr": "Identiques en partie"},
        letters={"en": "p", "fr": "p"},
    ),
    Choice(
        name="kin", labels={"en": "Same subject, otherwise made", "fr": "Même sujet, autre facture"},
        letters={"en": "a", "fr": "s"},
    ),
    Choice(
        name="different", labels={"en": "Different objects", "fr": "Objets différents"},
        letters={"en": "d", "fr": "d"}, parts=True,
    ),
    UNSURE,
)  # fmt: skip
SETS = {"hand": HAND, "object": OBJECT}
TRAITS = Traits(
    method="majority answer about a pair, 1",
    tree_method="majority answer about a pair on a tree, 1",
    says="labels",
    released_as="labels",
    about=True,
    pairs=True,
    answers=HAND,
    other_answers=SETS,
)

DEFAULTS: Config = {"asks": "hand", "answers": {}}

__all__ = [
    "KIND", "LABEL", "TRAITS", "as_answer", "compare", "marks", "merge", "validate_answer", "validate_config",
]  # fmt: skip


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings with the set of answers and the concept of each of them. Raises ConfigError."""
    asks = read_choice(config, "asks", tuple(SETS))
    rest = {name: value for name, value in config.items() if name != "asks"}
    return {**read_settings(rest, SETS[asks]), "asks": asks}


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form: one of the few, and what stood on the left. Raises AnswerError."""
    left = read_object(answer, "").get("left")
    return {
        **read_answer(answer, allowed_concepts),
        "left": None if left is None else read_uuid(left, "/left"),
    }
