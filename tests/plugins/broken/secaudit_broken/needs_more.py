"""Imports what was not installed with it."""

import secaudit_no_such_library  # type: ignore[import-not-found]

PLUGIN = secaudit_no_such_library.PLUGIN
