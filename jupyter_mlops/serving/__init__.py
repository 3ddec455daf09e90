"""The serving gateway and its workers: a program of its own that the deployments room starts."""
