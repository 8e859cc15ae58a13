"""Checks that plug-ins bring: what is wrong with one breaks that one, and it stays owed; nothing else is touched."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from secaudit.content.check_file import read_check
from secaudit.content.check_rules import World
from secaudit.document import Document, read_document
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Check, Severity
from secaudit.model.text import Text

# what is wrong with a check that was read, if anything
Faults = Callable[[Check, Document, Path, Path], list[Problem]]


@dataclass(frozen=True, slots=True)
class PluginChecks:
    """The folder ``checks`` of a plug-in; ``reason`` says why it cannot be used as a whole ("" when it can)."""

    plugin: str
    root: Path
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PluginContent:
    """Checks by id, broken ones among them; plug-in → the first thing that is wrong with it."""

    checks: Mapping[str, Check]
    faults: Mapping[str, str]


def read_plugin_checks(
    plugins: Iterable[PluginChecks], taken: Collection[str], world: World, faults: Faults
) -> PluginContent:
    """The checks of all plug-ins. An id that is taken breaks the plug-in that claims it, whoever had it stays."""
    files = {plugin: dict(_files(plugin.root)) for plugin in plugins}
    claims = Counter(check_id for found in files.values() for check_id in found)
    checks: dict[str, Check] = {}
    broken: dict[str, str] = {}
    for plugin, found in files.items():
        reason = plugin.reason or _collision(found, taken, claims)
        if reason:
            broken[plugin.plugin] = reason
        for id_, path in found.items():
            if id_ in taken:
                continue
            checks[id_], fault = _read(path, plugin, reason, world, faults)
            if fault:
                broken.setdefault(plugin.plugin, fault)
    return PluginContent(checks, broken)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Id → file; a file whose name ends wrongly is one that cannot be read, not one that is not there."""
    for path in sorted(root.rglob("*")):
        if path.suffix in (".yaml", ".yml"):
            yield check_id(path, root), path


def check_id(path: Path, root: Path) -> str:
    """The path inside the folder with dots: ``linux.identity.password_max_age``."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def _collision(found: Mapping[str, Path], taken: Collection[str], claims: Counter[str]) -> str:
    for id_ in found:
        if id_ in taken:
            return _("check {id} is there already").format(id=id_)
        if claims[id_] > 1:
            return _("check {id} is in another plug-in too").format(id=id_)
    return ""


def _read(path: Path, plugin: PluginChecks, reason: str, world: World, faults: Faults) -> tuple[Check, str]:
    """A check, whole or broken, and what is wrong with its file (or with all of the plug-in: ``reason``)."""
    id_ = check_id(path, plugin.root)
    file = f"checks/{path.relative_to(plugin.root).as_posix()}"
    try:
        document = read_document(path, file)
        check = read_check(document, id_, file)
    except ContentError as error:
        fault = reason or str(error.problems[0])
        return _nothing_known(id_, file, _told(plugin, fault)), fault
    fault = reason or next(map(str, _faults(check, document, path, plugin, faults)), "")
    if fault:
        return _owed(check, world, _told(plugin, fault)), fault
    unknown = [world.unknown_facts[name] for name in check.needs if name in world.unknown_facts]
    return (_owed(check, world, unknown[0]) if unknown else check), ""


def _faults(
    check: Check, document: Document, path: Path, plugin: PluginChecks, faults: Faults
) -> Iterator[Problem]:
    if path.suffix != ".yaml":
        yield Problem(check.file, 0, "", "", _("the ending .yaml expected"))
    yield from faults(check, document, path, plugin.root)


def _told(plugin: PluginChecks, why: str) -> str:
    return _("plug-in {name}: {why}").format(name=plugin.plugin, why=why)


def _owed(check: Check, world: World, broken: str) -> Check:
    """A check of which only what it owes is kept: where it applies, and the steps that exist."""
    steps = {step for known in world.steps.values() for step in known}
    proves = tuple(step for step in check.proves if step in steps)
    return replace(
        check,
        applies_to=check.id.partition(".")[0],
        needs=(),
        proves=proves,
        advisory=not proves,
        parameters={},
        applies_when="",
        manual_when="",
        pass_when="",
        partial_when="",
        offenders="",
        high_risk=(),
        examples=(),
        broken=broken,
    )


def _nothing_known(id_: str, file: str, broken: str) -> Check:
    """What is owed of a file that cannot be read: its path says on which kind of asset."""
    remedy = Text("修复或更新该插件。", "Mend or update the plug-in.")
    return Check(
        id_, Text(id_, id_), Severity.MEDIUM, id_.partition(".")[0], (), remedy, advisory=True,
        file=file, broken=broken,
    )  # fmt: skip
