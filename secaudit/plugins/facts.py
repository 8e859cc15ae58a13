"""Facts of plug-ins, held against their contract; one that breaks is a gap that names its plug-in."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from secaudit.entries import Entry
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.language import _
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Asset, System
from secaudit.model.schema import misfit, plain, schema_of
from secaudit.model.text import Text
from secaudit.plugin import FactPlugin
from secaudit.plugins.declared import Loaded, declaration, load_each
from secaudit.plugins.guard import PluginBroken, running

NAME = re.compile(r"[a-z][a-z0-9_]*")
PROBE_LIMIT_S = 120
PROBE_LIMIT_BYTES = 4_194_304


@dataclass(frozen=True, slots=True)
class Nothing:
    """The shape of a fact that nobody can build."""


def load_facts(entries: Iterable[Entry], built_in: Mapping[str, Fact]) -> list[Loaded[Fact]]:
    """The facts of plug-ins; one that joins a fact that does not exist, or itself, is broken."""
    asked = {probe.id for fact in built_in.values() for probe in fact.probes}
    found = load_each(tuple(entries), built_in, lambda entry: _loaded(entry, asked))
    known = {**built_in, **{entry.name: fact for entry, fact in found if isinstance(fact, Fact)}}
    named = {*known, *(entry.name for entry, _fact in found)}
    return [(entry, _joined(entry, fact, known, named)) for entry, fact in found]


def broken_fact(broken: PluginBroken, name: str) -> Fact:
    """What stands where the fact would: a gap, so that every check that needs it is UNKNOWN."""

    def build(_evidence: Evidence) -> NoReturn:
        raise GapFound(GapReason.PLUGIN_BROKEN, str(broken))

    return Fact(name, Text(name, name), Nothing, build)


def _joined(
    entry: Entry, fact: Fact | PluginBroken, known: Mapping[str, Fact], named: set[str]
) -> Fact | PluginBroken:
    if isinstance(fact, PluginBroken):
        return fact
    missing = [name for name in fact.uses if name not in named]
    if missing:
        return PluginBroken(entry, _("it joins {name}, which is no fact").format(name=missing[0]))
    if fact.name in _reached(fact.uses, known):
        return PluginBroken(entry, _("it joins itself"))
    return fact


def _reached(names: Iterable[str], known: Mapping[str, Fact]) -> set[str]:
    """The facts that these join, through any number of others."""
    reached: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in reached and name in known:
            reached.add(name)
            left += known[name].uses
    return reached


def _loaded(entry: Entry, asked: set[str]) -> Fact:
    fact = declaration(entry, FactPlugin).fact
    for fault in _faults(entry, fact, asked):
        raise PluginBroken(entry, fault)
    return replace(fact, build=_guarded_build(entry, fact), probes_for=_guarded_probes(entry, fact))


def _faults(entry: Entry, declared: Any, asked: set[str]) -> Iterator[str]:
    """What is wrong with a fact, as far as can be seen before it is built."""
    fact = declared
    if not isinstance(declared, Fact):
        yield _("{kind} expected, this is {found}").format(kind="Fact", found=type(declared).__name__)
        return
    if not NAME.fullmatch(entry.name) or fact.name != entry.name:
        yield _("its fact has another name: {name}").format(name=repr(fact.name)[:40])
    if any(probe_id.startswith(f"{entry.name}.") for probe_id in asked):
        yield _("the name {name} is one of secaudit's own").format(name=entry.name)
    if not (isinstance(fact.title, Text) and callable(fact.build) and callable(fact.probes_for)):
        yield _("title is a Text, build and probes_for are functions")
    if not (_are_texts(fact.uses) and _are_texts(fact.kinds)):
        yield _("uses and kinds are tuples of names")
    yield from _probe_faults(entry, fact.probes)
    schema_of(fact.type)  # raises TypeError for what a fact cannot hold


def _are_texts(names: Any) -> bool:
    return isinstance(names, tuple) and all(isinstance(name, str) for name in names)


def _probe_faults(entry: Entry, probes: Any) -> Iterator[str]:
    if not isinstance(probes, tuple):
        yield _("its probes are no tuple")
        return
    for probe in probes:
        if not isinstance(probe, Probe) or not _is_sound(entry, probe):
            told = _("a probe expected with an id like {name}.x, a command and its limits, this is {found}")
            yield told.format(name=entry.name, found=repr(getattr(probe, "id", probe))[:60])


def _is_sound(entry: Entry, probe: Any) -> bool:
    id_, command = probe.id, probe.command
    texts = isinstance(id_, str) and isinstance(command, str) and isinstance(probe.reduces, Text | None)
    return (
        texts
        and re.fullmatch(rf"{entry.name}(\.[a-z0-9_-]+)+", id_) is not None
        and bool(command.strip())
        and "\0" not in command
        and isinstance(probe.root, bool)
        and probe.as_root == ()  # what `sudo: listed` allows is ours alone to say
        and type(probe.timeout_s) is int
        and 1 <= probe.timeout_s <= PROBE_LIMIT_S
        and type(probe.limit_bytes) is int
        and 1 <= probe.limit_bytes <= PROBE_LIMIT_BYTES
    )


def _guarded_probes(entry: Entry, fact: Fact) -> Callable[[Asset, System], tuple[Probe, ...]]:
    """The probes that depend on the register; none where they cannot be made: then the fact is a gap."""

    def probes_for(asset: Asset, system: System) -> tuple[Probe, ...]:
        try:
            return _made(entry, fact, asset, system)
        except PluginBroken:
            return ()

    return probes_for


def _made(entry: Entry, fact: Fact, asset: Asset, system: System) -> tuple[Probe, ...]:
    with running(entry):
        probes = fact.probes_for(asset, system)
    for fault in _probe_faults(entry, probes):
        raise PluginBroken(entry, fault)
    return probes


def _guarded_build(entry: Entry, fact: Fact) -> Callable[[Evidence], Any]:
    schema = fact.schema

    def build(evidence: Evidence) -> Any:
        try:
            _made(entry, fact, evidence.asset, evidence.system)
            value = _built(entry, fact, evidence)
            with running(entry):
                fault = misfit(plain(value), schema)
            if fault:
                raise PluginBroken(entry, _("its value does not have its shape: {fault}").format(fault=fault))
        except PluginBroken as broken:
            raise GapFound(GapReason.PLUGIN_BROKEN, str(broken)) from None
        return value

    return build


def _built(entry: Entry, fact: Fact, evidence: Evidence) -> Any:
    try:
        with running(entry, GapFound):
            return fact.build(evidence)
    except GapFound as found:
        if _is_whole(found):
            raise
        raise PluginBroken(entry, _("it raised a gap without a reason")) from None


def _is_whole(found: GapFound) -> bool:
    gap: Any = found.gap
    return isinstance(gap.reason, GapReason) and isinstance(gap.detail, str)
