"""How each command is called, shown below its help."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "snapshot": ("snapshot train.ipynb -m 'with the new customers'",),
    "snapshots": (
        "snapshots --notebook train.ipynb --grade clean",
        "snapshots --tag baseline --json",
    ),
    "compare": ("compare 3f9a1c 77c0cb", "compare 3f9a1c --now"),
    "restore": ("restore 3f9a1c yesterday", "restore 3f9a1c --in-place"),
    "annotate": ("annotate 3f9a1c -m 'the one for the report' --tag baseline --pin",),
    "discard": ("discard 3f9a1c 77c0cb", "discard 3f9a1c --undo"),
    "reproduce": ("reproduce 3f9a1c --tolerance f1=0.01 --tolerance '*=1%'",),
    "data": (
        "data list data/customers.csv",
        "data get data/customers.csv before.csv --version 5f1d54",
        "data get data/customers.csv - --version baseline",
        "data diff data/customers.csv --old baseline --new @latest",
        "data erase data/customers.csv --reason 'request 17'",
    ),
    "run": (
        "run train.ipynb -p max_depth 4 -p name churn",
        "run train.ipynb out.ipynb -y '{max_depth: 4}'",
    ),
    "lineage": ("lineage data/customers.csv --direction downstream", "lineage --stale"),
    "repro": ("repro --dry-run", "repro train.ipynb --jobs 4"),
    "models": ("models churn",),
    "register": (
        "register churn --snapshot 3f9a1c --variable model",
        "register churn --path model",
    ),
    "promote": ("promote churn 2 champion",),
    "deploy": ("deploy churn --alias champion --wait",),
    "deployments": ("deployments --json",),
    "predict": ("predict churn --input request.json",),
    "rollback": ("rollback churn",),
    "stop": ("stop churn",),
    "start": ("start churn",),
    "delete": ("delete churn",),
    "import": ("import --from http://127.0.0.1:5000", "import --from ./mlruns"),
    "export": ("export --to http://127.0.0.1:5000",),
    "fsck": ("fsck",),
    "gc": ("gc --dry-run", "gc --keep-data 'newest 10, 90d' --compress"),
}


def epilog(command: str) -> str:
    """Return what stands below the help of a command; click keeps its lines as they are."""
    calls = "\n".join(f"  jupyter mlops {call}" for call in EXAMPLES[command])
    return f"\b\nExamples:\n{calls}"
