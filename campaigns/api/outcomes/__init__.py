"""What comes out of a campaign over REST: predictions, figures, decisions, releases."""
