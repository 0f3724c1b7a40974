"""The shapes of campaigns over REST: what programs read and what they send; a file for each subject."""
