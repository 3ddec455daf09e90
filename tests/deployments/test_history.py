from __future__ import annotations

import pytest

from jupyter_mlops.deployments.history import first_revision_of, previous_model
from jupyter_mlops.deployments.names import default_name


@pytest.mark.parametrize(
    ("versions", "previous"),
    [
        ([1], None),
        ([1, 1], None),
        ([1, 2], 1),
        ([1, 2, 2], 1),
        ([1, 2, 3], 2),
        ([1, 2, 3, 2], 1),
        ([1, 2, 3, 2, 1], None),
        ([1, 2, 1, 3], 1),
        ([2, 1, 3, 1, 4], 1),
    ],
)
def test_a_roll_back_never_returns_to_what_was_rolled_back(
    versions: list[int], previous: int | None
) -> None:
    revisions = [
        {"revision": number, "model_name": "m", "model_version": version}
        for number, version in enumerate(versions, start=1)
    ]
    expected = None if previous is None else ("m", previous)
    assert previous_model(revisions) == expected
    assert first_revision_of(revisions, ("m", versions[-1])) == 1 + versions.index(versions[-1])


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Iris Classifier", "iris-classifier"),
        ("a.b_c-1", "a.b_c-1"),
        ("모델 v2", "v2"),
        ("-x-" * 40, ("x--" * 40)[:63]),
    ],
)
def test_default_names(model: str, name: str) -> None:
    assert default_name(model) == name
