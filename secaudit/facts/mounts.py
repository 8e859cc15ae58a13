"""File systems as they are mounted and as /etc/fstab mounts them next time: mount(8), fstab(5), proc(5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_FOLDERS = " ".join(
    f"/{name}" for name in ("tmp", "var/tmp", "dev/shm", "home", "var", "var/log", "var/log/audit")
)
_REDUCED = r"""{
    n = split($4, option, ","); kept = ""
    for (i = 1; i <= n; i++) if (option[i] ~ /^(ro|rw|no)?(auto|dev|exec|suid|user|users|owner|group|defaults)?$/)
      kept = kept "," option[i]
    print $2 "\t" $3 "\t" substr(kept, 2)
  }"""

MOUNTS = Probe(
    "mounts.table",
    f"""echo '@@ mounted'
awk '{_REDUCED}' /proc/self/mounts || exit 1
echo '@@ fstab'
[ ! -f /etc/fstab ] || awk '/^[ \\t]*#/ || NF < 4 {{ next }} {_REDUCED}' /etc/fstab || exit 1
echo '@@ folders'
for p in {_FOLDERS}; do
  if [ -L $p ]; then echo "$p $(readlink -f $p)"; elif [ -d $p ]; then echo "$p $p"; fi
done
echo '@@ end'""",
    reduces=Text(
        "不含设备与服务器；挂载选项只取有关设备文件、程序与用户的",
        "no devices and servers; of the options only those about devices, programs and users",
    ),
)

_NETWORK = frozenset(
    "nfs nfs4 cifs smb3 smbfs ceph glusterfs fuse.glusterfs fuse.sshfs fuse.cephfs davfs afs 9p lustre".split()
)
_MEDIA = re.compile(r"/(media|cdrom|floppy|mnt/(cdrom|usb|floppy))(/|\d*$)")
# mount(8): who may mount as a user gets these too, unless a later option takes them back.
_IMPLIED = {
    "user": ("noexec", "nosuid", "nodev"),
    "users": ("noexec", "nosuid", "nodev"),
    "owner": ("nosuid", "nodev"),
    "group": ("nosuid", "nodev"),
}
_LONGEST_PATH = 4096  # PATH_MAX
Row = tuple[str, str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder that matters, or a network or removable file system.

    ``kind`` is ``folder``, ``network`` or ``removable``; ``on`` the mount point that holds it, itself where ``own``.
    ``lasting``: /etc/fstab does not mount it with less next time. Removable ones are told as fstab has them.
    """

    path: str
    kind: str
    on: str
    own: bool
    nodev: bool
    nosuid: bool
    noexec: bool
    lasting: bool


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """``/tmp TAB tmpfs TAB rw,nosuid`` → Mount, sorted by path; raises GapFound."""
    parts = whole_sections(text, "the table of mounts is cut off", GapReason.UNPARSABLE)
    # What is mounted later hides what was there.
    mounted = {path: (path, kind, options) for path, kind, options in _rows(parts, "mounted")}
    if "/" not in mounted:
        raise GapFound(GapReason.UNPARSABLE, "no file system is mounted at /")
    planned = {path: (path, kind, options) for path, kind, options in _rows(parts, "fstab")}
    found = [
        *_folders(parts.get("folders", []), mounted, planned),
        *_network(mounted, planned),
        *_removable(planned),
    ]
    return tuple(sorted(set(found), key=lambda m: (m.path, m.kind)))


def _rows(parts: dict[str, list[str]], name: str) -> Iterable[Row]:
    for line in parts.get(name, []):
        fields = line.split("\t")
        if len(fields) != 3:
            raise GapFound(GapReason.UNPARSABLE, f"not a mount: {line[:80]!r}")
        yield _plain(fields[0]), fields[1], frozenset(_effective(fields[2].split(",")))


def _plain(path: str) -> str:
    r"""``/mnt/my\040disk/`` → ``/mnt/my disk``."""
    decoded = re.sub(r"\\([0-3][0-7]{2})", lambda found: chr(int(found[1], 8)), path)
    return decoded.rstrip("/") or "/"


def _effective(options: list[str]) -> set[str]:
    """The restrictions that stand after all options: the last word of each counts."""
    found: set[str] = set()
    for option in options:
        found.update(_IMPLIED.get(option, ()))
        if option in ("nodev", "nosuid", "noexec"):
            found.add(option)
        elif option in ("dev", "suid", "exec"):
            found.discard(f"no{option}")
        elif option == "defaults":
            found.clear()
    return found


def _folders(lines: list[str], mounted: dict[str, Row], planned: dict[str, Row]) -> Iterable[Mount]:
    for line in lines:
        path, _, real = line.partition(" ")
        on = _holder(real, mounted)
        yield _mount(path, "folder", mounted[on], on == path, planned)


def _holder(path: str, mounted: dict[str, Row]) -> str:
    if len(path) > _LONGEST_PATH:
        raise GapFound(GapReason.UNPARSABLE, f"not a path: {path[:80]!r}")
    while path not in mounted:
        path = path.rpartition("/")[0] or "/"
    return path


def _network(mounted: dict[str, Row], planned: dict[str, Row]) -> Iterable[Mount]:
    for path, row in mounted.items():
        if row[1] in _NETWORK:
            yield _mount(path, "network", row, True, planned)


def _removable(planned: dict[str, Row]) -> Iterable[Mount]:
    for path, row in planned.items():
        if _MEDIA.match(path) or row[1] in ("iso9660", "udf", "udf,iso9660"):
            yield _mount(path, "removable", row, True, planned)


def _mount(path: str, kind: str, row: Row, own: bool, planned: dict[str, Row]) -> Mount:
    on, _type, options = row
    lasting = not own or on not in planned or options <= planned[on][2]
    return Mount(path, kind, on, own, "nodev" in options, "nosuid" in options, "noexec" in options, lasting)


def build_mounts(evidence: Evidence) -> tuple[Mount, ...]:
    """The file systems of the asset that are looked at."""
    return parse_mounts(evidence.text(MOUNTS.id))


MOUNTS_FACT = Fact("mounts", Text("文件系统挂载", "Mounts"), tuple[Mount, ...], build_mounts, (MOUNTS,))
