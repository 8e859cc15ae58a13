"""Where the host looks for accounts, groups and sudo rules beside its own files."""

from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.directories import DIRECTORIES_PROBE, sssd_asks_nobody
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.passwd_file import parse_passwd
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class AccountSources:
    """Where nsswitch.conf(5) looks for accounts, groups and sudo rules: ``files``, ``sss``, ``ldap`` …

    ``central``: those of them that lie outside this host's files; their accounts are not in ``accounts``.
    """

    passwd: tuple[str, ...]
    group: tuple[str, ...]
    sudoers: tuple[str, ...]
    central: tuple[str, ...]


def build_account_sources(evidence: Evidence) -> AccountSources:
    """The sources; a database that nsswitch.conf does not name is looked up in ``files`` (nsswitch.conf(5)).

    The RHEL family names sss whether or not sssd has a domain to ask.
    """
    found = evidence.parsed(PASSWD.id, parse_passwd).sources
    passwd, group, sudoers = (found.get(name, ("files",)) for name in ("passwd", "group", "sudoers"))
    here = {"files", "systemd", "mymachines", "altfiles", "usrfiles", "extrausers", "db"}
    if _sssd_is_idle(evidence):
        here.add("sss")
    named = (*passwd, *group, *sudoers)
    central = tuple(dict.fromkeys(name for name in named if name not in here and not name.startswith("[")))
    return AccountSources(passwd, group, sudoers, tuple(name for name in central if "=" not in name))


def _sssd_is_idle(evidence: Evidence) -> bool:
    """Whether sssd is known to know no more than the files; without root its settings are not known."""
    try:
        return sssd_asks_nobody(evidence.text(DIRECTORIES_PROBE.id))
    except GapFound:
        return False


ACCOUNT_SOURCES = Fact(
    "account_sources",
    Text("账户来源", "Sources of accounts"),
    AccountSources,
    build_account_sources,
    (PASSWD, DIRECTORIES_PROBE),
)
