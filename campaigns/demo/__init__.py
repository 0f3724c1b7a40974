"""Content for the demonstration whose truth is known exactly: pages, vocabularies, simulated people."""
