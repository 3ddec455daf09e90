"""What depends on what, what of it is stale, and how it is made fresh. Not for capturing it."""
