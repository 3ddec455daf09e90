"""pytest reads plug-ins from the root only; the fixtures are in ``tests/conftest.py``."""

import signal

pytest_plugins = ("pytest_jupyter.jupyter_server",)

# what is started in the background ignores Ctrl-C, and so would all that the tests start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
