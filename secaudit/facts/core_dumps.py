"""Where the memory of a crashed program goes: core(5), limits.conf(5), coredump.conf(5)."""

from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

CORE_DUMPS = Probe(
    "residual.core_dumps",
    "echo '@@ pattern'\ncat /proc/sys/kernel/core_pattern || exit 1\necho '@@ limits'\n"
    + print_files(
        "/etc/security/limits.conf /etc/security/limits.d/*.conf",
        r"""{ sub(/#.*/, ""); gsub(/[ \t\r]+/, " "); sub(/^ /, ""); sub(/ $/, "") } / core / { print " " $0 }""",
    )
    + "\necho '@@ handler'\n"
    + print_files(
        "/usr/lib/systemd/coredump.conf /etc/systemd/coredump.conf /usr/lib/systemd/coredump.conf.d/*.conf"
        " /run/systemd/coredump.conf.d/*.conf /etc/systemd/coredump.conf.d/*.conf",
        r"""{ sub(/^[ \t]+/, ""); gsub(/[ \t\r]/, "") } /^(Storage|ProcessSizeMax)=/ { print " " $0 }""",
    )
    + "\necho '@@ end'",
    reduces=Text(
        "只取核心转储的限制与 systemd-coredump 的两项设置",
        "limits of core dumps, and two settings of systemd-coredump",
    ),
)


@dataclass(frozen=True, slots=True)
class CoreDumps:
    """``where``: ``nowhere``, ``handler`` (a program gets them) or ``files``. ``kept``: they stay on a disk.

    ``limited``: limits.conf forbids them to every user, by a hard limit.
    """

    where: str
    kept: bool
    limited: bool


def parse_core_dumps(text: str) -> CoreDumps:
    """The kernel's pattern, limits and the handler's settings → CoreDumps; raises GapFound."""
    parts = sections(text)
    pattern = parts.get("pattern", [])
    if "end" not in parts or len(pattern) > 1:
        raise GapFound(GapReason.TRUNCATED, "the look at core dumps is cut off")
    limited = _limited(config_files("\n".join(parts.get("limits", []))))
    handler = config_files("\n".join(parts.get("handler", [])))
    wanted = pattern[0].strip() if pattern else ""
    if wanted in ("", "|/bin/false", "|/bin/true", "|/usr/bin/false", "|/usr/bin/true", "/dev/null"):
        return CoreDumps("nowhere", False, limited)
    if wanted.startswith("|"):
        return CoreDumps("handler", "systemd-coredump" not in wanted or _stored(handler), limited)
    return CoreDumps("files", not limited, limited)


def _limited(files: tuple[ConfigFile, ...]) -> bool:
    """The last line for everybody counts; of type ``-`` it sets both limits. A line for one name may loosen it."""
    limits = [line.split() for file in _by_name(files) for line in file.lines]
    hard = [(row[0], row[3]) for row in limits if len(row) == 4 and row[1] in ("hard", "-")]
    everybody = [value for domain, value in hard if domain == "*"]
    others = [value for domain, value in hard if domain not in ("*", "root")]
    return bool(everybody) and everybody[-1] == "0" and all(value == "0" for value in others)


def _by_name(files: tuple[ConfigFile, ...]) -> list[ConfigFile]:
    """pam_limits(8): limits.conf first, then limits.d by name."""
    return sorted(files, key=lambda file: ("/limits.d/" in file.path, file.path))


def _stored(files: tuple[ConfigFile, ...]) -> bool:
    """systemd's reading order: the main file, then drop-ins by name whatever their folder; the last setting counts."""
    drop_ins: dict[str, ConfigFile] = {}
    for file in files:
        if ".conf.d/" in file.path:
            drop_ins[file.path.rpartition("/")[2]] = file
    main = [file for file in files if ".conf.d/" not in file.path][-1:]
    settings: dict[str, str] = {}
    for file in (*main, *(drop_ins[name] for name in sorted(drop_ins))):
        for line in file.lines:
            key, _, value = line.partition("=")
            settings[key] = value.lower()
    return settings.get("Storage", "external") != "none" and settings.get("ProcessSizeMax", "") != "0"


def build_core_dumps(evidence: Evidence) -> CoreDumps:
    """Where core dumps of the asset go."""
    return parse_core_dumps(evidence.text(CORE_DUMPS.id))


CORE_DUMPS_FACT = Fact(
    "core_dumps", Text("内存转储", "Core dumps"), CoreDumps, build_core_dumps, (CORE_DUMPS,)
)
