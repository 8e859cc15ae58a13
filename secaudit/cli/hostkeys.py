"""``secaudit hostkeys``: which host keys are trusted. Enrolment is a deliberate act."""

from collections.abc import Sequence
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.hostkeys_import import import_keys
from secaudit.cli.hostkeys_trust import trust
from secaudit.cli.presented_keys import contacted_for, known_hosts, presented, servers_of
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.words import gap_words
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.register import load_register
from secaudit.register.authorising import refuse_blackout
from secaudit.transport.known_hosts import Entry, KeyState, host_name


@click.group(cls=Group, help=_("See and trust the host keys of assets; a scan refuses every other key."))
def hostkeys() -> None:
    """The group; its commands are below and in a module of its own."""


hostkeys.add_command(trust)
hostkeys.add_command(import_keys)


@hostkeys.command(
    epilog=_("Exit code 1: a key is not trusted; 3: some host showed none; 4: no host did."),
    help=_(
        "Fetch host keys without logging in and compare them; nothing is written. Only jump hosts on the way are "
        "logged in to. It needs no authorisation; in a blackout period nothing is contacted."
    ),
)
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@format_option
@click.pass_obj
def scan(workspace: Path, systems: tuple[str, ...], output_format: str) -> int:
    register, known = load_register(workspace), known_hosts(workspace)
    servers = servers_of(register, systems)
    refuse_blackout(register, contacted_for(register, servers), clock.now())
    seen = list(presented(servers, known))
    show_rows(_columns(error=True), [item.row for item in seen], output_format)
    if any(item.key is None for item in seen):
        reached = any(item.key is not None for item in seen)
        return ExitCode.NOT_JUDGED if reached else ExitCode.NOTHING_REACHED
    return ExitCode.CLEAN if all(item.state == KeyState.KNOWN for item in seen) else ExitCode.FINDINGS


@hostkeys.command("list", help=_("The host keys that this workspace trusts."))
@format_option
@click.pass_obj
def list_keys(workspace: Path, output_format: str) -> int:
    register, known = load_register(workspace), known_hosts(workspace)
    servers = servers_of(register, ())
    show_rows(_columns(error=False), [_row(entry, servers) for entry in known.entries()], output_format)
    return ExitCode.CLEAN


def _row(entry: Entry, servers: Sequence[Asset]) -> dict[str, object]:
    """A line of the file; a hashed name is shown in clear where it is that of a registered server."""
    owners = {a.id: host_name(a.address, a.reach.port) for a in servers}
    owners = {name: host for name, host in owners.items() if entry.matches(host)}
    clear = list(dict.fromkeys(owners.values()))
    return {
        "asset": list(owners),
        "host": clear if clear and entry.is_hashed else entry.names,
        "state": KeyState.REVOKED if entry.marker == "@revoked" else entry.marker or KeyState.KNOWN,
        "type": entry.key.type,
        "fingerprint": entry.key.fingerprint,
    }


def _columns(*, error: bool) -> Sequence[Column]:
    columns = (
        Column("asset", _("Asset"), fold=True),
        Column("host", _("Host"), fold=True),
        Column("state", _("State"), words=_state_words()),
        Column("type", _("Type")),
        Column("fingerprint", _("Fingerprint"), fold=True),
        Column("error", _("Error"), fold=True),
    )
    return columns if error else columns[:-1]


def _state_words() -> dict[str, str]:
    reasons = {reason.value: word for reason, word in gap_words().items()}
    return {
        **reasons,
        KeyState.KNOWN: _("known"),
        KeyState.UNKNOWN: _("unknown"),
        KeyState.CHANGED: _("changed"),
        KeyState.REVOKED: _("revoked"),
    }
