"""Which file systems and swap lie on encrypted devices: dm-crypt below them, by sysfs; proc(5), swapon(8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Images of packages and disks of programs (loop, sr) hold no data of the host. libcryptsetup names its devices by what
# they are: of CRYPT-VERITY and CRYPT-INTEGRITY anybody may read what they check.
STORAGE = Probe(
    "storage.devices",
    r"""echo '@@ mounted'
awk '$1 ~ /^\/dev\// && $1 !~ /^\/dev\/(loop|sr|fuse)/ { print $1 "\t" $2 }' /proc/self/mounts || exit 1
echo '@@ swaps'
awk 'NR > 1 { print $1 "\t" $2 }' /proc/swaps 2>/dev/null
echo '@@ names'
grep -Hs '' /sys/block/dm-*/dm/name
echo '@@ crypt'
grep -EHs '^CRYPT-(LUKS[12]|PLAIN|LOOPAES|TCRYPT|BITLK|FVAULT2)-' /sys/block/dm-*/dm/uuid | sed 's/:CRYPT-.*/:CRYPT/'
echo '@@ below'
ls -d /sys/block/*/slaves/* 2>/dev/null
echo '@@ end'""",
    reduces=Text(
        "设备和挂载点；标识中只取是否属 dm-crypt",
        "devices and mount points; of the identifiers only that they are of dm-crypt",
    ),
)
# What starts the machine is read before anything can be decrypted.
_STARTS = ("/boot", "/boot/efi", "/efi")


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system on a device, or swap. ``kind`` is ``data``, ``start`` (/boot and the like) or ``swap``."""

    path: str
    device: str
    kind: str
    encrypted: bool


@dataclass(frozen=True, slots=True)
class _Devices:
    crypt: frozenset[str]
    below: Mapping[str, Sequence[str]]
    names: Mapping[str, str]

    def encrypted(self, device: str) -> bool:
        """``/dev/mapper/vg-data`` → whether dm-crypt is it, or lies between it and every disk below."""
        last = device.rpartition("/")[2]
        left, seen, crypt = [self.names.get(last, last)], set(), False
        while left:
            name = left.pop()
            if name in self.crypt:
                crypt = True
            elif name not in seen:
                if name not in self.below:
                    return False
                left += self.below[name]
            seen.add(name)
        return crypt


def parse_storage(text: str) -> tuple[Volume, ...]:
    """The volumes by path; empty where nothing lies on a device (a container). Raises GapFound."""
    parts = whole_sections(text, "the list of devices is cut off")
    devices = _devices(parts)
    mounted = {path: device for device, path in map(_pair, parts.get("mounted", []))}
    found = [
        Volume(path, device, "start" if path in _STARTS else "data", devices.encrypted(device))
        for path, device in mounted.items()
    ]
    found += [_swap(*_pair(line), mounted, devices) for line in parts.get("swaps", [])]
    return tuple(sorted(found, key=lambda v: (v.kind, v.path)))


def _pair(line: str) -> tuple[str, str]:
    first, tab, second = line.partition("\t")
    if not tab or not first or len(line) > 8192:
        raise GapFound(GapReason.UNPARSABLE, f"not a device: {line[:60]!r}")
    return first, second


def _devices(parts: Mapping[str, list[str]]) -> _Devices:
    """``/sys/block/dm-1/dm/name:vg-data``, ``/sys/block/dm-0/dm/uuid:CRYPT``, ``/sys/block/dm-1/slaves/dm-0``."""
    below: dict[str, list[str]] = {}
    for line in parts.get("below", []):
        words = line.split("/")
        if len(words) == 6:
            below.setdefault(words[3], []).append(words[5])
    names = {
        line.partition(":")[2]: line.split("/")[3] for line in parts.get("names", []) if line.count("/") > 3
    }
    crypt = frozenset(line.split("/")[3] for line in parts.get("crypt", []) if line.count("/") > 3)
    return _Devices(crypt, below, names)


def _swap(path: str, kind: str, mounted: Mapping[str, str], devices: _Devices) -> Volume:
    """A file lies where its file system does; what zram swaps stays in memory."""
    if kind.strip() != "file":
        in_memory = path.rpartition("/")[2].startswith("zram")
        return Volume(path, path, "swap", in_memory or devices.encrypted(path))
    folder = path
    while folder and folder not in mounted:
        folder = folder.rpartition("/")[0]
    device = mounted.get(folder or "/", "")
    return Volume(path, device, "swap", bool(device) and devices.encrypted(device))


def build_storage(evidence: Evidence) -> tuple[Volume, ...]:
    """What the asset keeps its data and its swap on."""
    return parse_storage(evidence.text(STORAGE.id))


STORAGE_FACT = Fact(
    "storage", Text("存储加密", "Encryption of storage"), tuple[Volume, ...], build_storage, (STORAGE,)
)
