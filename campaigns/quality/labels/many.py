"""Several labels may be true of one item: each label that anybody named is a question of its own, yes or no.

Everybody who answered an item answered yes or no on each label that anybody gave it (binary relevance; Tsoumakas
& Katakis 2007, Multi-label classification: an overview). Any model of `labels/` merges these answers; the default
is Dawid and Skene's on two labels, whose confusion of a person is sensitivity and specificity over all labels.
Labels that nobody named are no. Rows: Σ over items of people × labels named there.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Floats, Ints, Names, answers_of
from campaigns.quality.labels.dawid_skene import dawid_skene
from campaigns.quality.labels.posterior import LabelConsensus

NO, YES = 0, 1


@dataclass(frozen=True, slots=True)
class Questions:
    """Yes and no on (item, label): question q is on `item[q]` of `items` and `label[q]` of `labels`."""

    answers: Answers
    items: Names
    labels: Names
    item: Ints
    label: Ints


@dataclass(frozen=True, slots=True)
class ManyConsensus:
    """Probability that each named label is true of its item, and what is decided."""

    questions: Questions
    consensus: LabelConsensus
    probability: Floats  # (questions,)

    def decide(self, threshold: float = 0.5) -> dict[Any, tuple[Any, ...]]:
        """The labels of probability > `threshold` for every item that anybody answered, maybe none."""
        q = self.questions
        chosen: dict[Any, list[Any]] = {item: [] for item in q.items.tolist()}
        items, labels = q.items.tolist(), q.labels.tolist()
        for row in np.flatnonzero(self.probability > threshold * (1 + 1e-9)).tolist():
            chosen[items[q.item[row]]].append(labels[q.label[row]])
        return {item: tuple(names) for item, names in chosen.items()}


def questions_of(item: npt.ArrayLike, person: npt.ArrayLike, sets: Sequence[Collection[str]]) -> Questions:
    """One row per person and item, the labels given as a set, maybe empty.

    Raises ValueError when columns differ in length or somebody answers an item twice.
    """
    looks = answers_of(item, person, np.arange(len(sets)), repeats=True)
    if len(np.unique(looks.item * max(len(looks.people), 1) + looks.person)) < len(looks):
        raise ValueError("Everybody answers an item once, with all labels together.")
    labels = np.array(sorted({word for words in sets for word in words}), dtype=np.str_)
    place = {word: code for code, word in enumerate(labels.tolist())}
    rows = [sorted({place[word] for word in sets[row]}) for row in looks.labels[looks.label].tolist()]
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    k = max(len(labels), 1)
    said_look = np.repeat(np.arange(len(rows)), sizes)
    said_label = np.array([code for row in rows for code in row], dtype=np.int64)
    pairs = np.unique(looks.item[said_look] * k + said_label)
    asked_item, asked_label = pairs // k, pairs % k
    # Every look at an item meets every question on it.
    starts, voices = looks.starts, looks.voices
    repeat = voices[asked_item]
    question = np.repeat(np.arange(len(pairs)), repeat)
    within = np.arange(len(question)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    look = starts[asked_item[question]] + within
    yes = np.isin(look * k + asked_label[question], said_look * k + said_label)
    answers = answers_of(question, looks.people[looks.person[look]], yes.astype(np.int64), labels=[NO, YES])
    return Questions(answers, looks.items, labels, asked_item, asked_label)


def _two_sided(answers: Answers) -> LabelConsensus:
    return dawid_skene(answers).consensus


def merge_many(
    item: npt.ArrayLike,
    person: npt.ArrayLike,
    sets: Sequence[Collection[str]],
    *,
    model: Callable[[Answers], LabelConsensus] = _two_sided,
) -> ManyConsensus:
    """The labels of each item by `model`, which merges yes (1) and no (0)."""
    questions = questions_of(item, person, sets)
    consensus = model(questions.answers)
    yes = consensus.label == YES
    probability = np.zeros(len(questions.item))
    probability[consensus.item[yes]] = consensus.probability[yes]
    return ManyConsensus(questions, consensus, probability)
