"""From a declared route to a tornado handler, an error table and an OpenAPI document.

Knows nothing of any room; rooms declare ``ROUTES`` with what is here.
"""
