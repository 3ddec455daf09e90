"""Capture of a whole experiment into an immutable manifest. Not for running notebooks."""
