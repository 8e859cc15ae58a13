"""Content as data: finds, reads and validates checks, profiles and the catalogue; file and line in every complaint."""

from secaudit.content.load import (
    ContentFolders,
    content_folders,
    load_checks,
    load_content,
    load_world,
)
from secaudit.content.loaded import Content
from secaudit.content.plugin_checks import PluginChecks

__all__ = [
    "Content",
    "ContentFolders",
    "PluginChecks",
    "content_folders",
    "load_checks",
    "load_content",
    "load_world",
]
