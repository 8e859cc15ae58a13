"""Who becomes root with su, by family: Debian, RHEL, SUSE; with pam_wheel in its ways."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.pam import parse_pam
from secaudit.facts.su import SuService, su_services
from secaudit.model.evidence import GapReason

DEBIAN_AUTH = """auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so"""
RHEL_AUTH = """auth required pam_env.so
auth sufficient pam_unix.so try_first_pass nullok
auth requisite pam_succeed_if.so uid >= 1000 quiet_success
auth required pam_deny.so"""


def su(*lines: str, auth: str = DEBIAN_AUTH) -> SuService:
    text = ["#+ /etc/pam.d/common-auth", "#+ /etc/pam.d/su", "#= /etc/pam.d/common-auth"]
    text += [f" {line}" for line in auth.split("\n")]
    text += ["#= /etc/pam.d/su", *(f" {line}" for line in lines)]
    (row,) = su_services(parse_pam("\n".join(text)))
    return row


@pytest.mark.parametrize("auth", [DEBIAN_AUTH, RHEL_AUTH])
@pytest.mark.parametrize(
    ("lines", "open_to_all", "unasked"),
    [
        ([], True, False),
        (["auth required pam_wheel.so use_uid"], False, False),
        (["auth requisite pam_wheel.so use_uid group=sudo"], False, False),
        (["auth required pam_wheel.so deny group=nosu"], True, False),
        (["auth sufficient pam_wheel.so trust use_uid"], True, True),
        (["auth sufficient pam_wheel.so use_uid"], True, False),
        (["auth optional pam_wheel.so use_uid"], True, False),
        (["auth [success=ignore default=die] pam_wheel.so use_uid"], False, False),
        (["auth required pam_succeed_if.so use_uid user ingroup wheel"], False, False),
        (["auth sufficient pam_succeed_if.so use_uid user ingroup wheel"], True, True),
        (["auth sufficient pam_permit.so"], True, True),
        (["-auth required pam_wheel.so root_only"], False, False),
    ],
)
def test_what_stands_before_the_password(
    auth: str, lines: list[str], open_to_all: bool, unasked: bool
) -> None:
    row = su("auth sufficient pam_rootok.so", *lines, "@include common-auth", auth=auth)
    assert (row.open_to_all, row.unasked) == (open_to_all, unasked)


def test_behind_a_stack_that_is_already_done_it_stops_nobody() -> None:
    assert su("auth include common-auth", "auth required pam_wheel.so use_uid", auth=RHEL_AUTH).open_to_all
    assert not su(
        "auth substack common-auth", "auth required pam_wheel.so use_uid", auth=RHEL_AUTH
    ).open_to_all


def test_a_module_that_is_not_known_and_decides_is_a_gap() -> None:
    with pytest.raises(GapFound) as found:
        su(
            "auth required pam_listfile.so onerr=fail item=ruser sense=allow file=/etc/su.users",
            "@include common-auth",
        )
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_no_su_in_pam_is_no_service() -> None:
    assert (
        su_services(parse_pam("#+ /etc/pam.d/login\n#= /etc/pam.d/login\n auth required pam_unix.so")) == ()
    )
