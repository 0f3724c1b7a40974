"""Assigns rows to columns one to one so that the summed worth is greatest: the optimal side of matching."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def assign(worth: Floats) -> list[tuple[int, int]]:
    """The pairs (row, column) of greatest total in `worth (n, m)`; cells of worth ≤ 0 are never used.

    Shortest augmenting paths (Kuhn 1955; Jonker & Volgenant 1987), O(min(n, m)² · max(n, m)). Deterministic:
    among equal totals the order of rows and columns decides.
    """
    if worth.shape[0] > worth.shape[1]:
        return sorted((row, column) for column, row in assign(worth.T))
    rows, columns = worth.shape
    if not rows:
        return []
    cost = -np.clip(worth, 0.0, None)
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    row_of = np.full(columns, -1)
    for row in range(rows):
        _augment(cost, row, row_price, column_price, row_of)
    return sorted((int(row_of[c]), c) for c in range(columns) if row_of[c] >= 0 and worth[row_of[c], c] > 0)


def _augment(
    cost: Floats, start: int, row_price: Floats, column_price: Floats, row_of: npt.NDArray[np.int64]
) -> None:
    columns = cost.shape[1]
    distance, came_from = np.full(columns, np.inf), np.full(columns, -1)
    done = np.zeros(columns, dtype=bool)
    row, reached, column = start, 0.0, -1
    while True:
        step = reached + cost[row] - row_price[row] - column_price
        better = ~done & (step < distance)
        distance[better], came_from[better] = step[better], column
        column = int(np.argmin(np.where(done, np.inf, distance)))
        reached, done[column] = float(distance[column]), True
        if row_of[column] < 0:
            break
        row = int(row_of[column])
    row_price[start] += reached
    visited = done.copy()
    visited[column] = False
    gain = reached - distance[visited]
    row_price[row_of[visited]] += gain
    column_price[visited] -= gain
    while column >= 0:
        previous = int(came_from[column])
        row_of[column] = start if previous < 0 else row_of[previous]
        column = previous
