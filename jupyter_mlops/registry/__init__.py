"""Registered models: immutable versions in MLflow's model format, aliases with history."""
