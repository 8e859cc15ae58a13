"""The content that commands work with: what ships, the folders a workspace names, folders named on the spot."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from secaudit.content import Content, ContentFolders, content_folders, load_content
from secaudit.facts.catalogue import BUILT_IN
from secaudit.language import _
from secaudit.model.schema import Schema
from secaudit.register import load_settings
from secaudit.register.loading import WORKSPACE_FILE


def content_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--content DIR`` as ``extra``: more folders with ``checks/`` and ``profiles/``."""
    option = click.option(
        "--content",
        "extra",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        multiple=True,
        help=_("A further folder with checks/ and profiles/ (may be repeated)."),
    )
    return option(command)


def folders_of(workspace: Path, extra: Sequence[Path] = ()) -> ContentFolders:
    """The folders; a command on content works outside a workspace too."""
    named = load_settings(workspace).content_folders if (workspace / WORKSPACE_FILE).is_file() else ()
    return content_folders((*named, *extra))


def content_of(workspace: Path, extra: Sequence[Path] = (), *, type_all: bool = False) -> Content:
    """All content; raises ContentError."""
    return load_content(folders_of(workspace, extra), fact_schemas(), type_all=type_all)


def fact_schemas() -> dict[str, Schema]:
    """Fact name → shape."""
    return {name: fact.schema for name, fact in BUILT_IN.items()}
