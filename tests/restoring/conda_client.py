"""Installs what an explicit list names, by the library that pixi installs with.

Takes what is asked of micromamba: ``create --yes --offline --prefix FOLDER --file LIST``.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path, PurePosixPath
from typing import Literal

from rattler import BuildString, PackageRecord, RepoDataRecord, Subdir, install
from rattler.explicit_environment import ExplicitEnvironmentSpec


def record(address: str) -> RepoDataRecord:
    """Return what an address tells of a package, with the digest behind it."""
    url, _, digest = address.partition("#")
    path = PurePosixPath(url)
    name, version, build = path.name.removesuffix(".tar.bz2").rsplit("-", 2)
    subdir = path.parent.name
    noarch: Literal["python"] | None = "python" if subdir == "noarch" else None
    md5 = bytes.fromhex(digest)
    found = PackageRecord(
        name, version, BuildString(build), 0, Subdir(subdir), noarch=noarch, md5=md5
    )
    return RepoDataRecord(found, path.name, url, url.partition(f"/{subdir}/")[0])


def main(prefix: str, listed: str) -> None:
    """Make an environment in ``prefix``."""
    records = [
        record(entry.url) for entry in ExplicitEnvironmentSpec.from_path(Path(listed)).packages
    ]
    cache = Path(listed).with_name("packages")
    asyncio.run(install(records, prefix, cache_dir=cache, show_progress=False))


if __name__ == "__main__":
    assert sys.argv[1:5] == ["create", "--yes", "--offline", "--prefix"], sys.argv
    assert sys.argv[6] == "--file"
    main(sys.argv[5], sys.argv[7])
