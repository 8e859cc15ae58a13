"""``secaudit plan``: every command that would run on every asset, before anything runs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.audit import Asked, make_plan
from secaudit.audit.impact import alike, on_asset
from secaudit.cli.escaping import printable
from secaudit.cli.notice import FORMATS, notice_of, write_notice
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.cli.words import spoken
from secaudit.content import Content
from secaudit.errors import NotAuthorised
from secaudit.language import _, in_use
from secaudit.model.evidence import BUNDLE, Probe
from secaudit.model.register import Asset, Authorisation, Sudo
from secaudit.model.run import AssetPlan, Plan
from secaudit.model.text import Language


@click.command(help=_("Show every command that a scan would run, and what it means for the assets."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--asset", "assets", multiple=True, help=_("Only this asset (repeatable)."))
@click.option("--profile", help=_("Another profile than that of the level."))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", *FORMATS]),
    help=_(
        "How to print it: the plan as table (default) or json, the notice as text (default), html or json."
    ),
)
@click.option("--notice", is_flag=True, help=_("Write the impact notice for the approver instead."))
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    help=_("Language of the notice (default: that of the workspace)."),
)
@click.option("--out", type=click.Path(path_type=Path), help=_("Write the notice to this file."))
@click.pass_obj
def plan(
    workspace: Path,
    systems: tuple[str, ...],
    assets: tuple[str, ...],
    profile: str | None,
    output_format: str | None,
    notice: bool,
    language: Language | None,
    out: Path | None,
) -> None:
    """The command."""
    _refuse_mixture(output_format, notice, bool(language or out))
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    missing: dict[tuple[str, str], NotAuthorised] = {}
    authorise = opened.authorised_at(clock.now())

    def allowed(system_id: str, asset: Asset) -> Authorisation | None:
        try:
            return authorise(system_id, asset)
        except NotAuthorised as refusal:
            missing[system_id, asset.id] = refusal
            return None

    made = make_plan(
        opened.register,
        rules.content,
        rules.facts,
        Asked(systems, assets, profile),
        allowed,
    )
    if notice:
        view = notice_of(opened, made, rules, missing)
        write_notice(view, output_format or "text", language or opened.settings.language, out)
        return
    if output_format == "json":
        click.echo(json.dumps(_as_data(made, missing), ensure_ascii=False, indent=2))
        return
    for line in (*_lines(made, rules.content), *_missing(missing)):
        click.echo(line)


def _refuse_mixture(output_format: str | None, notice: bool, only_of_notice: bool) -> None:
    if not notice and (only_of_notice or output_format in ("text", "html")):
        raise click.UsageError(
            _("--lang, --out and the formats text and html are of the notice: add --notice.")
        )
    if notice and output_format == "table":
        raise click.UsageError(_("The notice has the formats {formats}.").format(formats=", ".join(FORMATS)))


def _missing(missing: Mapping[tuple[str, str], NotAuthorised]) -> Iterator[str]:
    """Why what is not allowed yet is not, each reason once."""
    hints = {str(refusal): refusal.hint for refusal in missing.values()}
    for reason, hint in hints.items():
        yield ""
        yield printable(_("Not allowed yet: {reason}").format(reason=reason))
        if hint:
            yield f"  → {hint}"


def _lines(made: Plan, content: Content) -> Iterator[str]:
    assets = {asset.id: asset for system in made.systems for asset in system.assets}
    for group in alike(made.assets):
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


def _about_asset(planned: AssetPlan, asset: Asset) -> Iterator[str]:
    reach = asset.reach
    if reach.transport == BUNDLE:
        yield printable(f"■ {planned.system_id} / {asset.id}  {asset.name}  ({BUNDLE})")
        yield _("  not visited: its newest imported bundle is judged (secaudit import)")
        return
    where = reach.transport
    if reach.transport == "ssh":
        where = f"{reach.transport} {reach.user}@{asset.address}:{reach.port}"
    elif reach.transport != "local":
        where = f"{reach.transport} {asset.address}".strip()
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
    if heavy := [probe for probe in on_asset(planned.probes) if probe.heavy]:
        yield _(
            "  searches all local files at lowest priority, {seconds} s at most (heavy_searches of the profile)"
        ).format(seconds=sum(probe.timeout_s for probe in heavy))
    else:
        yield _("  does not search through all files (heavy_searches of the profile)")
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
        yield _("    reduces secrets on the asset: {how}").format(how=probe.reduces.of(in_use()))


def _as_data(made: Plan, missing: Mapping[tuple[str, str], NotAuthorised]) -> dict[str, Any]:
    assets = {asset.id: asset for system in made.systems for asset in system.assets}
    return {
        "assets": [_asset_data(planned, assets[planned.asset_id]) for planned in made.assets],
        "missing": [
            {"system": system_id, "asset": asset_id, "reason": str(refusal), "next": refusal.hint}
            for (system_id, asset_id), refusal in missing.items()
        ],
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
        "logins": 0 if asset.reach.transport == BUNDLE else 1,
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
        "reduces": probe.reduces.en if probe.reduces else "",
        "heavy": probe.heavy,
        "hash": probe.definition_hash,
    }
