"""The plug-ins that are installed: found once, loaded behind a guard, handed on to whoever needs what they bring."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache

from secaudit.content import Content, PluginChecks
from secaudit.entries import CHECKS, FACTS, TRANSPORTS, entries_of
from secaudit.errors import UsageError
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import Fact
from secaudit.language import _
from secaudit.model.run import PluginVersion
from secaudit.model.schema import Schema
from secaudit.plugin import TransportPlugin
from secaudit.plugins.checks import folders_of, load_folder
from secaudit.plugins.declared import Loaded, load_each, load_transport, version_of
from secaudit.plugins.facts import broken_fact, load_facts
from secaudit.plugins.guard import PluginBroken
from secaudit.register.kinds import TRANSPORTS as OWN_TRANSPORTS

__all__ = ["Plugins", "load_plugins"]


@dataclass(frozen=True, slots=True)
class Plugins:
    """What an audit uses of plug-ins, and which there are (report formats apart: they judge nothing).

    ``facts`` are ours and theirs; a broken one is a gap, and ``broken_facts`` has the reason. ``transports``
    maps the word of the register to what is used or why it cannot be.
    """

    facts: Mapping[str, Fact]
    broken_facts: Mapping[str, str]
    transports: Mapping[str, Loaded[TransportPlugin]]
    folders: tuple[PluginChecks, ...]
    versions: tuple[PluginVersion, ...]

    @property
    def schemas(self) -> dict[str, Schema]:
        """Fact name → shape, of the facts that have one."""
        return {name: fact.schema for name, fact in self.facts.items() if name not in self.broken_facts}

    def versions_with(self, content: Content) -> tuple[PluginVersion, ...]:
        """The plug-ins, with what was found wrong with the checks they bring."""
        return tuple(_with_fault(version, content.faults) for version in self.versions)

    def require(self, packages: Collection[str]) -> None:
        """Raises UsageError for packages that bring no plug-in: nothing would say that their checks are missing."""
        missing = [
            name for name in packages if _normal(name) not in {_normal(v.package) for v in self.versions}
        ]
        if missing:
            raise UsageError(
                _("The workspace requires plug-ins that are not installed: {names}.").format(
                    names=", ".join(missing)
                ),
                hint=_("Install them beside secaudit, or change plugins: in secaudit.yaml."),
            )


@cache
def load_plugins() -> Plugins:
    """The plug-ins of this installation. Runs their code, behind a guard; once in a process."""
    facts = load_facts(entries_of(FACTS), BUILT_IN)
    folders = load_each(entries_of(CHECKS), (), load_folder)
    transports = load_each(entries_of(TRANSPORTS), OWN_TRANSPORTS, load_transport)
    theirs = {entry.name: _usable(found, entry.name) for entry, found in facts}
    return Plugins(
        {**theirs, **BUILT_IN},
        {
            entry.name: str(found)
            for entry, found in facts
            if isinstance(found, PluginBroken) and entry.name not in BUILT_IN
        },
        {entry.name: (entry, found) for entry, found in transports if entry.name not in OWN_TRANSPORTS},
        folders_of(folders),
        tuple(version_of(entry, found) for entry, found in (*transports, *facts, *folders)),
    )


def _usable(found: Fact | PluginBroken, name: str) -> Fact:
    return broken_fact(found, name) if isinstance(found, PluginBroken) else found


def _with_fault(version: PluginVersion, faults: Mapping[str, str]) -> PluginVersion:
    fault = faults.get(str(version), "")
    return replace(version, reason=fault) if fault and version.group == CHECKS else version


def _normal(package: str) -> str:
    """``My_Plugin`` and ``my-plugin`` are one package (PEP 503)."""
    return "-".join(part for part in package.lower().replace("_", "-").replace(".", "-").split("-") if part)
