"""What alembic runs: the revisions on the connection that ``secaudit.store.upgrade`` hands over."""

from alembic import context

from secaudit.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
