"""Proxies that the host is told to go through: environment(5), apt.conf(5), dnf.conf(5), wgetrc, units of systemd."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Of a setting the host alone; whether a name and a password stand before it is told by a letter. A line may hold
# several, and beside them what goes past the proxy.
_HOSTS = r"""function tell(value,  secret) {
  sub(/^[A-Za-z0-9]+:\/\//, "", value)
  secret = (value ~ /^[^@]*:[^@].*@/) ? "p" : "-"
  sub(/^.*@/, "", value); sub(/[;},\/?#].*/, "", value); sub(/:[0-9]*$/, "", value)
  if (value !~ /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)$/) value = "-"
  if (secret == "p" || tolower(value) !~ /^(-|direct|none|_none_)$/) print " " secret " " value
}
{ sub(/^[ \t]+/, ""); sub(/\r$/, "") }
/^(#|;|\/\/)/ { next }
/^[Pp]roxy_password[ \t]*=[ \t]*[^ \t]/ { print " p -"; next }
{
  rest = $0; gsub(/[Nn][Oo]_[Pp][Rr][Oo][Xx][Yy]"?[ \t]*=[ \t]*["\047]?[^ \t"\047]*/, "", rest)
  while (match(tolower(rest),
    /(http|https|ftp|all)_proxy"?[ \t]*=|::proxy(::[^ \t"]+)?[ \t]|[{ \t]proxy[ \t]+"|^proxy[ \t]*["=]/)) {
    name = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH); sub(/^[ \t]+/, "", rest)
    quote = (name ~ /"$/) ? "\"" : ""
    if (quote == "" && rest ~ /^["\047]/) { quote = substr(rest, 1, 1); rest = substr(rest, 2) }
    end = (quote == "") ? match(rest, /[ \t"\047]/) : index(rest, quote)
    tell(end ? substr(rest, 1, end - 1) : rest)
    rest = end ? substr(rest, end) : ""
  }
}"""

PROXIES = Probe(
    "network.proxies",
    print_files(
        "/etc/environment /etc/environment.d/*.conf /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc"
        " /etc/apt/apt.conf /etc/apt/apt.conf.d/* /etc/dnf/dnf.conf /etc/yum.conf /etc/yum.repos.d/*.repo /etc/wgetrc"
        " /etc/pip.conf /etc/sysconfig/proxy /etc/systemd/system.conf /etc/systemd/system.conf.d/*.conf"
        " /etc/systemd/system/docker.service.d/*.conf /etc/systemd/system/containerd.service.d/*.conf",
        _HOSTS.replace("'", r"'\''"),
        skip_folders=True,
    )
    + """
[ $# -eq 0 ] || find -L "$@" -perm -4 | sed 's/^/#o /'
echo '#end'""",
    root=True,
    reduces=Text(
        "只取代理的主机，其前的账号和口令留在主机上",
        "hosts of proxies only; names and passwords before them stay there",
    ),
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that a file names, ``-`` where only its password stands there.

    ``password``: the file holds one. ``open``: everybody on the host may read the file.
    """

    path: str
    host: str
    password: bool
    open: bool


def parse_proxies(text: str) -> tuple[Proxy, ...]:
    """`` p proxy.example`` below its file, ``#o /etc/environment`` → Proxy, each once; raises GapFound."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "#end":
        raise GapFound(GapReason.TRUNCATED, "the list of proxies is cut off")
    everybody = {line[3:] for line in lines if line.startswith("#o ")}
    files = "\n".join(line for line in lines[:-1] if not line.startswith("#o "))
    return tuple(dict.fromkeys(_rows(files, everybody)))


def _rows(text: str, everybody: set[str]) -> Iterator[Proxy]:
    for file in config_files(text):
        for line in file.lines:
            mark, _, host = line.partition(" ")
            if mark not in ("p", "-") or not host:
                raise GapFound(GapReason.UNPARSABLE, f"a proxy in {file.path}")
            yield Proxy(file.path, host, mark == "p", file.path in everybody)


def build_proxies(evidence: Evidence) -> tuple[Proxy, ...]:
    """The proxies of the asset; none is a value."""
    return parse_proxies(evidence.text(PROXIES.id))


PROXIES_FACT = Fact(
    "proxies", Text("代理服务器设置", "Proxies"), tuple[Proxy, ...], build_proxies, (PROXIES,)
)
