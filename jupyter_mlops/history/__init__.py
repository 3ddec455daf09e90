"""What becomes of snapshots once they are taken: marks, deletion, thinning, retention."""
