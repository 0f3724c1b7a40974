"""Measurements of the few things that decide whether Rubricator is fast enough; never timed tests."""
