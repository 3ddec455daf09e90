"""Starts kernels with what they need to be watched: the probe, and the way to the tracking server.

Python and R kernels get the probe before the first user cell; kernels of any language get the
environment variables that MLflow's clients read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .address import TRACKING_URI
from .r import PROBES as R_PROBES
from .schemas import WATCHERS

NAME = "mlops-provisioner"
_FOLDER = Path(__file__).parent

# Runs in the kernel before the first cell, outside history. A kernel starts without it too.
_LOADER = (
    "def _mlops_load(folder, names):\n"
    "    import sys, types\n"
    "    try:\n"
    "        for name in names:\n"
    "            path = f'{{folder}}/{{name}}.py'\n"
    "            with open(path, encoding='utf-8') as file:\n"
    "                source = file.read()\n"
    "            name = '_jupyter_mlops_' + name\n"
    "            module = types.ModuleType(name)\n"
    "            module.code = compile(source, path, 'exec')\n"
    "            sys.modules[name] = module\n"
    "            exec(module.code, module.__dict__)\n"
    "    except Exception:\n"
    "        sys.modules.pop(name, None)\n"
    "    if '_jupyter_mlops_probe' in sys.modules:\n"
    "        sys.modules['_jupyter_mlops_probe'].install()\n"
    "_mlops_load({folder!r}, {names!r})\n"
    "del _mlops_load\n"
)

Tracking = Callable[[str], Mapping[str, str]]


class ProbeProvisioner(LocalProvisioner):
    """Starts a kernel on this machine; an ipykernel or IRkernel gets the probe.

    Attributes:
        probe: whether to load the probe.
        tracking: gives a kernel's variables by its id, if there is a server to log to.
    """

    probe: ClassVar[bool] = True
    tracking: ClassVar[Tracking | None] = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Add the probe to the arguments of a kernel, and variables to the environment."""
        prepared = await super().pre_launch(**kwargs)
        if self.probe and is_ipykernel(prepared.get("cmd", [])):
            code = _LOADER.format(folder=str(_FOLDER), names=WATCHERS)
            # code_to_run, unlike exec_lines and exec_files, is no list that a user's
            # configuration fills, so nothing of theirs is put aside
            prepared["cmd"] = [*prepared["cmd"], f"--IPKernelApp.code_to_run={code}"]
        elif self.probe:
            prepared["cmd"] = with_r_probe(prepared.get("cmd", []))
        tracking = type(self).tracking
        if tracking is not None and TRACKING_URI not in prepared["env"]:
            prepared["env"] |= tracking(str(self.kernel_id))
        return prepared


def is_ipykernel(command: list[str]) -> bool:
    """Tell whether a kernel's command starts an ipykernel."""
    return any(word in {"ipykernel_launcher", "ipykernel"} for word in command)


def with_r_probe(command: list[str]) -> list[str]:
    """Return the command of an IRkernel with an expression before its own; others as they are."""
    place = next((n for n, word in enumerate(command) if word.startswith("IRkernel::main")), 0)
    if place == 0 or command[place - 1] != "-e":
        return command
    # without a backslash, which R's own script may take for an escape before R does
    paths = ", ".join(f'"{quote(os.fsencode(path))}"' for path in R_PROBES)
    load = "sys.source(utils::URLdecode(one), new.env())"
    # IRkernel starts without it too
    code = f"for (one in c({paths})) try({load}, silent = TRUE); rm(one)"
    return [*command[: place - 1], "-e", code, *command[place - 1 :]]


def watch_kernels(*, probe: bool = True, tracking: Tracking | None = None) -> None:
    """Have kernels whose specification names no provisioner start with what is given here.

    Args:
        probe: load the probe into ipykernels.
        tracking: gives a kernel's variables by its id; not asked where the user set a tracking
            server already.
    """
    ProbeProvisioner.probe = probe
    ProbeProvisioner.tracking = tracking
    factory = KernelProvisionerFactory.instance()
    if factory.default_provisioner_name == "local-provisioner":
        factory.default_provisioner_name = NAME
