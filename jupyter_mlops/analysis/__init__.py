"""What code reads, changes and means, told from its syntax tree. Runs nothing."""
