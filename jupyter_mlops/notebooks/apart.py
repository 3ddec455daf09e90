"""Large notebooks are captured in a process of their own.

Parsing hundreds of megabytes and looking for secrets in them hold the interpreter's lock, and so
the server's loop, for seconds. Reads a line with an ``Order`` from standard input, and behind it
what an editor sent, if anything; writes one line of JSON to standard output, ``{"result": …}`` or
``{"error": …}``.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field

from ..core.errors import InvalidInputError, MLOpsError, StoreUnavailableError
from ..core.project import Project
from ..core.schema import ErrorBody, Schema
from ..kernels.schemas import KernelState, RCode
from ..snapshots.schemas import Origin, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.database import Database
    from ..objects.manager import ObjectManager
    from ..services import Services
    from ..snapshots.manager import SnapshotManager

LARGE = 8 * 1024 * 1024
LIMIT_SECONDS = 3600
"""Longer than it takes to read a terabyte. Who takes longer waits for a disk that is gone."""
_MUCH_SENT = 1024 * 1024
_KINDER = 5


class Told(Schema):
    """What a run of a cell never tells by itself; see ``CellRun``."""

    values: dict[str, str | None] | None
    unnamed: bool


class Order(Schema):
    """What to take a snapshot of; with ``only_changed`` only if anything has happened.

    ``secrets``, ``r_code`` and ``told`` are those of the state and its cells, which by themselves
    never tell them. With ``file``, a descriptor, no snapshot is taken: what it would hold is
    written there.
    """

    project: str
    keep_limit: int
    path: str
    state: KernelState | None
    secrets: list[str] = Field(default=[], repr=False)
    r_code: RCode | None = Field(default=None, repr=False)
    told: list[Told] = Field(default=[], repr=False)
    author: str
    message: str | None = None
    run_id: str | None = None
    origin: Origin = "user"
    also: list[str] = Field(default=[])
    only_changed: bool = False
    file: int | None = None

    @property
    def whole_state(self) -> KernelState | None:
        """The state with what it never tells."""
        if self.state is None:
            return None
        cells = [
            run.model_copy(update=dict(told))
            for run, told in zip(self.state.cells, self.told, strict=True)
        ]
        untold = {"secrets": self.secrets, "r_code": self.r_code, "cells": cells}
        return self.state.model_copy(update=untold)


def is_large(path: Path) -> bool:
    """Tell whether a notebook is better captured in a process of its own."""
    return path.is_file() and path.stat().st_size >= LARGE


def create(services: Services, path: Path, state: KernelState | None, **more: Any) -> Snapshot:
    """Take a snapshot as ``SnapshotManager.create`` does, of a large notebook apart."""
    if is_large(path):
        return cast("Snapshot", take_and_tell(services, path, state, **more))
    return services.snapshots.create(path, state, **more)


def take_and_tell(
    services: Services,
    path: Path,
    state: KernelState | None,
    *,
    also: Sequence[Path] = (),
    **more: Any,
) -> Snapshot | None:
    """Take a snapshot in a process of its own, and tell of it from this one."""
    order = _order(services, path, state, also=[str(one) for one in also], **more)
    result = _result(services, order)
    made = Snapshot.model_validate(result) if result else None
    if made is not None:
        services.announcer.ended(made.id, services.snapshots.snapshot(made.id).manifest)
    return made


def look(
    services: Services,
    path: Path,
    state: KernelState | None,
    *,
    author: str,
    sent: str | None = None,
) -> str:
    """Look at a notebook as ``comparison.looking`` does, at a large one apart.

    Args:
        services: the store's managers.
        path: where the notebook is.
        state: the kernel's answer.
        author: who looks.
        sent: the base64 of what an editor shows, if that is not what is in the file.

    Returns:
        The id by which it is compared.
    """

    def write(file: int) -> None:
        if is_large(path) if sent is None else len(sent) >= _MUCH_SENT:
            _result(services, _order(services, path, state, author=author, file=file), sent)
            return
        from ..comparison.looking import look as look_here  # noqa: PLC0415 - as in _carry_out

        last = services.snapshots.newest(path)
        look_here(
            services.project,
            services.objects,
            path,
            state,
            last,
            author=author,
            file=file,
            content=None if sent is None else _decoded(sent.encode()),
        )

    return services.comparisons.present.keep(write)


def _decoded(sent: bytes) -> bytes:
    try:
        return base64.b64decode(sent, validate=True)
    except binascii.Error as error:
        raise InvalidInputError(f"What was sent is not a notebook in base64: {error}.") from error


def _order(services: Services, path: Path, state: KernelState | None, **more: Any) -> Order:
    return Order(
        project=str(services.project.root),
        keep_limit=services.snapshots.keep_limit,
        path=str(path),
        state=state,
        secrets=state.secrets if state else [],
        r_code=state.r_code if state else None,
        told=[Told(values=run.values, unnamed=run.unnamed) for run in state.cells] if state else [],
        **more,
    )


def _result(services: Services, order: Order, sent: str | None = None) -> Any:
    """Have an order carried out; None where nothing has happened.

    Args:
        services: the store's managers.
        order: what to do.
        sent: what an editor shows, if that is taken instead of the file.

    Raises:
        MLOpsError: as the snapshot itself would.
        StoreUnavailableError: the process died, or does not end.
    """
    # -P: modules in the working folder are not the child's business
    command = [sys.executable, "-P", "-m", __name__]
    # not pydantic's JSON, which knows no bytes of a variable that are no UTF-8
    request = json.dumps(order.model_dump(mode="json")) + "\n" + (sent or "")
    files = [] if order.file is None else [order.file]
    try:
        done = services.programs.run(
            command, LIMIT_SECONDS, request=request.encode(), files=files, keep_stderr=False
        )
    except subprocess.TimeoutExpired as late:
        raise StoreUnavailableError(
            f"The process that captured {Path(order.path).name} had not ended after "
            f"{LIMIT_SECONDS // 60} minutes, and was stopped; nothing was recorded. Do the disks "
            "answer that hold the project and the files that the notebook read? Try again then."
        ) from late
    if done.returncode:
        raise StoreUnavailableError(
            f"The process that captured {Path(order.path).name} ended with "
            f"{done.returncode}; nothing was recorded. Is there enough memory for a notebook of "
            "this size? Clear large outputs, or try again."
        )
    answer = json.loads(done.stdout)
    if error := answer.get("error"):
        raise _CLASSES.get(error["code"], MLOpsError)(error["message"], **error["details"])
    return answer["result"]


def _classes(base: type[MLOpsError]) -> dict[str, type[MLOpsError]]:
    found = {base.code: base}
    for child in base.__subclasses__():
        found |= {code: kind for code, kind in _classes(child).items() if code not in found}
    return found


_CLASSES = _classes(MLOpsError)


def _carry_out(order: Order, sent: bytes) -> Snapshot | None:
    # the server imports this module in its loop
    from ..core.opening import open_database  # noqa: PLC0415
    from ..objects.manager import ObjectManager  # noqa: PLC0415
    from ..snapshots.manager import SnapshotManager  # noqa: PLC0415
    from ..tracking.manager import TrackingManager  # noqa: PLC0415

    project, path = Project(Path(order.project)), Path(order.path)
    with closing(open_database(project)) as database:
        objects = ObjectManager(project.store / "objects", database, project.remote())
        tracking = TrackingManager(database)
        snapshots = SnapshotManager(
            project, database, objects, tracking, keep_limit=order.keep_limit
        )
        if order.file is not None:
            _look(order, order.file, project, objects, snapshots, sent)
            return None
        if order.only_changed:
            return _capture_changed(order, project, database, objects, snapshots)
        return snapshots.create(
            path,
            order.whole_state,
            author=order.author,
            message=order.message,
            run_id=order.run_id,
            origin=order.origin,
            also=[Path(one) for one in order.also],
        )


def _look(
    order: Order,
    file: int,
    project: Project,
    objects: ObjectManager,
    snapshots: SnapshotManager,
    sent: bytes,
) -> None:
    from ..comparison.looking import look as look_here  # noqa: PLC0415 - as in _carry_out

    path = Path(order.path)
    look_here(
        project,
        objects,
        path,
        order.whole_state,
        snapshots.newest(path),
        author=order.author,
        file=file,
        content=_decoded(sent) if sent else None,
    )


def _capture_changed(
    order: Order,
    project: Project,
    database: Database,
    objects: ObjectManager,
    snapshots: SnapshotManager,
) -> Snapshot | None:
    from ..history.manager import SnapshotHistory  # noqa: PLC0415 - as in _carry_out
    from ..registry.manager import RegistryManager  # noqa: PLC0415

    made_from = RegistryManager(database, objects).made_from
    history = SnapshotHistory(project, database, snapshots, made_from)
    return history.capture_changed(
        Path(order.path), order.whole_state, author=order.author, origin=order.origin
    )


def main() -> None:
    """Carry out the order in the first line of standard input."""
    os.nice(_KINDER)  # whoever works in Jupyter goes first
    order = Order.model_validate(json.loads(sys.stdin.buffer.readline()))
    answer: dict[str, Any]
    try:
        taken = _carry_out(order, sys.stdin.buffer.read())
        answer = {"result": taken.model_dump(mode="json") if taken else None}
    except MLOpsError as error:
        body = ErrorBody(message=error.message, code=error.code, details=error.details)
        answer = {"error": body.model_dump(mode="json")}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
