"""Who gets in on hosts of other distributions: accounts, PAM, shells, sudo, sshd."""

from collections.abc import Mapping
from typing import Any


def both(module: str, active: bool, *values: Any) -> list[tuple[Any, ...]]:
    """The same lockout at the console and over SSH."""
    return [(service, module, active, *values) for service in ("login", "sshd")]


def entrances(empty: bool) -> list[tuple[str, bool, bool]]:
    """Nobody gets in with a wrong password; ``empty``: with none."""
    return [("login", False, empty), ("sshd", False, empty)]


def bash(*values: Any) -> list[tuple[Any, ...]]:
    return [("bash", *values)]


IDENTITY: Mapping[str, Mapping[str, Any]] = {
    # pam_tally2 at the console, pam_faillock over SSH; faillock.conf and pwquality.conf.d lie there, and no module of
    # this release reads them.
    "centos-7": {
        "account_sources": [(("files", "sss"), ())],
        "lockout": [
            ("login", "pam_tally2", True, 5, 900, False, 900),
            ("sshd", "pam_faillock", True, 5, 900, True, 900),
        ],
        "password_policy": [("pam_pwquality", True, 10, 3, False, 5, "sha512")],
        "login_services": entrances(empty=True),
        "login_umasks": bash(("002", "022"), "/etc/bashrc"),
        "session_idle": bash(600, True, "/etc/profile.d/tmout.sh"),
        "new_account_rules": [(90, 1, 7, "sha512", "077")],
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), False, False),
            ("ops", ("ops",), ("/usr/bin/systemctl ...",), True, False),
        ],
        "sudo_defaults": [(False, 300, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "sshd_branches": [
            ("any", "password", True, True, False),
            ("root", "password", True, True, False),
        ],
    },
    # The arguments of pam_faillock win over its file; pam_pwhistory of this release reads none; the system's rule for
    # cryptography reaches sshd by its command line.
    "anolis-8": {
        "account_sources": [(("sss", "files", "systemd"), ())],
        "lockout": both("pam_faillock", True, 5, 900, False, 900),
        "password_policy": [("pam_pwquality", True, 9, 4, False, 5, "sha512")],
        "login_services": entrances(empty=False),
        "login_umasks": bash(("002", "022"), "/etc/bashrc"),
        "session_idle": bash(0, False, "nothing"),
        "new_account_rules": [(99999, 0, 7, "sha512", "022")],
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), True, False),
        ],
        "sudo_defaults": [(True, 180, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "sshd_branches": [
            ("any", "password", True, True, False),
            ("root", "password", True, True, False),
        ],
        "system_crypto_policy": [("FUTURE", "FUTURE")],
    },
    # sssd has a domain to ask; authselect; pwquality.conf is read after pwquality.conf.d, and wins.
    "rocky-9": {
        "account_sources": [(("files", "sss"), ("sss",))],
        "sshd_branches": [("any", "no", True, True, False), ("root", "no", True, True, False)],
        "lockout": both("pam_faillock", True, 5, 1800, True, 60),
        "password_policy": [("pam_pwquality", True, 8, 3, False, 6, "sha512")],
        "login_services": entrances(empty=True),
        "login_umasks": bash(("022",), "pam_umask"),
        "new_account_rules": [(90, 1, 7, "sha512", "022")],
        "system_crypto_policy": [("DEFAULT", "DEFAULT")],
    },
    # As it is installed: authselect sssd without features; OpenSSL follows the policy of the system.
    "rocky-8": {
        "account_sources": [(("sss", "files", "systemd"), ())],
        "lockout": both("none", False, 0, 0, False, 0),
        "password_policy": [("pam_pwquality", True, 8, 0, False, 0, "sha512")],
        "login_services": entrances(empty=True),
        "login_umasks": bash(("002", "022"), "/etc/bashrc"),
        "session_idle": bash(0, False, "nothing"),
        "new_account_rules": [(99999, 0, 7, "sha512", "022")],
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [(False, 300, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "sshd_branches": [("any", "password", True, True, False), ("root", "password", True, True, False)],
        "system_crypto_policy": [("DEFAULT", "DEFAULT")],
    },
    # authselect minimal with-faillock with-pwhistory without-nullok; the values stand in files.
    "alma-9": {
        "account_sources": [(("files", "systemd"), ())],
        "lockout": both("pam_faillock", True, 5, 900, True, 900),
        "password_policy": [("pam_pwquality", True, 10, 4, True, 5, "yescrypt")],
        "login_services": entrances(empty=False),
        "login_umasks": bash(("022",), "pam_umask"),
        "session_idle": bash(600, True, "/etc/profile.d/tmout.sh"),
        "new_account_rules": [(90, 1, 7, "sha512", "022")],
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [(True, 300, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "sshd_branches": [("any", "no", True, True, False), ("root", "no", True, True, False)],
        "system_crypto_policy": [("DEFAULT:NO-SHA1", "DEFAULT")],
    },
    # Every branch of /etc/profile sets 077: whoever logs in has it.
    "openeuler-20.03": {
        "lockout": both("pam_faillock", True, 3, 60, True, 60),
        "password_policy": [("pam_pwquality", True, 8, 3, True, 5, "sha512")],
        "login_services": entrances(empty=True),
        "login_umasks": bash(("077",), "/etc/bashrc"),
        "session_idle": bash(300, False, "/etc/profile.d/tmout.sh"),
        "sshd_branches": [("any", "key", True, True, False), ("root", "key", True, True, False)],
    },
    "openeuler-22.03": {
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [(False, 300, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "lockout": both("pam_faillock", True, 3, 60, True, 60),
        "password_policy": [("pam_pwquality", True, 8, 3, True, 5, "sm3")],
        "login_umasks": bash(("077",), "/etc/bashrc"),
        "new_account_rules": [(90, 1, 7, "sm3", "077")],
        "system_crypto_policy": [("DEFAULT", "DEFAULT")],
    },
    "kylin-v10": {
        "account_sources": [(("files", "sss"), ())],
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%wheel", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [(False, 300, "/sbin:/bin:/usr/sbin:/usr/bin")],
        "lockout": both("pam_faillock", True, 5, 600, True, 600),
        "password_policy": [("pam_pwquality", True, 8, 3, True, 0, "sha512")],
        "login_services": entrances(empty=True),
        "login_umasks": bash(("002", "022"), "/etc/bashrc"),
        "new_account_rules": [(90, 1, 7, "sha512", "077")],
    },
    # pam_cracklib: a capital, a small letter and a digit are demanded, and others shorten the length by one.
    "uos-20": {
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%admin", (), ("ALL",), False, False),
            ("%sudo", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [(False, 900, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")],
        "lockout": both("pam_tally2", True, 5, 600, True, 600),
        "password_policy": [("pam_cracklib", True, 9, 3, False, 5, "sha512")],
        "login_umasks": bash(("022",), "pam_umask"),
        "new_account_rules": [(99999, 0, 7, "sha512", "022")],
    },
    "ubuntu-20.04": {
        "lockout": both("none", False, 0, 0, False, 0),
        "password_policy": [("pam_pwquality", True, 8, 0, False, 0, "sha512")],
        "login_umasks": bash(("022",), "pam_umask"),
    },
    # As guides write it: the jump of pam_unix lands on authsucc.
    "ubuntu-22.04": {
        "sudo_rules": [
            ("root", ("root",), ("ALL",), False, False),
            ("%admin", (), ("ALL",), False, False),
            ("%sudo", ("ann",), ("ALL",), False, False),
        ],
        "sudo_defaults": [
            (True, 900, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin")
        ],
        "lockout": both("pam_faillock", True, 5, 900, False, 900),
        "password_policy": [("pam_pwquality", True, 8, 0, False, 0, "yescrypt")],
        "login_services": entrances(empty=True),
        "new_account_rules": [(99999, 0, 7, "sha512", "022")],
        "sshd_branches": [("any", "key", False, True, False), ("root", "key", False, True, False)],
    },
    # As pam-auth-update writes it: the values stand in faillock.conf.
    "ubuntu-24.04": {
        "lockout": both("pam_faillock", True, 3, 60, True, 60),
        "new_account_rules": [(99999, 0, 7, "yescrypt", "022")],
    },
    # /usr/etc/pam.d/sshd of the vendor counts; sudo asks for the password of root; pam_unix takes no empty one.
    "sles-15": {
        "account_sources": [(("files",), ())],
        "lockout": both("pam_tally2", True, 5, 900, False, 900),
        "password_policy": [("pam_cracklib", True, 12, 3, False, 5, "login.defs")],
        "login_services": entrances(empty=False),
        "login_umasks": bash(("027",), "/etc/profile.local"),
        "session_idle": bash(600, False, "/etc/profile.local"),
        "new_account_rules": [(90, 0, 7, "sha512", "022")],
        "sshd_branches": [("any", "key", False, True, False), ("root", "key", False, True, False)],
        "sudo_rules": [
            ("ALL", ("at", "bin", "root", "ann"), ("ALL",), False, True),
            ("root", ("root",), ("ALL",), False, True),
        ],
    },
    # Neither PAM nor login.defs: busybox keeps the accounts and locks nobody. It was built to heed TMOUT; sshd knows
    # no usepam.
    "alpine-3": {
        "lockout": [("login", "none", False, 0, 0, False, 0)],
        "password_policy": [("busybox", True, 6, 0, False, 0, "login.defs")],
        "new_account_rules": [(99999, 0, 7, "sha512", "022")],
        "login_umasks": [("sh", ("022",), "/etc/profile")],
        "session_idle": [("ash", 300, False, "/etc/profile.d/timeout.sh")],
        "sshd_branches": [("any", "key", True, False, False), ("root", "key", True, False, False)],
    },
    # Alpine with linux-pam: its passwd(1) asks no stack of PAM.
    "alpine-3-pam": {
        "lockout": both("none", False, 0, 0, False, 0),
        "password_policy": [("busybox", True, 6, 0, False, 0, "login.defs")],
        "login_services": entrances(empty=True),
    },
}
