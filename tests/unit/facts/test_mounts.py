"""File systems as they are mounted, against /etc/fstab."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.mounts import Mount, parse_mounts

ALL = "nosuid,nodev,noexec"


def mounts(mounted: str, fstab: str = "", folders: str = "/tmp /tmp\n") -> dict[str, Mount]:
    rows = [text.replace(" ", "\t") for text in (mounted, fstab)]
    text = f"@@ mounted\n/\text4\trw\n{rows[0]}\n@@ fstab\n{rows[1]}\n@@ folders\n{folders}@@ end\n"
    return {m.path: m for m in parse_mounts(text)}


def test_a_folder_has_the_options_of_what_holds_it() -> None:
    found = mounts(f"/var ext4 rw,{ALL}", folders="/tmp /tmp\n/var/tmp /var/tmp\n")
    assert (found["/tmp"].on, found["/tmp"].noexec, found["/tmp"].own) == ("/", False, False)
    assert (found["/var/tmp"].on, found["/var/tmp"].noexec, found["/var/tmp"].own) == ("/var", True, False)


def test_a_link_leads_to_what_it_names() -> None:
    found = mounts(f"/tmp tmpfs {ALL}", folders="/var/tmp /tmp\n")
    assert (found["/var/tmp"].on, found["/var/tmp"].nosuid) == ("/tmp", True)


def test_what_is_mounted_later_hides_what_was_there() -> None:
    assert not mounts(f"/tmp tmpfs {ALL}\n/tmp tmpfs rw")["/tmp"].nodev


@pytest.mark.parametrize(
    ("fstab", "lasting"),
    [
        ("", True),
        (f"/tmp tmpfs {ALL}", True),
        (f"/tmp/ tmpfs defaults,{ALL}", True),
        ("/tmp tmpfs nosuid,nodev", False),
        (f"/tmp tmpfs {ALL},exec", False),
    ],
)
def test_what_fstab_mounts_next_time(fstab: str, lasting: bool) -> None:
    assert mounts(f"/tmp tmpfs rw,{ALL}", fstab)["/tmp"].lasting is lasting


def test_network_file_systems_and_a_blank_in_the_path() -> None:
    found = mounts(r"/srv/my\040share nfs4 rw,nosuid" + "\n/srv/x fuse.sshfs rw")
    assert (found["/srv/my share"].kind, found["/srv/my share"].nosuid, found["/srv/my share"].nodev) == (
        "network",
        True,
        False,
    )
    assert found["/srv/x"].kind == "network"


@pytest.mark.parametrize(
    ("options", "noexec"),
    [
        ("user,noauto", True),
        ("user,exec", False),
        ("noexec,user", True),
        ("ro,noauto", False),
        ("owner", False),
    ],
)
def test_removable_media_as_fstab_has_them(options: str, noexec: bool) -> None:
    found = mounts("", f"/media/cdrom0 udf,iso9660 {options}")["/media/cdrom0"]
    assert (found.kind, found.noexec) == ("removable", noexec)


@pytest.mark.parametrize(
    "text", ["", "@@ mounted\n/\text4\trw\n", "@@ mounted\n@@ end\n", "@@ mounted\n/ ext4\n@@ end\n"]
)
def test_a_table_that_is_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_mounts(text)
