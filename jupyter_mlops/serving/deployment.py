"""A deployment in the gateway: which revision takes traffic, which one starts, which one waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .revision import Limits, ModelSpec, ServedRevision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .files import GatewayFiles


class ServedDeployment:
    """A fixed name in front of revisions.

    ``active`` takes traffic. ``candidate`` starts and takes over once it is ready and has passed
    its self-test. ``previous`` took traffic before and stays warm, so that a roll back needs no
    load. A revision is known by its model: asking for the same model again only renumbers it.

    Args:
        retire: ends revisions in the background.
        on_change: called when what is served has changed.
    """

    def __init__(
        self,
        name: str,
        files: GatewayFiles,
        limits: Limits,
        retire: Callable[[ServedRevision], None],
        on_change: Callable[[], None],
    ) -> None:
        self.name = name
        self.token_hash = ""
        self.stopped = False
        self.requests = 0
        self.errors = 0
        self.active: ServedRevision | None = None
        self.candidate: ServedRevision | None = None
        self.previous: ServedRevision | None = None
        self._files = files
        self._limits = limits
        self._retire = retire
        self._on_change = on_change

    @property
    def wanted(self) -> ServedRevision | None:
        """The revision that is to take traffic."""
        return self.candidate or self.active

    def activate(self, number: int, spec: ModelSpec) -> None:
        """Make a model the active one: now if it is warm, else when it is ready."""
        self.stopped = False
        if self.candidate is not None and self.candidate.spec == spec:
            self._renew(self.candidate, number)
        elif self.active is not None and self.active.spec == spec:
            self._drop_candidate()
            self._renew(self.active, number)
        elif self.previous is not None and self.previous.spec == spec:
            self._drop_candidate()
            self.candidate, self.previous = self.previous, None
            self._renew(self.candidate, number)
            self._promote(self.candidate)
        else:
            self._begin(number, spec)
        self._on_change()

    def stop(self) -> None:
        """End all workers; keep what is wanted for the next start."""
        self.stopped = True
        wanted = self.wanted
        for revision in self.revisions():
            self._retire(revision)
        self.active, self.candidate, self.previous = None, None, None
        if wanted is not None:  # a new one, since the retired one is ending
            self.active = self._new(wanted.number, wanted.spec, wanted.log)
        self._on_change()

    def revisions(self) -> list[ServedRevision]:
        """Return the revisions that have a worker or start one."""
        return [r for r in (self.active, self.candidate, self.previous) if r is not None]

    def status(self) -> dict[str, Any]:
        """Return what the control API tells about the deployment."""
        wanted, active = self.wanted, self.active
        message = wanted.message if wanted else None
        if wanted is not active and active is not None and active.state == "running":
            message = f"{message or ''} Revision {active.number} keeps serving.".strip()
        workers = [{"revision": r.number, "pid": r.pid, "state": r.state} for r in self.revisions()]
        return {
            "name": self.name,
            "revision": wanted.number if wanted else None,
            "state": "stopped" if self.stopped or wanted is None else wanted.state,
            "message": message,
            "requests": self.requests,
            "errors": self.errors,
            "workers": [worker for worker in workers if worker["pid"] is not None],
        }

    def to_state(self) -> dict[str, Any]:
        """Return what the next gateway needs to serve the same."""
        slots = {"active": self.active, "candidate": self.candidate, "previous": self.previous}
        return {
            "token_hash": self.token_hash,
            "stopped": self.stopped,
            **{
                slot: {"revision": revision.number, **revision.spec.to_json()}
                for slot, revision in slots.items()
                if revision is not None
            },
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Serve again what ``to_state`` told."""
        self.token_hash, self.stopped = state["token_hash"], state["stopped"]
        for slot in ("active", "candidate", "previous"):
            if slot in state:
                fields = dict(state[slot])
                revision = self._new(fields.pop("revision"), ModelSpec(**fields))
                setattr(self, slot, revision)
                if not self.stopped:
                    revision.start()

    def _begin(self, number: int, spec: ModelSpec) -> None:
        self._drop_candidate()
        revision = self._new(number, spec)
        revision.start()
        if self.active is not None and self.active.state in ("pending", "running"):
            self.candidate = revision
        else:
            self.active = revision

    def _renew(self, revision: ServedRevision, number: int) -> None:
        revision.number = number
        revision.start()

    def _new(self, number: int, spec: ModelSpec, log: Path | None = None) -> ServedRevision:
        path = log or self._files.log(self.name, number)
        revision = ServedRevision(
            number, spec, path, self._limits, on_ready=lambda: self._promote(revision)
        )
        return revision

    def _promote(self, revision: ServedRevision) -> None:
        if revision is not self.candidate or revision.state != "running":
            return
        replaced, self.active, self.candidate = self.active, revision, None
        if replaced is not None and replaced.state == "running":
            replaced, self.previous = self.previous, replaced
        if replaced is not None:
            self._retire(replaced)
        self._on_change()

    def _drop_candidate(self) -> None:
        if self.candidate is not None:
            self._retire(self.candidate)
            self.candidate = None
