"""Tells what a table holds; ``answering`` says how.

It runs in a process of its own, in the interpreter of the notebook that used the file, and takes
pandas, pyarrow or polars from there if they are there, else only Python's own modules.
"""

START = (
    "import sys; sys.path[:1] = sys.argv[1:]; from profiler.answering import main; "
    "del sys.path[0]; main()"
)
"""A program for ``python -c``, with the folder that has this package as its argument.

What else is in that folder is not meant for the user's libraries.
"""
