"""``secaudit collector``: the file that is run by hand on a machine that no network reaches."""

import hashlib
from pathlib import Path

import click

from secaudit import clock
from secaudit.audit.collecting import Questions, questions_for_asset, questions_for_profile
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.collect.bundle_script import Made, collector_text
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register import load_settings
from secaudit.register.folder import write_new
from secaudit.register.kinds import VISITED_KINDS
from secaudit.register.loading import WORKSPACE_FILE


@click.group(
    cls=Group, help=_("Audit machines that no network reaches: make the file that is run there by hand.")
)
def collector() -> None:
    """The group; its command is below."""


@collector.command(help=_("Write the collector of a profile, or of one asset of SYSTEM, as one sh file."))
@click.argument("system", required=False, metavar=_("[SYSTEM]"))
@click.option("--asset", help=_("This asset of SYSTEM: also what it declares is asked about (backups)."))
@click.option("--profile", help=_("A profile (default: level-3, or that of the system)."))
@click.option(
    "--kind",
    type=click.Choice(sorted(VISITED_KINDS)),
    default="linux",
    show_default=True,
    help=_("Kind of the asset."),
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("The file to write."))
@click.pass_obj
def build(
    workspace: Path, system: str | None, asset: str | None, profile: str | None, kind: str, out: Path | None
) -> int:
    if (system is None) != (asset is None):
        raise UsageError(
            _("SYSTEM and --asset belong together."),
            hint=_("Name both, or neither: the collector of a profile serves all assets."),
        )
    rules = load_rules(workspace)
    if system is None or asset is None:
        asked = questions_for_profile(rules, profile or "level-3", kind)
    else:
        asked = questions_for_asset(rules, open_workspace(workspace).register, system, asset, profile)
    made = _made(workspace, asked, rules.versions.tool, rules.content.content_hash)
    text = collector_text(made, asked.probes)
    file = out or Path(f"secaudit-collector-{asked.asset or asked.profile}.sh")
    write_new(file, text)
    _tell(file, text, asked)
    return ExitCode.CLEAN


def _made(workspace: Path, asked: Questions, tool: str, content_hash: str) -> Made:
    office = load_settings(workspace).office if (workspace / WORKSPACE_FILE).is_file() else ""
    return Made(
        office=office,
        at=clock.now(),
        tool=tool,
        content_hash=content_hash,
        profile=asked.profile,
        kind=asked.kind,
        system=asked.system,
        asset=asked.asset,
    )


def _tell(file: Path, text: str, asked: Questions) -> None:
    root = sum(probe.root for probe in asked.probes)
    told = _("{count} questions, {root} of them as root; SHA-256 {digest}")
    click.echo(printable(str(file)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    click.echo(told.format(count=len(asked.probes), root=root, digest=digest), err=True)
    named = "" if asked.asset else " -a ASSET"
    run = f"sh {file.name} -o OPERATOR -p PLACE{named} > BUNDLE"
    click.echo("  → " + printable(_("on the machine: {command}").format(command=run)), err=True)
    click.echo("  → " + _("back here: {command}").format(command="secaudit import BUNDLE"), err=True)
