"""``secaudit restore``: a workspace from a backup, in a folder of its own."""

from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.schedule_words import installing_in
from secaudit.cli.unsealing import unsealing_from
from secaudit.cli.wiring import command
from secaudit.language import _
from secaudit.upkeep.restoring import left_to_do
from secaudit.upkeep.restoring import restore as restore_backup

MIB = 1_048_576


@click.command(help=_("Bring a workspace back from a backup, into a DIRECTORY that is new or empty."))
@click.argument("file", metavar=_("FILE"), type=click.Path(dir_okay=False, path_type=Path))
@click.argument("directory", metavar=_("DIRECTORY"), type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--passphrase-from",
    metavar="env:NAME|file:PATH|prompt",
    help=_("Where the passphrase of the backup is; with --key: the password of the key."),
)
@click.option(
    "--key",
    metavar=_("FILE"),
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The private key of the certificate that it is encrypted to."),
)
def restore(file: Path, directory: Path, passphrase_from: str | None, key: Path | None) -> int:
    """The command."""
    found = restore_backup(file, directory, unsealing_from(passphrase_from, key))
    click.echo(printable(str(directory)))
    told = _("Restored as of {made}: {count} files, {mib} MiB, every one as it was backed up.")
    _say(told.format(made=found.made_at, count=len(found.files), mib=f"{found.size_bytes / MIB:.1f}"))
    for line in left_to_do(found):
        _say(f"  → {line}")
    for step, arguments in (
        (_("hold the ledger against the backup"), f"ledger verify --anchor {found.ledger}"),
        (_("look whether everything is in order"), "doctor"),
        (_("reach the assets again, host keys included"), "preflight"),
        (_("have the nights go on from this machine"), installing_in(directory)),
    ):
        _say(f"  → {step}: {command(directory, arguments)}")
    return ExitCode.CLEAN


def _say(text: str) -> None:
    click.echo(printable(text), err=True)
