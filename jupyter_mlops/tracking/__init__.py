"""Experiments, runs, params, metrics and tags, with MLflow's semantics. Not for HTTP."""
