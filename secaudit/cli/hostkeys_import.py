"""``secaudit hostkeys import``: keys of registered hosts out of a known_hosts file, shown before they are trusted."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.presented_keys import known_hosts, servers_of
from secaudit.cli.recorded import recorded
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register import load_register
from secaudit.transport.known_hosts import HostKey, host_name
from secaudit.transport.known_hosts_import import Offer, Standing, left_out, listed_in, offers


@click.command(
    "import",
    help=_(
        "Trust the keys that FILE (known_hosts, as ssh keeps it) holds for registered assets and jump hosts; a key "
        "that differs from a trusted one is never taken. Nothing is contacted."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help=_("Ask nothing: what is shown as new is trusted."))
@format_option
@click.pass_obj
@recorded
def import_keys(workspace: Path, file: Path, yes: bool, output_format: str) -> int:
    known, listed = known_hosts(workspace), listed_in(file)
    owners: dict[str, list[str]] = {}
    for server in servers_of(load_register(workspace), ()):
        owners.setdefault(host_name(server.address, server.reach.port), []).append(server.id)
    found = list(offers(listed, owners, known))
    show_rows(_columns(), [_row(offer, owners) for offer in found], output_format)
    for line in _remarks(left_out(listed, owners)):
        click.echo(line, err=True)
    trusted, revoked = _pairs(found, Standing.NEW), _pairs(found, Standing.TO_REVOKE)
    if (trusted or revoked) and not _agreed(len(trusted), len(revoked), yes):
        click.echo(_("Nothing was written."), err=True)
        return ExitCode.USAGE
    if trusted or revoked:
        known.extend(trusted, revoked)
    told = _("{trusted} keys are trusted from now on, {revoked} are revoked.")
    click.echo(told.format(trusted=len(trusted), revoked=len(revoked)), err=True)
    return _differing(found, owners)


def _pairs(found: Sequence[Offer], standing: Standing) -> list[tuple[str, HostKey]]:
    return [(offer.host, offer.key) for offer in found if offer.standing is standing]


def _agreed(trusted: int, revoked: int, yes: bool) -> bool:
    """Whether a person agrees. Raises UsageError where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        hint = _("Compare the fingerprints, then say --yes.")
        raise UsageError(_("There is no terminal to ask on; nothing was written."), hint=hint)
    question = _("Trust {trusted} keys and revoke {revoked}, as shown")
    agreed: bool = click.confirm(question.format(trusted=trusted, revoked=revoked), default=False, err=True)
    return agreed


def _differing(found: Sequence[Offer], owners: Mapping[str, Sequence[str]]) -> ExitCode:
    """Tell which keys were not taken because another one of their type is trusted."""
    differing = [offer.host for offer in found if offer.standing is Standing.DIFFERS]
    if not differing:
        return ExitCode.CLEAN
    names = " ".join(dict.fromkeys(name for host in differing for name in owners[host]))
    told = _("another key is trusted for: {names}; nothing was changed there")
    click.echo(told.format(names=names), err=True)
    again = _("find out which is right; to take what the host presents: {command}")
    click.echo("  → " + again.format(command=f"secaudit hostkeys trust {names} --replace"), err=True)
    return ExitCode.USAGE


def _remarks(counts: Mapping[str, int]) -> Iterator[str]:
    words = {
        "others": _("{count} lines are of other hosts and were left out."),
        "authority": _("{count} lines are of certificate authorities, which are not used."),
        "type": _("{count} keys are of a type that is not spoken here."),
        "unreadable": _("{count} lines are no known_hosts lines."),
    }
    for kind, told in words.items():
        if counts[kind]:
            yield told.format(count=counts[kind])


def _row(offer: Offer, owners: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "asset": list(owners[offer.host]),
        "host": offer.host,
        "state": offer.standing.value,
        "type": offer.key.type,
        "fingerprint": offer.key.fingerprint,
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("asset", _("Asset"), fold=True),
        Column("host", _("Host"), fold=True),
        Column("state", _("State"), words=_standing_words()),
        Column("type", _("Type")),
        Column("fingerprint", _("Fingerprint"), fold=True),
    )


def _standing_words() -> dict[str, str]:
    return {
        Standing.NEW: _("new"),
        Standing.KNOWN: _("known"),
        Standing.DIFFERS: _("differs from the trusted one"),
        Standing.REVOKED: _("revoked"),
        Standing.TO_REVOKE: _("to be revoked"),
    }
