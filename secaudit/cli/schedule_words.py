"""The command that has the nights started, as it is told to people."""

from pathlib import Path

from secaudit.errors import SecauditError
from secaudit.model.nightly import ANY_TIME, Nightly
from secaudit.register import load_settings


def installing(settings: Nightly) -> str:
    """Without a window in the settings it needs an hour."""
    return "schedule install --at 23:10" if settings.window == ANY_TIME else "schedule install"


def installing_in(workspace: Path) -> str:
    """That of a workspace whose settings may be broken."""
    try:
        return installing(load_settings(workspace).nightly)
    except SecauditError:
        return installing(Nightly())
