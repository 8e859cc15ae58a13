"""The SSH daemons as they are configured for every kind of connection: sshd(8) -T, sshd_config(5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.sshd_answers import (
    Answer,
    Match,
    Settings,
    SshdAnswers,
    answers_of,
    bearing_on,
    branch_name,
    parse_sshd,
)
from secaudit.facts.sshd_methods import (
    always_password,
    excludes_passwords,
    method_kinds,
    password_suffices,
    takes_passwords,
    uses_pam,
)
from secaudit.facts.sshd_probe import DECIDING, SSHD
from secaudit.facts.sshd_root import names_addresses, root_login, root_only_from_addresses
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class SshdInstalled:
    """Whether an SSH daemon is installed here."""

    installed: bool


@dataclass(frozen=True, slots=True)
class SshdBranch:
    """What holds for one kind of connection: ``default``, or the Match line that sets something.

    A daemon that is not the system's own, or has options of its own, is named behind it.

    ``user`` is ``any`` or ``root``: whose connection was asked for. ``from_some_addresses_only``: the Match line names
    addresses or hosts. ``root_login``: ``no``, ``key`` (keys only, or only forced commands), ``password``; AllowUsers,
    DenyUsers and the groups are taken into account. ``root_from_some_addresses_only``: root is let in from named
    addresses only. ``passwords``: some way of logging in takes a password.
    ``second_method_required``: AuthenticationMethods asks for a key and a password (or what PAM asks) together,
    whichever choice is taken. ``always_password``: nobody gets in without a password (or what PAM asks).
    """

    branch: str
    user: str
    from_some_addresses_only: bool
    root_login: str
    root_from_some_addresses_only: bool
    passwords: bool
    public_keys: bool
    permit_empty_passwords: bool
    hostbased: bool
    ignore_rhosts: bool
    use_pam: bool
    authentication_methods: tuple[str, ...]
    second_method_required: bool
    always_password: bool
    max_auth_tries: int
    login_grace_time_s: int
    client_alive_interval_s: int
    channel_timeout: str
    log_level: str
    allow_users: tuple[str, ...]
    allow_groups: tuple[str, ...]
    deny_users: tuple[str, ...]
    deny_groups: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]
    kex_algorithms: tuple[str, ...]
    host_key_algorithms: tuple[str, ...]
    permit_user_environment: bool
    ports: tuple[int, ...]


def branches(found: SshdAnswers, groups: Sequence[Group]) -> tuple[SshdBranch, ...]:
    """Every branch that sets something of DECIDING; raises GapFound for one whose connections could not be made up."""
    of_root = {group.name for group in groups if "root" in group.members}
    rows = [_branch(answer, match, of_root) for answer, match in bearing_on(found, DECIDING)]
    return tuple(dict.fromkeys(rows))


def _branch(answer: Answer, match: Match | None, root_groups: set[str]) -> SshdBranch:
    seen = Settings(answer)
    line = match.line if match else "default"
    passwords = takes_passwords(seen)
    methods = seen.words("authenticationmethods")
    narrow = names_addresses(line)
    return SshdBranch(
        branch=branch_name(answer, match),
        user="root" if answer.kind == "root" else "any",
        from_some_addresses_only=narrow,
        root_login=root_login(seen, passwords and password_suffices(methods), root_groups),
        root_from_some_addresses_only=narrow or root_only_from_addresses(seen),
        passwords=passwords and not excludes_passwords(methods),
        public_keys=seen.yes("pubkeyauthentication"),
        permit_empty_passwords=seen.yes("permitemptypasswords"),
        hostbased=seen.yes("hostbasedauthentication"),
        ignore_rhosts=seen.one("ignorerhosts") != "no",
        use_pam=uses_pam(seen),
        authentication_methods=methods,
        second_method_required=bool(methods)
        and all(method_kinds(method) >= {"key", "password"} for method in methods),
        always_password=always_password(seen, methods),
        max_auth_tries=seen.integer("maxauthtries"),
        login_grace_time_s=seen.integer("logingracetime"),
        client_alive_interval_s=seen.integer("clientaliveinterval"),
        channel_timeout=" ".join(seen.words("channeltimeout")) or "none",
        log_level=seen.one("loglevel"),
        allow_users=seen.words("allowusers"),
        allow_groups=seen.words("allowgroups"),
        deny_users=seen.words("denyusers"),
        deny_groups=seen.words("denygroups"),
        ciphers=seen.list("ciphers"),
        macs=seen.list("macs"),
        kex_algorithms=seen.list("kexalgorithms"),
        host_key_algorithms=seen.list("hostkeyalgorithms"),
        permit_user_environment=seen.one("permituserenvironment") != "no",
        ports=tuple(number(port, "port") for port in seen.all("port")),
    )


def build_sshd_installed(evidence: Evidence) -> SshdInstalled:
    """Whether sshd is here."""
    return SshdInstalled(evidence.parsed(SSHD.id, parse_sshd).installed)


def build_sshd_branches(evidence: Evidence) -> tuple[SshdBranch, ...]:
    """The branches; empty where no sshd is installed."""
    return branches(answers_of(evidence), evidence.fact("groups"))


SSHD_INSTALLED = Fact(
    "sshd_installed",
    Text("SSH服务是否安装", "SSH daemon installed"),
    SshdInstalled,
    build_sshd_installed,
    (SSHD,),
)
SSHD_BRANCHES = Fact(
    "sshd_branches",
    Text("SSH服务的生效配置", "Effective configuration of the SSH daemon"),
    tuple[SshdBranch, ...],
    build_sshd_branches,
    (SSHD, PASSWD, GROUP),
    uses=("groups",),
)
