"""The handlers of artifacts' bytes, which are streamed and never whole in memory."""

from __future__ import annotations

import asyncio
import mimetypes
import posixpath
from contextlib import AbstractContextManager, ExitStack, suppress
from hashlib import md5
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote

from tornado import web

from ..tracking.artifacts import location
from .handler import ProtocolHandler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..tracking.files import Files

_BLOCK = 1024 * 1024


class _AbandonedError(Exception):
    """Nobody wants the rest of an upload."""


class _FileHandler(ProtocolHandler):
    @property
    def files(self) -> Files:
        return self.services.files

    async def send(self, path: str) -> None:
        """Send a file in blocks."""
        size, blocks = await asyncio.to_thread(self.files.read, path)
        name = posixpath.basename(path)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.set_header("Content-Length", str(size))
        self.set_header("Content-Type", kind)
        # never shown in place: what was logged may be a page with a script
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}")
        while block := await asyncio.to_thread(_next, blocks):
            self.write(block)
            await self.flush()


def _next(blocks: Iterator[bytes]) -> bytes | None:
    return next(blocks, None)


@web.stream_request_body
class _UploadHandler(_FileHandler):
    """Takes a body in blocks, after all that can be refused has been."""

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """Return the file to write the body to."""
        raise NotImplementedError

    async def prepare(self) -> None:  # type: ignore[override]
        """Let in who may write, and open the file, before the first byte is read."""
        await super().prepare()
        if self.request.method != "PUT":
            return
        if self.current_user is None:
            raise web.HTTPError(403)
        await self.permit("write")
        limit = cast("Any", self.extensionapp).artifact_limit
        declared = int(self.request.headers.get("Content-Length", 0))
        if declared > limit:
            raise web.HTTPError(413, f"An artifact may have {limit} bytes, not {declared}.")
        cast("Any", self.request.connection).set_max_body_size(limit)
        self._blocks: list[bytes] = []
        self._size = 0
        self._digest = md5(usedforsecurity=False)
        self._work = ExitStack()
        self._file = await asyncio.to_thread(self._work.enter_context, self.opened())

    async def data_received(self, chunk: bytes) -> None:
        """Write blocks as they come."""
        if self.request.method != "PUT":
            return
        self._blocks.append(chunk)
        self._size += len(chunk)
        if self._size >= _BLOCK:
            await asyncio.to_thread(self._write)

    def _write(self) -> None:
        for block in self._blocks:
            self._digest.update(block)
            self._file.write(block)
        self._blocks, self._size = [], 0

    @web.authenticated
    async def put(self, **_path: str) -> None:
        """Finish the upload."""
        await asyncio.to_thread(self._write)
        await asyncio.to_thread(self._work.close)
        self.set_header("ETag", self._digest.hexdigest())
        self.answer({})

    def on_connection_close(self) -> None:
        """Throw away what came of an upload that broke off."""
        self._abandon()
        super().on_connection_close()

    def on_finish(self) -> None:
        """Throw away what came of an upload that failed."""
        self._abandon()
        super().on_finish()

    def _abandon(self) -> None:
        work = getattr(self, "_work", None)
        if work is not None:
            with suppress(_AbandonedError), work.pop_all():
                raise _AbandonedError


class ArtifactHandler(_UploadHandler):
    """One artifact: get, put, delete."""

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """Return the artifact's file."""
        return self.files.writing(self.path_kwargs["path"])

    @web.authenticated
    async def get(self, path: str) -> None:
        """Download an artifact."""
        await self.permit("read")
        await self.send(path)

    @web.authenticated
    async def delete(self, path: str) -> None:
        """Delete an artifact or a folder of them."""
        await self.permit("write")
        await asyncio.to_thread(self.files.delete, path)
        self.answer({})


class PartHandler(_UploadHandler):
    """One part of an upload in parts."""

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """Return the part's file."""
        kwargs = self.path_kwargs
        return self.files.artifacts.writing_part(kwargs["upload_id"], int(kwargs["number"]))


class RunArtifactHandler(_FileHandler):
    """Downloads a run's artifact by the run's id."""

    @web.authenticated
    async def get(self) -> None:
        """Download an artifact of a run."""
        await self.permit("read")
        run_id = self.get_query_argument("run_uuid", self.get_query_argument("run_id", ""))
        record = await asyncio.to_thread(self.services.runs.get, run_id)
        path = self.get_query_argument("path").strip("/")
        await self.send(posixpath.join(location(record.info.artifact_uri), path))
