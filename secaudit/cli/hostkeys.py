"""``secaudit hostkeys``: which host keys are trusted. Enrolment is a deliberate act."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, printable, show_rows
from secaudit.cli.words import gap_words
from secaudit.errors import TransportError, UsageError
from secaudit.language import _
from secaudit.model.register import Asset, Register
from secaudit.register import load_register
from secaudit.transport.host_keys import fetch_key
from secaudit.transport.known_hosts import FILE_NAME, HostKey, KeyState, KnownHosts, host_name

JOBS = 16


@dataclass(frozen=True, slots=True)
class Presented:
    """What an asset's server presented: a key and what the workspace says about it, or an error."""

    asset: Asset
    key: HostKey | None
    state: str
    error: str = ""

    @property
    def host(self) -> str:
        """The asset's name in known_hosts."""
        return host_name(self.asset.address, self.asset.reach.port)

    @property
    def row(self) -> dict[str, object]:
        """The columns that are shown."""
        return {
            "asset": self.asset.id,
            "host": self.host,
            "state": self.state,
            "type": self.key.type if self.key else "",
            "fingerprint": self.key.fingerprint if self.key else "",
            "error": self.error,
        }


@click.group(help=_("See and trust the host keys of assets; a scan refuses every other key."))
def hostkeys() -> None:
    """The group; its commands are below."""


@hostkeys.command(help=_("Fetch host keys without logging in and compare them; nothing is written."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@format_option
@click.pass_obj
def scan(workspace: Path, systems: tuple[str, ...], output_format: str) -> int:
    known = _known_hosts(workspace)
    seen = list(_presented(_of_systems(load_register(workspace), systems), known))
    show_rows(_columns(error=True), [item.row for item in seen], output_format)
    if all(item.key is None for item in seen):
        return ExitCode.NOTHING_REACHED
    return ExitCode.CLEAN if all(item.state == KeyState.KNOWN for item in seen) else ExitCode.FINDINGS


@hostkeys.command(help=_("Fetch the host keys of these assets and trust them from now on."))
@click.argument("assets", nargs=-1, metavar=_("[ASSET]…"))
@click.option("--all", "every", is_flag=True, help=_("All registered assets that are reached over SSH."))
@click.option(
    "--fingerprint", metavar="SHA256:…", help=_("Trust only this key (one asset), as the host shows it.")
)
@click.option("--replace", is_flag=True, help=_("Also where another key is trusted now."))
@click.pass_obj
def trust(
    workspace: Path, assets: tuple[str, ...], every: bool, fingerprint: str | None, replace: bool
) -> int:
    asked = _named(load_register(workspace), assets, every, fingerprint)
    known = _known_hosts(workspace)
    refused = 0
    for item in _presented(asked, known):
        complaint = _why_not(item, fingerprint, replace)
        if complaint:
            refused += 1
            click.echo(printable(f"{item.asset.id}: {complaint}"), err=True)
            continue
        _write(known, item)
        shown = _("{asset} ({host}) is trusted: {fingerprint}").format(
            asset=item.asset.id, host=item.host, fingerprint=item.row["fingerprint"]
        )
        click.echo(printable(shown))
    return ExitCode.USAGE if refused else ExitCode.CLEAN


@hostkeys.command("list", help=_("The host keys that this workspace trusts."))
@format_option
@click.pass_obj
def list_keys(workspace: Path, output_format: str) -> int:
    register, known = load_register(workspace), _known_hosts(workspace)
    assets = _of_systems(register, ())
    rows = []
    for entry in known.entries():
        owners = [a.id for a in assets if entry.matches(host_name(a.address, a.reach.port))]
        state = KeyState.REVOKED if entry.marker == "@revoked" else entry.marker or KeyState.KNOWN
        key = {"type": entry.key.type, "fingerprint": entry.key.fingerprint}
        rows.append({"asset": owners, "host": entry.names, "state": state, **key})
    show_rows(_columns(error=False), rows, output_format)
    return ExitCode.CLEAN


def _columns(*, error: bool) -> Sequence[Column]:
    columns = (
        Column("asset", _("Asset")),
        Column("host", _("Host")),
        Column("state", _("State"), words=_state_words()),
        Column("type", _("Type")),
        Column("fingerprint", _("Fingerprint")),
        Column("error", _("Error")),
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


def _known_hosts(workspace: Path) -> KnownHosts:
    return KnownHosts(workspace / FILE_NAME)


def _of_systems(register: Register, systems: Sequence[str]) -> list[Asset]:
    """The assets of these systems (of all, when none is named) that are reached over SSH. Raises UsageError."""
    unknown = sorted(set(systems) - {system.id for system in register.systems})
    if unknown:
        message = _("System {id} is not registered.").format(id=unknown[0])
        raise UsageError(message, hint=_("List the systems: secaudit system list"))
    chosen = [system for system in register.systems if not systems or system.id in systems]
    return [asset for system in chosen for asset in system.assets if asset.reach.transport == "ssh"]


def _named(register: Register, names: Sequence[str], every: bool, fingerprint: str | None) -> list[Asset]:
    """The assets that are meant. Raises UsageError."""
    assets = _of_systems(register, ())
    unknown = sorted(set(names) - {asset.id for asset in assets})
    if unknown:
        message = _("There is no asset {id} that is reached over SSH.").format(id=unknown[0])
        raise UsageError(message, hint=_("List the assets: secaudit hostkeys scan"))
    chosen = assets if every else [asset for asset in assets if asset.id in names]
    if not chosen or (every and names):
        raise UsageError(_("Name the assets, or say --all."))
    if fingerprint is not None and len(chosen) != 1:
        raise UsageError(_("--fingerprint goes with exactly one asset."))
    return chosen


def _presented(assets: Sequence[Asset], known: KnownHosts) -> Iterator[Presented]:
    """What each asset's server presents, in their order."""

    def ask(asset: Asset) -> Presented:
        host = host_name(asset.address, asset.reach.port)
        try:
            key = fetch_key(asset, tuple(key.type for key in known.keys_of(host)))
        except TransportError as error:
            return Presented(asset, None, error.reason.value, str(error))
        return Presented(asset, key, known.state(host, key))

    with ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(ask, assets)


def _why_not(item: Presented, fingerprint: str | None, replace: bool) -> str:
    """Why the key that was presented is not to be trusted; "" when it is."""
    if item.key is None:
        return item.error
    if fingerprint is not None and item.key.fingerprint != fingerprint:
        wrong = _("it presents {presented}, not {expected}; nothing was written")
        return wrong.format(presented=item.key.fingerprint, expected=fingerprint)
    if item.state == KeyState.REVOKED:
        return _("its key {fingerprint} is revoked in known_hosts").format(fingerprint=item.key.fingerprint)
    if item.state == KeyState.CHANGED and not replace:
        return _("another key is trusted for it; if the change is right, say --replace")
    return ""


def _write(known: KnownHosts, item: Presented) -> None:
    if item.key is None or item.state == KeyState.KNOWN:
        return
    if item.state == KeyState.CHANGED:
        known.replace(item.host, item.key)
    else:
        known.add(item.host, item.key)
