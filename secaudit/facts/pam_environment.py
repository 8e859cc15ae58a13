"""What pam_env sets in the environment of a login: pam_env(8), pam_env.conf(5)."""

from collections.abc import Iterator, Mapping

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.pam import PamConfiguration
from secaudit.facts.pam_stack import Module, modules, stack_of

SETTINGS = "/etc/security/pam_env.conf"
ENVIRONMENT = "/etc/environment"
_ENTRANCES = ("sshd", "login")
# What a session or its credentials are opened with; sshd asks for both, whatever way somebody came in by.
_TYPES = ("auth", "session")
_OF_LANGUAGES = ("/locale", "/locale.conf")

# In awk, lines of a setting: its number, as atoi(3) of the shell reads it; "? " where a variable is taken in.
PAM_ENVIRONMENT = r"""
FNR == 1 { begun = "" }
FILENAME ~ /\/etc\/environment$/ {
  if (match($0, /^[ \t]*(export[ \t]+)?TMOUT=["\047]?/)) print " TMOUT=" whole(substr($0, RSTART + RLENGTH))
  next
}
FILENAME ~ /pam_env.conf$/ {
  $0 = begun $0; begun = ""
  if (/\\$/) { begun = substr($0, 1, length($0) - 1) " "; next }
  if ($1 != "TMOUT") next
  over = given("OVERRIDE"); value = given("DEFAULT")
  if (over ~ /[$@]/ || (over == "" && value ~ /[$@]/)) print " ? TMOUT=0"
  else print " TMOUT=" whole(over == "" ? value : over)
  next
}
function given(key) {
  if (!match($0, "[ \t]" key "=")) return ""
  value = substr($0, RSTART + RLENGTH); sub(/^["]/, "", value); sub(/["#].*|[ \t].*/, "", value); return value
}
function whole(text) { return match(text, /^[0-9]+/) ? substr(text, 1, RLENGTH) : 0 }
"""


def at_login(configuration: PamConfiguration, files: Mapping[str, ConfigFile]) -> list[tuple[str, str]]:
    """(file, line) in the order in which they are set; under a condition where not every entrance sets the same."""
    ways = [list(_of(configuration, name, files)) for name in _ENTRANCES if name in configuration.services]
    if all(way == ways[0] for way in ways[1:]):
        return ways[0] if ways else []
    return [(path, line if line.startswith("? ") else f"? {line}") for way in ways for path, line in way]


def _of(
    configuration: PamConfiguration, service: str, files: Mapping[str, ConfigFile]
) -> Iterator[tuple[str, str]]:
    """Each line of pam_env reads its own two files, the settings first."""
    for kind in _TYPES:
        for module in modules(stack_of(configuration.services, service, kind)):
            if module.name == "pam_env":
                for path in _read_by(module):
                    yield from _lines(path, files)


def _read_by(module: Module) -> tuple[str, ...]:
    settings = module.argument("conffile") or SETTINGS
    environment = module.argument("envfile") or ENVIRONMENT
    return (settings,) if module.argument("readenv") == "0" else (settings, environment)


def _lines(path: str, files: Mapping[str, ConfigFile]) -> Iterator[tuple[str, str]]:
    """Of a file elsewhere nothing is told, but that those for languages set nothing else."""
    if path in (SETTINGS, ENVIRONMENT):
        yield from ((path, line) for line in (files[path].lines if path in files else ()))
    elif not path.endswith(_OF_LANGUAGES):
        yield path, "? TMOUT=0"
