"""Files, modules and environments of a snapshot, back on the disk. Not for running them."""
