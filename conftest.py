"""pytest reads plug-ins from the root only; the fixtures are in ``tests/conftest.py``."""

import signal
import sys

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("pytest_jupyter.jupyter_server",)

# how long an example takes says nothing of it on a machine that others use too
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `make test`: the same examples for everybody
settings.register_profile("same", settings.get_profile("new"), derandomize=True, database=None)
settings.load_profile("new")

# what is started in the background ignores Ctrl-C, and so would all that the tests start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """In a log, leave the summary's lines room for what was wrong."""
    if not sys.stdout.isatty():
        config.get_terminal_writer().fullwidth = 200
