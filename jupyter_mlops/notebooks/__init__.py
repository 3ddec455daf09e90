"""What is done with a notebook and the kernel that runs it. Not for running it headless."""
