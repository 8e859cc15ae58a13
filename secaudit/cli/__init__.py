"""The command line: arguments, wiring, printing, exit codes. The only place that prints."""

from secaudit.cli.main import main

__all__ = ["main"]
