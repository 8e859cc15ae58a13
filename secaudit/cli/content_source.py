"""The content that commands work with: what ships, the folders a workspace names, folders named on the spot."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from secaudit.content import Content, ContentFolders, content_folders, load_content
from secaudit.language import _
from secaudit.plugins import load_plugins
from secaudit.register import load_settings
from secaudit.register.loading import WORKSPACE_FILE


def content_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--content DIR`` as ``extra``: more folders with ``checks/`` and ``profiles/``."""
    option = click.option(
        "--content",
        "extra",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        multiple=True,
        help=_("A further folder with checks/ and profiles/ (repeatable)."),
    )
    return option(command)


def folders_of(workspace: Path, extra: Sequence[Path] = ()) -> ContentFolders:
    """The folders; a command on content works outside a workspace too. Raises UsageError for missing plug-ins."""
    plugins = load_plugins()
    named: tuple[Path, ...] = ()
    if (workspace / WORKSPACE_FILE).is_file():
        settings = load_settings(workspace)
        plugins.require(settings.required_plugins)
        named = settings.content_folders
    return content_folders((*named, *extra), plugins.folders)


def content_of(workspace: Path, extra: Sequence[Path] = (), *, type_all: bool = False) -> Content:
    """All content; raises ContentError."""
    folders, plugins = folders_of(workspace, extra), load_plugins()
    return load_content(folders, plugins.schemas, plugins.broken_facts, type_all=type_all)
