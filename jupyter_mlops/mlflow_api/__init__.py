"""MLflow's REST protocol over tracking and registry. Not for logic of its own."""
