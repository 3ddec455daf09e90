"""Experiments, runs and models from and to another MLflow. Not for what is only ours."""
