"""Pages: fetch through the gate, act or query, render."""
