"""Files of PAM as distributions install them, and what facts make of them."""

from secaudit.facts.groups import Group
from secaudit.facts.pam import PamConfiguration, parse_pam
from secaudit.facts.pam_conditions import people
from secaudit.facts.pam_lockout import Lockout
from secaudit.facts.pam_lockout import lockouts as lockouts_for
from secaudit.facts.pam_services import LoginService
from secaudit.facts.pam_services import login_services as services_for
from secaudit.facts.passwd_file import Identity

DEBIAN = """auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so"""
DEBIAN_FAILLOCK = """auth required pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
auth requisite pam_deny.so
auth required pam_permit.so"""
RHEL_9 = """auth required pam_env.so
auth required pam_faildelay.so delay=2000000
auth required pam_faillock.so preauth silent
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth [default=1 ignore=ignore success=ok] pam_localuser.so
auth sufficient pam_unix.so nullok
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth sufficient pam_sss.so forward_pass
auth required pam_faillock.so authfail
auth required pam_deny.so
password requisite pam_pwquality.so local_users_only
password sufficient pam_unix.so sha512 shadow nullok use_authtok
password required pam_deny.so"""
RHEL_7_TALLY = """auth required pam_env.so
auth required pam_tally2.so deny=5 unlock_time=900 even_deny_root
auth sufficient pam_unix.so nullok try_first_pass
auth requisite pam_succeed_if.so uid >= 1000 quiet_success
auth required pam_deny.so"""


PEOPLE = people(
    [
        Identity("root", 0, 0, "/root", "/bin/bash", True, False),
        Identity("ann", 1000, 1000, "/home/ann", "/bin/bash", True, False),
    ],
    [Group("kiosk", 50, ("ann",)), Group("nopasswdlogin", 51, ())],
)


def login_services(found: PamConfiguration) -> tuple[LoginService, ...]:
    return services_for(found, PEOPLE)


def lockouts(found: PamConfiguration) -> tuple[Lockout, ...]:
    return lockouts_for(found, PEOPLE)


def service(*lines: str) -> LoginService:
    (row,) = login_services(parse_pam(printed({"sshd": "\n".join(lines)})))
    return row


def printed(services: dict[str, str], **settings: str) -> str:
    """What the probe prints for files in /etc/pam.d and settings by path (``_`` for the file's own name)."""
    out = []
    for name, text in services.items():
        out += [f"#+ /etc/pam.d/{name}", f"#= /etc/pam.d/{name}", *(f" {line}" for line in text.splitlines())]
    for name, text in settings.items():
        path = f"/etc/security/{name}.conf"
        out += [f"#+ {path}", f"#= {path}", *(f" {line}" for line in text.splitlines())]
    return "\n".join(out)
