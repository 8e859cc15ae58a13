"""``packages/*.yaml``: what happened to packages, one event a file."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.delivery import Delivery, Event
from secaudit.register.acts import FilePart, act_text, files_written, keep_act
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import Digest, FreeText, Id, Line, named_line, past_date

FOLDER: Final = "packages"
Day = date  # a field is named date, too


class DeliveryPart(Part):
    """A file of ``packages/``."""

    package: Line
    agency: Id
    event: Annotated[Event, Field(strict=False)]
    date: Annotated[Day, BeforeValidator(past_date)]
    person: Annotated[str, AfterValidator(named_line)]
    reference: FreeText = ""
    note: FreeText = ""
    files: Many[FilePart] = ()
    sequence: Annotated[int, Field(ge=0)] = 0
    systems: Many[Id] = ()
    manifest_sha256: Digest | None = None
    runs: Many[Line] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.event is Event.BUILT) != bool(self.sequence and self.manifest_sha256):
            raise ValueError(
                _("sequence and manifest_sha256 expected where a package was built, and only there")
            )
        if self.event is Event.RETURNED and not self.note.strip():
            raise ValueError(_("a reason is required for a package that was returned (note)"))
        return self

    def delivery(self) -> Delivery:
        return Delivery(
            self.package,
            self.agency,
            self.event,
            self.date,
            self.person,
            self.reference,
            self.note,
            tuple(file.file() for file in self.files),
            self.sequence,
            self.systems,
            self.manifest_sha256 or "",
            tuple(self.runs),
        )


def load_deliveries(workspace: Path) -> tuple[Delivery, ...]:
    """All events on record, file by file; raises ContentError with every mistake of the files."""
    problems: list[Problem] = []
    documents = read_documents(yaml_files(workspace / FOLDER, workspace, problems), workspace, problems)
    parts = parts_of(documents, DeliveryPart, problems)
    refuse(problems)
    return tuple(part.delivery() for part in parts)


def keep_delivery(workspace: Path, event: Delivery, evidence: Mapping[str, bytes], now: datetime) -> Path:
    """Write an event as a file of its own. Raises ContentError with what is wrong with it, UsageError."""
    text = act_text(_written(event))
    validated(parse_document(text, FOLDER), DeliveryPart)
    return keep_act(workspace, FOLDER, event.agency, text, evidence, now)


def _written(event: Delivery) -> dict[str, Any]:
    said = {
        "package": event.number,
        "agency": event.agency,
        "event": event.event.value,
        "date": event.day.isoformat(),
        "person": event.person,
        "reference": event.reference,
        "note": event.note,
        "files": files_written(event.files),
        "sequence": event.sequence,
        "systems": list(event.systems),
        "manifest_sha256": event.manifest_sha256,
        "runs": list(event.runs),
    }
    return {key: value for key, value in said.items() if value}
