"""The workbook of an organisation is brought back into the register, shown first with ``--dry-run``."""

from collections import Counter
from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.register_words import register_words
from secaudit.cli.show import Column, show_rows
from secaudit.language import _
from secaudit.register.tables import TABLES
from secaudit.register.update import Kind, Update
from secaudit.register.updating import carry_out_update, plan_update
from secaudit.report.filled_register import read_register_workbook

LEFT_SHOWN = 10


def import_workbook(workspace: Path, file: Path, dry_run: bool, output_format: str) -> int:
    """Plan it, carry it out unless it is a dry run, and show every change."""
    filled = read_register_workbook(file)
    update = plan_update(workspace, filled.organisation, filled.rows, file.name)
    if not dry_run:
        carry_out_update(update)
    _show(update, output_format)
    if update.left:
        names = ", ".join(update.left[:LEFT_SHOWN]) + (" …" if len(update.left) > LEFT_SHOWN else "")
        told = _("Not in the workbook, left as they are: {names}")
        click.echo(printable(told.format(names=names)), err=True)
    click.echo(_summary(update, dry_run), err=True)
    return ExitCode.CLEAN


def _show(update: Update, output_format: str) -> None:
    words = register_words()
    kinds = {Kind.ADDED.value: _("added"), Kind.CHANGED.value: _("changed")}
    columns = (
        Column("system", _("System")),
        Column("sheet", _("Sheet"), words={table.key: words(table.key) for table in TABLES}),
        Column("id", _("Id")),
        Column("change", _("Change"), words=kinds),
        Column(
            "column", _("Column"), words={one.column: words.known(one.column, "") for one in update.changes}
        ),
        Column("before", _("Before"), fold=True),
        Column("after", _("After"), fold=True),
    )
    rows = [
        {
            "system": one.system,
            "sheet": one.table,
            "id": one.id,
            "change": one.kind.value,
            "column": one.column,
            "before": one.before,
            "after": one.after,
        }
        for one in update.changes
    ]
    if rows or output_format != "table":
        show_rows(columns, rows, output_format)


def _summary(update: Update, dry_run: bool) -> str:
    counted = Counter(one.kind for one in update.changes)
    told = (
        _("Nothing written: {added} records to add, {changed} values to change in {files} files.")
        if dry_run
        else _("{added} records added, {changed} values changed in {files} files.")
    )
    return told.format(added=counted[Kind.ADDED], changed=counted[Kind.CHANGED], files=len(update.edits))
