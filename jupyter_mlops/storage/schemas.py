"""Wire types of what a store lets go, and of what is erased from it."""

from __future__ import annotations

from pydantic import Field, field_validator

from ..core.schema import Schema
from ..objects.schemas import Erasure
from ..upkeep import Collected


class Storage(Schema):
    """For how long the contents of data stay, and what would be removed now.

    ``keep_data`` is the rule that was asked for, ``set_rule`` the one that the store's owner set;
    ``off`` keeps all.
    """

    keep_data: str
    set_rule: str
    would_go: Collected


class CollectionRequest(Schema):
    """Asks for what nothing needs to be removed, and for data whose time is over by the rule.

    Without a rule that of the store's owner counts.
    """

    keep_data: str | None = Field(default=None, min_length=1)


class Erasable(Schema):
    """What an erasure takes: ``versions`` whose contents are kept, known by ``paths``.

    The same content under other paths goes too; ``path_count`` counts all of them. Not reached are
    the file in the project, where it is one (``in_project``), what ``notebooks`` show of it,
    artifacts that runs logged, and backups.
    """

    path: str
    versions: int
    size_bytes: int
    paths: list[str]
    path_count: int
    in_project: bool
    notebooks: list[str]
    notebook_count: int


class ErasureRequest(Schema):
    """Asks for a version of data to be erased, of all versions if None, and says why."""

    path: str = Field(min_length=1)
    version: str | None = None
    reason: str = Field(min_length=1, max_length=1000)

    @field_validator("reason")
    @classmethod
    def _says_something(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("say why: it is recorded")
        return reason.strip()


class Erased(Schema):
    """What was erased; ``erasable`` also says what was not reached."""

    objects: int
    size_bytes: int
    erasable: Erasable


class ErasureList(Schema):
    """The newest records of what was erased; ``count`` is of all."""

    items: list[Erasure]
    count: int
