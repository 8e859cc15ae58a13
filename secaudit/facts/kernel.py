"""Which kernel runs and which is installed: uname(2), the images in /boot and /lib/modules."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import sections
from secaudit.facts.versions import is_newer, newest
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Alpine names its image by the flavour only (/boot/vmlinuz-lts), and an upgrade replaces the folder of the modules.
KERNEL = Probe(
    "kernel.releases",
    """echo '@@ release'; cat /proc/sys/kernel/osrelease
echo '@@ build'; cat /proc/sys/kernel/version
echo '@@ images'
if [ -d /boot ] && [ ! -r /boot -o ! -x /boot ]; then echo '/boot: Permission denied' >&2; exit 1; fi
for f in /boot/vmlinu[xz]-*; do [ -f "$f" ] && echo "${f#/boot/vmlinu?-}"; done
for f in /lib/modules/*/vmlinuz; do if [ -f "$f" ]; then d=${f%/vmlinuz}; echo "${d##*/}"; fi; done
if [ -e /etc/alpine-release ]; then
  for f in /lib/modules/*/modules.dep; do if [ -f "$f" ]; then d=${f%/modules.dep}; echo "${d##*/}"; fi; done
fi
echo '@@ packaged'
if [ -s /var/lib/dpkg/status ]; then
  r=$(cat /proc/sys/kernel/osrelease)
  dpkg-query -W -f='${db:Status-Abbrev} ${Version}\\n' "linux-image-$r" 2>/dev/null
fi
echo '@@ order'
if [ -s /var/lib/dpkg/status ]; then echo dpkg; else echo rpm; fi
echo '@@ flag'
if [ -e /run/reboot-required ] || [ -e /var/run/reboot-required ]; then echo yes; else echo no; fi""",
)

_RELEASE = re.compile(r"\d+\.\d+[\w.+~-]{0,120}", re.ASCII)
_FLAVOUR = re.compile(r"(?:-([a-z][a-z0-9_]*(?:-[a-z0-9_]+)*)|\+([a-z0-9_-]+))$", re.ASCII)
_DEBIAN_BUILD = re.compile(r"\bDebian (\d[\w.+~-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kernel:
    """The running kernel and the installed ones of its flavour (``amd64``, ``generic``; "" the usual one of rpm).

    ``images``: whether any kernel image is installed here (none in a container, which runs its host's kernel).
    ``managed``: whether one of the running flavour is. ``newest`` is ``none`` without one. ``reboot_required``: the
    distribution's own mark. ``current``: nothing newer is installed than what runs, rebuilds of a release included.
    """

    running: str
    flavour: str
    images: bool
    managed: bool
    installed: tuple[str, ...]
    newest: str
    current: bool
    reboot_required: bool


def parse_kernel(text: str) -> Kernel:
    """Releases such as ``6.1.0-37-amd64`` or ``5.14.0-503.11.1.el9_5.x86_64`` → Kernel; raises GapFound."""
    parts = sections(text)
    running, order, flag = (_one(parts, name) for name in ("release", "order", "flag"))
    if not _RELEASE.fullmatch(running) or order not in ("dpkg", "rpm"):
        raise GapFound(GapReason.UNPARSABLE, f"not a kernel release: {running[:60]!r}")
    images = tuple(sorted({line.strip() for line in parts.get("images", [])}))
    releases = tuple(i for i in images if _RELEASE.fullmatch(i) and "rescue" not in i)
    same = tuple(r for r in releases if flavour_of(r) == flavour_of(running))
    last = newest((*same, running), order)
    return Kernel(
        running=running,
        flavour=flavour_of(running),
        images=bool(images),
        managed=bool(same),
        installed=same,
        newest=newest(same, order) if same else "none",
        current=last == running and not _rebuilt(parts),
        reboot_required=flag == "yes",
    )


def _one(parts: dict[str, list[str]], name: str) -> str:
    lines = parts.get(name, [])
    if len(lines) != 1:
        raise GapFound(GapReason.UNPARSABLE, f"kernel: {name} is missing")
    return lines[0].strip()


def flavour_of(release: str) -> str:
    """``6.1.0-37-cloud-amd64`` → ``cloud-amd64``; ``5.14.0-503.el9.x86_64`` → "", ``….aarch64+64k`` → ``64k``."""
    match = _FLAVOUR.search(release)
    return (match[1] or match[2]) if match else ""


def _rebuilt(parts: dict[str, list[str]]) -> bool:
    """Debian upgrades a release in place: the running build (``Debian 6.1.140-1``) against the installed package."""
    build = _DEBIAN_BUILD.search(" ".join(parts.get("build", [])))
    words = " ".join(parts.get("packaged", [])).split()
    if build is None or len(words) != 2 or words[0][1:2] != "i":
        return False
    return is_newer(words[1], build[1], "dpkg")


def build_kernel(evidence: Evidence) -> Kernel:
    """The kernel of the asset."""
    return parse_kernel(evidence.text(KERNEL.id))


KERNEL_FACT = Fact("kernel", Text("内核", "Kernel"), Kernel, build_kernel, (KERNEL,))
