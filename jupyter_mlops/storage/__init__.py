"""What a store keeps, lets go and erases, for those who ask. Not for how that is done."""
