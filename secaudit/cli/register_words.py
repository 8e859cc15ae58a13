"""The words of the register's fields, in the language of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secaudit.language import in_use

if TYPE_CHECKING:
    from secaudit.report.texts import Words


def register_words() -> Words:
    """Those of the workbook; what reads them is imported here, as most commands of the register need none."""
    from secaudit.report.register_texts import TEXTS
    from secaudit.report.texts import Words, load_texts

    return Words(load_texts(TEXTS), in_use())
