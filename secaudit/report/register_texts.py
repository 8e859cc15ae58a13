"""Where the words of the register are: those of its fields, of what they may hold, and of duties."""

from typing import Final

from secaudit.content.folder import content_dir

TEXTS: Final = content_dir("reports") / "register" / "texts.yaml"
