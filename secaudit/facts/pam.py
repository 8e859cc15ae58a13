"""The PAM configuration of a host, the same for Debian's common-*, RHEL's system-auth and SUSE's vendor files."""

from collections.abc import Mapping
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, GapFound
from secaudit.facts.pam_stack import Line, parse_line
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Values of module arguments are kept for the settings that are judged; every other value is masked.
_KEPT = (
    "deny|unlock_time|root_unlock_time|fail_interval|onerr|remember|retry|min|max|minlen|minclass|difok|dcredit|ucredit"
    "|lcredit|ocredit|maxrepeat|maxsequence|maxclassrepeat|dictcheck|usercheck|gecoscheck|enforcing|enforce"
    "|passphrase|match|similar|rounds|authtok_type|conf|config|use_first_pass|umask|service|item|sense|file|dir"
    "|readenv|conffile|envfile"
)
_PAM_LINES = rf"""{{ sub(/#.*/, ""); gsub(/[ \t\r]+/, " "); sub(/^ /, "") }}
/\\ ?$/ {{ sub(/\\ ?$/, ""); held = held $0 " "; next }}
{{ $0 = held $0; held = ""; module = 0; bracket = 0
  if (FILENAME !~ /pam\.(conf|d)/) {{ sub(/ $/, ""); if ($0 != "") print " " $0; next }}
  for (i = 2; i <= NF; i++) {{
    if (module && (bracket || $i ~ /^\[/)) {{ bracket = ($i !~ /\]$/); $i = "*"; continue }}
    if (module && $i ~ /=/ && $i !~ /^({_KEPT})=|^[=!<>~]+$/) sub(/=.*/, "=*", $i)
    if (!module && $i !~ /[][]/ && ($i ~ /\.so$/ || $i ~ /pam_/)) module = 1
  }}
  sub(/ $/, ""); if ($0 != "") print " " $0 }}"""

# Which of its files a module reads depends on its release (CentOS 7 knows no faillock.conf): the program tells.
_UNREAD = r"""for m in /usr/lib64/security /usr/lib/*-linux-*/security /lib64/security /lib/*-linux-*/security \
  /lib/security; do
  [ ! -f "$m/pam_unix.so" ] || break
done
for n in faillock pwhistory; do
  [ ! -f "$m/pam_$n.so" ] || grep -q "security/$n[.]conf" "$m/pam_$n.so" || echo "#= unread /etc/security/$n.conf"
done
l=${m%/security}/libpwquality.so.1
[ ! -f "$l" ] || grep -q scandir "$l" || echo '#= unread /etc/security/pwquality.conf.d/'
"""

PAM_FILES = Probe(
    "pam.files",
    _UNREAD
    + print_files(
        "/usr/lib/pam.d/* /usr/etc/pam.d/* /etc/pam.d/* /etc/pam.conf"
        " /etc/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf"
        " /usr/etc/security/faillock.conf /etc/security/faillock.conf"
        " /etc/security/pwhistory.conf /etc/passwdqc.conf",
        _PAM_LINES,
    ),
    reduces=Text(
        "舍去注释；模块参数的值除参与判定的设置外一律遮蔽",
        "comments are dropped; values of module arguments are masked unless they are settings that are judged",
    ),
)


@dataclass(frozen=True, slots=True)
class PamConfiguration:
    """``services``: file name → lines, a file in /etc/pam.d hiding the vendor's. ``settings``: path → lines, of files
    that are read here.
    """

    services: Mapping[str, tuple[Line, ...]]
    settings: Mapping[str, tuple[str, ...]]


def parse_pam(text: str) -> PamConfiguration:
    """The output of the PAM probe → PamConfiguration; raises GapFound when there is no PAM configuration."""
    services: dict[str, tuple[Line, ...]] = {}
    settings: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    for file in config_files(text):
        folder, _, name = file.path.rpartition("/")
        if folder.endswith("/pam.d"):
            if not _left_over(name):
                services[name] = _lines(file)
        elif file.path.startswith("unread "):
            unread.append(file.path.removeprefix("unread "))
        else:
            settings[file.path] = file.lines
    if not services:
        raise GapFound(GapReason.NOT_SUPPORTED, "no files in /etc/pam.d")
    heeded = {path: lines for path, lines in settings.items() if not path.startswith(tuple(unread))}
    return PamConfiguration(services, heeded)


def _left_over(name: str) -> bool:
    """Files of package managers and editors: no service has such a name."""
    return name.endswith((".rpmnew", ".rpmsave", ".dpkg-old", ".dpkg-new", ".dpkg-dist", ".bak", "~"))


def _lines(file: ConfigFile) -> tuple[Line, ...]:
    return tuple(line for raw in file.lines if (line := parse_line(raw)) is not None)


def read_pam(evidence: Evidence) -> PamConfiguration:
    """The PAM configuration of the asset."""
    return evidence.parsed(PAM_FILES.id, parse_pam)


def settings_of(configuration: PamConfiguration, *paths: str) -> dict[str, str]:
    """``minlen = 10`` → {"minlen": "10"}, a bare word → ""; the files in the order given, a later value wins.

    A path that ends in ``/`` means every file of that folder, sorted.
    """
    values: dict[str, str] = {}
    for path in paths:
        named = sorted(
            p for p in configuration.settings if p == path or (path.endswith("/") and p.startswith(path))
        )
        for name in named:
            for line in configuration.settings[name]:
                key, _, value = line.partition("=")
                values[key.strip()] = value.strip()
    return values
