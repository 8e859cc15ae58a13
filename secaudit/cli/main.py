"""The command ``secaudit``: its groups, its exit codes, its one handler of errors."""

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

from secaudit import __version__, language
from secaudit.cli.click_words import teach_click
from secaudit.cli.commands import COMMANDS
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import first_sentence
from secaudit.cli.process import OutputError, drop_output, end_like_ctrl_c, watch_output
from secaudit.cli.typed import typed_for
from secaudit.errors import NoSuchRun, SecauditError, StoreError, UsageError
from secaudit.language import _


class LazyGroup(click.Group):
    """A group whose commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _separator, attribute = COMMANDS[cmd_name].place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SecauditError as error:
            hint = _hint_on_run(ctx.obj, error) if isinstance(error, NoSuchRun) else error.hint
            error.hint = hint and typed_for(ctx.obj, hint)
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, first_sentence(language._(one.help))) for name, one in COMMANDS.items()]
            )


def _hint_on_run(workspace: Path, error: NoSuchRun) -> str | None:
    """What the ledger adds; its libraries are loaded for nobody else."""
    found: str | None = importlib.import_module("secaudit.cli.pruned").hint_of(workspace, error)
    return found


def _group() -> click.Group:
    @click.group(
        cls=LazyGroup, help=_("Audit systems against the Multi-Level Protection Scheme (GB/T 22239-2019).")
    )
    @click.option(
        "--workspace",
        "-w",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(),
        envvar="SECAUDIT_WORKSPACE",
        help=_("The folder with secaudit.yaml (default: this folder)."),
    )
    @click.option("--verbose", "-v", is_flag=True, help=_("Log what happens to standard error."))
    @click.version_option(__version__, prog_name="secaudit", message="%(prog)s %(version)s")
    @click.pass_context
    def secaudit(ctx: click.Context, workspace: Path, verbose: bool) -> None:
        ctx.obj = readable(workspace)
        level = logging.INFO if verbose else logging.WARNING
        logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)

    return secaudit


def readable(path: Path) -> Path:
    """The path, where it is text: one that another locale wrote is none in records, settings and other files.

    Raises UsageError.
    """
    whole, encoding = str(path.absolute()), sys.getfilesystemencoding()
    if not whole.isascii():
        try:
            f"{whole}等保".encode(encoding, "strict")
        except UnicodeEncodeError as error:
            told = _("The path {path} is no text in the encoding of this locale, {encoding}.")
            raise UsageError(
                told.format(path=whole, encoding=encoding),
                hint=_("Call it in the locale whose encoding wrote it: LC_ALL={locale} secaudit …").format(
                    locale="zh_CN.GB18030" if encoding == "utf-8" else "C.UTF-8"
                ),
            ) from error
    return path


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 2 for wrong usage or files, 5 store, 70 our own bug, 130 interrupted."""
    watch_output()
    end_like_ctrl_c()
    language.use(language.detect(os.environ))
    teach_click()
    sys.exit(int(run(arguments)))


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (``ExitCode``); 2 when standard output cannot be written."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except OutputError as error:
        drop_output()
        if isinstance(error.fault, BrokenPipeError):
            return ExitCode.CLEAN  # whoever read us has left: no complaint
        reason = error.fault.strerror or str(error.fault)
        _complain(_("standard output cannot be written: {reason}").format(reason=reason), None)
        return ExitCode.USAGE
    return code


def _run(arguments: list[str] | None) -> int:
    try:
        outcome: Any = _group().main(args=arguments, prog_name="secaudit", standalone_mode=False)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain(_("interrupted"), None)
        return ExitCode.INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        return ExitCode.USAGE
    except SecauditError as error:
        _complain(str(error), error.hint)
        return ExitCode.STORE if isinstance(error, StoreError) else ExitCode.USAGE
    except OutputError:
        raise
    except Exception:  # not a guard: it turns our bug into exit code 70 and hides nothing
        logging.getLogger("secaudit").exception("internal error")
        return ExitCode.INTERNAL
    return int(outcome) if isinstance(outcome, int) else ExitCode.CLEAN


def _complain(message: str, hint: str | None) -> None:
    click.echo(f"secaudit: {printable(message, lines=True)}", err=True)
    if hint:
        click.echo(f"  → {printable(hint)}", err=True)
