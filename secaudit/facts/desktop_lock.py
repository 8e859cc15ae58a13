"""After how long a desktop locks itself: dconf(7) of GNOME, UKUI, MATE and Cinnamon, kscreenlockerrc of KDE Plasma."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, number, print_files
from secaudit.facts.desktop_settings import DesktopSettings, Told, settings_of
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.facts.services import Service
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_SESSIONS = "/usr/share/xsessions/*.desktop /usr/share/wayland-sessions/*.desktop"
_KEYS = "idle-delay|lock-enabled|lock-delay|idle-activation-enabled|disable-lock-screen"

# Newer screen savers of UKUI have a key of their own (idle-lock), and what it does is documented nowhere.
LOCKS = Probe(
    "desktop.locks",
    f"""echo '@@ sessions'
set --
for f in {_SESSIONS}; do
  if [ -e "$f" ]; then set -- x; f=${{f##*/}}; echo "${{f%.desktop}}"; fi
done
if [ $# -gt 0 ]; then
echo '@@ profile'
[ ! -f /etc/dconf/profile/user ] || sed 's/#.*//; s/[[:space:]]//g' /etc/dconf/profile/user || exit 1
echo '@@ made'
for d in /etc/dconf/db/*.d; do d=${{d%.d}}; [ ! -f "$d" ] || echo "${{d##*/}}"; done
echo '@@ stale'
for d in /etc/dconf/db/*.d; do
  d=${{d%.d}}
  [ ! -f "$d" ] || [ -z "$(find "$d.d" -newer "$d")" ] || echo "${{d##*/}}"
done
d=/usr/share/glib-2.0/schemas/
[ ! -d $d ] || [ -z "$(find $d -name '*.override' -newer ${{d}}gschemas.compiled)" ] || echo $d
[ ! -f ${{d}}org.ukui.screensaver.gschema.xml ] || ! grep -q '"idle-lock"' ${{d}}org.ukui.screensaver.gschema.xml ||
  echo ukui
echo '@@ files'
"""
    + print_files(
        "/etc/dconf/db/*.d/* /etc/dconf/db/*.d/locks/* /usr/share/glib-2.0/schemas/*.gschema.override"
        " /etc/xdg/kscreenlockerrc",
        r"""FNR == 1 { section = "" }
{ gsub(/[ \t\r]+/, " "); sub(/^ /, ""); sub(/ $/, "") }
/^[#;]/ { next }
FILENAME ~ /\/locks\// { if ($0 ~ /^\/[a-zA-Z0-9\/._-]+$/) print " lock " $0; next }
/^\[/ { section = $0; if (section !~ /\]\[/) { sub(/^\[/, "", section); sub(/\].*/, "", section) }; next }
{ i = index($0, "="); key = substr($0, 1, i - 1); gsub(/ /, "", key); value = substr($0, i + 1); sub(/^ /, "", value) }
key ~ /^("""
        + _KEYS
        + r"""|(Autolock|Timeout|LockGrace)(\[\$i\])?)$/ {
  gsub(/ /, "", section)
  print " " section " " key "=" value
}""",
        skip_folders=True,
    )
    + """
fi
echo '@@ end'""",
    reduces=Text("只取锁屏设置", "only the settings of screen locks"),
)

# Of a user's own database, which is binary, the names of the keys alone.
LOCKS_USERS = Probe(
    "desktop.locks_users",
    f"""set -- {_SESSIONS}
for f in "$@"; do [ ! -e "$f" ] || set -- found; done
if [ "$1" = found ]; then
  while IFS=: read -r name x uid gid gecos home shell; do
    case "$shell" in */nologin|*/false|*/sync) continue ;; esac
    f="$home/.config/dconf/user"
    if [ -f "$f" ]; then
      for k in {_KEYS.replace("|", " ")}; do ! grep -q "$k" "$f" || echo "dconf $name $k"; done
    fi
    f="$home/.config/kscreenlockerrc"
    [ ! -f "$f" ] || ! grep -qE '^(Autolock|Timeout|LockGrace)' "$f" || echo "kde $name kscreenlockerrc"
  done </etc/passwd
fi
echo end""",
    root=True,
    reduces=Text(
        "只取哪些用户自行改过锁屏设置，不取改成了什么",
        "which users set something of the screen lock themselves, not what",
    ),
)


@dataclass(frozen=True, slots=True)
class DesktopLock:
    """A desktop that people here can log in to. It locks ``after_s`` seconds without a touch, 0 for never.

    ``set_in`` is the file that decides, or "default". ``fixed``: users cannot change it; ``changed_by`` those who did,
    to what is not read. ``told`` is False where it cannot be read at all.
    """

    desktop: str
    after_s: int
    set_in: str
    fixed: bool
    changed_by: tuple[str, ...]
    told: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a desktop keeps its settings: folder and schema of each; the default in units of ``unit_s`` seconds."""

    session: tuple[str, str]
    saver: tuple[str, str]
    default: int
    unit_s: int
    delay_unit_s: int


_DESKTOPS = {
    "GNOME": _Kept(
        ("org/gnome/desktop/session", "org.gnome.desktop.session"),
        ("org/gnome/desktop/screensaver", "org.gnome.desktop.screensaver"),
        *(300, 1, 1),
    ),
    "Cinnamon": _Kept(
        ("org/cinnamon/desktop/session", "org.cinnamon.desktop.session"),
        ("org/cinnamon/desktop/screensaver", "org.cinnamon.desktop.screensaver"),
        *(900, 1, 1),
    ),
    "MATE": _Kept(
        ("org/mate/desktop/session", "org.mate.session"),
        ("org/mate/screensaver", "org.mate.screensaver"),
        *(5, 60, 60),
    ),
    "UKUI": _Kept(
        ("org/ukui/desktop/session", "org.ukui.session"),
        ("org/ukui/screensaver", "org.ukui.screensaver"),
        *(5, 60, 60),
    ),
}
_LOCKDOWN = ("org/gnome/desktop/lockdown", "org.gnome.desktop.lockdown")
# The session of Debian's LightDM that starts whatever a user chose; it is no desktop.
_NO_DESKTOP = ("lightdm-xsession", "default", "custom")
_MANAGERS = frozenset(
    {"gdm", "gdm3", "lightdm", "sddm", "xdm", "lxdm", "slim", "wdm", "nodm", "greetd", "kdm", "xrdp"}
)


def desktop_of(session: str) -> str:
    """``gnome-classic-xorg`` → GNOME; a session that is not known keeps its name."""
    name = session.lower()
    starts = {"gnome": "GNOME", "ubuntu": "GNOME", "ukui": "UKUI", "mate": "MATE", "cinnamon": "Cinnamon"}
    starts |= {"plasma": "KDE Plasma", "kde": "KDE Plasma"}
    return next((desktop for start, desktop in starts.items() if name.startswith(start)), session)


def desktop_locks(text: str, changed: str, services: Collection[str]) -> tuple[DesktopLock, ...]:
    """A row for each desktop where a graphical login starts by itself; raises GapFound."""
    parts = whole_sections(text, "the settings of desktops are cut off")
    if not _MANAGERS & set(services):
        return ()
    files = config_files("\n".join(parts.get("files", [])))
    stale = parts.get("stale", [])
    settings = settings_of(parts.get("profile", []), parts.get("made", []), stale, files)
    users = _changes(changed)
    desktops = sorted({desktop_of(line.strip()) for line in parts["sessions"]} - set(_NO_DESKTOP))
    return tuple(_row(desktop, settings, users, "ukui" in stale) for desktop in desktops)


def _row(
    desktop: str, settings: DesktopSettings, users: Mapping[str, Sequence[str]], new_ukui: bool
) -> DesktopLock:
    if desktop == "KDE Plasma":
        return _plasma(settings.files, users.get("kscreenlockerrc", ()))
    kept = _DESKTOPS.get(desktop)
    if kept is None or (desktop == "UKUI" and new_ukui):
        return DesktopLock(desktop, 0, "", False, (), False)
    return _dconf(desktop, kept, settings, users)


def _dconf(
    desktop: str, kept: _Kept, settings: DesktopSettings, users: Mapping[str, Sequence[str]]
) -> DesktopLock:
    """Never, where one of the switches is off; else after the idle time and the delay."""
    switches = {
        (kept.saver, "lock-enabled"): "true",
        (kept.saver, "idle-activation-enabled"): "true",
        (kept.session, "idle-delay"): str(kept.default),
        (kept.saver, "lock-delay"): "0",
    }
    if desktop == "GNOME":
        switches[_LOCKDOWN, "disable-lock-screen"] = "false"
    told = {key: settings.told(*where, key) for where, key in switches}
    values = {
        key: (told[key] or Told(default, "", False, True)).value for (_, key), default in switches.items()
    }
    idle = _whole(values["idle-delay"]) * kept.unit_s
    delay = _whole(values["lock-delay"]) * kept.delay_unit_s
    off = "false" in (values["lock-enabled"], values["idle-activation-enabled"])
    never = off or values.get("disable-lock-screen") == "true" or idle <= 0
    loose = [key for where, key in switches if not settings.fixed(where[0], key)]
    return DesktopLock(
        desktop,
        0 if never else idle + max(delay, 0),
        next((one.path for one in told.values() if one), "default"),
        "idle-delay" not in loose and "lock-enabled" not in loose and "lock-delay" not in loose,
        tuple(sorted({name for key in loose for name in users.get(key, ())})),
        all(one is None or one.in_force for one in told.values()),
    )


def _whole(value: str) -> int:
    """``uint32 300`` → 300; raises GapFound."""
    return number(value.removeprefix("uint32 ").removeprefix("int32 "), "time of a screen lock")


def _plasma(files: Sequence[ConfigFile], users: Sequence[str]) -> DesktopLock:
    """Autolock, Timeout in minutes, LockGrace in seconds; ``[$i]`` after a section or a key is for good."""
    lines = [line for file in files if file.path.endswith("kscreenlockerrc") for line in file.lines]
    values, fixed = {"Autolock": "true", "Timeout": "5", "LockGrace": "5"}, set()
    for section, key, value in _told(lines):
        if section.startswith(("Daemon", "[Daemon]")):
            values[key.removesuffix("[$i]")] = value
            fixed |= {key.removesuffix("[$i]")} if "[$i]" in section + key else set()
    minutes = number(values["Timeout"], "Timeout")
    never = values["Autolock"].lower() in ("false", "0", "no", "off") or minutes <= 0
    return DesktopLock(
        "KDE Plasma",
        0 if never else minutes * 60 + number(values["LockGrace"], "LockGrace"),
        "/etc/xdg/kscreenlockerrc" if lines else "default",
        len(fixed) == len(values),
        () if len(fixed) == len(values) else tuple(sorted(users)),
        True,
    )


def _told(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        section, _, rest = line.partition(" ")
        key, _, value = rest.partition("=")
        yield section, key, value.strip()


def _changes(text: str) -> dict[str, list[str]]:
    """``dconf ann idle-delay`` → key → accounts; raises GapFound."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.TRUNCATED, "the list of users with settings of their own is cut off")
    found: dict[str, list[str]] = {}
    for line in lines[:-1]:
        _, _, rest = line.partition(" ")
        name, _, key = rest.rpartition(" ")
        found.setdefault(key, []).append(name)
    return found


def build_desktop_locks(evidence: Evidence) -> tuple[DesktopLock, ...]:
    """The desktops of the asset; none is a value."""
    enabled: tuple[Service, ...] = evidence.fact("services_enabled")
    names = {service.name for service in enabled}
    return desktop_locks(evidence.text(LOCKS.id), evidence.text(LOCKS_USERS.id), names)


DESKTOP_LOCKS = Fact(
    "desktop_locks",
    Text("桌面空闲锁屏", "Locks of idle desktops"),
    tuple[DesktopLock, ...],
    build_desktop_locks,
    (LOCKS, LOCKS_USERS),
    ("services_enabled",),
)
