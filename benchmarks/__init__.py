"""Ours and a peer in turn, on one machine, in one run: medians and ratios.

``make bench`` or ``python -m benchmarks [NAME ...]``. The peers are installed in an environment of
their own, ``.venv-peers``. Absolute times depend on the machine; quote the ratios.
"""
