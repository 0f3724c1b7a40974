"""How alike answers are on a tree: “bird” is nearer to “kingfisher” than “boat” is, and nearer than nothing."""

from collections.abc import Callable, Collection, Sequence

import numpy as np

from campaigns.quality.difference import Difference, Floats
from taxonomy.tree import Tree


def kinship(tree: Tree[str]) -> Callable[[Sequence[Collection[str]]], Difference]:
    """Makes the difference between sets of concepts of a tree, 0 to 1; for one concept each 1 − Wu–Palmer.

    Each concept of one set is compared with its nearest of the other, and the likenesses are averaged over both
    (Wu and Palmer 1994, section 3). An empty set, “nothing here”, is like another empty set and like nothing
    else; so is a concept outside the tree like itself only.
    """

    def make(sets: Sequence[Collection[str]]) -> Difference:
        matrix = differences(sets, tree)
        return lambda a, b: matrix[a, b]

    return make


def likeness(tree: Tree[str]) -> Callable[[Collection[str], Collection[str]], float]:
    """1 − that difference, of two sets."""
    return lambda a, b: 1.0 - float(differences([a, b], tree)[0, 1])


def differences(sets: Sequence[Collection[str]], tree: Tree[str]) -> Floats:
    """The difference of every two sets `(k, k)`."""
    words = sorted({word for members in sets for word in members})
    alike = _likenesses(words, tree)
    place = {word: index for index, word in enumerate(words)}
    holds = np.zeros((len(sets), len(words)))
    nearest = np.zeros((len(sets), len(words)))
    for row, members in enumerate(sets):
        mine = [place[word] for word in members]
        holds[row, mine] = 1.0
        if mine:
            nearest[row] = alike[mine].max(axis=0)
    found = nearest @ holds.T
    sizes = holds.sum(axis=1)
    whole = sizes[:, None] + sizes[None, :]
    shares = np.divide(found + found.T, whole, out=np.ones_like(whole), where=whole > 0)
    return np.asarray(1.0 - shares, dtype=np.float64)


def _likenesses(words: Sequence[str], tree: Tree[str]) -> Floats:
    """Wu–Palmer of every two concepts `(w, w)`; of those outside the tree 1 with themselves, else 0."""
    alike = np.eye(len(words))
    inside = [index for index, word in enumerate(words) if word in tree]
    if inside:
        left, right = np.meshgrid(inside, inside, indexing="ij")
        alike[left.ravel(), right.ravel()] = tree.wu_palmers(
            [words[index] for index in left.ravel()], [words[index] for index in right.ravel()]
        )
    return alike
