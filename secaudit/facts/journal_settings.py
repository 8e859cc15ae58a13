"""The settings of journald, as systemd puts its files together: systemd.unit(5), journald.conf(5)."""

from collections.abc import Mapping, Sequence

from secaudit.facts.config_files import ConfigFile

_MAIN = ("/usr/lib/systemd/journald.conf", "/etc/systemd/journald.conf")
# A file here hides one of the same name in a folder before it.
_FOLDERS = (
    "/usr/lib/systemd/journald.conf.d/",
    "/run/systemd/journald.conf.d/",
    "/etc/systemd/journald.conf.d/",
)
# Levels at which a record of level info passes: syslog(3).
_PASSES_INFO = {"", "info", "debug", "6", "7"}


def journal_settings(files: Sequence[ConfigFile]) -> Mapping[str, str]:
    """Setting → value: the main file, then the files of all folders in the order of their names."""
    by_path = {file.path: file.lines for file in files}
    main = next((by_path[path] for path in reversed(_MAIN) if path in by_path), ())
    drop_ins = {
        path.removeprefix(folder): lines
        for folder in _FOLDERS
        for path, lines in by_path.items()
        if path.startswith(folder)
    }
    told = [*main, *(line for name in sorted(drop_ins) for line in drop_ins[name])]
    return dict(line.partition("=")[::2] for line in told)


def journal_forwards(files: Sequence[ConfigFile]) -> bool:
    """Whether records at info reach /dev/log's other readers: where journald runs, it must not refuse them."""
    if not any("systemd-journal" in file.lines for file in files if file.path == "running"):
        return True
    settings = journal_settings(files)
    refused = settings.get("ForwardToSyslog", "").lower() in ("no", "false", "0", "off", "n", "f")
    return not refused and settings.get("MaxLevelSyslog", "").lower() in _PASSES_INFO


def journal_stores(settings: Mapping[str, str]) -> bool:
    """Whether records at info enter the journal."""
    return settings.get("MaxLevelStore", "").lower() in _PASSES_INFO
