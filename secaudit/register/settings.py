"""What a workspace sets for the tool itself (``secaudit.yaml``)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.due import Duty
from secaudit.model.nightly import Nightly
from secaudit.model.pace import Pace
from secaudit.model.rectification import RectificationSettings
from secaudit.model.register import Blackout, Organisation
from secaudit.model.retention import MONTHS, Kind
from secaudit.model.text import Language
from secaudit.register.notice_settings import NoticeSettings
from secaudit.register.upkeep_file import Backups
from secaudit.register.weights import WeightSettings
from secaudit.register.workspace_file import HandoverPart, WorkspacePart

_LOCAL = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Sealing:
    """The key that signs packages, its certificate, the reference of its password, and how packages are numbered."""

    key: Path
    certificate: Path
    password: str
    number: str


@dataclass(frozen=True, slots=True)
class Settings:
    """``database`` is a URL that may be opened; ``hash_known_hosts`` keeps names out of the file of host keys.

    ``acceptance_days`` is how long an acceptance may hold from its start; ``cycles``: duty → level → months;
    ``retention``: kind → months.
    """

    office: str
    language: Language
    database: str
    content_folders: tuple[Path, ...]
    pace: Pace
    required_plugins: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    blackouts: tuple[Blackout, ...]
    hash_known_hosts: bool = False
    acceptance_days: int = 365
    weights: WeightSettings | None = None
    sealing: Sealing | None = None
    cycles: Mapping[Duty, Mapping[int, int]] = field(default_factory=dict)
    rectification: RectificationSettings = field(default_factory=RectificationSettings)
    retention: Mapping[Kind, int] = field(default_factory=lambda: MONTHS)
    backups: Backups | None = None
    nightly: Nightly = field(default_factory=Nightly)
    notices: NoticeSettings | None = None


def settings_of(part: WorkspacePart, workspace: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings with paths made absolute and the database's ``env:`` reference looked up (UsageError)."""
    language = cast(Literal["zh", "en"], part.language)
    return Settings(
        office=part.office,
        language=language,
        database=_database(part.database, workspace, environ),
        content_folders=tuple((workspace / folder).resolve() for folder in part.content_folders),
        pace=part.limits.pace(),
        required_plugins=part.plugins.require,
        organisations=tuple(item.organisation() for item in part.organisations),
        blackouts=tuple(item.blackout() for item in part.blackouts),
        hash_known_hosts=part.hash_known_hosts,
        acceptance_days=part.acceptance_days,
        weights=part.weights.settings() if part.weights else None,
        sealing=_sealing(part.handover, workspace) if part.handover else None,
        cycles=part.cycles.months(),
        rectification=part.findings.settings(),
        retention=part.retention.months(),
        backups=part.backup.backups(workspace) if part.backup else None,
        nightly=part.nightly.nightly(),
        notices=part.notices.settings(workspace, language) if part.notices else None,
    )


def _sealing(part: HandoverPart, workspace: Path) -> Sealing:
    key, certificate = (
        (workspace / Path(file).expanduser()).resolve() for file in (part.key, part.certificate)
    )
    return Sealing(key, certificate, part.password, part.number)


def _database(text: str, workspace: Path, environ: Mapping[str, str]) -> str:
    if text.startswith("env:"):
        name = text.removeprefix("env:")
        if not environ.get(name):
            raise UsageError(
                _("The variable {name} with the URL of the database is not set.").format(name=name),
                hint=_("Set it, or change database: in secaudit.yaml."),
            )
        return environ[name]
    if text.startswith(_LOCAL):
        return _LOCAL + str((workspace / text.removeprefix(_LOCAL)).resolve())
    return text
