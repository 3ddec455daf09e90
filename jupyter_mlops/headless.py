"""papermill's engine ``mlops`` as it is installed: headless runs, with MLflow's server at hand.

papermill imports this module itself, whenever it is imported, so it stays light.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from papermill.log import logger

from .executions.engine import MLOpsEngine as _Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .executions.ahead import KernelAhead
    from .executions.recorder import RunRecorder


class MLOpsEngine(_Engine):
    """Runs a notebook whose ``mlflow`` logs into the same store, with nothing to set up.

    Its run is told of as an OpenLineage event when it begins and when it has ended, and the tables
    that it read and wrote are profiled after it.
    """

    @classmethod
    @contextmanager
    def watching(
        cls, recorder: RunRecorder, kernel: KernelAhead | None
    ) -> Iterator[Callable[[], bool]]:
        """Have the kernel find a tracking server, which lives as long as the run.

        What is logged are runs inside the notebook's own run.
        """
        from .kernels.address import TrackingAddress  # noqa: PLC0415
        from .kernels.provisioner import watch_kernels  # noqa: PLC0415
        from .mlflow_api.on_demand import tracking_on_demand  # noqa: PLC0415
        from .services import Services  # noqa: PLC0415
        from .tracking.entities import NOTEBOOK_TAG, PARENT_TAG  # noqa: PLC0415

        services = Services(recorder.project, recorder.project.root)
        if recorder.run_id and not recorder.problem:
            services.announcer.started(recorder.run_id, recorder.notebook_path)
        tags = {NOTEBOOK_TAG: recorder.notebook_path}
        tags |= {PARENT_TAG: recorder.run_id} if recorder.run_id else {}
        address = kernel.address if kernel else TrackingAddress()
        try:
            watch_kernels(tracking=lambda _: address.variables())
            with tracking_on_demand(address, services, recorder.author, tags) as asked:
                yield asked
        finally:
            watch_kernels()
            address.close()
            services.close()

    @classmethod
    def recorded(cls, recorder: RunRecorder) -> None:
        """Tell how a run ended, if it could be recorded, and have its tables profiled."""
        if recorder.snapshot is None:
            return
        from .core.errors import MLOpsError  # noqa: PLC0415
        from .data import profiling  # noqa: PLC0415
        from .services import Services  # noqa: PLC0415

        services = Services(recorder.project, recorder.project.root)
        try:
            detail = services.snapshots.snapshot(recorder.snapshot.id)
            services.announcer.ended(detail.id, detail.manifest, began=True)
            if recorder.origin == "run" and services.profiles.lacks(detail.manifest):
                profiling.begin(recorder.project, detail.id)
        except MLOpsError as error:
            logger.warning(
                "jupyter-mlops: what came of the run is told to nobody. %s", error.message
            )
        finally:
            services.close()
