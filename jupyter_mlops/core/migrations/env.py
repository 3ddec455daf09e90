"""Alembic's environment: runs the versions on the connection that ``upgrade`` hands over."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
# the driver begins no transaction by itself (see core.database), so this one is explicit
connection.exec_driver_sql("BEGIN IMMEDIATE")
context.run_migrations()
connection.commit()
