"""Local rules of polkit that let something be done as root without a password: polkit(8), pklocalauthority(8)."""

from dataclasses import dataclass

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Rules are JavaScript: that one says YES is told, not to whom. Comments are passed over.
_YES = r"""FNR == 1 { comment = 0 }
FILENAME ~ /[.]rules$/ {
  gsub(/\/\*([^*]|\*[^\/])*\*\//, "")
  if (comment) { if (!match($0, /\*\//)) next; $0 = substr($0, RSTART + 2); comment = 0 }
  if (match($0, /\/\*/)) { $0 = substr($0, 1, RSTART - 1); comment = 1 }
  sub(/(^|[^:])\/\/.*/, ""); if (/Result[.]YES|["\047]yes["\047]/) print " yes"; next
}
/^[ \t]*Result(Any|Inactive|Active)[ \t]*=[ \t]*yes[ \t\r]*$/ { print " yes" }"""

POLKIT = Probe(
    "access.polkit",
    "for f in /usr/bin/pkexec /usr/lib/polkit-1/polkitd /usr/libexec/polkit-1/polkitd /usr/libexec/polkitd; do\n"
    "  if [ -x $f ]; then echo '#= polkit'; break; fi\n"
    "done\n"
    + print_files(
        "/etc/polkit-1/rules.d/*.rules /usr/local/share/polkit-1/rules.d/*.rules"
        " /etc/polkit-1/localauthority/10-vendor.d/*.pkla /etc/polkit-1/localauthority/20-org.d/*.pkla"
        " /etc/polkit-1/localauthority/30-site.d/*.pkla /etc/polkit-1/localauthority/50-local.d/*.pkla"
        " /etc/polkit-1/localauthority/90-mandatory.d/*.pkla /var/lib/polkit-1/localauthority/50-local.d/*.pkla",
        _YES,
    ),
    root=True,
    reduces=Text("只取规则是否直接放行", "only whether a rule says yes"),
)


@dataclass(frozen=True, slots=True)
class Polkit:
    """``installed``: polkit is here. ``permissive``: files of local rules of which one says yes without a password."""

    installed: bool
    permissive: tuple[str, ...]


def parse_polkit(text: str) -> Polkit:
    """``#= /etc/polkit-1/rules.d/49-all.rules`` and ``yes`` → Polkit; raises GapFound."""
    files = config_files(text)
    return Polkit(
        any(file.path == "polkit" for file in files),
        tuple(sorted(file.path for file in files if "yes" in file.lines)),
    )


def build_polkit(evidence: Evidence) -> Polkit:
    """What polkit lets be done."""
    return parse_polkit(evidence.text(POLKIT.id))


POLKIT_RULES = Fact(
    "polkit", Text("polkit本地规则", "Local rules of polkit"), Polkit, build_polkit, (POLKIT,)
)
