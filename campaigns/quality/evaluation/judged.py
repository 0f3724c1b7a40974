"""What a report of an evaluation is made of: the figures, and the judgements behind them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pair:
    """One judgement: the row of the true thing and of the predicted one, None where there is none.

    `true_label`, `label`: their codes. `by_label`: met by place and label, as precision and recall count; else by
    place alone, as the confusion table counts. `counts`: False for a prediction below the score from which they count.
    `score`: of the prediction, where it does not follow from its row alone.
    """

    true: int | None
    predicted: int | None
    true_label: int | None
    label: int | None
    by_label: bool
    counts: bool = True
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures as JSON holds them, and what is behind them.

    `links`, `likeness`: where labels stand in a tree, of each image how far what was said is from what is true; None
    where that cannot be told.
    """

    figures: dict[str, Any]
    pairs: list[Pair]
    links: tuple[float | None, ...] = ()
    likeness: tuple[float | None, ...] = ()
