"""``secaudit system import``: assets from a CSV list or an Ansible inventory, or the workbook of an organisation."""

from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register import load_register
from secaudit.register.ansible_import import read_inventory
from secaudit.register.csv_headings import accepted_headings
from secaudit.register.csv_import import read_csv
from secaudit.register.importing import Change, Found, Import, carry_out, plan_import

SOURCES = ("csv", "ansible", "workbook")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")  # others than the first are refused with what to do


@click.command(
    "import",
    help=_(
        "Add assets from a list to a system, or bring back the workbook of an organisation (.xlsx): all of FILE or, "
        "with one mistake, nothing."
    ),
    epilog=_("Headings of a CSV file: {known}").format(known=accepted_headings()),
)
@click.option(
    "--from", "source", type=click.Choice(list(SOURCES)), help=_("What FILE is (default: by its name).")
)
@click.argument("file", metavar=_("FILE"), type=click.Path(dir_okay=False, path_type=Path))
@click.option("--system", "system_id", help=_("The system that the assets of a list belong to."))
@click.option("--user", default="", help=_("User for SSH where FILE names none."))
@click.option("--key", default="agent", show_default=True, help=_("Key for SSH where FILE names none."))
@click.option("--dry-run", is_flag=True, help=_("Show what would be added and write nothing."))
@format_option
@click.pass_obj
def import_assets(
    workspace: Path,
    source: str | None,
    file: Path,
    system_id: str | None,
    user: str,
    key: str,
    dry_run: bool,
    output_format: str,
) -> int:
    source = source or _by_name(file)
    if source == "workbook":
        if system_id is not None:
            raise UsageError(_("--system goes with a list; a workbook names the systems of its rows."))
        from secaudit.cli.system_import_workbook import import_workbook  # openpyxl is dear

        return import_workbook(workspace, file, dry_run, output_format)
    if system_id is None:
        raise UsageError(_("{option} is missing.").format(option="--system"))
    defaults = {"key": key, **({"user": user} if user else {})}
    planned = plan_import(workspace, system_id, _found(workspace, source, file, defaults))
    if not dry_run:
        carry_out(planned)
    _show(planned, output_format)
    for remark in planned.remarks:
        click.echo(printable(remark), err=True)
    click.echo(_summary(planned, dry_run), err=True)
    return ExitCode.CLEAN


def _by_name(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix not in (".csv", *WORKBOOKS):
        raise UsageError(_("{option} is missing.").format(option="--from"))
    return "csv" if suffix == ".csv" else "workbook"


def _found(workspace: Path, source: str, file: Path, defaults: dict[str, str]) -> Found:
    if source == "csv":
        return read_csv(file, defaults)
    return read_inventory(file, defaults, load_register(workspace).jump_hosts)


def _show(planned: Import, output_format: str) -> None:
    columns = (
        Column("id", _("Asset")),
        Column("kind", _("Kind")),
        Column("address", _("Address"), fold=True),
        Column("change", _("Change"), words=_change_words()),
        Column("fields", _("Differing fields (the register keeps its own)"), fold=True),
    )
    rows = [
        {
            "id": asset.id,
            "kind": asset.kind,
            "address": asset.address,
            "change": asset.change.value,
            "fields": asset.fields,
        }
        for asset in planned.assets
    ]
    show_rows(columns, rows, output_format)


def _change_words() -> dict[str, str]:
    return {Change.ADDED: _("added"), Change.DIFFERS: _("differs"), Change.SAME: _("same")}


def _summary(planned: Import, dry_run: bool) -> str:
    count = {change: sum(asset.change is change for asset in planned.assets) for change in Change}
    said = _("Nothing written: {added} to add") if dry_run else _("{added} added to {file}")
    rest = _("{differs} differ and stay as they are, {same} are the same.")
    named = said.format(added=count[Change.ADDED], file=printable(str(planned.file)))
    return named + _("; ") + rest.format(differs=count[Change.DIFFERS], same=count[Change.SAME])
