"""Answers predictions of one model, run by the interpreter that the model was trained with.

Needs the standard library and what the model itself needs; nothing of ours is installed there.
It knows no HTTP, no tokens and no deployments: the gateway does. The process ends when its socket
closes.
"""
