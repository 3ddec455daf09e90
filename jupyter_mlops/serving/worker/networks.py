"""What a PyTorch network takes where no signature says so: told by its parameters."""

from __future__ import annotations

from typing import Any

from .casting import as_array, cast_numbers

FLOATS = ("float16", "float32", "float64")


class Network:
    """A network whose input gets the type of its parameters: JSON knows one kind of numbers."""

    def __init__(self, module: Any) -> None:
        layers = [(layer, list(layer.parameters(recurse=False))) for layer in module.modules()]
        layers = [(layer, own) for layer, own in layers if own]
        dtypes = [str(one.dtype).replace("torch.", "") for _, own in layers for one in own]
        self.dtype = next((dtype for dtype in dtypes if dtype in FLOATS), None)
        if layers and kind_of(layers[0][0]).startswith("Embedding"):
            self.dtype = "int64"  # it looks up what numbers stand for

    def cast(self, values: Any) -> Any:
        """Return the input as the network takes it."""
        array = as_array(values)
        if self.dtype is None:
            return array
        return cast_numbers("The data", array.reshape(-1), self.dtype).reshape(array.shape)


def kind_of(layer: Any) -> str:
    """Return the name of a layer's class, also where the network was traced."""
    return str(getattr(layer, "original_name", type(layer).__name__))


def network_of(predictor: Any, flavors: Any) -> Any:
    """Return the network that a predictor asks, or None if it is of another kind."""
    if "pytorch" not in flavors or not hasattr(predictor, "get_raw_model"):
        return None
    module = predictor.get_raw_model()
    return Network(module) if hasattr(module, "modules") else None
