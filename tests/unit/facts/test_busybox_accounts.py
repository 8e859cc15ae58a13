"""Alpine without PAM and without the tools of shadow."""

import pytest

from secaudit.facts.busybox_accounts import LOGIN_DEFS, changes_passwords, kept_by_busybox
from secaudit.facts.fact import GapFound
from secaudit.facts.os import OperatingSystem
from secaudit.facts.pam import PAM_FILES
from secaudit.model.evidence import Gap, GapReason
from tests.unit.facts.answers import evidence

ALPINE = OperatingSystem("alpine", (), "3.20.7", "", "Alpine Linux v3.20")
DEBIAN = OperatingSystem("debian", (), "12", "bookworm", "Debian GNU/Linux 12")
NO_OS = Gap(GapReason.FAILED, "os-release")
LOGIN = "#+ /etc/pam.d/login\n#= /etc/pam.d/login\n auth required pam_unix.so\n"
DEFS = "#+ /etc/login.defs\n#= /etc/login.defs\n PASS_MAX_DAYS 90\n"


@pytest.mark.parametrize(
    ("pam", "login_defs", "system", "kept"),
    [
        ("", "", ALPINE, True),
        # what was left over or belongs to PAM's modules is no PAM
        ("#= unread /etc/security/pwhistory.conf\n", "", ALPINE, True),
        (LOGIN, "", ALPINE, False),
        ("", DEFS, ALPINE, False),
        ("", "", DEBIAN, False),
        (LOGIN, DEFS, NO_OS, False),
    ],
)
def test_who_keeps_the_accounts(pam: str, login_defs: str, system: object, kept: bool) -> None:
    assert kept_by_busybox(evidence({PAM_FILES: pam, LOGIN_DEFS: login_defs}, {"os": system})) is kept


@pytest.mark.parametrize(
    ("pam", "system", "changes"),
    [
        ("", ALPINE, True),
        (LOGIN, ALPINE, True),
        (LOGIN.replace("login", "passwd"), ALPINE, False),
        ("#+ /etc/pam.conf\n#= /etc/pam.conf\n other auth required pam_unix.so\n", ALPINE, False),
        (LOGIN, DEBIAN, False),
    ],
)
def test_who_changes_passwords(pam: str, system: object, changes: bool) -> None:
    assert changes_passwords(evidence({PAM_FILES: pam, LOGIN_DEFS: ""}, {"os": system})) is changes


def test_a_system_that_is_not_known_is_a_gap() -> None:
    with pytest.raises(GapFound):
        kept_by_busybox(evidence({PAM_FILES: "", LOGIN_DEFS: ""}, {"os": NO_OS}))
