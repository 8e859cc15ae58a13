"""Alembic's revisions of the database, one file each under ``versions``."""
