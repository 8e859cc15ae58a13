"""``secaudit plugins``: what other packages bring, and what is wrong with it."""

from pathlib import Path
from typing import Any

import click

from secaudit.cli.content_source import content_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.report import WRITERS
from secaudit.cli.show import Column, console, format_option, show_rows
from secaudit.language import _
from secaudit.model.run import PluginVersion
from secaudit.plugins import load_plugins
from secaudit.plugins.formats import load_formats


@click.group(cls=Group, help=_("List the plug-ins of other packages, and what is wrong with them."))
def plugins() -> None:
    """The group."""


@plugins.command(
    "list", help=_("List the plug-ins that are installed."), epilog=_("Exit code 2: one is broken.")
)
@format_option
@click.pass_obj
def list_plugins(workspace: Path, output_format: str) -> int:
    """One row a plug-in, by group and name; loads them all."""
    _writers, formats = load_formats(WRITERS)
    found = (*load_plugins().versions_with(content_of(workspace)), *formats)
    columns = (
        Column("group", _("group"), words=_group_words()),
        Column("name", _("name")),
        Column("package", _("package")),
        Column("version", _("version")),
        Column("state", _("state"), words={"ready": _("ready"), "broken": _("broken")}),
        Column("reason", _("reason"), fold=True),
    )
    show_rows(columns, [_row(plugin) for plugin in found], output_format)
    broken = sum(bool(plugin.reason) for plugin in found)
    if output_format == "table":
        console().print(_("{count} plug-ins, {broken} broken").format(count=len(found), broken=broken))
    return ExitCode.USAGE if broken else ExitCode.CLEAN


def _group_words() -> dict[str, str]:
    return {"transports": _("transport"), "facts": _("fact"), "checks": _("checks"), "formats": _("format")}


def _row(plugin: PluginVersion) -> dict[str, Any]:
    return {
        "group": plugin.group,
        "name": plugin.name,
        "package": plugin.package,
        "version": plugin.version,
        "state": "broken" if plugin.reason else "ready",
        "reason": plugin.reason,
    }
