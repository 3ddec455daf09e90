"""Versions of data, and profiles of tables. Not for keeping the bytes."""
