"""``secaudit hostkeys trust``: a person compares a fingerprint and says yes; nothing is trusted by itself."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.presented_keys import Presented, contacted_for, known_hosts, presented, servers_of
from secaudit.cli.recorded import recorded
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Asset, Register
from secaudit.register import load_register
from secaudit.register.authorising import refuse_blackout
from secaudit.transport.known_hosts import HostKey, KeyState, KnownHosts


class Outcome(Enum):
    """What became of one asset's key."""

    TRUSTED = "trusted"
    REFUSED = "refused"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Consent:
    """How a person agrees: by a fingerprint that was compared before, to everything, or asked key by key."""

    fingerprint: str | None
    yes: bool
    replace: bool


@click.command(
    help=_("Fetch the host keys of these assets and jump hosts, ask about each, and trust it from now on.")
)
@click.argument("assets", nargs=-1, metavar=_("[ASSET]…"))
@click.option("--all", "every", is_flag=True, help=_("All jump hosts and assets that are reached over SSH."))
@click.option(
    "--fingerprint", metavar="SHA256:…", help=_("Trust only this key (one asset), as the host shows it.")
)
@click.option("--yes", is_flag=True, help=_("Ask nothing: whatever key is presented is trusted."))
@click.option("--replace", is_flag=True, help=_("Also where another key is trusted now."))
@click.pass_obj
@recorded
def trust(
    workspace: Path, assets: tuple[str, ...], every: bool, fingerprint: str | None, yes: bool, replace: bool
) -> int:
    register, known = load_register(workspace), known_hosts(workspace)
    asked = _named(register, assets, every, fingerprint)
    refuse_blackout(register, contacted_for(register, asked), clock.now())
    if fingerprint is None and not yes and not sys.stdin.isatty():
        raise UsageError(
            _("There is no terminal to ask on: give --fingerprint SHA256:… (for one asset) or --yes."),
            hint=_("On the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"),
        )
    consent = Consent(fingerprint, yes, replace)
    outcomes: Counter[Outcome] = Counter()
    for _hops, wave in groupby(sorted(asked, key=_distance), key=_distance):
        outcomes.update(_decide(known, item, consent) for item in presented(list(wave), known))
    return _exit_code(outcomes)


def _distance(asset: Asset) -> int:
    """How many jump hosts are passed: those are trusted first, or nobody comes through them."""
    return len(asset.reach.jump)


def _exit_code(outcomes: Counter[Outcome]) -> ExitCode:
    if outcomes[Outcome.UNREACHED] == outcomes.total():
        return ExitCode.NOTHING_REACHED
    if outcomes[Outcome.REFUSED]:
        return ExitCode.USAGE
    return ExitCode.NOT_JUDGED if outcomes[Outcome.UNREACHED] else ExitCode.CLEAN


def _named(register: Register, names: Sequence[str], every: bool, fingerprint: str | None) -> list[Asset]:
    """The assets that are meant. Raises UsageError."""
    assets = servers_of(register, ())
    unknown = sorted(set(names) - {asset.id for asset in assets})
    if unknown:
        message = _("There is no asset or jump host {id} that is reached over SSH.").format(id=unknown[0])
        raise UsageError(message, hint=_("List the assets: secaudit hostkeys scan"))
    chosen = assets if every else [asset for asset in assets if asset.id in names]
    if not chosen or (every and names):
        raise UsageError(_("Name the assets, or say --all."))
    if fingerprint is not None and len(chosen) != 1:
        raise UsageError(_("--fingerprint goes with exactly one asset."))
    return chosen


def _decide(known: KnownHosts, item: Presented, consent: Consent) -> Outcome:
    """Trust the key that was presented, or say why not."""
    if item.key is None:
        click.echo(printable(item.error), err=True)
        return Outcome.UNREACHED
    complaint = _why_not(item, item.key, consent)
    if not complaint and item.state != KeyState.KNOWN and not _agreed(known, item, item.key, consent):
        complaint = _("it stays untrusted; nothing was written")
    if complaint:
        click.echo(printable(f"{item.asset.id}: {complaint}"), err=True)
        return Outcome.REFUSED
    _write(known, item, item.key)
    told = _("{asset} ({host}) is trusted: {fingerprint}")
    click.echo(printable(told.format(asset=item.asset.id, host=item.host, fingerprint=item.key.fingerprint)))
    return Outcome.TRUSTED


def _why_not(item: Presented, key: HostKey, consent: Consent) -> str:
    """Why the key is not to be trusted whoever agrees; "" when it may be."""
    if consent.fingerprint is not None and key.fingerprint != consent.fingerprint:
        wrong = _("it presents {presented}, not {expected}; nothing was written")
        return wrong.format(presented=key.fingerprint, expected=consent.fingerprint)
    if item.state == KeyState.REVOKED:
        return _("its key {fingerprint} is revoked in known_hosts").format(fingerprint=key.fingerprint)
    if item.state == KeyState.CHANGED and not consent.replace:
        return _("another key is trusted for it; find out why it changed, and if that is right say --replace")
    return ""


def _agreed(known: KnownHosts, item: Presented, key: HostKey, consent: Consent) -> bool:
    """Whether a person agrees; shows what there is to compare."""
    if consent.fingerprint is not None or consent.yes:
        return True
    shown = _("{asset}  {name}  ({host})").format(asset=item.asset.id, name=item.asset.name, host=item.host)
    click.echo(printable(shown), err=True)
    for old in known.keys_of(item.host):
        until_now = _("  until now: {type} {fingerprint}").format(type=old.type, fingerprint=old.fingerprint)
        click.echo(printable(until_now), err=True)
    click.echo(printable(f"  {key.type} {key.fingerprint}"), err=True)
    agreed: bool = click.confirm(
        _("Does the host itself show this fingerprint? Trust it"), default=False, err=True
    )
    return agreed


def _write(known: KnownHosts, item: Presented, key: HostKey) -> None:
    match item.state:
        case KeyState.KNOWN:
            return
        case KeyState.CHANGED:
            known.replace(item.host, key)
        case _:
            known.add(item.host, key)
