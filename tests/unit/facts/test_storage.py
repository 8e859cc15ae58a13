"""What lies on encrypted devices."""

from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.storage import STORAGE, parse_storage
from tests.unit.facts.answers import in_root

# LVM on LUKS with swap in it, a plain disk beside it, and LUKS on LVM.
NAMES = "\n".join(
    f"/sys/block/dm-{number}/dm/name:{name}"
    for number, name in enumerate(["luks-1", "vg-root", "vg-swap", "safe"])
)
CRYPT = "/sys/block/dm-0/dm/uuid:CRYPT\n/sys/block/dm-3/dm/uuid:CRYPT"
BELOW = (
    "/sys/block/dm-0/slaves/sda3\n/sys/block/dm-1/slaves/dm-0\n/sys/block/dm-2/slaves/dm-0\n"
    "/sys/block/dm-3/slaves/sdb\n/sys/block/md0/slaves/dm-0\n/sys/block/md0/slaves/sdc"
)


def volumes(mounted: str, swaps: str = "") -> list[tuple[str, str, bool]]:
    devices = f"@@ names\n{NAMES}\n@@ crypt\n{CRYPT}\n@@ below\n{BELOW}\n"
    text = f"@@ mounted\n{mounted}\n@@ swaps\n{swaps}\n{devices}@@ end\n"
    return [(v.path, v.kind, v.encrypted) for v in parse_storage(text)]


@pytest.mark.parametrize(
    ("device", "path", "kind", "encrypted"),
    [
        ("/dev/mapper/vg-root", "/", "data", True),
        ("/dev/mapper/luks-1", "/srv", "data", True),
        ("/dev/dm-3", "/srv", "data", True),
        ("/dev/sda1", "/boot", "start", False),
        ("/dev/sdc1", "/srv", "data", False),
        ("/dev/md0", "/srv", "data", False),  # one half of the mirror is plain
    ],
)
def test_file_systems(device: str, path: str, kind: str, encrypted: bool) -> None:
    assert volumes(f"{device}\t{path}") == [(path, kind, encrypted)]


@pytest.mark.parametrize(
    ("swap", "encrypted"),
    [
        ("/dev/dm-2\tpartition", True),
        ("/dev/sda2\tpartition", False),
        ("/dev/zram0\tpartition", True),
        ("/swapfile\tfile", True),
        ("/srv/plain/swap\tfile", False),
    ],
)
def test_swap(swap: str, encrypted: bool) -> None:
    found = volumes("/dev/mapper/vg-root\t/\n/dev/sdc1\t/srv/plain", swap)
    assert [row[2] for row in found if row[1] == "swap"] == [encrypted]


@pytest.mark.parametrize(
    ("uuid", "encrypted"),
    [
        ("CRYPT-LUKS2-0123abcd-data", True),
        ("CRYPT-LUKS1-0123abcd-data", True),
        ("CRYPT-PLAIN-cryptswap", True),
        ("CRYPT-VERITY-0123abcd-data", False),
        ("CRYPT-INTEGRITY-data", False),
        ("LVM-CRYPT-LUKS2", False),
    ],
)
def test_what_only_checks_its_content_encrypts_nothing(tmp_path: Path, uuid: str, encrypted: bool) -> None:
    (tmp_path / "dm-0/dm").mkdir(parents=True)
    (tmp_path / "dm-0/dm/uuid").write_text(f"{uuid}\n")
    told = in_root(
        tmp_path, replace(STORAGE, command=STORAGE.command.replace("/sys/block", str(tmp_path))), steady=False
    )
    assert ("/dm-0/dm/uuid:CRYPT\n" in told) is encrypted
    assert "0123abcd" not in told


def test_a_container_has_no_devices() -> None:
    assert volumes("") == []


def test_devices_that_lie_on_each_other_end() -> None:
    text = "@@ mounted\n/dev/a\t/\n@@ below\n/sys/block/a/slaves/a\n@@ end\n"
    assert not parse_storage(text)[0].encrypted


@pytest.mark.parametrize("text", ["@@ mounted\n", "@@ mounted\n/dev/sda\n@@ end\n"])
def test_what_is_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_storage(text)
