"""Starts Python kernels with the probe, so that it is there before the first user cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "mlops-provisioner"
_PROBE = Path(__file__).with_name("probe.py")

# Runs in the kernel before the first cell, outside history. A kernel starts without it too.
_LOADER = (
    "def _mlops_load(path):\n"
    "    import sys, types\n"
    "    try:\n"
    "        with open(path, encoding='utf-8') as file:\n"
    "            source = file.read()\n"
    "        module = types.ModuleType('_jupyter_mlops_probe')\n"
    "        exec(compile(source, path, 'exec'), module.__dict__)\n"
    "        sys.modules['_jupyter_mlops_probe'] = module\n"
    "        module.install()\n"
    "    except Exception:\n"
    "        pass\n"
    "_mlops_load({path!r})\n"
    "del _mlops_load\n"
)


class ProbeProvisioner(LocalProvisioner):
    """Starts a kernel on this machine; an ipykernel gets the probe."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Add the probe to the arguments of an ipykernel."""
        prepared = await super().pre_launch(**kwargs)
        if is_ipykernel(prepared.get("cmd", [])):
            code = _LOADER.format(path=str(_PROBE))
            # code_to_run, unlike exec_lines and exec_files, is no list that a user's
            # configuration fills, so nothing of theirs is put aside
            prepared["cmd"] = [*prepared["cmd"], f"--IPKernelApp.code_to_run={code}"]
        return prepared


def is_ipykernel(command: list[str]) -> bool:
    """Tell whether a kernel's command starts an ipykernel."""
    return any(word in {"ipykernel_launcher", "ipykernel"} for word in command)


def use_probe_by_default() -> None:
    """Have kernels whose specification names no provisioner start with the probe."""
    factory = KernelProvisionerFactory.instance()
    if factory.default_provisioner_name == "local-provisioner":
        factory.default_provisioner_name = NAME
