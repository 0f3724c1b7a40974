"""Writes of the annotation room: one verb each."""
