"""Deployments: what is to run, told to a target, and what runs, told to the user.

What a model answers, and how, is the serving program's business.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import sys
import time
from typing import TYPE_CHECKING, Any

from ..core.clock import now_ms
from ..core.errors import ConflictError, MLOpsError, ServingError
from ..registry.manager import out_of_reach
from . import store
from .forwarding import answer_headers, gateway_path, request_headers
from .gateway_client import GatewayClient
from .history import model_of, previous_model
from .names import check_name, default_name
from .reconciler import Reconciler
from .schemas import (
    Deployment,
    DeploymentCreate,
    DeploymentCreated,
    DeploymentLog,
    DeploymentPage,
    DeploymentToken,
    Prediction,
)
from .states import to_deployment, to_revision
from .targets import LocalTarget, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from ..core.database import Database
    from ..core.project import Project
    from ..registry.manager import RegistryManager
    from .schemas import Revision
    from .states import Observed

    Revised = Callable[[str, Revision | None, Revision | None], None]

_POLL_SECONDS = 0.1


class DeploymentManager:
    """The deployments of one store.

    Args:
        project: whose store it is.
        database: where the rows are.
        registry: where the models come from.
        python: the interpreter for the gateway, and for models that name none.
        revised: told of a deployment's name, the revision that was replaced or deleted, and the
            one that is to run now; it must not raise, nor wait.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        registry: RegistryManager,
        *,
        python: str = sys.executable,
        revised: Revised = lambda *_: None,
    ) -> None:
        self._revised = revised
        self._database = database
        self._registry = registry
        shared = isinstance(project.database, str)
        self._store_id = project.store_id() if shared else None
        client = GatewayClient(project.store, python)
        self._target: Target = LocalTarget(client, project.store / "serving")
        self._reconciler = Reconciler(
            database, registry, self._target, python, store_id=self._store_id
        )

    def create(self, request: DeploymentCreate, *, author: str) -> DeploymentCreated:
        """Deploy a model version, under a new name or as the next revision of a known one.

        Returns at once, while the model loads; the token is None for a known name. Where the
        gateway cannot be started the deployment is there, and has failed.

        Raises:
            ConflictError: another server that shares the database has a deployment of this name.
            InvalidInputError: the name cannot be.
            ModelUnsupportedError: the version's files are elsewhere.
            NotFoundError: there is no such model, version or alias.
            ServingError: the model's interpreter is gone.
        """
        version = self._registry.resolve(
            request.model_name, version=request.version, alias=request.alias
        )
        if version.object_id is None:
            raise out_of_reach(version.name, version.version)
        name = check_name(request.name or default_name(version.name))
        self._reconciler.interpreter(version)
        token = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            known = self._knows(connection, name)
            if not known:
                store.add_deployment(
                    connection,
                    name,
                    target=request.target,
                    token_hash=_hash(token),
                    author=author,
                    now=now_ms(),
                    store_id=self._store_id,
                )
            model = (version.name, version.version)
            revisions = self._revise(connection, name, model, author)
        self._revised(name, *revisions)
        made = self._told(name)
        return DeploymentCreated(**dict(made), token=None if known else token)

    def deployments(self) -> DeploymentPage:
        """List all deployments, by name."""
        observed = self._reconciler.reconcile()
        with self._database.read() as connection:
            rows = store.get_deployments(connection, self._store_id)
            return DeploymentPage(items=[self._view(connection, row, observed) for row in rows])

    def deployment(self, name: str) -> Deployment:
        """Return one deployment.

        Raises:
            NotFoundError: there is none of this name.
        """
        self._row(name)
        observed = self._reconciler.reconcile()
        with self._database.read() as connection:
            return self._view(
                connection, store.require_deployment(connection, name, self._store_id), observed
            )

    def wait(self, name: str, timeout: float = 120) -> Deployment:
        """Wait until a deployment runs, has failed or is stopped, and return it.

        Raises:
            NotFoundError: there is none of this name.
            ServingError: it is still not ready after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while (deployment := self.deployment(name)).state == "pending":
            if time.monotonic() > deadline:
                raise ServingError(
                    f"{name} is not ready after {timeout:g} seconds. Look at its log."
                )
            time.sleep(_POLL_SECONDS)
        return deployment

    def roll_back(self, name: str, *, author: str) -> Deployment:
        """Return to the model version that ran before; see ``history`` for which one that is.

        Raises:
            NotFoundError: there is no deployment of this name.
            ConflictError: no other version ran before.
            ServingError: the interpreter of that version is gone.
        """
        with self._database.write() as connection:
            store.require_deployment(connection, name, self._store_id)
            model = previous_model(store.get_revisions(connection, name))
            if model is None:
                raise ConflictError(f"{name} has no earlier version to return to.", name=name)
            self._reconciler.interpreter(self._registry.version(*model, deleted=True))
            revisions = self._revise(connection, name, model, author)
        self._revised(name, *revisions)
        return self._told(name)

    def stop(self, name: str) -> Deployment:
        """Stop a deployment; its URL and token stay.

        Raises:
            NotFoundError: there is none of this name.
            ServingError: the gateway does not answer; it is told again later.
        """
        self._update(name, desired="stopped")
        self._target.stop(name)
        return self.deployment(name)

    def start(self, name: str) -> Deployment:
        """Start a stopped or failed deployment.

        Raises:
            NotFoundError: there is none of this name.
        """
        self._update(name, desired="running")
        return self._told(name)

    def delete(self, name: str) -> None:
        """Stop and delete a deployment, with its history, token and log.

        Raises:
            NotFoundError: there is none of this name.
        """
        with self._database.write() as connection:
            store.require_deployment(connection, name, self._store_id)
            last = to_revision(store.get_revisions(connection, name)[-1])
            store.delete(connection, name)
        self._revised(name, last, None)
        self._reconciler.forget(name)

    def renew_token(self, name: str) -> DeploymentToken:
        """Make a new bearer token; the old one stops working.

        Raises:
            NotFoundError: there is no deployment of this name.
            ServingError: the gateway could not be told.
        """
        token = secrets.token_urlsafe(32)
        self._update(name, token_hash=_hash(token))
        if self._row(name)["desired"] == "running":
            self._reconciler.tell(name)
        return DeploymentToken(token=token)

    def predict(self, name: str, payload: Any) -> Prediction:
        """Send a body of the Open Inference Protocol or of MLflow's, and return the answer.

        An answer with an error status is an answer.

        Raises:
            NotFoundError: there is no deployment of this name.
            ServingError: the gateway does not answer.
        """
        path = "invocations"
        if _is_inference_request(payload):
            path = f"v2/models/{name}/infer"
        started = time.perf_counter()
        headers = {"Content-Type": "application/json"}
        body = json.dumps(payload).encode()
        status, _, answer = self.forward(name, "POST", path, headers, body)
        elapsed = 1000 * (time.perf_counter() - started)
        return Prediction(response=_parsed(answer), status_code=status, duration_ms=elapsed)

    def example(self, name: str) -> Any:
        """Return the model's input example as a body for MLflow's protocol; None without one.

        Raises:
            NotFoundError: there is no deployment of this name.
        """
        with self._database.read() as connection:
            store.require_deployment(connection, name, self._store_id)
            model = model_of(store.get_revisions(connection, name)[-1])
        return self._registry.version(*model, deleted=True).input_example

    def rename_model(self, connection: Connection, name: str, new_name: str) -> None:
        """Follow a registered model to its new name, in the caller's transaction."""
        store.rename_model(connection, name, new_name)

    def logs(self, name: str, tail: int = 200) -> DeploymentLog:
        """Return the newest lines that the model printed.

        Raises:
            NotFoundError: there is no deployment of this name.
        """
        self._row(name)
        return DeploymentLog(lines=self._target.logs(name, tail))

    def forward(
        self, name: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Pass a request on that Jupyter has authorized; ``path`` is below the deployment's.

        Raises:
            InvalidInputError: the path leads out of the deployment.
            NotFoundError: there is no deployment of this name.
            ServingError: the gateway does not answer.
        """
        self._row(name)
        full = gateway_path(name, path)
        if self._target.base_url() is None:
            self._reconciler.reconcile()
        status, answered, content = self._target.request(
            method, full, request_headers(headers), body or None
        )
        return status, answer_headers(answered), content

    def _knows(self, connection: Connection, name: str) -> bool:
        """Tell whether there is a deployment of this name.

        Raises:
            ConflictError: it is another server's.
        """
        found = store.get_deployment(connection, name)
        if found and found["store_id"] != self._store_id:
            raise ConflictError(
                f"{name} is the deployment of another server that shares this database. "
                "Choose another name.",
                name=name,
            )
        return found is not None

    def _revise(
        self, connection: Connection, name: str, model: tuple[str, int], author: str
    ) -> tuple[Revision | None, Revision]:
        """Add a revision, and return the one before and the new one."""
        before = store.get_revisions(connection, name)[-1:]
        store.add_revision(connection, name, model, author=author, now=now_ms())
        (made,) = store.get_revisions(connection, name)[-1:]
        return to_revision(before[0]) if before else None, to_revision(made)

    def _told(self, name: str) -> Deployment:
        with contextlib.suppress(MLOpsError):  # shown by the deployment's state and message
            self._reconciler.tell(name)
        return self.deployment(name)

    def _view(self, connection: Connection, row: store.Row, observed: Observed) -> Deployment:
        revisions = store.get_revisions(connection, row["name"])
        return to_deployment(row, revisions, observed, self._target.base_url())

    def _update(self, name: str, **values: Any) -> None:
        with self._database.write() as connection:
            store.require_deployment(connection, name, self._store_id)
            store.update(connection, name, **values, updated_at=now_ms())

    def _row(self, name: str) -> store.Row:
        with self._database.read() as connection:
            return store.require_deployment(connection, name, self._store_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_inference_request(payload: Any) -> bool:
    inputs = payload.get("inputs") if isinstance(payload, dict) else None
    return (
        isinstance(inputs, list)
        and bool(inputs)
        and all(isinstance(tensor, dict) and "datatype" in tensor for tensor in inputs)
    )


def _parsed(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode(errors="replace")
