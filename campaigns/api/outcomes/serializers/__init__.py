"""The shapes of what comes out of campaigns: reviews, decisions, figures, predictions, releases."""
