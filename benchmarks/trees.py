"""Consensus on a tree of labels at size; no library does this, so it stands beside the vote that sees no tree."""

import time
from typing import Any

import numpy as np

from benchmarks.ground import call

MODELS = ("vote", "lowest_supported", "tree_coin", "tree_dawid_skene")
LABELS = (10_000, 100_000, 1_000_000)
EACH, FLOORS, CHILDREN = 5, 3, 4  # answers an item; 4 + 16 + 64 concepts


def measure() -> dict[int, dict[str, Any]]:
    """By number of labels and model: seconds, memory, how often the very leaf is named and how often a wrong one."""
    return {n: {model: _of(model, n) for model in MODELS} for n in LABELS}


def _of(model: str, n: int) -> dict[str, Any]:
    outcome = call("benchmarks.trees:merge", model=model, n=n)
    return {**outcome.result, "rss_above_mb": round(outcome.rss_peak_mb - outcome.rss_before_mb)}


def _crowd(n: int) -> tuple[Any, Any, Any, Any]:
    """`n` answers in numbers of base 4 with a leading 1, the path being the digits: people take the right turn with 0.5
    to 0.95, go anywhere once astray, and every fifth answer stops above the leaf."""
    rng = np.random.default_rng(n)
    items, people = n // EACH, max(20, n // 200)
    truth = rng.integers(0, CHILDREN**FLOORS, items)
    item, person = np.repeat(np.arange(items), EACH), rng.integers(0, people, n)
    sure = rng.uniform(0.5, 0.95, people)[person]
    said, stray = np.ones(n, dtype=np.int64), np.zeros(n, dtype=bool)
    stops = np.where(rng.random(n) < 0.2, rng.integers(1, FLOORS, n), FLOORS)
    for floor in range(FLOORS):
        turn = truth[item] // CHILDREN ** (FLOORS - 1 - floor) % CHILDREN
        stray |= rng.random(n) >= sure
        turn = np.where(stray, rng.integers(0, CHILDREN, n), turn)
        said = np.where(floor < stops, said * CHILDREN + turn, said)
    return item, person, said, truth + CHILDREN**FLOORS


def merge(model: str, n: int) -> dict[str, Any]:
    """Ours, reading the columns included."""
    from campaigns.quality import labels  # noqa: PLC0415 - only where it is measured
    from campaigns.quality.answers import answers_of  # noqa: PLC0415
    from taxonomy.tree import Tree  # noqa: PLC0415

    item, person, said, truth = _crowd(n)
    first, past = CHILDREN, 2 * CHILDREN**FLOORS
    numbers = [one for one in range(first, past) if _depth(one)]
    tree: Tree[int] = Tree({one: one // CHILDREN if _depth(one) > 1 else None for one in numbers})
    began, cpu = time.perf_counter(), time.process_time()
    answers = answers_of(item, person, said, repeats=True)
    if model == "vote":
        found = labels.vote(answers)
        decided = [int(answers.labels[code]) if code >= 0 else None for code in found.best()[0].tolist()]
    elif model == "lowest_supported":
        decided = list(labels.lowest_supported(answers, tree).concepts)
    else:
        decided = getattr(labels, model)(answers, tree).decide()[0]
    took = {
        "seconds": round(time.perf_counter() - began, 4),
        "cpu_s": round(time.process_time() - cpu, 4),
    }
    pairs = list(zip(decided, truth.tolist(), strict=True))
    right = sum(one == true for one, true in pairs)
    wrong = sum(one is not None and not _above(one, true) for one, true in pairs)
    return {**took, "leaf": round(right / len(pairs), 4), "wrong": round(wrong / len(pairs), 4)}


def _depth(number: int) -> int:
    """On which floor a number stands, from 1; 0 where it is none of the tree."""
    for floor in range(1, FLOORS + 1):
        if CHILDREN**floor <= number < 2 * CHILDREN**floor:
            return floor
    return 0


def _above(one: int, true: int) -> bool:
    """At or above it."""
    while true > one:
        true //= CHILDREN
    return true == one
