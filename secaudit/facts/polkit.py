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
  sub(/(^|[^:])\/\/.*/, ""); if (/[.]YES([^A-Za-z0-9_]|$)|["\047]yes["\047]/) print " yes"; next
}
/^[ \t]*Result(Any|Inactive|Active)[ \t]*=[ \t]*yes[ \t\r]*$/ { print " yes" }"""

POLKIT = Probe(
    "access.polkit",
    """for f in /usr/lib/polkit-1/polkitd /usr/libexec/polkit-1/polkitd /usr/libexec/polkitd /usr/bin/pkexec; do
  if [ -x $f ]; then
    echo '#= polkit'
    if grep -qs 'rules[.]d' $f; then echo ' rules'; fi
    if grep -qs localauthority $f || [ -x /usr/bin/pkla-check-authorization ]; then echo ' pkla'; fi
    break
  fi
done
"""
    + print_files(
        "/etc/polkit-1/rules.d/*.rules /run/polkit-1/rules.d/*.rules /usr/local/share/polkit-1/rules.d/*.rules"
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
    """``#= /etc/polkit-1/rules.d/49-all.rules`` and ``yes`` → Polkit; raises GapFound.

    polkit before 0.106 (Debian 11) reads ``.pkla`` only, later ones without pkla-compat ``.rules`` only; a program that
    does not tell which counts for both.
    """
    files = config_files(text)
    read = {f".{line}" for file in files if file.path == "polkit" for line in file.lines} or {
        ".rules",
        ".pkla",
    }
    return Polkit(
        any(file.path == "polkit" for file in files),
        tuple(sorted(file.path for file in files if "yes" in file.lines and file.path.endswith(tuple(read)))),
    )


def build_polkit(evidence: Evidence) -> Polkit:
    """What polkit lets be done."""
    return parse_polkit(evidence.text(POLKIT.id))


POLKIT_RULES = Fact(
    "polkit", Text("polkit本地规则", "Local rules of polkit"), Polkit, build_polkit, (POLKIT,)
)
