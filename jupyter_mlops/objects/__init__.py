"""Bytes by their BLAKE3, stored once; knows nothing of what they mean."""
