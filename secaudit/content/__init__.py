"""Content as data: finds, reads and validates checks, profiles and the catalogue; file and line in every complaint."""

from secaudit.content.load import (
    Content,
    ContentFolders,
    content_folders,
    load_checks,
    load_content,
    load_world,
)

__all__ = ["Content", "ContentFolders", "content_folders", "load_checks", "load_content", "load_world"]
