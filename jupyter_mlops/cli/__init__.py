"""The command line `jupyter mlops`. Not for logic: it calls the managers."""
