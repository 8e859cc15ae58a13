"""What somebody at the console can do: rescue shells, the boot loader, Ctrl-Alt-Del. sulogin(8), GRUB's manual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

UNITS = ("rescue.service", "emergency.service")
MASKED = "masked"
# A unit that is a link to /dev/null is masked. What hides what: systemd.unit(5).
CONSOLE = Probe(
    "console.units",
    r"""units=
for d in /usr/lib/systemd/system /lib/systemd/system /run/systemd/system /etc/systemd/system; do
  for u in rescue.service emergency.service ctrl-alt-del.target; do
    if [ -c $d/$u ]; then echo "#= $d/$u"; echo ' masked'; else units="$units $d/$u"; fi
  done
  units="$units $d/rescue.service.d/*.conf $d/emergency.service.d/*.conf"
done
if [ -d /run/systemd/system ]; then echo '#= systemd'; echo ' runs'; else units="$units /etc/inittab"; fi
"""
    + print_files(
        "$units",
        r"""/^[ \t]*(ExecStart[ \t]*=|Environment[ \t]*=.*SYSTEMD_SULOGIN_FORCE)/ {
  sub(/^[ \t]+/, ""); kind = /^Env/ ? "forced" : "other"
  if (kind == "other") {
    sub(/^ExecStart[ \t]*=[ \t]*/, "")
    if ($0 == "") kind = "reset"
    else if (/sulogin/) kind = /sulogin.*( -e|--force)/ ? "forced" : "sulogin"
  }
  print " " kind; next
}
FILENAME ~ /inittab$/ && /^[^#:]*:[^:]*:ctrlaltdel:./ { print " ctrlaltdel" }""",
    ),
    reduces=Text("每个单元只取所启动命令的种类", "of each unit only what kind of command it starts"),
)

# A value that is a variable is one of user.cfg, which grub2-setpassword writes.
BOOT_LOADER_PROBE = Probe(
    "console.boot_loader",
    """set --
for f in /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/efi/EFI/*/grub.cfg \\
  /boot/grub/user.cfg /boot/grub2/user.cfg /boot/efi/EFI/*/user.cfg; do
  [ ! -f "$f" ] || set -- "$@" "$f"
done
for f; do echo "file $f"; done
[ $# -eq 0 ] || awk '
/^[ \\t]*set[ \\t]+superusers=[^ \\t]/ { print "superusers" }
/^[ \\t]*password(_pbkdf2)?[ \\t]+[^ \\t]+[ \\t]+[^ \\t]/ { print ($3 ~ /^[$]/ ? "password user.cfg" : "password own") }
/^[ \\t]*GRUB2_PASSWORD=./ { print "user.cfg" }' "$@" || exit 1
echo end""",
    root=True,
    reduces=Text("只取是否设有用户名与口令，不含内容", "whether names and passwords are set, never which"),
)


@dataclass(frozen=True, slots=True)
class RescueShell:
    """A unit that gives root a shell when the system does not start. ``asks``: by sulogin(8), for root's password.

    ``forced``: sulogin lets in without one where root's password is locked (``--force``).
    """

    unit: str
    asks: bool
    forced: bool


@dataclass(frozen=True, slots=True)
class ConsoleKeys:
    """Whether Ctrl-Alt-Del restarts the machine, whoever presses it."""

    ctrl_alt_del_restarts: bool


@dataclass(frozen=True, slots=True)
class BootLoader:
    """GRUB on this host. ``password``: who changes what is started has to give one."""

    installed: bool
    password: bool


def rescue_shells(files: Sequence[ConfigFile]) -> tuple[RescueShell, ...]:
    """The units that are there and not masked."""
    by_path = {file.path: file.lines for file in files}
    found = []
    for unit in UNITS:
        body = _last(by_path, unit)
        if body is None or MASKED in body:
            continue
        dropins = {path.rsplit("/", 1)[-1]: lines for path, lines in by_path.items() if f"/{unit}.d/" in path}
        found.append(_shell(unit, [*body, *(line for name in sorted(dropins) for line in dropins[name])]))
    return tuple(found)


def _last(by_path: Mapping[str, tuple[str, ...]], unit: str) -> tuple[str, ...] | None:
    """The file that hides the others: the probe names the folders in rising order."""
    found = [lines for path, lines in by_path.items() if path.endswith(f"/system/{unit}")]
    return found[-1] if found else None


def _shell(unit: str, lines: Sequence[str]) -> RescueShell:
    """``ExecStart=`` with nothing behind it forgets the commands before (systemd.service(5))."""
    commands: list[str] = []
    for line in lines:
        if line == "reset":
            commands.clear()
        else:
            commands.append(line)
    started = [command for command in commands if command in ("sulogin", "other", "forced")]
    return RescueShell(unit, "sulogin" in started and "other" not in started, "forced" in started)


def build_rescue_shells(evidence: Evidence) -> tuple[RescueShell, ...]:
    """The rescue shells of systemd; empty where there is no systemd or both are masked."""
    return rescue_shells(config_files(evidence.text(CONSOLE.id)))


def build_console_keys(evidence: Evidence) -> ConsoleKeys:
    """systemd restarts unless the target is masked; other inits do what inittab(5) says."""
    files = config_files(evidence.text(CONSOLE.id))
    by_path = {file.path: file.lines for file in files}
    if "systemd" in by_path:
        target = _last(by_path, "ctrl-alt-del.target")
        return ConsoleKeys(target is not None and MASKED not in target)
    return ConsoleKeys("ctrlaltdel" in by_path.get("/etc/inittab", ()))


def parse_boot_loader(text: str) -> BootLoader:
    """``file /boot/grub/grub.cfg``, ``superusers``, ``password own``, ``end`` → BootLoader; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the files of the boot loader are not complete")
    installed = any(line.startswith("file ") and line.endswith("/grub.cfg") for line in lines)
    given = "password own" in lines or {"password user.cfg", "user.cfg"} <= set(lines)
    return BootLoader(installed, "superusers" in lines and given)


def build_boot_loader(evidence: Evidence) -> BootLoader:
    """The boot loader; not installed in a container, or where another one is used."""
    return parse_boot_loader(evidence.text(BOOT_LOADER_PROBE.id))


RESCUE_SHELLS = Fact(
    "rescue_shells",
    Text("救援模式的 shell", "Rescue shells"),
    tuple[RescueShell, ...],
    build_rescue_shells,
    (CONSOLE,),
)
CONSOLE_KEYS = Fact(
    "console_keys", Text("控制台的按键", "Keys of the console"), ConsoleKeys, build_console_keys, (CONSOLE,)
)
BOOT_LOADER = Fact(
    "boot_loader", Text("引导程序", "Boot loader"), BootLoader, build_boot_loader, (BOOT_LOADER_PROBE,)
)
