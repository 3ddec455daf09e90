"""Watches what is read from and written to other machines: URLs, and the objects of stores.

Standard library only; lives in a kernel as ``_jupyter_mlops_remotes``.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_lineage = sys.modules["_jupyter_mlops_lineage"]
_readers = sys.modules["_jupyter_mlops_readers"]


def _fsspec(spec: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        system, path = arguments[0], _readers.argument(arguments, named, 1, "path")
        mode = _readers.argument(arguments, named, 2, "mode") or "rb"
        _lineage.note(_readers.in_filesystem(path, system), mode, "fsspec")

    _readers.watch(spec.AbstractFileSystem, "open", note)


def _remote(name: str) -> Callable[[ModuleType], None]:
    """Watch a filesystem of fsspec whose whole-file methods do not go through ``open``."""

    def install(module: ModuleType) -> None:
        system = getattr(module, name)
        for method, at, mode in (
            ("_cat_file", 1, "r"),
            ("_get_file", 1, "r"),
            ("_pipe_file", 1, "w"),
            ("_put_file", 2, "w"),
        ):
            _readers.watch(system, method, functools.partial(_note_remote, at, mode))

    return install


def _note_remote(at: int, mode: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    keyword = {"r": ("path", "rpath"), "w": ("path", "rpath")}[mode]
    path = _readers.argument(arguments, named, at, keyword[0]) or named.get(keyword[1])
    _lineage.note(_readers.in_filesystem(path, arguments[0]), mode, "fsspec")


def _note_request(reader: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Take the request of ``Client.send`` in httpx and of ``Session.send`` in requests."""
    request = _readers.argument(arguments, named, 1, "request")
    note_url(str(request.url), str(request.method), reader)


def note_url(url: str, method: str, reader: str) -> None:
    """Note a request; those to our own tracking server are no data."""
    tracking = os.environ.get("MLFLOW_TRACKING_URI")
    if method.upper() != "HEAD" and not (tracking and url.startswith(tracking)):
        writes = method.upper() in {"PUT", "PATCH", "DELETE"}
        _lineage.note(url, "w" if writes else "r", reader)


def _opened_url(url: Any, _: Any = None, __: Any = None, method: Any = None, *___: Any) -> None:
    """Take the audit event of ``urllib.request``."""
    if isinstance(url, str):
        note_url(url, method or "GET", "urllib")


def _requests(sessions: ModuleType) -> None:
    _readers.watch(sessions.Session, "send", functools.partial(_note_request, "requests"))


def _httpx(client: ModuleType) -> None:
    reader = client.__name__.partition(".")[0]
    note = functools.partial(_note_request, reader)

    def note_last(response: Any) -> None:
        """Note where redirects have led; for requests and urllib each is a request."""
        if response.history:
            note_url(str(response.url), str(response.request.method), reader)

    _readers.watch(client.Client, "send", note, after=note_last)
    _readers.watch(client.AsyncClient, "send", note, after=note_last)


def _botocore(client: ModuleType) -> None:
    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        operation = str(_readers.argument(arguments, named, 1, "operation_name"))
        values = _readers.argument(arguments, named, 2, "api_params") or {}
        mode = {"GetObject": "r", "PutObject": "w", "CreateMultipartUpload": "w"}.get(operation)
        if mode and values.get("Bucket") and values.get("Key"):
            _lineage.note(f"s3://{values['Bucket']}/{values['Key']}", mode, "boto3")

    _readers.watch(client.BaseClient, "_make_api_call", note)


_lineage.EVENTS["urllib.Request"] = _opened_url
_readers.on_import(
    {
        "adlfs.spec": _remote("AzureBlobFileSystem"),
        "botocore.client": _botocore,
        "fsspec.implementations.http": _remote("HTTPFileSystem"),
        "fsspec.spec": _fsspec,
        "gcsfs.core": _remote("GCSFileSystem"),
        "httpx._client": _httpx,
        "httpx2._client": _httpx,
        "requests.sessions": _requests,
        "s3fs.core": _remote("S3FileSystem"),
    }
)
