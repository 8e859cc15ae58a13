"""The language of the command line: messages are English in the code, a catalogue turns them into Chinese.

A message that is translated while its module is imported (click's ``help=``) keeps the language of that
moment, so the command line calls :func:`use` before it imports its commands.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

LANGUAGES: Final = ("en", "zh")
CATALOGUE: Final = Path(__file__).parent / "locale" / "zh.po"

# One process talks to one person. A context variable would not reach the threads of a scan.
_translations: dict[str, str] = {}
_spoken: list[Literal["zh", "en"]] = ["en"]


def _(message: str) -> str:
    """The message in the language in use, or as it stands where the catalogue lacks it."""
    return _translations.get(message, message)


def use(language: str) -> None:
    """Speak ``en`` or ``zh`` from here on."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    _translations.clear()
    _spoken[0] = "zh" if language == "zh" else "en"
    if language == "zh":
        _translations.update(read_catalogue(CATALOGUE))


def in_use() -> Literal["zh", "en"]:
    """The language spoken now."""
    return _spoken[0]


def detect(environ: Mapping[str, str]) -> str:
    """The language that the locale asks for: the first variable that is set decides (locale(7))."""
    values = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"))
    locale = next(filter(None, values), "")
    return "zh" if re.split(r"[_.@:-]", locale)[0].lower() == "zh" else "en"


def read_catalogue(path: Path) -> dict[str, str]:
    """Message → translation of a gettext ``.po`` file; fuzzy and empty entries do not count."""
    from babel.messages.pofile import read_po  # who speaks English waits for nothing of it

    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
        and not message.fuzzy
    }
