"""Homes and what is in them; groups that come close to root."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.homes import HOMES, HomeFile, parse_home_files, parse_homes
from secaudit.facts.passwd_file import Identity
from secaudit.facts.powerful_groups import powerful_members
from tests.unit.facts.answers import in_root


def person(name: str, uid: int, home: str, can_log_in: bool = True) -> Identity:
    return Identity(name, uid, uid, home, "/bin/bash", can_log_in, uid < 1000)


ANN, BEN = person("ann", 1000, "/home/ann"), person("ben", 1001, "/home/ben")
PEOPLE = (person("root", 0, "/root"), ANN, BEN, person("daemon", 1, "/usr/sbin", can_log_in=False))


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """Ann's home with the files of a careful person, as the user who runs the tests."""
    home = tmp_path / "home/ann"
    (home / ".ssh").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    me = os.getuid()
    (tmp_path / "etc/passwd").write_text(
        f"ann:x:{me}:100:a|b:{home}:/bin/bash\nweb:x:33:33::{tmp_path}/web:/usr/sbin/nologin\n"
    )
    for name, mode in ((".bashrc", 0o644), (".ssh/authorized_keys", 0o600), ("notes", 0o666)):
        (home / name).write_text("secret")
        (home / name).chmod(mode)
    (home / ".ssh").chmod(0o700)
    home.chmod(0o750)
    return tmp_path


def files(host: Path) -> dict[str, HomeFile]:
    who = person("ann", os.getuid(), "/home/ann")
    return {row.path: row for row in parse_home_files(in_root(host, HOMES), [who])}


def test_a_closed_home(host: Path) -> None:
    (home,) = parse_homes(in_root(host, HOMES), [person("ann", os.getuid(), "/home/ann")])
    assert (home.mode, home.kind, home.owned) == ("0750", "directory", True)
    assert (home.group_writable, home.other_readable, home.other_writable, home.shared_with) == (
        False,
    ) * 3 + ((),)
    assert list(files(host)) == ["/home/ann/.ssh/authorized_keys"]
    assert "secret" not in in_root(host, HOMES)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(".bashrc", 0o664), (".bashrc", 0o646), (".netrc", 0o600), (".ssh/id_rsa", 0o644), (".a|b c", 0o666)],
)
def test_files_that_matter_to_others(host: Path, name: str, mode: int) -> None:
    path = host / "home/ann" / name
    path.write_text("")
    path.chmod(mode)
    row = files(host)[f"/home/ann/{name}"]
    assert (row.mode, row.name, row.owned) == (f"{mode:04o}", name.rpartition("/")[2], True)
    assert row.in_ssh == name.startswith(".ssh/")


def test_a_folder_of_keys_that_a_group_can_write(host: Path) -> None:
    (host / "home/ann/.ssh").chmod(0o770)
    assert files(host)["/home/ann/.ssh"].group_writable


def test_homes_that_are_shared_absent_or_of_somebody_else() -> None:
    text = "home|directory|755|1001|100|ben|/home/ann\nend\n"
    twin = person("twin", 1002, "/home/ann/")
    rows = {home.account: home for home in parse_homes(text, (*PEOPLE, twin))}
    assert (rows["ann"].owned, rows["ann"].shared_with, rows["ann"].other_readable) == (
        False,
        ("twin",),
        True,
    )
    assert rows["ben"].kind == "absent"
    assert "daemon" not in rows


def test_files_outside_of_known_homes_are_left_out() -> None:
    text = "file|regular file|666|0|0|root|/elsewhere/.profile\n"
    text += "file|regular file|666|1001|100|ben|/home/ann/.profile\nend\n"
    (row,) = parse_home_files(text, PEOPLE)
    assert (row.account, row.owned, row.other_writable) == ("ann", False, True)


@pytest.mark.parametrize(
    "text", ["", "home|directory|755|0|0|root|/root\n", "home|d|9z|0|0|r|/x\nend\n", "x|y\nend\n"]
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_homes(text, PEOPLE)


def test_members_of_powerful_groups() -> None:
    web = person("web", 33, "/var/www", can_log_in=False)
    groups = [
        Group("docker", 998, ("ann", "web")),
        Group("disk", 6, ("ben", "root")),
        Group("dockers", 999, ("ann",)),
        Group("shadow", 42, ()),
    ]
    found = powerful_members(groups, (*PEOPLE, web))
    assert [(row.group, row.account, row.kind) for row in found] == [
        ("docker", "ann", "containers"),
        ("disk", "ben", "raw"),
    ]


@given(
    st.text(max_size=60),
    st.sampled_from(["", "home|", "file|directory|755|0|0|root|/home/ann/.x\n", "home|a|7|1|1|b|/c\n"]),
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (parse_homes, parse_home_files):
        try:
            parse(f"{prefix}{text}\nend\n", PEOPLE)
        except GapFound:
            continue
