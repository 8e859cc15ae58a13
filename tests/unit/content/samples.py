"""Fact shapes, and a content folder around one check that keeps every rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from secaudit.content import Content, ContentFolders, load_content
from secaudit.content.folder import content_dir
from secaudit.content.load import REFERENCE_TABLES, STANDARD_FOLDER
from secaudit.errors import ContentError
from secaudit.model.schema import Schema, schema_of


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the fact ``accounts``."""

    name: str
    max_days: int
    can_log_in: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backup:
    """A row of the fact ``backups``; ``object`` is the data set."""

    object: str
    age_h: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The fact ``settings``."""

    minimum: float
    values: Mapping[str, str]


SCHEMAS: dict[str, Schema] = {
    "accounts": schema_of(tuple[Account, ...]),
    "ageing": schema_of(tuple[Account, ...]),
    "backups": schema_of(tuple[Backup, ...]),
    "settings": schema_of(Settings),
    "shells": schema_of(tuple[str, ...]),
}

CHECK = """\
title: {zh: 口令最长使用期限, en: Maximum password age}
proves: [ces.authentication.a#4]
levels: [2, 3, 4]
severity: medium
applies_to: linux
needs: [accounts]
parameters:
  max_days: {default: 90, tighten: lower, source: local policy}
applies_when: accounts.exists(a, a.can_log_in)
pass_when: accounts.all(a, a.max_days <= params.max_days)
offenders: >-
  accounts.filter(a, a.max_days > params.max_days)
  .map(a, {"id": a.name, "seen": a.max_days, "expected": params.max_days})
remedy: {zh: 设置, en: Set it}
references: [GB/T 22239-2019 8.1.4.1 a]
examples:
  - {name: ninety, given: {accounts: [{name: a, max_days: 90, can_log_in: true}]}, expect: PASS}
  - {name: never, given: {accounts: [{name: a, max_days: 99999, can_log_in: true}]}, expect: FAIL, offenders: [a]}
  - {name: nobody, given: {accounts: []}, expect: NOT_APPLICABLE}
  - {name: unreadable, given: {accounts: {gap: no_permission}}, expect: UNKNOWN}
"""
PATH = "linux/identity/password_max_age.yaml"
ID = "linux.identity.password_max_age"


def tables(root: Path) -> Path:
    """The shipped tables, and a profile that names no check: the shipped profiles name shipped checks."""
    folder = root / "tables"
    if not folder.exists():
        folder.mkdir(parents=True)
        for part in (STANDARD_FOLDER, *REFERENCE_TABLES):
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            (folder / part).symlink_to(content_dir("profiles") / part)
    (folder / "level-3.yaml").write_text("level: 3\ntitle: {zh: 第三级, en: Level 3}\n", encoding="utf-8")
    return folder


@dataclass(slots=True)
class Folder:
    """A content folder in the making; the standard's tables are the shipped ones."""

    root: Path
    extra: tuple[Path, ...] = field(default=())

    def write(self, text: str, path: str = PATH, part: str = "checks") -> Path:
        """Writes one file."""
        file = self.root / part / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, *, type_all: bool = True) -> Content:
        """Loads it all; extra folders too."""
        checks = self.root / "checks"
        checks.mkdir(exist_ok=True)
        return load_content(ContentFolders(checks, tables(self.root), self.extra), SCHEMAS, type_all=type_all)

    def complaints(self, text: str, path: str = PATH) -> list[str]:
        """What loading says against one check, each as ``line field: expected``."""
        self.write(text, path)
        try:
            self.load()
        except ContentError as error:
            return [f"{problem.line} {problem.field}: {problem.expected}" for problem in error.problems]
        return []


def changed(old: str, new: str) -> str:
    """The good check with one piece of text replaced; the piece must be there."""
    assert old in CHECK
    return CHECK.replace(old, new, 1)
