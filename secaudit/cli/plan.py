"""``secaudit plan``: every command that would run on every asset, before anything runs."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from secaudit.audit import Asked, make_plan
from secaudit.cli.show import printable
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.cli.words import spoken
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, Authorisation, Sudo
from secaudit.model.run import AssetPlan, Plan

# asked by us from outside, not on the asset (secaudit.facts.outside)
OUTSIDE = "outside.ports"


@click.command(help=_("Show every command that a scan would run, and what it means for the assets."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--asset", "assets", multiple=True, help=_("Only this asset (may be repeated)."))
@click.option("--profile", help=_("Another profile than that of the level."))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    help=_("How to print the plan."),
)
@click.pass_obj
def plan(
    workspace: Path,
    systems: tuple[str, ...],
    assets: tuple[str, ...],
    profile: str | None,
    output_format: str,
) -> None:
    """The command."""
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    missing: dict[str, UsageError] = {}
    made = make_plan(
        opened.register,
        rules.content,
        rules.facts,
        Asked(systems, assets, profile),
        lambda system_id: _authorised(opened, system_id, missing),
    )
    if output_format == "json":
        click.echo(json.dumps(_as_data(made, missing), ensure_ascii=False, indent=2))
        return
    for line in (*_lines(made, rules.content), *_missing(missing)):
        click.echo(line)


def _authorised(workspace: Workspace, system_id: str, missing: dict[str, UsageError]) -> Authorisation | None:
    try:
        return workspace.authorise(system_id)
    except UsageError as error:
        missing[system_id] = error
        return None


def _missing(missing: dict[str, UsageError]) -> Iterator[str]:
    for error in missing.values():
        yield ""
        yield _("Not allowed yet: {reason}").format(reason=error)
        if error.hint:
            yield f"  → {error.hint}"


def _lines(made: Plan, content: Content) -> Iterator[str]:
    assets = {asset.id: asset for system in made.systems for asset in system.assets}
    for group in _alike(made.assets):
        for planned in group:
            yield from _about_asset(planned, assets[planned.asset_id])
        yield ""
        yield _("The commands ({count}):").format(count=len(on_asset(group[0].probes)))
        for probe in on_asset(group[0].probes):
            yield from _about_probe(probe)
        yield ""
        yield _("The checks ({count}):").format(count=len(group[0].expected))
        for check_id in dict.fromkeys(expected.check_id for expected in group[0].expected):
            yield f"  {check_id}  {spoken(content.checks[check_id].title)}"
        yield ""


def _alike(plans: Iterable[AssetPlan]) -> list[list[AssetPlan]]:
    """Assets that are asked the same stand together, their commands once."""
    groups: dict[tuple[object, ...], list[AssetPlan]] = {}
    for planned in plans:
        checks = tuple(dict.fromkeys(expected.check_id for expected in planned.expected))
        groups.setdefault((planned.probes, checks), []).append(planned)
    return list(groups.values())


def on_asset(probes: Iterable[Probe]) -> list[Probe]:
    """The commands that run on the asset itself."""
    return [probe for probe in probes if probe.id != OUTSIDE]


def _about_asset(planned: AssetPlan, asset: Asset) -> Iterator[str]:
    reach = asset.reach
    where = reach.transport
    if reach.transport != "local":
        where = f"{reach.transport} {reach.user}@{asset.address}:{reach.port}"
    yield printable(f"■ {planned.system_id} / {asset.id}  {asset.name}  ({where}, sudo: {reach.sudo})")
    for hop in reach.jump:
        told = _("  through jump host {id} ({user}@{address}:{port}): one login, no command")
        yield told.format(id=hop.id, user=hop.user, address=hop.address, port=hop.port)
    if weak := weak_allowed(asset):
        yield _("  weak algorithms are allowed: {names}").format(names=", ".join(weak))
    root = sum(probe.root for probe in on_asset(planned.probes))
    yield _("  one login, one script, {count} commands, {root} of them as root").format(
        count=len(on_asset(planned.probes)), root=root
    )
    if root and reach.sudo is Sudo.NONE:
        yield _("  no sudo is declared: what needs root is left out unless the user is root")
    if reach.sudo is Sudo.LISTED:
        open_to_it = sum(probe.root and bool(probe.as_root) for probe in on_asset(planned.probes))
        yield _("  sudo runs listed commands only: {count} of those {root} can be asked").format(
            count=open_to_it, root=root
        )
    yield _("  under authorisation {id}").format(id=planned.authorisation or _("(none)"))
    if planned.outside_ports:
        ports = ", ".join(str(port) for port in planned.outside_ports)
        yield _("  from outside: connects to TCP ports {ports} and to those found listening").format(
            ports=ports
        )
    else:
        yield _("  no ports are looked at from outside")


def weak_allowed(asset: Asset) -> tuple[str, ...]:
    """``aes128-cbc``, ``gate: hmac-sha1``: what the asset and the jump hosts before it may agree on."""
    of_hops = (f"{hop.id}: {name}" for hop in asset.reach.jump for name in hop.weak_algorithms)
    return (*of_hops, *asset.reach.weak_algorithms)


def _about_probe(probe: Probe) -> Iterator[str]:
    root = _(", as root") if probe.root else ""
    limits = _("{seconds} s, {kib} KiB at most").format(
        seconds=probe.timeout_s, kib=max(probe.limit_bytes // 1024, 1)
    )
    yield f"  {probe.id}  ({limits}{root})"
    for line in probe.command.splitlines():
        yield f"      {printable(line)}"
    for command in probe.as_root:
        yield _("    root is needed for: {command}").format(command=printable(command))
    if probe.reduces:
        yield _("    reduces secrets on the asset: {how}").format(how=probe.reduces)


def _as_data(made: Plan, missing: dict[str, UsageError]) -> dict[str, Any]:
    assets = {asset.id: asset for system in made.systems for asset in system.assets}
    return {
        "assets": [_asset_data(planned, assets[planned.asset_id]) for planned in made.assets],
        "missing": [{"system": key, "reason": str(e), "next": e.hint} for key, e in missing.items()],
    }


def _asset_data(planned: AssetPlan, asset: Asset) -> dict[str, Any]:
    return {
        "system": planned.system_id,
        "asset": asset.id,
        "name": asset.name,
        "transport": asset.reach.transport,
        "address": asset.address,
        "port": asset.reach.port,
        "user": asset.reach.user,
        "sudo": asset.reach.sudo.value,
        "jump": [
            {"id": hop.id, "address": hop.address, "port": hop.port, "user": hop.user}
            for hop in asset.reach.jump
        ],
        "weak_algorithms": list(weak_allowed(asset)),
        "authorisation": planned.authorisation,
        "logins": 1,
        "outside_ports": list(planned.outside_ports),
        "commands": [_probe_data(probe) for probe in on_asset(planned.probes)],
        "checks": [{"check": e.check_id, "object": e.object_id} for e in planned.expected],
    }


def _probe_data(probe: Probe) -> dict[str, Any]:
    return {
        "id": probe.id,
        "command": probe.command,
        "root": probe.root,
        "as_root": list(probe.as_root),
        "timeout_s": probe.timeout_s,
        "limit_bytes": probe.limit_bytes,
        "reduces": probe.reduces,
        "hash": probe.definition_hash,
    }
