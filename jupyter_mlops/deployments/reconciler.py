"""Makes what runs what the rows say is wanted.

Each look at deployments compares the two and puts right what differs, so that a gateway or a
Jupyter server that was gone comes back to the same.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError, ServingError
from . import store
from .backoff import Backoff
from .history import first_revision_of, model_of
from .states import Observed
from .targets import ServedModel

if TYPE_CHECKING:
    from ..core.database import Database
    from ..registry.manager import RegistryManager
    from ..registry.schemas import ModelVersion
    from .targets import Target


class Reconciler:
    """Tells a target what is wanted.

    Args:
        database: where it is written what is wanted.
        registry: where the models come from.
        target: what runs them.
        python: the interpreter for models that name none.
        store_id: of the store whose deployments they are, where several share the database.
    """

    def __init__(
        self,
        database: Database,
        registry: RegistryManager,
        target: Target,
        python: str,
        *,
        store_id: str | None,
    ) -> None:
        self._database = database
        self._registry = registry
        self._target = target
        self._python = python
        self._store_id = store_id
        self._lock = threading.RLock()
        self._telling: defaultdict[str, Backoff] = defaultdict(Backoff)

    def reconcile(self) -> Observed:
        """Put right where what runs differs from what is wanted, and say what runs."""
        with self._lock:
            observed = self._observe()
            if observed.problem is not None:
                return observed
            # read after what runs: a deployment is written down before the target is told
            with self._database.read() as connection:
                wanted = {
                    row["name"]: row for row in store.get_deployments(connection, self._store_id)
                }
            problems, changed = {}, False
            for name in sorted({*wanted, *observed.statuses}):
                try:
                    changed |= self._correct(name, wanted.get(name), observed)
                except MLOpsError as error:
                    problems[name] = error.message
            now = self._observe() if changed else observed
            return Observed(now.statuses, now.problem, problems)

    def tell(self, name: str, *, now: bool = True) -> None:
        """Tell the target to serve a deployment, which takes the files to it.

        Args:
            name: the deployment.
            now: even if this failed a moment ago.

        Raises:
            MLOpsError: why it cannot.
        """
        with self._lock:
            self._telling[name].run(lambda: self._activate(name), now=now)

    def forget(self, name: str) -> None:
        """Let the target end and delete a deployment."""
        with self._lock:
            self._telling.pop(name, None)
            self._target.delete(name)

    def interpreter(self, version: ModelVersion) -> str:
        """Return the interpreter that a model version needs.

        Raises:
            ServingError: it is gone.
        """
        python = version.executable or self._python
        if not os.access(python, os.X_OK):
            raise ServingError(
                f"The interpreter {python} of {version.name} version {version.version} is gone. "
                "Restore its environment, or register the model again from another kernel.",
                executable=python,
            )
        return python

    def _activate(self, name: str) -> None:
        with self._database.read() as connection:
            row = store.require_deployment(connection, name, self._store_id)
            revisions = store.get_revisions(connection, name)
        model = model_of(revisions[-1])
        version = self._registry.version(*model, deleted=True)
        served = ServedModel(
            revision=row["revision"],
            key=str(first_revision_of(revisions, model)),
            model_name=version.name,
            model_version=version.version,
            python=self.interpreter(version),
            token_hash=row["token_hash"],
        )
        self._target.activate(name, served, lambda folder: self._registry.checkout(*model, folder))

    def _correct(self, name: str, row: store.Row | None, observed: Observed) -> bool:
        status = observed.statuses.get(name)
        if row is None:
            self._target.delete(name)
        elif row["desired"] == "stopped":
            if status is None or status.state == "stopped":
                return False
            self._target.stop(name)
        elif status is None or status.state == "stopped" or status.revision != row["revision"]:
            self.tell(name, now=False)
        else:
            return False
        return True

    def _observe(self) -> Observed:
        with self._database.read() as connection:
            rows = store.get_deployments(connection, self._store_id)
        try:
            needed = any(row["desired"] == "running" for row in rows)
            return Observed(self._target.statuses(needed=needed))
        except MLOpsError as error:
            return Observed({}, problem=error.message)
