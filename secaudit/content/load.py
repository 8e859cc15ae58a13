"""All content in one call: catalogues, tables, checks and profiles, with every mistake of every file."""

import hashlib
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from secaudit.content.catalogue import load_catalogues
from secaudit.content.check_file import read_check
from secaudit.content.check_rules import World, broken_rules, world_of
from secaudit.content.example_rules import misfits
from secaudit.content.folder import content_dir
from secaudit.content.loaded import Content, keep_content, recalled
from secaudit.content.plugin_checks import PluginChecks, check_id, read_plugin_checks
from secaudit.content.profiles import read_profile
from secaudit.content.reference_tables import (
    load_hazards,
    load_high_risks,
    load_lifecycles,
    load_makers_packages,
    load_mended,
    load_protections,
)
from secaudit.document import Document, read_document
from secaudit.document.reader import SIZE_LIMIT_BYTES
from secaudit.errors import ContentError, Problem
from secaudit.kept import key_of
from secaudit.language import _, in_use
from secaudit.model.content import Check, Profile, References
from secaudit.model.schema import Schema

STANDARD_FOLDER = "standards/gbt22239-2019"
HIGH_RISKS = "high_risk.csv"
LIFECYCLES = "lifecycles/end_of_life.csv"
PROTECTIONS = "products/protection.csv"
MENDED = "flaws/mended.csv"
MAKERS_PACKAGES = "lifecycles/makers_packages.csv"
REFERENCE_TABLES = (LIFECYCLES, PROTECTIONS, MENDED, MAKERS_PACKAGES)

_PART = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ContentFolders:
    """Where content lies: what ships with secaudit, folders of others with ``checks/`` and ``profiles/``, and
    the checks of plug-ins."""

    checks: Path
    profiles: Path
    extra: tuple[Path, ...] = ()
    plugins: tuple[PluginChecks, ...] = ()


def content_folders(extra: Sequence[Path] = (), plugins: Sequence[PluginChecks] = ()) -> ContentFolders:
    """The shipped folders, the extra ones, and those of plug-ins."""
    return ContentFolders(content_dir("checks"), content_dir("profiles"), tuple(extra), tuple(plugins))


def load_content(
    folders: ContentFolders,
    fact_schemas: Mapping[str, Schema],
    unknown_facts: Mapping[str, str] | None = None,
    *,
    type_all: bool = False,
) -> Content:
    """All content; raises ContentError with every mistake, but for those of plug-ins: they break their checks.

    The expressions of extra folders are always typed; those that ship are typed by the test suite, and here
    with ``type_all`` (docs/adr/0003). ``unknown_facts`` maps facts of broken plug-ins to the reason.
    What was found right is kept under the hash of all that it was made of, and not read again.
    """
    unknown = unknown_facts or {}
    if type_all:
        return _read_content(folders, fact_schemas, unknown, type_all=True)
    name = _name_of(folders, fact_schemas, unknown)
    known = recalled(name) if name else None
    if known is not None:
        return known
    content = _read_content(folders, fact_schemas, unknown, type_all=False)
    if name and name == _name_of(folders, fact_schemas, unknown):  # no file has changed meanwhile
        keep_content(name, content)
    return content


def _name_of(
    folders: ContentFolders, fact_schemas: Mapping[str, Schema], unknown_facts: Mapping[str, str]
) -> str | None:
    """The name of what these files give with these facts; None where a file cannot be read as one, or is not seen.

    A table behind a link to a folder is read, but not in the hash of the content.
    """
    paths = [path for _name, path in _files_of(folders)]
    try:
        seen = [path.stat() for path in paths]
        if any(path.is_symlink() and path.is_dir() for path in folders.profiles.rglob("*")) or not all(
            stat.S_ISREG(one.st_mode) and one.st_size <= SIZE_LIMIT_BYTES for one in seen
        ):
            return None
        facts = (repr(sorted(fact_schemas.items())), repr(sorted(unknown_facts.items())))
        return "content-" + key_of([content_hash(folders), repr(folders), *facts, in_use()])
    except OSError:
        return None


def _read_content(
    folders: ContentFolders,
    fact_schemas: Mapping[str, Schema],
    unknown_facts: Mapping[str, str],
    *,
    type_all: bool,
) -> Content:
    standard = folders.profiles / STANDARD_FOLDER
    catalogues, high_risks = load_catalogues(standard), load_high_risks(standard / HIGH_RISKS)
    world = world_of(fact_schemas, frozenset(high_risks), catalogues, unknown_facts)
    problems: list[Problem] = []
    checks = _read_checks(folders, world, type_all, lambda _id: True, problems)
    brought = read_plugin_checks(folders.plugins, checks, world, _every_fault(world))
    checks.update(brought.checks)
    profiles = _load_profiles(folders, checks, problems)
    if problems:
        raise ContentError(tuple(problems))
    return Content(
        checks,
        catalogues,
        profiles,
        load_references(folders.profiles),
        high_risks,
        load_hazards(standard / "major_hazards.csv"),
        content_hash(folders),
        brought.faults,
    )


def load_references(profiles: Path) -> References:
    """The tables that facts may join with; raises ContentError."""
    return References(
        load_lifecycles(profiles / LIFECYCLES),
        load_protections(profiles / PROTECTIONS),
        load_mended(profiles / MENDED),
        load_makers_packages(profiles / MAKERS_PACKAGES),
    )


def load_world(
    folders: ContentFolders,
    fact_schemas: Mapping[str, Schema],
    unknown_facts: Mapping[str, str] | None = None,
) -> World:
    """What checks may point at; raises ContentError."""
    standard = folders.profiles / STANDARD_FOLDER
    high_risks = load_high_risks(standard / HIGH_RISKS)
    return world_of(fact_schemas, frozenset(high_risks), load_catalogues(standard), unknown_facts)


def load_checks(folders: ContentFolders, world: World, wanted: Callable[[str], bool]) -> dict[str, Check]:
    """The checks whose ids are wanted, fully typed, whatever is wrong with others; raises ContentError."""
    problems: list[Problem] = []
    checks = _read_checks(folders, world, True, wanted, problems)
    if problems:
        raise ContentError(tuple(problems))
    taken = {check_id(path, root) for root in _roots(folders) for path in _files(root, [])}
    brought = read_plugin_checks(folders.plugins, taken, world, _every_fault(world))
    return {**checks, **{id_: check for id_, check in brought.checks.items() if wanted(id_)}}


def _read_checks(
    folders: ContentFolders,
    world: World,
    type_all: bool,
    wanted: Callable[[str], bool],
    problems: list[Problem],
) -> dict[str, Check]:
    checks: dict[str, Check] = {}
    for root in _roots(folders):
        typed = type_all or root != folders.checks
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


def _roots(folders: ContentFolders) -> tuple[Path, ...]:
    return folders.checks, *(folder / "checks" for folder in folders.extra)


def load_check(path: Path, root: Path, world: World, *, typed: bool) -> Check:
    """One check, held against the rules (and its expressions typed); raises ContentError."""
    relative = path.relative_to(root).with_suffix("")
    document = read_document(path)
    check = read_check(document, check_id(path, root), f"checks/{relative.as_posix()}.yaml")
    problems = faults_of(check, document, path, root, world, typed=typed)
    if problems:
        raise ContentError(tuple(problems))
    return check


def faults_of(
    check: Check, document: Document, path: Path, root: Path, world: World, *, typed: bool
) -> list[Problem]:
    """Every rule that a well-formed check breaks; its expressions are typed where the shapes of its facts are known."""
    parts = path.relative_to(root).with_suffix("").parts
    problems = [*broken_rules(check, document, world), *misfits(check, document, world)]
    if len(parts) < 2 or not all(_PART.fullmatch(part) for part in parts):
        problems.append(
            Problem(str(path), 0, "", check.id, _("a path like checks/linux/topic/name.yaml expected"))
        )
    if typed and not set(check.needs) & set(world.unknown_facts):
        from secaudit.content.check_typing import ill_typed  # its parser costs 0.15 s: only where it is used

        problems += ill_typed(check, document, world)
    return problems


def _every_fault(world: World) -> Callable[[Check, Document, Path, Path], list[Problem]]:
    return partial(faults_of, world=world, typed=True)


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
    for name, path in _files_of(folders):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files_of(folders: ContentFolders) -> list[tuple[str, Path]]:
    """Every YAML and CSV file with its name, the same on every machine."""
    roots = [("checks", folders.checks), ("profiles", folders.profiles)]
    roots += [(part, folder / part) for folder in folders.extra for part in ("checks", "profiles")]
    roots += [(f"plug-in {plugin.plugin}", plugin.root) for plugin in folders.plugins]
    return [
        (f"{part}/{path.relative_to(root).as_posix()}", path)
        for part, root in roots
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".yaml", ".yml", ".csv"))
    ]
