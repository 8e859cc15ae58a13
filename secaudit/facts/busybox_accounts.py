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
    files = config_files(evidence.text(PAM_FILES.id))
    if any("/pam.d/" in file.path or file.path == "/etc/pam.conf" for file in files):
        return False
    if config_files(evidence.text(LOGIN_DEFS.id)):
        return False
    return family_of(evidence.fact("os")) == ALPINE
