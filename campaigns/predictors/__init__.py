"""Models that can be asked: one file per kind of service, one line each in the registry."""

from campaigns.predictors import http, match_template
from campaigns.predictors.values import (
    Predicted,
    Predictions,
    PredictorError,
    PredictorKind,
    Quarantined,
    Stopped,
)

KINDS: dict[str, PredictorKind] = {
    match_template.KIND: match_template,
    http.KIND: http,
}


def get_kind(name: str) -> PredictorKind:
    """The kind of predictor with this name. Raises PredictorError for one that does not exist."""
    try:
        return KINDS[name]
    except KeyError:
        known = ", ".join(KINDS)
        raise PredictorError(f"There is no kind of predictor “{name}”; there are: {known}.") from None


__all__ = [
    "KINDS",
    "Predicted",
    "Predictions",
    "PredictorError",
    "PredictorKind",
    "Quarantined",
    "Stopped",
    "get_kind",
]
