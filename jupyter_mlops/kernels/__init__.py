"""What runs inside kernels, and what talks to them. Not for storing."""
