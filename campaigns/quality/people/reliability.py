"""What a person takes for what: confusion, sensitivity and specificity, with priors and how sure they are.

Measured against known answers (gold), or against the vote of everybody else on the same items, never against a
consensus that the person had a voice in. With n(k, l) answers l where k is true, s prior answers of which the
share c(k, l) is the crowd's, and J = 1/2 (Jeffreys' prior of a share):

    confusion      e(k, l) = (n(k, l) + s c(k, l)) / (Σ_l n(k, l) + s)
    sensitivity    share of things that are k which the person calls k:          Beta(tp + J, fn + J)
    specificity    share of things that are not k which the person calls not k:  Beta(tn + J, fp + J)

Few answers give wide intervals, not bold claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names
from campaigns.quality.bootstrap import Interval
from campaigns.quality.left_out import others_vote
from campaigns.quality.people.credible import beta_interval

_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `of` cases, its posterior mean and 95 % interval; `value` None where there was no case."""

    value: float | None
    interval: Interval
    of: int


@dataclass(frozen=True, slots=True)
class ConceptSkill:
    """One person on one concept."""

    concept: Any
    sensitivity: Share
    specificity: Share


@dataclass(frozen=True, slots=True)
class Reliability:
    """One person: share of right answers, confusion `(labels, labels)` true × said, and skill per concept met."""

    person: Any
    accuracy: Share
    confusion: Floats
    counts: Ints
    skills: tuple[ConceptSkill, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers beside what is held true of their items: person, said, true, as codes `(n,)`."""

    people: Names
    labels: Names
    person: Ints
    said: Ints
    true: Ints


def against_gold(answers: Answers, gold: Mapping[Any, Any]) -> Judged:
    """The answers on items whose label is known. Raises ValueError for a label that may not be given."""
    known = answers.gold_codes(gold)[answers.item] if len(answers) else np.zeros(0, np.int64)
    rows = known >= 0
    return Judged(answers.people, answers.labels, answers.person[rows], answers.label[rows], known[rows])


def against_others(answers: Answers) -> Judged:
    """The answers on items where most of the others say one thing, beside that."""
    others = others_vote(answers)
    rows = others.label >= 0
    return Judged(
        answers.people, answers.labels, answers.person[rows], answers.label[rows], others.label[rows]
    )


def reliability(judged: Judged, *, strength: float = 4.0) -> list[Reliability]:
    """Everybody who was judged on anything, in sorted order; `strength` ≥ 0 prior answers per true label."""
    k = max(len(judged.labels), 1)
    crowd = np.bincount(judged.true * k + judged.said, minlength=k * k).reshape(k, k) + np.eye(k) + 1 / k
    crowd = crowd / crowd.sum(axis=1, keepdims=True)
    names, labels, found = judged.people.tolist(), judged.labels.tolist(), []
    order = np.argsort(judged.person, kind="stable")
    cuts = np.searchsorted(judged.person[order], np.arange(len(names) + 1))
    for code, name in enumerate(names):
        rows = order[cuts[code] : cuts[code + 1]]
        if not len(rows):
            continue
        counts = np.bincount(judged.true[rows] * k + judged.said[rows], minlength=k * k).reshape(k, k)
        drawn = counts + strength * crowd
        right = int(np.trace(counts))
        found.append(
            Reliability(
                person=name,
                accuracy=share(right, len(rows) - right),
                confusion=drawn / drawn.sum(axis=1, keepdims=True),
                counts=counts.astype(np.int64),
                skills=tuple(
                    _skill(labels[place], counts, place)
                    for place in np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1)).tolist()
                ),
            )
        )
    return found


def share(right: float, wrong: float) -> Share:
    """The share of `right` among both, with Jeffreys' interval (Brown, Cai & DasGupta 2001); parts of cases count."""
    a, b = right + _JEFFREYS, wrong + _JEFFREYS
    total = round(right + wrong)
    return Share(a / (a + b) if total else None, beta_interval(a, b), total)


def _skill(concept: Any, counts: Ints, place: int) -> ConceptSkill:
    hit = int(counts[place, place])
    missed, false = int(counts[place].sum()) - hit, int(counts[:, place].sum()) - hit
    silent = int(counts.sum()) - hit - missed - false
    return ConceptSkill(concept, share(hit, missed), share(silent, false))
