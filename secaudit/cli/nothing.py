"""What a list that is empty says instead of bare headings: that there is nothing, and the next step."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from secaudit.cli.escaping import printable
from secaudit.language import _

# they end with a sentence of their own, whatever the list holds
_SPEAK_THEMSELVES: Final = ("schedule list", "nightly", "prune", "plugins list")


def tell_nothing() -> None:
    """Print the lines of the command that runs."""
    from secaudit.cli.wiring import command  # no list that holds something waits for it

    context = click.get_current_context(silent=True)
    name = _name(context)
    if name in _SPEAK_THEMSELVES:
        return
    told, step = _lines().get(name, (_("There is none."), ""))
    click.echo(told)
    if step:
        workspace = context.obj if context and isinstance(context.obj, Path) else Path()
        click.echo(f"  → {printable(command(workspace, step))}")


def _name(context: click.Context | None) -> str:
    """``finding list``: the names of the command below the program's own."""
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.append(context.info_name or "")
        context = context.parent
    return " ".join(reversed(names))


def _lines() -> Mapping[str, tuple[str, str]]:
    """Command → what it says, and the command that comes next ("" for none)."""
    return {
        "system list": (_("No system is registered yet."), "system add --help"),
        "system due": (_("Nothing is due within this time."), "system due --all"),
        "authorise list": (_("No authorisation is on record."), "authorise add --help"),
        "hostkeys list": (_("No host key is trusted yet."), "hostkeys scan"),
        "attest list": (_("No answer of a person is on record."), "attest export --help"),
        "accept list": (_("No acceptance is on record, or none is like that."), "accept add --help"),
        "finding list": (_("No finding is open, or none is like that."), "finding list --stage closed"),
        "handover list": (_("No package is on record."), "handover build --help"),
        "notices list": (_("No notice waits to be sent."), "notices list --sent"),
        "ledger show": (_("The ledger has no entry, or none of that kind."), "ledger verify"),
        "risk list": (_("No risk was found, or none waits for a person."), "assess"),
        "results": (_("No result is like that."), "results --runs"),
        "checks list": (_("No check is like that."), "checks list"),
    }
