"""Whether an outline crosses or touches itself, and where: what has no clear inside is no region."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def first_crossing(points: npt.ArrayLike) -> tuple[int, int] | None:
    """The first two edges (by their number, i < j) of `points (n, 2)` that meet where they must not; None for a simple
    outline.

    Edge k goes from corner k to the next, the last one back to the first. Neighbours share one corner and nothing
    else. n² comparisons in arrays, row by row: 1,000 corners take some hundredths of a second.
    """
    corners = np.asarray(points, dtype=np.float64)
    # Relative to the first corner, so that places far from the origin lose no digits.
    start = corners - corners[0]
    end = np.roll(start, -1, axis=0)
    n = len(start)
    for i in range(n - 1):
        others = np.arange(i + 1, n)
        met = _meets(start[i], end[i], start[others], end[others])
        neighbours = (others == i + 1) | ((i == 0) & (others == n - 1))
        met[neighbours] = _folds_back(start, end, i, others[neighbours])
        if met.any():
            return i, int(others[np.argmax(met)])
    return None


def _folds_back(start: Floats, end: Floats, i: int, others: npt.NDArray[np.int64]) -> list[bool]:
    """Of neighbours: whether the second runs back along the first."""
    return [_backward(start[i], end[i], start[j], end[j]) for j in others.tolist()]


def _backward(a: Floats, b: Floats, c: Floats, d: Floats) -> bool:
    shared, one, other = (b, a, d) if (b == c).all() else (a, b, c)
    u, v = one - shared, other - shared
    return bool(u[0] * v[1] == u[1] * v[0] and u @ v >= 0)


def _meets(a: Floats, b: Floats, c: Floats, d: Floats) -> npt.NDArray[np.bool_]:
    """Whether the edge a–b meets each edge c–d, touching included."""
    side_c, side_d = _side(a, b, c), _side(a, b, d)
    side_a, side_b = _side(c, d, a), _side(c, d, b)
    apart = (side_c * side_d > 0) | (side_a * side_b > 0)
    low, high = np.minimum(a, b), np.maximum(a, b)
    near = ((np.minimum(c, d) <= high) & (np.maximum(c, d) >= low)).all(axis=1)
    return np.asarray(near & ~apart, dtype=np.bool_)


def _side(a: Floats, b: Floats, p: Floats) -> Floats:
    """The sign of the turn a → b → p: on which side of the line p lies, 0 on it."""
    ab, ap = b - a, p - a
    return np.asarray(np.sign(ab[..., 0] * ap[..., 1] - ab[..., 1] * ap[..., 0]), dtype=np.float64)
