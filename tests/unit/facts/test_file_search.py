"""The search through all files: what it finds, and that one cut short says how far it came."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.file_search import FILE_SEARCH, ROWS, FileSearch, parse_search
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root

MOUNT = "30 1 0:27 / {} rw - ext4 /dev/sda1 rw\n"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A file system of its own, as the target tells."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "mountinfo").write_text(MOUNT.format(tmp_path / "disk"))
    return tmp_path


def search(root: Path, seconds: int = 90) -> FileSearch:
    command = FILE_SEARCH.command.replace("/proc/self/mountinfo", f"{root}/mountinfo")
    command = command.replace(r"/^\/(tmp|var\/tmp)\//", "/^nowhere/").replace(
        "start > 90", f"start > {seconds}"
    )
    return parse_search(in_root(root, replace(FILE_SEARCH, command=command), steady=False))


def put(path: Path, mode: int, folder: bool = False) -> None:
    path.mkdir() if folder else path.write_text("")
    path.chmod(mode)


@pytest.mark.parametrize(
    ("name", "mode", "folder", "kind"),
    [
        ("a", 0o666, False, "open_file"),
        ("a|b c", 0o602, False, "open_file"),
        ("d", 0o777, True, "open_folder"),
        ("s", 0o4755, False, "privileged"),
        ("g", 0o2710, False, "privileged"),
    ],
)
def test_what_is_found(disk: Path, name: str, mode: int, folder: bool, kind: str) -> None:
    put(disk / "disk" / name, mode, folder)
    (row,) = search(disk).found
    assert (row.kind, row.path, row.mode) == (kind, f"/disk/{name}", f"{mode:04o}")


@pytest.mark.parametrize(
    ("name", "mode", "folder"),
    [
        ("a", 0o664, False),
        ("d", 0o1777, True),
        ("d", 0o3777, True),
        ("l", 0o2644, False),
        ("d", 0o2755, True),
    ],
)
def test_what_is_not(disk: Path, name: str, mode: int, folder: bool) -> None:
    put(disk / "disk" / name, mode, folder)
    found = search(disk)
    assert (found.found, found.searched, found.seen) == ((), ("/disk",), 2)


def test_a_link_is_not_what_it_points_to(disk: Path) -> None:
    put(disk / "open", 0o666)
    (disk / "disk/link").symlink_to(disk / "open")
    assert search(disk).found == ()


@pytest.mark.parametrize(
    "line",
    [
        "31 1 0:40 / {} rw - nfs4 server:/x rw",
        "31 1 0:40 / {} rw shared:1 master:2 - fuse.sshfs x rw",
        "31 1 0:41 /part {} rw - ext4 /dev/sda2 rw",
        "31 1 0:27 / {} rw - ext4 /dev/sda1 rw",
        "31 1 0:42 / {}/overlay2/x/merged rw - overlay overlay rw",
        "31 1 0:43 / /var/lib/docker/x rw - ext4 /dev/sdb rw",
        "31 1 0:44 / {} rw - tmpfs tmpfs rw",
    ],
)
def test_what_is_not_searched(disk: Path, line: str) -> None:
    (disk / "other").mkdir()
    put(disk / "other/a", 0o666)
    with (disk / "mountinfo").open("a") as file:
        file.write(line.format(disk / "other") + "\n")
    found = search(disk)
    assert (found.searched, found.found) == (("/disk",), ())


def test_a_place_with_a_blank_and_a_subvolume(disk: Path) -> None:
    (disk / "my data").mkdir()
    put(disk / "my data/a", 0o666)
    with (disk / "mountinfo").open("a") as file:
        file.write(f"31 1 0:50 /@data {disk}/my\\040data rw - btrfs /dev/sdb rw\n")
    found = search(disk)
    assert (found.searched, [row.path for row in found.found]) == (("/disk", "/my data"), ["/my data/a"])


def test_no_file_system_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text("")
    with pytest.raises(AssertionError, match="no local file system"):
        search(tmp_path)


def test_many_are_counted_and_some_are_named(disk: Path) -> None:
    for i in range(ROWS + 3):
        put(disk / f"disk/{i}", 0o666)
    found = search(disk)
    assert (len(found.found), [(row.kind, row.files) for row in found.further]) == (ROWS, [("open_file", 3)])


def test_a_search_that_is_cut_short_is_a_gap_with_the_share(disk: Path) -> None:
    for i in range(1200):
        put(disk / f"disk/{i}", 0o600)
    with pytest.raises(GapFound) as caught:
        search(disk, seconds=-1)
    assert caught.value.gap.reason is GapReason.TRUNCATED
    assert "% of about" in caught.value.gap.detail


def test_a_search_that_does_not_run_is_a_gap(disk: Path) -> None:
    command = FILE_SEARCH.command.replace("/proc/self/mountinfo", f"{disk}/mountinfo").replace(
        "nice -n 19 find", "none"
    )
    with pytest.raises(GapFound) as caught:
        parse_search(in_root(disk, replace(FILE_SEARCH, command=command), steady=False))
    assert caught.value.gap.reason is GapReason.FAILED


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("used|2000\nseen|500|cut\n", "25 % of about 2000 files were seen in 90 s"),
        ("used|0\nseen|500|cut\n", "500 files were seen in 90 s"),
        ("used|100\nseen|500|cut\n", "99 % of about 100 files were seen in 90 s"),
        ("used|2000\nopen_file|666|a|b|/c\n", "the search did not come to its end"),
    ],
)
def test_how_far_it_came(text: str, detail: str) -> None:
    with pytest.raises(GapFound) as caught:
        parse_search(text)
    assert (caught.value.gap.reason, caught.value.gap.detail) == (GapReason.TRUNCATED, detail)


def test_what_nobody_owns_as_stat_tells() -> None:
    (row,) = parse_search("on|/\nused|9\nunowned|644|UNKNOWN|root|/srv/x\nseen|9|whole\n").found
    assert (row.kind, row.owner, row.path) == ("unowned", "UNKNOWN", "/srv/x")


@given(st.text(max_size=60), st.sampled_from(["", "open_file|", "count|", "used|", "seen|", "on|/\n"]))
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_search(f"{prefix}{text}\nseen|1|whole\n")
    except GapFound:
        return
