"""What files set for the next boot: sysctl.d(5), sysctl.conf(5), and ufw's own file, which comes last."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

FOLDERS = ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib")
_OWN = "/etc/sysctl.conf"
_UFW = "/etc/ufw/sysctl.conf"

# `#` inside a line is no comment, so that only whole lines are dropped. Only what bears on security is let through.
FILES = Probe(
    "kernel_parameters.files",
    r"""echo '@@ reader'
if [ -x /usr/lib/systemd/systemd-sysctl ] || [ -x /lib/systemd/systemd-sysctl ]; then echo systemd; else echo sysctl; fi
ufw=
grep -qi '^ENABLED="*yes' /etc/ufw/ufw.conf 2>/dev/null && ufw=/etc/ufw/sysctl.conf
echo '@@ files'
"""
    + print_files(
        " ".join([*(f"{folder}/sysctl.d/*.conf" for folder in FOLDERS), _OWN, "$ufw"]),
        r"""/^[ \t]*-?[ \t]*(net|kernel|fs|user)[.\/*]/ { gsub(/[ \t\r]+/, " "); print " " $0 }""",
    ),
    reduces=Text("只输出设置 net、kernel、fs 或 user 的行", "only lines that set net, kernel, fs or user"),
)

_MOST_PATTERNS = 40
# As the kernel reads a number (proc_get_long, simple_strtoul): 0x is hexadecimal, a leading 0 octal, no plus.
_NUMBER = re.compile(r"(-?)(?:0[xX]([0-9a-fA-F]{1,8})|(0[0-7]{0,11})|([1-9]\d{0,9}))(?:\s|$)", re.ASCII)

_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AtBoot:
    """Settings by path (``net/ipv4/ip_forward``): the last one counts; patterns only where no plain line names it."""

    plain: dict[str, int]
    patterns: tuple[tuple[str, int], ...]
    excepted: frozenset[str]

    def value(self, path: str) -> int | None:
        """What the path is set to, None where no file says."""
        if path in self.plain:
            return self.plain[path]
        if path in self.excepted:
            return None
        return next((v for pattern, v in reversed(self.patterns) if _fits(path, pattern)), None)


def _fits(path: str, pattern: str) -> bool:
    """glob(7): a star does not reach over a slash. The last parts are compared first: most differ there."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, reversed(parts), reversed(wanted)))


def parse_sysctl_files(text: str) -> AtBoot:
    """Files in reading order → what holds after the next boot; raises GapFound.

    A file hides those of the same name in folders that come later (``/etc`` first); what is left is read by name.
    systemd does not read /etc/sysctl.conf itself: only where a link in sysctl.d leads there, as up to Debian 12.
    """
    parts = sections(text)
    reader = parts.get("reader", [])
    if "files" not in parts or reader not in (["systemd"], ["sysctl"]):
        raise GapFound(GapReason.UNPARSABLE, "the settings of the kernel are cut off")
    files = {file.path: file for file in config_files("\n".join(parts["files"]))}
    return _settings(_in_order(files, reader[0]), reader[0])


def _in_order(files: dict[str, ConfigFile], reader: str) -> Iterable[ConfigFile]:
    named: dict[str, ConfigFile] = {}
    for path, file in files.items():
        if path not in (_OWN, _UFW):
            named.setdefault(path.rpartition("/")[2], file)
    yield from (named[name] for name in sorted(named))
    if reader == "sysctl" and _OWN in files:
        yield files[_OWN]
    if _UFW in files:
        yield files[_UFW]


def _settings(files: Iterable[ConfigFile], reader: str) -> AtBoot:
    """systemd writes the last line of a path only: where the kernel refuses that one, nothing is set."""
    plain: dict[str, int] = {}
    patterns: dict[str, int] = {}
    excepted: set[str] = set()
    for line in (line for file in files for line in file.lines):
        key, equals, value = line.partition("=")
        path = path_of(key.strip().removeprefix("-").strip())
        number = _number(value.strip())
        if not equals:
            excepted.add(path)
        elif any(c in path for c in "*?["):
            _put(patterns, path, number, reader)
        else:
            _put(plain, path, number, reader)
            excepted.add(path)
    if len(patterns) > _MOST_PATTERNS:
        raise GapFound(GapReason.UNPARSABLE, "too many patterns among the settings of the kernel")
    return AtBoot(plain, tuple(patterns.items()), frozenset(excepted))


def _put(settings: dict[str, int], path: str, number: int | None, reader: str) -> None:
    """The last one goes to the end; a number that the kernel refuses is None."""
    if number is not None or reader == "systemd":
        settings.pop(path, None)
    if number is not None:
        settings[path] = number


def _number(value: str) -> int | None:
    found = _NUMBER.match(value)
    if not found:
        return None
    sign, hexadecimal, octal, decimal = found.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(decimal)
    return None if number > _MOST else -number if sign else number


def path_of(key: str) -> str:
    """``net.ipv4.conf.eth0/100.rp_filter`` → ``net/ipv4/conf/eth0.100/rp_filter``: the first separator decides."""
    first = re.search(r"[./]", key)
    return key.translate(str.maketrans("./", "/.")) if first and first[0] == "." else key
