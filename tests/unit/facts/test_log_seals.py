"""Whether records can be altered unseen. The lines of lsattr are those of Debian 12 on ext4."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.log_seals import SEALS, LogSeals, seals
from tests.unit.facts.answers import in_root

AUTH = "/var/log/auth.log"
JOURNALD = "#+ /etc/systemd/journald.conf\n#= /etc/systemd/journald.conf"


def told(files: str = "", attributes: str = "", journals: str = "", settings: str = "") -> str:
    return f"@@ files\n{files}\n@@ attributes\n{attributes}\n@@ journals\n{journals}\n@@ settings\n{settings}\n@@ end\n"


@pytest.mark.parametrize(
    ("files", "attributes", "alterable", "kept"),
    [
        (AUTH, f"-----a--------e------- {AUTH}", (), True),
        (AUTH, f"----i---------e------- {AUTH}", (), True),
        (AUTH, f"-------A------eI------ {AUTH}", (AUTH,), False),  # no access times, an index
        (AUTH, "", (AUTH,), False),  # no lsattr, or a file system without attributes
        (f"{AUTH}\n{AUTH}.1", f"-----a---- {AUTH}\n---------- {AUTH}.1", (f"{AUTH}.1",), False),
        ("/var/log/syslog", "-----a---- /var/log/syslog", (), False),  # no records of logins
        ("/var/log/secure", "-----a---- /var/log/secure", (), True),
        ("", "", (), False),
    ],
)
def test_files_that_only_grow(files: str, attributes: str, alterable: tuple[str, ...], kept: bool) -> None:
    assert seals(told(files, attributes)) == LogSeals(alterable, kept, "none")


@pytest.mark.parametrize(
    ("journals", "settings", "expected"),
    [
        ("", "", "none"),
        ("", f"{JOURNALD}\n Seal=yes", "none"),
        ("key", "", "sealed"),
        ("none", "", "no_key"),
        ("none", f"{JOURNALD}\n Seal=yes", "no_key"),
        ("key\nnone", "", "no_key"),  # an older machine id
        ("key", f"{JOURNALD}\n Seal=no", "off"),
        ("key", f"{JOURNALD}\n Seal=no\n Seal=yes", "sealed"),
        (
            "key",
            (
                f"{JOURNALD}\n Seal=yes\n"
                "#+ /etc/systemd/journald.conf.d/a.conf\n#= /etc/systemd/journald.conf.d/a.conf\n Seal=off"
            ),
            "off",
        ),
    ],
)
def test_seals_of_the_journal(journals: str, settings: str, expected: str) -> None:
    assert seals(told(journals=journals, settings=settings)).journal == expected


def test_the_probe_on_a_folder(tmp_path: Path) -> None:
    for folder in ("var/log/journal/0123", "var/log/audit", "etc/systemd/journald.conf.d"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "var/log/auth.log").write_text("x\n")
    (tmp_path / "var/log/auth.log.1").symlink_to("auth.log")
    (tmp_path / "var/log/audit/audit.log.1").write_text("x\n")
    (tmp_path / "etc/systemd/journald.conf.d/seal.conf").write_text("[Journal]\n#Seal=no\n Seal = yes\n")
    assert seals(in_root(tmp_path, SEALS, steady=False)) == LogSeals(
        ("/var/log/auth.log", "/var/log/audit/audit.log.1"), False, "no_key"
    )
    (tmp_path / "var/log/journal/0123/fss").write_text("key")
    assert seals(in_root(tmp_path, SEALS, steady=False)).journal == "sealed"


@pytest.mark.parametrize(
    "text",
    ["", "@@ files\n", "@@ journals\nkey\n@@ settings\n Seal=yes\n@@ end\n"],
    ids=["empty", "cut", "no file"],
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        seals(text)
