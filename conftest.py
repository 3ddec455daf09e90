"""pytest reads plug-ins from the root only; the fixtures are in ``tests/conftest.py``."""

pytest_plugins = ("pytest_jupyter.jupyter_server",)
