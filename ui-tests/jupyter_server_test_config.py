"""Jupyter server settings for the browser tests only.

Unlike Galata's own, this server asks for a token and checks XSRF cookies, as a user's does.
Never use it elsewhere: its token is known, and the page exposes the application.
"""

import os

from jupyterlab.galata import configure_jupyter_server

c = get_config()
configure_jupyter_server(c)  # a fresh temporary folder as root, and Galata's helpers
c.IdentityProvider.token = os.environ.get("MLOPS_UI_TOKEN", "ui-tests")
c.ServerApp.disable_check_xsrf = False
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = int(os.environ.get("MLOPS_UI_PORT", "8899"))
c.ServerApp.allow_root = True
# one that a test leaves behind is not in the way of those that come after it
c.MLOpsApp.headless_limit = 16
# nothing is asked of the network: no news, no update check, no PyPI extension list
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
