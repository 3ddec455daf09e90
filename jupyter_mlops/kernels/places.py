"""Tells which paths and URLs are a user's data; lives in a kernel as ``_jupyter_mlops_places``.

Standard library only. What is a library's, a cache's or temporary is left out; of a URL no secret
is kept.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_probe = sys.modules["_jupyter_mlops_probe"]

LIBRARY: tuple[str, ...] = _probe.LIBRARY
# of a file of which it is not known yet whether it is read or written; more may follow
UNKNOWN = "? "
# made by tempfile, as absolute paths
temporary: set[str] = set()

_URL = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SECRET = re.compile(r"key|token|secret|sig|pass|pwd|auth|credential|session|code", re.IGNORECASE)
_TEMPORARY_NAME = re.compile(
    r"tmp[a-z0-9_]{8}|ipykernel_\d+|pip-|pymp-|joblib_memmapping|jupyter-mlops-"
)
# what joblib keeps of functions' results, in any folder
_REMEMBERED = re.compile(
    r"/joblib/.+/(?:func_code\.py|output\.pkl|metadata\.json)(?:\.[\w-]+)?$|/\.gitignore$"
)
_CODE = (".pyc", ".pyi", ".so", ".pyd")
_SKIPPED_PARTS = (
    "/.cache/",
    "/.git/",
    "/.ipynb_checkpoints/",
    "/.ipython/",
    "/.mlops/",
    "/__pycache__/",
    "/dist-packages/",
    "/site-packages/",
)
_SCRATCH = os.environ.get("MLOPS_SCRATCH")
_TEMPORARY = tuple({os.path.abspath(tempfile.gettempdir()) + os.sep, "/tmp/", "/var/tmp/"})


def is_url(text: str) -> bool:
    """Tell a URL from a path; ``file:`` names a path."""
    return _URL.match(text) is not None


def as_it_is(path: str) -> str:
    """Return a mode for a file of which nobody knows whether a program will read or write it."""
    try:
        status = os.stat(path)
    except OSError:  # a pattern
        return "r"
    return f"{UNKNOWN}{status.st_mtime_ns} {status.st_size} {status.st_ino}"


def is_settled(mode: str) -> bool:
    """Tell whether it is known how a file was used."""
    return not mode.startswith(UNKNOWN)


def settled(path: str, mode: str) -> str:
    """Return how a file was used, now that the program is over."""
    if is_settled(mode):
        return mode
    return "r" if as_it_is(path) in {mode, "r"} else "w"


def is_text(name: str) -> bool:
    """Tell whether a name can be written down: it may be no UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_users(path: str, cwd: str) -> bool:
    """Tell whether a file is the user's: no library, no cache, nothing temporary."""
    if path.startswith(LIBRARY) or path.endswith(_CODE):
        return False
    # what is run again in a folder of the store has its data there, too
    below = path[len(_SCRATCH) :] if _SCRATCH and path.startswith(_SCRATCH) else path
    if any(part in below for part in _SKIPPED_PARTS) or _REMEMBERED.search(below):
        return False
    if any(path == made or path.startswith(made + os.sep) for made in temporary):
        return False
    # a project may itself lie in a temporary or hidden folder
    return path.startswith(cwd + os.sep) or not _is_elsewhere(path, cwd)


def _is_elsewhere(path: str, cwd: str) -> bool:
    """Tell whether a file lies where programs keep what is their own."""
    if path.startswith(os.path.expanduser("~/.")):
        return True
    above = next((folder for folder in _TEMPORARY if path.startswith(folder)), None)
    if above is None:
        return False
    is_named_so = _TEMPORARY_NAME.match(path[len(above) :])
    return is_named_so is not None or not cwd.startswith(above)


def without_secrets(url: str) -> str:
    """Return a URL without user, password and what in its query looks like a secret."""
    try:
        parts = urlsplit(url)
    except ValueError:  # nobody can tell where in it a password is
        return f"{url.partition(':')[0]}://***"
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(k, "***" if _SECRET.search(k) else v) for k, v in pairs], safe="*/:,")
    return urlunsplit((parts.scheme, host, parts.path, query, ""))
