"""The operations on artifacts, but for the bytes themselves: lists and uploads in parts."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ..tracking.artifacts import location
from .operation import Message, Operation, Request, Whole
from .runs import RunId

if TYPE_CHECKING:
    from ..tracking.artifacts import FileInfo


class ListArtifacts(RunId):
    """Which folder of a run."""

    path: str = ""


class ListFolder(Message):
    """Which folder of all artifacts."""

    path: str = ""


class BeginUpload(Message):
    """An upload in parts; only the last name of ``path`` counts."""

    path: str = Field(min_length=1)
    num_parts: Whole = 1


class Part(Message):
    """A part that was sent."""

    part_number: Whole
    etag: str


class EndUpload(Message):
    """The end of an upload in parts."""

    path: str = Field(min_length=1)
    upload_id: str
    parts: list[Part] = Field(default_factory=list)


def list_run(request: Request[ListArtifacts]) -> dict[str, Any]:
    """List what is in a folder of a run's artifacts."""
    message = request.message
    uri = request.services.runs.get(message.run).info.artifact_uri
    root = location(uri)
    found = request.services.files.list(posixpath.join(root, message.path.strip("/")).rstrip("/"))
    files = [_describe(item, item.path[len(root) :].lstrip("/")) for item in found]
    return {"root_uri": uri} | ({"files": files} if files else {})


def list_folder(request: Request[ListFolder]) -> dict[str, Any]:
    """List what is in a folder of all artifacts."""
    found = request.services.files.list(request.message.path.rstrip("/"))
    files = [_describe(item, posixpath.basename(item.path)) for item in found]
    return {"files": files} if files else {}


def begin_upload(request: Request[BeginUpload]) -> dict[str, Any]:
    """Begin an upload in parts, and say where each part goes."""
    count = request.message.num_parts
    upload_id = request.services.files.begin_upload(_target(request), count)
    headers = {"Authorization": request.authorization} if request.authorization else {}
    credentials = [
        {"url": f"{request.root}/parts/{upload_id}/{number}", "part_number": number}
        | ({"headers": headers} if headers else {})
        for number in range(1, count + 1)
    ]
    return {"upload_id": upload_id, "credentials": credentials}


def end_upload(request: Request[EndUpload]) -> None:
    """Put an upload's parts together."""
    message = request.message
    etags = [(part.part_number, part.etag) for part in message.parts]
    request.services.files.artifacts.end_upload(message.upload_id, _target(request), etags)


def abort_upload(request: Request[EndUpload]) -> None:
    """Forget an upload in parts."""
    request.services.files.artifacts.abort_upload(request.message.upload_id)


def _target(request: Request[Any]) -> str:
    # the client names its own file, whose folders are none of ours
    name = posixpath.basename(request.message.path.replace("\\", "/"))
    return posixpath.join(request.path["path"], name)


def _describe(item: FileInfo, path: str) -> dict[str, Any]:
    size = {} if item.size is None else {"file_size": item.size}
    return {"path": path, "is_dir": item.is_dir, **size}


OPERATIONS = (Operation("GET", "artifacts/list", list_run, ListArtifacts),)
SERVICE = (
    Operation("GET", "artifacts", list_folder, ListFolder),
    Operation("POST", "mpu/create/{path}", begin_upload, BeginUpload, ""),
    Operation("POST", "mpu/complete/{path}", end_upload, EndUpload, ""),
    Operation("POST", "mpu/abort/{path}", abort_upload, EndUpload, ""),
)
"""Below ``/mlflow-artifacts/``; a path there may have many segments."""
