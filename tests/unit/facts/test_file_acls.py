"""Who gets into files beside what their modes say."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.file_acls import ACLS, AclEntry, build_acls, parse_acls
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import evidence


def entries(path: str, *lines: str) -> list[tuple[str, str, bool]]:
    text = "\n".join([f"# file: {path}", "# owner: root", "# group: root", "user::rw-", *lines, "", "end\n"])
    return [(e.who, e.rights, e.opens) for e in parse_acls(text)]


@pytest.mark.parametrize(
    ("path", "line", "rights", "opens"),
    [
        ("/etc/shadow", "user:bob:r--", "r--", True),
        ("/etc/shadow", "group:ops:rw-\t#effective:r--", "r--", True),
        ("/etc/sudoers.d/ops", "user:bob:r--", "r--", True),
        ("/etc/ssh/ssh_host_rsa_key", "user:bob:r--", "r--", True),
        ("/etc/passwd", "user:bob:r--", "r--", False),
        ("/etc/passwd", "user:bob:rw-", "rw-", True),
        ("/etc/passwd", "user:bob:rw-\t\t#effective:r--", "r--", False),
        ("/usr/local/bin", "group:1005:rwx", "rwx", True),
        ("/root", "user:bob:--x", "--x", False),
        ("/etc/sudoers.d/a/b", "user:bob:r--", "r--", False),
    ],
)
def test_what_an_entry_opens(path: str, line: str, rights: str, opens: bool) -> None:
    ((_who, found, opened),) = entries(path, line)
    assert (found, opened) == (rights, opens)


@pytest.mark.parametrize(
    "line",
    [
        "user:root:rw-",
        "group:root:r--",
        "user:0:r--",
        "user:bob:rw-\t#effective:---",
        "default:user:bob:rwx",
        "mask::rwx",
        "group::r--",
        "other::rw-",
    ],
)
def test_what_names_nobody_else(line: str) -> None:
    assert entries("/etc/shadow", line) == []


def test_each_file_has_its_own() -> None:
    text = "# file: /etc/group\nuser:ann:r--\n\n# file: /etc/shadow\nuser:bob:r--\n\nend\n"
    assert build_acls(evidence({ACLS: text})) == (
        AclEntry("/etc/group", "user ann", "r--", False),
        AclEntry("/etc/shadow", "user bob", "r--", True),
    )


def test_a_list_that_nobody_reads_is_a_gap() -> None:
    with pytest.raises(GapFound) as found:
        parse_acls("listed /etc/shadow\nend\n")
    assert found.value.gap.reason is GapReason.NO_TOOL


def test_none() -> None:
    assert parse_acls("end\n") == ()


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_acls("# file: /etc/group\nuser:ann:r--\n")
