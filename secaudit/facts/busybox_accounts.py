"""Alpine as it is installed: busybox keeps the accounts and asks no PAM; its rules cannot be set."""

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence
from secaudit.facts.pam import PAM_FILES
from secaudit.facts.programs import ALPINE, family_of
from secaudit.model.evidence import Probe

LOGIN_DEFS = Probe(
    "accounts.login_defs", print_files("/usr/etc/login.defs /etc/login.defs /etc/login.defs.d/*.defs")
)
# What a fact has to ask for who wants to know.
ASKED = (PAM_FILES, LOGIN_DEFS)


def kept_by_busybox(evidence: Evidence) -> bool:
    """Whether neither PAM nor the tools of shadow (which bring login.defs) are there, on Alpine.

    Needs the fact ``os``, which may be a gap where it is not Alpine that lacks them.
    """
    return not _of_pam(evidence, "") and _without_shadow(evidence)


def changes_passwords(evidence: Evidence) -> bool:
    """Whether passwd(1) is that of busybox, which asks no PAM even where login(1) and sshd do. Needs the same."""
    return not _of_pam(evidence, "passwd") and _without_shadow(evidence)


def _of_pam(evidence: Evidence, service: str) -> bool:
    """Whether PAM is set up for the service (none named: for any)."""
    paths = [file.path for file in config_files(evidence.text(PAM_FILES.id))]
    return "/etc/pam.conf" in paths or any(
        "/pam.d/" in path and service in ("", path.rpartition("/")[2]) for path in paths
    )


def _without_shadow(evidence: Evidence) -> bool:
    if config_files(evidence.text(LOGIN_DEFS.id)):
        return False
    return family_of(evidence.fact("os")) == ALPINE
