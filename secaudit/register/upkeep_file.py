"""``retention:`` and ``backup:`` of ``secaudit.yaml``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import model_validator

from secaudit.language import _
from secaudit.model.retention import MONTHS, Kind
from secaudit.register.part import Part
from secaudit.register.reach_values import SecretReference
from secaudit.register.values import Copies, Days, FreeText, KeptMonths, Line


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups go, how many stay, how old the newest may be, and who can open them (neither: anybody).

    ``passphrase`` is a reference, ``certificate`` a file of the recipient.
    """

    folder: Path
    keep: int
    days: int
    certificate: Path | None
    passphrase: str


class RetentionPart(Part):
    """``retention:``: how many months each kind is kept; none below what the law asks of logs."""

    runs: KeptMonths = MONTHS[Kind.RUNS]
    reports: KeptMonths = MONTHS[Kind.REPORTS]
    evidence: KeptMonths = MONTHS[Kind.EVIDENCE]
    notices: KeptMonths = MONTHS[Kind.NOTICES]
    logs: KeptMonths = MONTHS[Kind.LOGS]

    def months(self) -> dict[Kind, int]:
        return {kind: getattr(self, kind.value) for kind in Kind}


class BackupPart(Part):
    """``backup:``: where the nightly ones go, how many stay, and who can open them; a place is relative to here."""

    folder: Line
    keep: Copies = 7
    days: Days = 7
    encrypt_to: FreeText = ""
    passphrase: SecretReference = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.encrypt_to and self.passphrase:
            raise ValueError(_("one of encrypt_to and passphrase expected"))
        return self

    def backups(self, workspace: Path) -> Backups:
        certificate = (workspace / Path(self.encrypt_to).expanduser()).resolve() if self.encrypt_to else None
        folder = (workspace / Path(self.folder).expanduser()).resolve()
        return Backups(folder, self.keep, self.days, certificate, self.passphrase)
