"""What all acts on a risk have in common: their options, and how they are brought onto record."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from secaudit import clock
from secaudit.assess.deciding import Matter
from secaudit.assess.objections import objection
from secaudit.assess.risks import RiskTables
from secaudit.cli.assessed import assessed
from secaudit.cli.attest_set import owner_of
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.option_values import option_value
from secaudit.cli.wiring import newest_run_of, on_record, open_workspace, tell_newer
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.risk import RiskDecision
from secaudit.register.acts import read_evidence
from secaudit.register.attestations import last_valid
from secaudit.register.risks import add_risk_decision
from secaudit.register.times import office_day
from secaudit.register.values import named_line, past_date, said_text

C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says with every act: of which risk of which system, why, when and on what files."""

    system_id: str
    risk_id: str
    reason: str
    person: str
    day: str | None
    files: tuple[Path, ...]


def act_options(command: Callable[..., int]) -> Callable[..., int]:
    """SYSTEM, RISK, and who says it, why, when and on what files, passed on as ``said``."""

    @wraps(command)
    def act(*passed: Any, **fields: Any) -> int:
        said = Said(**{name: fields.pop(name) for name in Said.__slots__})
        return command(*passed, said=said, **fields)

    for option in (
        click.option(
            "--file",
            "files",
            multiple=True,
            type=click.Path(path_type=Path),
            help=_("A file that it rests on, copied into the workspace (repeatable)."),
        ),
        click.option("--date", "day", metavar=_("DATE"), help=_("The day of the decision (default: today).")),
        click.option("--person", required=True, help=_("Who decides.")),
        click.option("--reason", required=True, help=_("Why it is decided so.")),
        click.argument("risk_id", metavar=_("RISK")),
        click.argument("system_id", metavar=_("SYSTEM")),
    ):
        act = option(act)
    return act


def object_option(command: C) -> C:
    """``--object``, repeatable, as ``objects``."""
    option = click.option(
        "--object",
        "objects",
        multiple=True,
        help=_("Only on this object (repeatable; default: all on which it is shown)."),
    )
    return option(command)


def matter_of(workspace: Path, said: Said, objects: tuple[str, ...] = ()) -> Matter:
    """The risk as the newest run and the answers of today show it. Raises UsageError."""
    opened, content = open_workspace(workspace), content_of(workspace)
    owner_of(opened.register, said.system_id, by_organisation=False)
    with opened.open_scanned() as store:
        run = newest_run_of(store, said.system_id)
        tell_newer(store, run, said.system_id)
        found = assessed(on_record(opened), store, run.id, said.system_id, content)
    tables = RiskTables(content.checks, content.high_risks, content.hazards)
    return Matter(found.system, found.assessment, found.risks, tables, said.risk_id, objects)


def decision_of(matter: Matter, said: Said, **details: Any) -> RiskDecision:
    """The act, valid for a year unless ``details`` say otherwise; raises UsageError where it is none that counts."""
    day = option_value(past_date, said.day, "--date") if said.day else office_day()
    fields = {"valid_until": last_valid(day), **details}
    one = RiskDecision(
        system=matter.system.id,
        risk=matter.name,
        person=option_value(named_line, said.person, "--person"),
        day=day,
        reason=option_value(said_text, said.reason, "--reason"),
        **fields,
    )
    if why := objection(one, matter.tables.conditions, matter.tables.hazards):
        raise UsageError(why, hint=_("See the risks with: secaudit risk list {id}").format(id=one.system))
    if one.valid_until < office_day():
        raise UsageError(_("The decision has expired already: it would count nowhere."))
    return one


def keep(workspace: Path, one: RiskDecision, files: tuple[Path, ...]) -> None:
    """Write the act with its files, and say where."""
    evidence = [read_evidence(file) for file in files]
    kept = {file.sha256: content for file, content in evidence}
    whole = replace(one, files=tuple(file for file, _content in evidence))
    place = add_risk_decision(workspace, whole, kept, clock.now())
    written = _("{risk}: the decision is on record, on {count} grounds; it is kept in {file}.")
    click.echo(printable(written.format(risk=one.risk, count=len(one.grounds), file=place)))
