"""Whether the graphical login screen tells who has accounts: dconf(7) of GDM, lightdm.conf, sddm.conf(5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.sections import whole_sections
from secaudit.facts.services import Service
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Debian's GDM takes its own defaults when it starts; elsewhere `dconf update` makes a database of the folder, and what
# was written there afterwards is not in force.
SCREENS = Probe(
    "login.screens",
    "echo '@@ files'\n"
    + print_files(
        "/etc/gdm3/greeter.dconf-defaults /etc/dconf/db/gdm.d/* /usr/share/lightdm/lightdm.conf.d/*.conf"
        " /etc/lightdm/lightdm.conf.d/*.conf /etc/lightdm/lightdm.conf /usr/lib/sddm/sddm.conf.d/*.conf"
        " /etc/sddm.conf.d/*.conf /etc/sddm.conf",
        r"""/^[ \t]*[#;]/ { next }
{ gsub(/[ \t\r]/, "") }
tolower($0) ~ /^(disable-user-list|greeter-hide-users|rememberlastuser)=/ { print " " tolower($0) }""",
        skip_folders=True,
    )
    + r"""
echo '@@ newer'
[ ! -f /etc/dconf/db/gdm ] || echo made
[ ! -d /etc/dconf/db/gdm.d ] || [ ! -f /etc/dconf/db/gdm ] || find /etc/dconf/db/gdm.d -type f -newer /etc/dconf/db/gdm
echo '@@ end'""",
    reduces=Text("只取隐藏账户的设置", "only the settings that hide accounts"),
)
_MANAGERS = {
    "gdm": "GDM",
    "gdm3": "GDM",
    "lightdm": "LightDM",
    "sddm": "SDDM",
}


@dataclass(frozen=True, slots=True)
class LoginScreen:
    """A graphical login that starts by itself; ``hides`` who has accounts and was here last, as ``setting`` says."""

    manager: str
    setting: str
    hides: bool


def login_screens(text: str, enabled: Collection[str]) -> tuple[LoginScreen, ...]:
    """The screens among the enabled services; raises GapFound."""
    parts = whole_sections(text, "the settings of login screens are cut off")
    files = config_files("\n".join(parts.get("files", [])))
    newer = parts.get("newer", [])
    managers = sorted({_MANAGERS[name] for name in enabled if name in _MANAGERS})
    return tuple(_screen(manager, files, newer) for manager in managers)


def _screen(manager: str, files: Iterable[ConfigFile], newer: list[str]) -> LoginScreen:
    """By the last word on it; of files that ``dconf update`` has not taken in nothing counts."""
    if manager == "LightDM":
        said = _last(files, "lightdm", "greeter-hide-users")
        return LoginScreen(manager, f"greeter-hide-users={said or 'false'}", said == "true")
    if manager == "SDDM":
        said = _last(files, "sddm", "rememberlastuser")
        return LoginScreen(manager, f"RememberLastUser={said or 'true'}", said == "false")
    compiled = "made" in newer and len(newer) == 1
    taken = [file for file in files if "/gdm3/" in file.path or ("/gdm.d/" in file.path and compiled)]
    said = _last(taken, "gdm", "disable-user-list")
    return LoginScreen(manager, f"disable-user-list={said or 'false'}", said == "true")


def _last(files: Iterable[ConfigFile], where: str, key: str) -> str:
    lines = [line for file in files if where in file.path for line in file.lines]
    given = [line.partition("=")[2] for line in lines if line.partition("=")[0] == key]
    return given[-1] if given else ""


def build_screens(evidence: Evidence) -> tuple[LoginScreen, ...]:
    """The login screens of the asset; none is a value."""
    enabled: tuple[Service, ...] = evidence.fact("services_enabled")
    return login_screens(evidence.text(SCREENS.id), {service.name for service in enabled})


LOGIN_SCREENS = Fact(
    "login_screens",
    Text("图形登录界面", "Graphical login screens"),
    tuple[LoginScreen, ...],
    build_screens,
    (SCREENS,),
    ("services_enabled",),
)
