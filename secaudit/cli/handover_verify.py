"""``secaudit handover verify``: for whoever receives a package; no workspace is needed."""

from pathlib import Path
from typing import Final

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.errors import UsageError
from secaudit.handover.certificate import read_certificate
from secaudit.handover.manifest import Manifest
from secaudit.handover.verification import verify
from secaudit.language import _

BASIS: Final = ("run", "started_at", "ended_at", "judged_at", "tool", "content")


@click.command(
    "verify",
    epilog=_("Exit code 1: something was changed."),
    help=_("Whether a package is what the office sealed; needs the office's certificate alone."),
)
@click.argument("package", type=click.Path(path_type=Path), metavar=_("PACKAGE"))
@click.option(
    "--issuer",
    required=True,
    type=click.Path(path_type=Path),
    help=_("The office's certificate, had from the office itself and not from the package."),
)
@click.option(
    "--after",
    type=click.IntRange(min=0),
    default=0,
    help=_("The sequence of the newest package received before; an old one again is refused."),
)
def verify_package(package: Path, issuer: Path, after: int) -> int:
    """The command."""
    if package.suffix == ".p7m":
        raise UsageError(
            _("{path} is encrypted.").format(path=package),
            hint=f"openssl cms -decrypt -inform DER -in {package} -inkey KEY -out {package.with_suffix('')}",
        )
    certificate = read_certificate(issuer)
    verified = verify(package, certificate, clock.now(), after=after)
    if verified.manifest:
        _show(verified.manifest)
    for warning in verified.warnings:
        click.echo(_("note: {warning}").format(warning=printable(warning)), err=True)
    if verified.faults:
        for fault in verified.faults:
            click.echo(_("NOT WHAT WAS SEALED: {fault}").format(fault=printable(fault)), err=True)
        return ExitCode.FINDINGS
    click.echo(_("Whole, and signed by {holder}.").format(holder=printable(certificate.holder)))
    return ExitCode.CLEAN


def _show(manifest: Manifest) -> None:
    lines = (
        (_("number"), manifest.number),
        (_("office"), manifest.office),
        (_("for"), manifest.agency),
        (_("sequence"), str(manifest.sequence)),
        (_("built"), manifest.built_at),
        (_("systems"), ", ".join(manifest.systems)),
        (_("ledger"), manifest.ledger),
        (_("files"), str(len(manifest.files))),
    )
    for name, value in lines:
        click.echo(_("{name}: {told}").format(name=name, told=printable(value)))
    for system in manifest.systems:
        if told := _basis(system, manifest.facts.get(system)):
            click.echo(printable(told))


def _basis(system: str, facts: object) -> str:
    """On which run the figures of a system rest, and what judged it; "" where the manifest does not say."""
    if not isinstance(facts, dict) or not all(isinstance(facts.get(name), str) for name in BASIS):
        return ""
    told = _(
        "{system}: run {run}, {started_at} to {ended_at}; judged {judged_at} by secaudit {tool}, content {content}"
    )
    return told.format(system=system, **{name: facts[name] for name in BASIS})
