"""``secaudit backup``: a workspace in one file that was read back, perhaps encrypted."""

import platform
import shlex
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from secaudit import __version__, clock
from secaudit.cli.doctor_look import secret_files
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.sealing import password_from
from secaudit.cli.unsealing import unsealing_from
from secaudit.cli.wiring import Workspace, command, open_workspace
from secaudit.errors import UsageError
from secaudit.handover.certificate import read_certificate
from secaudit.language import _
from secaudit.register.folder import make_private_folder
from secaudit.register.times import written
from secaudit.store import address_of
from secaudit.upkeep.alone import alone
from secaudit.upkeep.backing_up import Made, Source, make, noted
from secaudit.upkeep.contents import LeftOut, Why
from secaudit.upkeep.inventory import Inventory
from secaudit.upkeep.notes import note, read_notes
from secaudit.upkeep.restoring import check as check_backup
from secaudit.upkeep.rotation import name_of, rotate, supersede
from secaudit.upkeep.sealed import ByPassphrase, Seal, ToCertificate

MIB = 1_048_576


@click.command(
    epilog=_("Exit code 3: the database is kept by a server and is not in the backup."),
    help=_(
        "Write the whole workspace to FILE, encrypted if you say so, and read it back. Without FILE it goes where "
        "backup: in secaudit.yaml says, and the oldest there make room for it."
    ),
)
@click.argument("file", required=False, metavar=_("[FILE]"), type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--check", is_flag=True, help=_("Write nothing: read FILE and say whether it could be restored.")
)
@click.option(
    "--encrypt-to",
    metavar=_("CERT"),
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Only the holder of the private key of this RSA certificate can read it."),
)
@click.option(
    "--passphrase-from",
    metavar="env:NAME|file:PATH|prompt",
    help=_("Only who knows this passphrase can read it; with --key: the password of the key."),
)
@click.option(
    "--key",
    metavar=_("FILE"),
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("With --check: the private key of the certificate that it is encrypted to."),
)
@click.pass_obj
def backup(
    workspace: Path,
    file: Path | None,
    check: bool,
    encrypt_to: Path | None,
    passphrase_from: str | None,
    key: Path | None,
) -> int:
    """The command."""
    if check:
        return _check(workspace, file, passphrase_from, key)
    if key or (encrypt_to and passphrase_from):
        raise click.UsageError(_("--key goes with --check; --encrypt-to and --passphrase-from are two ways."))
    opened = open_workspace(workspace)
    if file is None:
        if encrypt_to or passphrase_from:
            raise click.UsageError(
                _("Name a FILE; without one backup: in secaudit.yaml says how it is encrypted.")
            )
        made, gone = backup_by_settings(opened, clock.now())
    else:
        made, gone = backup_of(opened, file, _seal(encrypt_to, passphrase_from or ""), clock.now()), []
    _tell(opened, made, gone)
    return ExitCode.CLEAN if made.whole else ExitCode.NOT_JUDGED


def backup_by_settings(opened: Workspace, now: datetime, earlier: str = "") -> tuple[Made, list[Path]]:
    """What ``backup:`` says, done without a word: a step of a night. Returns the backup and those that made room.

    ``earlier``: the one that an earlier call of the night made; the new one holds all that it held.

    Raises SecauditError: nothing is set, or it cannot be made; then the older ones stay.
    """
    settings = opened.settings.backups
    if settings is None:
        raise UsageError(
            _("No folder is set for backups."),
            hint=_("Name a FILE, or set backup: in secaudit.yaml (docs/upkeep.md)."),
        )
    make_private_folder(settings.folder)
    seal = _seal(settings.certificate, settings.passphrase)
    target = settings.folder / name_of(opened.folder, now, sealed=seal is not None)
    made = backup_of(opened, target, seal, now)
    gone = supersede(Path(earlier), made.file, opened.folder) if earlier else []
    return made, [*gone, *rotate(settings.folder, opened.folder, settings.keep, made.file)]


def backup_of(opened: Workspace, target: Path, seal: Seal | None, now: datetime) -> Made:
    """A backup in that file, noted in the workspace where that can be written."""
    settings = opened.settings
    source = Source(
        workspace=opened.folder,
        database=settings.database,
        office=settings.office,
        version=__version__,
        python=platform.python_version(),
        leave=(settings.backups.folder,) if settings.backups else (),
        secret_files=frozenset(secret_files(opened)),
    )
    with alone(opened.folder, reading=True):
        made = make(source, target, seal, now)
    try:
        note(opened.folder, **noted(made, now))
    except UsageError as error:
        click.echo(printable(str(error)), err=True)
    return made


def _seal(certificate: Path | None, passphrase: str) -> Seal | None:
    if certificate is not None:
        return ToCertificate(read_certificate(certificate))
    if not passphrase:
        return None
    words = password_from(passphrase, _("Passphrase of the backup"))
    if not words or len(words) < 12:
        raise UsageError(
            _("The passphrase of a backup has 12 characters at least."),
            hint=_("Whoever has the file can try as many as he likes: take several words."),
        )
    return ByPassphrase(words)


def _tell(opened: Workspace, made: Made, gone: Iterable[Path]) -> None:
    click.echo(printable(str(made.file)))
    told = _("{count} files, {mib} MiB, read back and whole; {closed}.")
    closed = _("encrypted") if made.sealed else _("not encrypted: keep it where nobody else can read it")
    count, mib = len(made.inventory.files), f"{made.size_bytes / MIB:.1f}"
    _say(told.format(count=count, mib=mib, closed=closed))
    for path in gone:
        _say(_("taken away, it was the oldest: {path}").format(path=path))
    for one in made.left_out:
        _say(_("not in it: {path} ({why})").format(path=one.name, why=_why(one)))
    outside = [
        path for path in sorted(secret_files(opened)) if not path.is_relative_to(opened.folder.resolve())
    ]
    for path in outside:
        _say(_("not in it, for it lies outside: {path}; keep it by another way").format(path=path))
    _say(_("Secrets are references and are not in it."))
    if not made.whole:
        _say(_("The database is not in it, for a server keeps it. Dump it in the same hour:"))
        address = shlex.quote(address_of(opened.settings.database))
        _say(f"  pg_dump --format=custom --file=secaudit.dump {address}")
    _say(
        _("try it: {command}").format(
            command=command(opened.folder, f"backup --check {shlex.quote(str(made.file))}")
        )
    )


def _why(one: LeftOut) -> str:
    words = {
        Why.SECRET: _("a secret; it is in a backup that is encrypted"),
        Why.LINK: _("a link"),
        Why.SPECIAL: _("no file"),
        Why.NAME: _("a name that not every disk can hold"),
    }
    return words[one.why]


def _check(workspace: Path, file: Path | None, passphrase_from: str | None, key: Path | None) -> int:
    if file is None:
        raise click.UsageError(_("Name the FILE that is to be checked."))
    found = check_backup(file, unsealing_from(passphrase_from, key))
    _say_checked(found)
    noted_file = read_notes(workspace).backup
    if noted_file and Path(noted_file) == file.resolve():
        note(workspace, checked_at=written(clock.now()))
    return ExitCode.CLEAN


def _say_checked(found: Inventory) -> None:
    told = _(
        "The backup of {made} is whole: {count} files, {mib} MiB; database: {database}; ledger: {ledger}"
    )
    kinds = {
        "sqlite": _("form {form}").format(form=found.schema),
        "server": _("not in it"),
        "": _("none yet"),
    }
    shown = told.format(
        made=found.made_at,
        count=len(found.files),
        mib=f"{found.size_bytes / MIB:.1f}",
        database=kinds.get(found.database, found.database),
        ledger=found.ledger,
    )
    click.echo(printable(shown))


def _say(text: str) -> None:
    click.echo(printable(text), err=True)
