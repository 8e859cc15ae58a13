"""How the host asks a directory about people: sssd.conf(5), sssd-ldap(5), nslcd.conf(5), ldap.conf of nss and PAM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Only these keys leave the target: bind passwords stand in the same files.
_KEPT = (
    "id_provider|auth_provider|ldap_uri|ldap_id_use_start_tls|ldap_tls_reqcert|ldap_service_type|domains"
    "|cache_credentials|offline_credentials_expiration|ldap_auth_disable_tls_never_use_in_production"
    "|uri|host|ssl|tls_reqcert|tls_checkpeer"
)
DIRECTORIES_PROBE = Probe(
    "accounts.directories",
    print_files(
        "/etc/sssd/sssd.conf /etc/sssd/conf.d/*.conf /etc/nslcd.conf /etc/libnss-ldap.conf /etc/pam_ldap.conf"
        " /etc/ldap.conf",
        rf"""/^[ \t]*[#;]/ {{ next }}
{{ sub(/[ \t\r]+$/, ""); sub(/^[ \t]+/, "") }}
/^\[/ {{ print " " $0; next }}
{{ key = tolower($0); sub(/[ \t=].*/, "", key)
  if (key ~ /^({_KEPT})$/) {{ value = $0; sub(/^[^ \t=]+[ \t]*=?[ \t]*/, "", value)
    gsub(/:\/\/[^ \t,]*@/, "://", value); print " " key "=" value }} }}""",
    ),
    root=True,
    reduces=Text(
        "只取说明如何访问目录服务的配置项，不含绑定用户名与口令",
        "only the keys that tell how a directory is reached; no names and no passwords of binds",
    ),
)


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory this host asks: the file and, of sssd, the domain.

    ``encrypted``: what is asked, and the password of a person, travels under TLS or a ticket's seal.
    ``certificate_checked``: the server has to show a certificate that is known here (without meaning for tickets).
    ``keeps_passwords``: hashes are kept so that people get in while the directory is away, for ``keeps_days``; 0 means
    without end.
    """

    name: str
    encrypted: bool
    certificate_checked: bool
    keeps_passwords: bool
    keeps_days: int


Settings = Mapping[str, str]
# Providers of sssd that seal what they send with a ticket.
_SEALED = frozenset({"ad", "ipa"})
# Domains that ask nobody else.
_LOCAL = frozenset({"files", "local", "proxy"})


def directories(files: Sequence[ConfigFile], central: Sequence[str]) -> tuple[Directory, ...]:
    """The directories that nsswitch.conf(5) has asked; raises GapFound where their file is not there."""
    found: list[Directory] = []
    if "sss" in central:
        found.extend(_sssd([file for file in files if "/sssd/" in file.path]))
    if "ldap" in central:
        plain = [file for file in files if "/sssd/" not in file.path]
        if not plain:
            raise GapFound(GapReason.NOT_COLLECTED, "nsswitch.conf names ldap, and no file says which server")
        found.extend(_ldap(file) for file in plain if {"uri", "host"} & set(_settings(file.lines)))
    return tuple(found)


def _settings(lines: Sequence[str]) -> dict[str, str]:
    """``uri=ldaps://x`` → {"uri": "ldaps://x"}; a later value wins."""
    return {key: value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _sssd(files: Sequence[ConfigFile]) -> list[Directory]:
    """The enabled domains; files of conf.d change what sssd.conf says."""
    sections: dict[str, list[str]] = {}
    for file in files:
        current: list[str] = []
        for line in file.lines:
            if line.startswith("["):
                current = sections.setdefault(line.strip("[] ").lower(), [])
            else:
                current.append(line)
    named = _settings(sections.get("sssd", ())).get("domains", "")
    wanted = {f"domain/{name.strip().lower()}" for name in named.split(",") if name.strip()}
    shared = _settings(sections.get("pam", ()))
    domains = {name: _settings(lines) for name, lines in sections.items() if name in wanted}
    return [
        _domain(name, values, shared)
        for name, values in domains.items()
        if values.get("id_provider", "") not in _LOCAL
    ]


def sssd_asks_nobody(text: str) -> bool:
    """Whether no domain of sssd, enabled or not, lies outside this host; raises GapFound."""
    lines = [line for file in config_files(text) if "/sssd/" in file.path for line in file.lines]
    providers = {_settings((line,)).get("id_provider") for line in lines} - {None}
    return not any(line.lower().startswith("[domain/") for line in lines) or (
        bool(providers) and providers <= {"files", "local"}
    )


def _domain(name: str, values: Settings, shared: Settings) -> Directory:
    sealed = values.get("id_provider") in _SEALED
    everywhere = _all_tls(values.get("ldap_uri", ""))
    started = values.get("ldap_id_use_start_tls", "false").lower() == "true"
    plain_login = values.get("ldap_auth_disable_tls_never_use_in_production", "false").lower() == "true"
    return Directory(
        name=f"sssd {name.removeprefix('domain/')}",
        encrypted=(sealed or everywhere or started) and not plain_login,
        certificate_checked=sealed or values.get("ldap_tls_reqcert", "hard").lower() in ("hard", "demand"),
        keeps_passwords=values.get("cache_credentials", "false").lower() == "true",
        keeps_days=number(
            shared.get("offline_credentials_expiration", "0"), "offline_credentials_expiration"
        ),
    )


def _ldap(file: ConfigFile) -> Directory:
    values = _settings(file.lines)
    started = values.get("ssl", "no").lower() in ("start_tls", "on", "yes")
    checked = values.get("tls_reqcert", "demand").lower() in ("hard", "demand")
    return Directory(
        name=file.path,
        encrypted=started or _all_tls(values.get("uri", "")),
        certificate_checked=checked and values.get("tls_checkpeer", "yes").lower() in ("yes", "on", "true"),
        keeps_passwords=False,
        keeps_days=0,
    )


def _all_tls(uris: str) -> bool:
    """Every server is asked by ldaps, or by a socket of this host."""
    named = uris.replace(",", " ").split()
    return bool(named) and all(uri.lower().startswith(("ldaps://", "ldapi://")) for uri in named)


def build_directories(evidence: Evidence) -> tuple[Directory, ...]:
    """The directories; empty where all accounts are in this host's files."""
    central = evidence.fact("account_sources").central
    if not {"sss", "ldap"} & set(central):
        return ()
    return directories(config_files(evidence.text(DIRECTORIES_PROBE.id)), central)


DIRECTORIES = Fact(
    "directories",
    Text("账户目录的访问方式", "How directories of accounts are asked"),
    tuple[Directory, ...],
    build_directories,
    (DIRECTORIES_PROBE,),
    uses=("account_sources",),
)
