"""Deployments: model versions behind fixed URLs."""
