"""What desktops keep in dconf(7) and the overrides of GSettings, and what of it users cannot change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile

_DATABASES = "/etc/dconf/db/"
_OVERRIDES = "/usr/share/glib-2.0/schemas/"


@dataclass(frozen=True, slots=True)
class Told:
    """A value as it is written (``uint32 300``), the file it is from, and whether users cannot change it.

    ``in_force`` is False where the database was not made anew since: what holds then cannot be read.
    """

    value: str
    path: str
    fixed: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class DesktopSettings:
    """``databases`` of the profile, the strongest first; ``made``: those that exist; ``stale``: older than their files.

    ``files`` hold ``SECTION KEY=VALUE`` and ``lock /PATH/KEY``, in the order in which they are read.
    """

    databases: tuple[str, ...]
    made: frozenset[str]
    stale: frozenset[str]
    files: tuple[ConfigFile, ...]

    def told(self, folder: str, schema: str, key: str) -> Told | None:
        """What holds for ``org/gnome/desktop/session`` (schema ``org.gnome.desktop.session``) beside the users' own."""
        fixed = self.fixed(folder, key)
        for database in self.databases:
            if found := _last(self._of(database), folder, key):
                return Told(found[0], found[1], fixed, database not in self.stale)
        overrides = [file for file in self.files if file.path.startswith(_OVERRIDES)]
        if found := _last(overrides, schema, key):
            return Told(found[0], found[1], fixed, _OVERRIDES not in self.stale)
        return None

    def fixed(self, folder: str, key: str) -> bool:
        """Whether a lock keeps users from changing the key."""
        return any(f"lock /{folder}/{key}" in file.lines for file in self._files() if "/locks/" in file.path)

    def _files(self) -> Iterator[ConfigFile]:
        """A lock of a stale database may not be in force."""
        for database in self.databases:
            if database not in self.stale:
                yield from self._of(database)

    def _of(self, database: str) -> list[ConfigFile]:
        """Without a database that was made from it a folder is nothing."""
        folder = f"{_DATABASES}{database}.d/"
        return [file for file in self.files if file.path.startswith(folder)] if database in self.made else []


def settings_of(
    profile: Sequence[str], made: Sequence[str], stale: Sequence[str], files: Sequence[ConfigFile]
) -> DesktopSettings:
    """``system-db:local``, ``local``, ``/etc/dconf/db/local`` → DesktopSettings."""
    return DesktopSettings(
        databases=tuple(line.partition(":")[2] for line in profile if line.startswith("system-db:")),
        made=frozenset(made),
        stale=frozenset(stale),
        files=tuple(files),
    )


def _last(files: Sequence[ConfigFile], section: str, key: str) -> tuple[str, str] | None:
    """The last file has the last word; a section of one desktop (``schema:ubuntu``) goes before that of all."""
    found: Mapping[bool, tuple[str, str]] = {
        ":" in line.partition(" ")[0]: (line.partition("=")[2], file.path)
        for file in files
        for line in file.lines
        if line.partition(" ")[0].partition(":")[0] == section
        and line.partition(" ")[2].partition("=")[0] == key
    }
    return found.get(True) or found.get(False)
