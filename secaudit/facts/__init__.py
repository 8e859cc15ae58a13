"""Observations become facts: pure typed parsers, one module a topic; a fact is whole or a gap.

A module is a topic of a host. ``NAME_probe`` and ``NAME_script`` hold the question of a large one. ``fact`` has the
types that all share, ``catalogue`` and its parts list every fact by concern: what is not listed there does not exist.
Many topics read alike: ``config_files`` prints and reads files, ``sections`` answers in several parts, ``root_files``
what only root may read, ``daemons`` who runs, ``scheduled_jobs`` what runs when.
"""
