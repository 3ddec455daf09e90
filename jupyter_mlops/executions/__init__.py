"""Headless runs: papermill's engine and `jupyter mlops run`. Not for judging results."""
