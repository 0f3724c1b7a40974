"""Shapes as answers on things: whoever saw the canvas of a thing says what it is, or that it is not there.

So the coefficients of agreement on labels speak of finding and of naming together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.agreement import Agreement, label_agreement
from campaigns.quality.answers import answers_of
from campaigns.quality.box_agreement import codes_in
from campaigns.quality.matching import group_boxes
from campaigns.quality.overlapping import Ints, as_boxes

MISSING = ""  # the label of somebody who saw the canvas and did not draw the thing


@dataclass(frozen=True, slots=True)
class MatchedAnswers:
    """Answers on things `(k,)`: whoever saw the canvas of a thing answers it, with MISSING if they did not draw it.

    `unit`: codes of things, in the order of `group_boxes`; `person`, `label`; `canvas`: codes of the sorted canvases.
    """

    unit: Ints
    person: npt.NDArray[Any]
    label: npt.NDArray[Any]
    canvas: Ints


def matched_answers(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    threshold: float = 0.5,
) -> MatchedAnswers:
    """Boxes as answers on things: each group of matched boxes is a thing.

    Raises ValueError when a box stands on a canvas that its person did not see.
    """
    rows, pages, names = as_boxes(boxes), np.asarray(canvas), np.asarray(person)
    words = np.asarray(label, dtype=np.str_)
    group = group_boxes(rows, names, words, canvas=pages, threshold=threshold)
    return grouped_answers(group, pages, names, words, seen_canvas=seen_canvas, seen_person=seen_person)


def grouped_answers(
    group: Ints,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
) -> MatchedAnswers:
    """The same of shapes of any kind, one thing for each number in `group (n,)`."""
    pages, names, words = np.asarray(canvas), np.asarray(person), np.asarray(label, dtype=np.str_)
    looks = answers_of(seen_canvas, seen_person, np.zeros(len(np.asarray(seen_canvas)), dtype=np.int64))
    place, who = codes_in(looks.items, pages), codes_in(looks.people, names)
    crowd = max(len(looks.people), 1)
    if not np.isin(place * crowd + who, looks.item * crowd + looks.person).all():
        raise ValueError("A box stands on a canvas that its person is not said to have seen.")
    groups = int(group.max(initial=-1)) + 1
    home = np.zeros(groups, dtype=np.int64)
    home[group] = place
    voices = looks.voices[home]
    unit = np.repeat(np.arange(groups), voices)
    within = np.arange(len(unit)) - np.repeat(np.cumsum(voices) - voices, voices)
    look = looks.starts[home[unit]] + within
    said = np.full(len(unit), MISSING, dtype=words.dtype if len(words) else np.dtype("U1"))
    keys = unit * crowd + looks.person[look]
    order = np.argsort(keys)
    said[order[np.searchsorted(keys, group * crowd + who, sorter=order)]] = words
    return MatchedAnswers(unit, looks.people[looks.person[look]], said, home[unit])


def matched_agreement(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    threshold: float = 0.5,
    seed: int | None = None,
    samples: int = 1000,
) -> Agreement:
    """Agreement on the labels of things, as `matched_answers` has them: both finding and naming count.

    The interval is by canvas. Raises ValueError when a box stands on a canvas that its person did not see.
    """
    said = matched_answers(
        boxes, canvas, person, label, seen_canvas=seen_canvas, seen_person=seen_person, threshold=threshold
    )
    return label_agreement(said.unit, said.person, said.label, canvas=said.canvas, seed=seed, samples=samples)
