"""``secaudit report template``: the Word template of the report, as an office wants it."""

from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register import load_settings
from secaudit.report.output import write_bytes

_FILE = click.Path(dir_okay=False, path_type=Path)
_lang = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help=_("Language of the template (default: that of the workspace)."),
)


@click.group(help=_("Export, check and use the Word template of the report."))
def template() -> None:
    """The group."""


@template.command(help=_("Write the template that is used now to FILE, to be changed in Word."))
@click.argument("file", type=_FILE, metavar=_("FILE"))
@_lang
@click.pass_obj
def export(workspace: Path, file: Path, lang: Language | None) -> None:
    """The command."""
    from secaudit.report.word_template import kept, read_template, shipped

    language = lang or load_settings(workspace).language
    if file.exists():
        raise UsageError(
            _("{path} is there already.").format(path=file),
            hint=_("Choose another FILE, or remove it first."),
        )
    own = kept(workspace, language)
    write_bytes(file, [read_template(own if own.is_file() else shipped(language))])
    click.echo(printable(_("Written: {path}").format(path=file)))


@template.command(
    help=_(
        "Say what is wrong with a template: fields that do not exist or are missing, macros, links to the outside."
    )
)
@click.argument("file", type=_FILE, metavar=_("FILE"))
def check(file: Path) -> None:
    """The command."""
    from secaudit.report.word import refuse_faults
    from secaudit.report.word_template import read_template

    refuse_faults(file, read_template(file))
    click.echo(_("The template has no fault."))


@template.command(
    help=_("Check a template and keep it in the workspace: reports are placed in it from then on.")
)
@click.argument("file", type=_FILE, metavar=_("FILE"), required=False)
@click.option("--shipped", "of_ours", is_flag=True, help=_("Use the template that ships again."))
@_lang
@click.pass_obj
def use(workspace: Path, file: Path | None, of_ours: bool, lang: Language | None) -> None:
    """The command."""
    from secaudit.report.word import refuse_faults
    from secaudit.report.word_template import kept, read_template

    if (file is None) != of_ours:
        raise click.UsageError(_("name FILE, or --shipped"))
    own = kept(workspace, lang or load_settings(workspace).language)
    if file is None:
        _remove(own)
        click.echo(_("The template that ships is used again."))
        return
    content = read_template(file)
    refuse_faults(file, content)
    write_bytes(own, [content])
    click.echo(printable(_("Kept as {path}; reports are placed in it.").format(path=own)))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be removed: {reason}.").format(path=path, reason=reason)) from error
