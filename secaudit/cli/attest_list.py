"""``secaudit attest list``: the answers on record, and what each is worth today."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.language import _
from secaudit.model.attestation import Attestation
from secaudit.register import load_register
from secaudit.register.attestations import altered_files, load_attestations
from secaudit.register.times import office_day


@click.command("list", help=_("The answers on record, and what each is worth today."))
@format_option
@click.pass_obj
def list_attestations(workspace: Path, output_format: str) -> int:
    """The command."""
    found = load_attestations(workspace, load_register(workspace))
    altered, today = altered_files(workspace, found), office_day()
    newest = {
        (_owner(one), one.step_id, one.object_id): one for one in sorted(found, key=lambda one: one.day)
    }
    show_rows(_columns(), [_row(one, newest, altered, today) for one in found], output_format)
    return ExitCode.CLEAN


def _row(
    one: Attestation,
    newest: Mapping[tuple[str, str, str], Attestation],
    altered: frozenset[str],
    today: date,
) -> dict[str, Any]:
    return {
        "owner": _owner(one),
        "step": one.step_id,
        "object": one.object_id,
        "answer": one.answer.value,
        "state": _state(one, newest, altered, today),
        "person": one.person,
        "date": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "record": one.record,
        "files": [file.name for file in one.files],
    }


def _owner(one: Attestation) -> str:
    return one.system or one.organisation


def _state(
    one: Attestation,
    newest: Mapping[tuple[str, str, str], Attestation],
    altered: frozenset[str],
    today: date,
) -> str:
    """``replaced`` (by a later one), ``altered`` (its files), ``expired`` or ``valid``."""
    if newest[_owner(one), one.step_id, one.object_id] is not one:
        return "replaced"
    if altered & {file.sha256 for file in one.files}:
        return "altered"
    return "expired" if one.valid_until < today else "valid"


def _columns() -> tuple[Column, ...]:
    words = {
        "valid": _("valid"),
        "expired": _("expired"),
        "altered": _("file changed"),
        "replaced": _("replaced by a later one"),
    }
    return (
        Column("owner", _("Owner")),
        Column("step", _("step")),
        Column("object", _("object"), fold=True),
        Column("answer", _("Answer")),
        Column("state", _("State"), words=words, fold=True),
        Column("person", _("Person"), fold=True),
        Column("date", _("Date")),
        Column("valid_until", _("Until")),
        Column("record", _("Record"), fold=True),
        Column("files", _("Files"), fold=True),
    )
