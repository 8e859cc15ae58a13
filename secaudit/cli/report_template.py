"""``secaudit report template``: the Word templates of documents, as an office wants them."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from secaudit.cli.escaping import printable
from secaudit.cli.groups import Group
from secaudit.cli.writing_options import lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register import load_settings
from secaudit.report.output import write_bytes

if TYPE_CHECKING:
    from secaudit.report.word_form import WordForm

FORMS: Final = (
    "self-assessment",
    "self-assessment-volume",
    "rectification-notice",
    "recheck",
    "quarterly-brief",
)
_FILE = click.Path(dir_okay=False, path_type=Path)
_document = click.option(
    "--document",
    "name",
    type=click.Choice(FORMS),
    default=FORMS[0],
    show_default=True,
    help=_("Which document it is the template of."),
)


def _form(name: str) -> "WordForm":
    from secaudit.report.word_forms import FORMS as KNOWN  # its libraries are loaded where they are used

    return KNOWN[name]


@click.group(cls=Group, help=_("Export, check and use the Word templates of documents."))
def template() -> None:
    """The group."""


@template.command(help=_("Write the template that is used now to FILE, to be changed in Word."))
@click.argument("file", type=_FILE, metavar=_("FILE"))
@_document
@lang_option
@click.pass_obj
def export(workspace: Path, file: Path, name: str, lang: Language | None) -> None:
    """The command."""
    from secaudit.report.word_template import read_template

    form, language = _form(name), lang or load_settings(workspace).language
    if file.exists():
        raise UsageError(
            _("{path} is there already.").format(path=file),
            hint=_("Choose another FILE, or remove it first."),
        )
    own = form.kept(workspace, language)
    write_bytes(file, [read_template(own if own.is_file() else form.shipped(language))])
    click.echo(printable(_("Written: {path}").format(path=file)))


@template.command(
    help=_(
        "Say what is wrong with a template: fields that do not exist or are missing, macros, links to the outside."
    )
)
@click.argument("file", type=_FILE, metavar=_("FILE"))
@_document
def check(file: Path, name: str) -> None:
    """The command."""
    from secaudit.report.word_filling import refuse_faults
    from secaudit.report.word_template import read_template

    refuse_faults(_form(name), file, read_template(file))
    click.echo(_("The template has no fault."))


@template.command(
    help=_("Check a template and keep it in the workspace: documents are placed in it from then on.")
)
@click.argument("file", type=_FILE, metavar=_("FILE"), required=False)
@click.option("--shipped", "of_ours", is_flag=True, help=_("Use the template that ships again."))
@_document
@lang_option
@click.pass_obj
def use(workspace: Path, file: Path | None, of_ours: bool, name: str, lang: Language | None) -> None:
    """The command."""
    from secaudit.report.word_filling import refuse_faults
    from secaudit.report.word_template import read_template

    form = _form(name)
    if (file is None) != of_ours:
        raise click.UsageError(_("name FILE, or --shipped"))
    own = form.kept(workspace, lang or load_settings(workspace).language)
    if file is None:
        _remove(own)
        click.echo(_("The template that ships is used again."))
        return
    content = read_template(file)
    refuse_faults(form, file, content)
    write_bytes(own, [content])
    click.echo(printable(_("Kept as {path}; documents are placed in it.").format(path=own)))


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be removed: {reason}.").format(path=path, reason=reason)) from error
