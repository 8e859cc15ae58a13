"""All content in one call: catalogues, tables, checks and profiles, with every mistake of every file."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from secaudit.content.catalogue import load_catalogues
from secaudit.content.check_file import read_check
from secaudit.content.check_rules import World, broken_rules, world_of
from secaudit.content.example_rules import misfits
from secaudit.content.folder import content_dir
from secaudit.content.profiles import read_profile
from secaudit.content.reference_tables import load_hazards, load_high_risks, load_references
from secaudit.document import read_document
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Catalogue, Check, HighRiskCondition, MajorHazard, Profile, References
from secaudit.model.schema import Schema

STANDARD_FOLDER = "standards/gbt22239-2019"
HIGH_RISKS = "high_risk.csv"
LIFECYCLES = "lifecycles/end_of_life.csv"

_PART = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ContentFolders:
    """Where content lies: what ships with secaudit, and folders of others with ``checks/`` and ``profiles/``."""

    checks: Path
    profiles: Path
    extra: tuple[Path, ...] = ()


def content_folders(extra: Sequence[Path] = ()) -> ContentFolders:
    """The shipped folders and the extra ones."""
    return ContentFolders(content_dir("checks"), content_dir("profiles"), tuple(extra))


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is data: checks and profiles by id, catalogues by level, tables.

    ``content_hash`` is SHA-256 (hex) over the names and bytes of all files it was read from.
    """

    checks: Mapping[str, Check]
    catalogues: Mapping[int, Catalogue]
    profiles: Mapping[str, Profile]
    references: References
    high_risks: Mapping[str, HighRiskCondition]
    hazards: Mapping[str, MajorHazard]
    content_hash: str


def load_content(
    folders: ContentFolders, fact_schemas: Mapping[str, Schema], *, type_all: bool = False
) -> Content:
    """All content; raises ContentError with every mistake.

    The expressions of extra folders are always typed; those that ship are typed by the test suite, and here
    with ``type_all`` (docs/adr/0003).
    """
    standard = folders.profiles / STANDARD_FOLDER
    catalogues, high_risks = load_catalogues(standard), load_high_risks(standard / HIGH_RISKS)
    world = world_of(fact_schemas, frozenset(high_risks), catalogues)
    problems: list[Problem] = []
    checks = _read_checks(folders, world, type_all, lambda _id: True, problems)
    profiles = _load_profiles(folders, checks, problems)
    if problems:
        raise ContentError(tuple(problems))
    return Content(
        checks,
        catalogues,
        profiles,
        load_references(folders.profiles / LIFECYCLES),
        high_risks,
        load_hazards(standard / "major_hazards.csv"),
        content_hash(folders),
    )


def load_world(folders: ContentFolders, fact_schemas: Mapping[str, Schema]) -> World:
    """What checks may point at; raises ContentError."""
    standard = folders.profiles / STANDARD_FOLDER
    high_risks = load_high_risks(standard / HIGH_RISKS)
    return world_of(fact_schemas, frozenset(high_risks), load_catalogues(standard))


def load_checks(folders: ContentFolders, world: World, wanted: Callable[[str], bool]) -> dict[str, Check]:
    """The checks whose ids are wanted, fully typed, whatever is wrong with others; raises ContentError."""
    problems: list[Problem] = []
    checks = _read_checks(folders, world, True, wanted, problems)
    if problems:
        raise ContentError(tuple(problems))
    return checks


def _read_checks(
    folders: ContentFolders,
    world: World,
    type_all: bool,
    wanted: Callable[[str], bool],
    problems: list[Problem],
) -> dict[str, Check]:
    checks: dict[str, Check] = {}
    roots = [(folders.checks, type_all), *((folder / "checks", True) for folder in folders.extra)]
    for root, typed in roots:
        for path in _files(root, problems):
            if not wanted(check_id(path, root)):
                continue
            try:
                check = load_check(path, root, world, typed=typed)
            except ContentError as error:
                problems.extend(error.problems)
                continue
            if check.id in checks:
                problems.append(Problem(str(path), 0, "", check.id, _("another folder has this check")))
            checks[check.id] = check
    return checks


def check_id(path: Path, root: Path) -> str:
    """The path inside the folder with dots: ``linux.identity.password_max_age``."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def load_check(path: Path, root: Path, world: World, *, typed: bool) -> Check:
    """One check, held against the rules (and its expressions typed); raises ContentError."""
    relative = path.relative_to(root).with_suffix("")
    document = read_document(path)
    check = read_check(document, check_id(path, root), f"checks/{relative.as_posix()}.yaml")
    problems = [*broken_rules(check, document, world), *misfits(check, document, world)]
    if len(relative.parts) < 2 or not all(_PART.fullmatch(part) for part in relative.parts):
        problems.append(
            Problem(str(path), 0, "", check.id, _("a path like checks/linux/topic/name.yaml expected"))
        )
    if typed:
        from secaudit.content.check_typing import ill_typed  # its parser costs 0.15 s: only where it is used

        problems += ill_typed(check, document, world)
    if problems:
        raise ContentError(tuple(problems))
    return check


def _load_profiles(
    folders: ContentFolders, checks: Mapping[str, Check], problems: list[Problem]
) -> dict[str, Profile]:
    profiles: dict[str, Profile] = {}
    for root in (folders.profiles, *(folder / "profiles" for folder in folders.extra)):
        for path in sorted(root.glob("*.yaml")):
            try:
                profile = read_profile(path, checks)
            except ContentError as error:
                problems.extend(error.problems)
                continue
            if profile.id in profiles:
                problems.append(Problem(str(path), 0, "", profile.id, _("another folder has this profile")))
            profiles[profile.id] = profile
    return profiles


def _files(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The YAML files below a folder in the order of their names; a folder or file that is lost is a problem."""
    if not root.is_dir():
        problems.append(Problem(str(root), 0, "", "", _("a folder expected")))
    for path in sorted(root.rglob("*")):
        if path.suffix == ".yaml":
            yield path
        elif path.suffix == ".yml":
            problems.append(Problem(str(path), 0, "", "", _("the ending .yaml expected")))


def content_hash(folders: ContentFolders) -> str:
    """SHA-256 (hex) over the names and bytes of every YAML and CSV file."""
    digest = hashlib.sha256()
    roots = [("checks", folders.checks), ("profiles", folders.profiles)]
    roots += [(part, folder / part) for folder in folders.extra for part in ("checks", "profiles")]
    for part, root in roots:
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".yaml", ".csv")):
            content = path.read_bytes()
            digest.update(f"{part}/{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
