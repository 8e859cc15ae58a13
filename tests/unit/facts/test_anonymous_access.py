"""Anonymous users of file services, and accounts that a key opens."""

from pathlib import Path

import pytest

from secaudit.facts.anonymous_access import ANONYMOUS, anonymous_access, keyed_accounts
from secaudit.facts.config_files import config_files
from secaudit.facts.login_bypass import KeyHolders
from tests.unit.facts.answers import in_root


@pytest.mark.parametrize(
    ("path", "text", "service", "allowed", "undecided"),
    [
        ("vsftpd.conf", "anonymous_enable=NO\n", "vsftpd", False, False),
        ("vsftpd.conf", "anonymous_enable=NO\nanonymous_enable=YES\n", "vsftpd", True, False),
        ("vsftpd.conf", "#anonymous_enable=NO\n", "vsftpd", True, False),
        ("other.conf", "", "vsftpd", True, True),
        ("samba/smb.conf", "[x]\n guest ok = no\n", "smbd", False, False),
        ("samba/smb.conf", "[x]\n Guest OK = Yes\n", "smb", True, False),
        ("samba/smb.conf", "[x]\n; public = yes\n include = /etc/more\n", "smbd", False, True),
        ("other.conf", "", "proftpd", False, True),
    ],
)
def test_whom_a_file_service_lets_in(
    tmp_path: Path, path: str, text: str, service: str, allowed: bool, undecided: bool
) -> None:
    file = tmp_path / "etc" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    (found,) = anonymous_access(config_files(in_root(tmp_path, ANONYMOUS)), {service, "ssh"})
    assert (found.service, found.allowed, found.undecided) == (service, allowed, undecided)


def test_a_service_that_does_not_start_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/vsftpd.conf").write_text("anonymous_enable=YES\n")
    assert anonymous_access(config_files(in_root(tmp_path, ANONYMOUS)), {"ssh"}) == ()


def test_an_empty_file_of_keys_opens_nothing() -> None:
    rows = [KeyHolders("ann", 2, "/a"), KeyHolders("ann", 1, "/b"), KeyHolders("ben", 0, "/c")]
    assert keyed_accounts(rows).names == ("ann",)
