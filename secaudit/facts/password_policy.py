"""What a new password must look like when a person changes it, as the PAM stack really runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.busybox_accounts import ASKED, changes_passwords
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.pam import PamConfiguration, read_pam, settings_of
from secaudit.facts.pam_stack import Module, Stack, modules, stack_of
from secaudit.facts.password_demand import binds_root, demand, refuses_user_name
from secaudit.facts.password_stack import QUALITY_MODULES, enforced
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# passwd(1) asks `passwd`; where it has no stack of its own, the one it would take in.
SERVICES = ("passwd", "common-password", "system-auth", "password-auth")
# Modules of the password stack that do not judge a new password, or judge only whether it is an old one.
_NO_CHECKERS = frozenset(
    {
        *(
            "pam_unix",
            "pam_deny",
            "pam_permit",
            "pam_pwhistory",
            "pam_sss",
            "pam_ldap",
            "pam_krb5",
            "pam_winbind",
        ),
        *(
            "pam_gnome_keyring",
            "pam_kwallet",
            "pam_kwallet5",
            "pam_ecryptfs",
            "pam_mount",
            "pam_fscrypt",
            "pam_cap",
        ),
        *(
            "pam_succeed_if",
            "pam_localuser",
            "pam_usertype",
            "pam_env",
            "pam_selinux",
            "pam_echo",
            "pam_warn",
        ),
        *(
            "pam_systemd_home",
            "pam_nologin",
            "pam_faillock",
            "pam_tally2",
            "pam_make",
            "pam_smbpass",
            "pam_umask",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The rule for new passwords; it says nothing about passwords set before.

    ``module`` checks them: ``pam_pwquality``, ``pam_cracklib``, ``pam_passwdqc``, or ``pam_unix`` (no complexity),
    or passwd(1) of ``busybox``.
    ``enforced``: a password that the module refuses is not set. ``min_length`` is the shortest that can
    pass (credits taken off), ``min_classes`` how many of digits, capitals, small letters, others are needed.
    ``remember``: how many old passwords are refused. ``dictionary``: words of the dictionary are refused.
    ``user_name``: passwords that hold the name of the account are refused. ``max_repeat``, ``max_sequence``: how many
    equal characters, or characters in a row (``abcd``), are taken; 0 means any number.
    """

    module: str
    enforced: bool
    min_length: int
    min_classes: int
    enforced_for_root: bool
    dictionary: bool
    user_name: bool
    max_repeat: int
    max_sequence: int
    remember: int
    hash_algorithm: str


# passwd(1) of busybox refuses people (not root) what is shorter than 6 or like their name.
_BUSYBOX = PasswordPolicy("busybox", True, 6, 0, False, False, True, 0, 0, 0, "login.defs")


def password_policy(configuration: PamConfiguration) -> PasswordPolicy:
    """The policy of the stack that passwd(1) runs; raises GapFound when there is none."""
    stack = _stack(configuration)
    there = modules(stack)
    checkers = [module for module in there if module.name in QUALITY_MODULES]
    if not checkers:
        return _without_checker(stack, there, configuration)
    checker = _strictest(stack, checkers, configuration)
    values = _values(checker, configuration)
    length, classes = demand(checker.name, values)
    return PasswordPolicy(
        module=checker.name,
        enforced=_enforces(stack, checker, values),
        min_length=length,
        min_classes=classes,
        enforced_for_root=binds_root(checker.name, values),
        dictionary=checker.name != "pam_pwquality" or values.get("dictcheck", "1") != "0",
        user_name=refuses_user_name(checker.name, values),
        max_repeat=number(values.get("maxrepeat", "0"), "maxrepeat"),
        max_sequence=number(values.get("maxsequence", "0"), "maxsequence"),
        remember=_remember(stack, configuration),
        hash_algorithm=_hash_algorithm(there),
    )


def _strictest(stack: Stack, checkers: Sequence[Module], configuration: PamConfiguration) -> Module:
    """Of several checkers a new password passes all: the one that asks for the most counts."""

    def rank(checker: Module) -> tuple[bool, int, int]:
        values = _values(checker, configuration)
        length, classes = demand(checker.name, values)
        return _enforces(stack, checker, values), classes, length

    return max(checkers, key=rank) if len(checkers) > 1 else checkers[0]


def _enforces(stack: Stack, checker: Module, values: Mapping[str, str]) -> bool:
    return enforced(stack, checker) and values.get("enforcing", "1") != "0"


def _stack(configuration: PamConfiguration) -> Stack:
    for name in SERVICES:
        if name in configuration.services:
            stack = stack_of(configuration.services, name, "password")
            if stack:
                return stack
    raise GapFound(GapReason.NOT_SUPPORTED, "no password stack in /etc/pam.d")


def _without_checker(
    stack: Stack, there: tuple[Module, ...], configuration: PamConfiguration
) -> PasswordPolicy:
    """pam_unix alone: a length at best (Debian's ``obscure`` asks for 6), never several classes.

    Raises GapFound where a module that is not known can refuse: it may ask for more.
    """
    for module in there:
        if module.name not in _NO_CHECKERS and enforced(stack, module):
            raise GapFound(
                GapReason.NOT_SUPPORTED, f"not known what {module.name[:60]} asks of a new password"
            )
    unix = next((module for module in there if module.name == "pam_unix"), None)
    if unix is None:
        raise GapFound(GapReason.NOT_SUPPORTED, "passwords are changed by none of the known modules")
    length = number(unix.argument("minlen") or ("6" if "obscure" in unix.arguments else "0"), "minlen")
    return PasswordPolicy(
        module="pam_unix",
        enforced=length > 0,
        min_length=length,
        min_classes=0,
        enforced_for_root=False,
        dictionary=False,
        # Debian's obscure compares with the old password only.
        user_name=False,
        max_repeat=0,
        max_sequence=0,
        remember=_remember(stack, configuration),
        hash_algorithm=_hash_algorithm(there),
    )


def _values(checker: Module, configuration: PamConfiguration) -> dict[str, str]:
    """The module's settings: its files, then its arguments, which win.

    pwquality.conf(5): the files in pwquality.conf.d are read first, then pwquality.conf.
    """
    values: dict[str, str] = {}
    if checker.name == "pam_pwquality":
        values = settings_of(configuration, "/etc/security/pwquality.conf.d/", "/etc/security/pwquality.conf")
    elif checker.name == "pam_passwdqc":
        path = checker.argument("config")
        values = settings_of(configuration, path) if path else {}
        if path and path not in configuration.settings:
            raise GapFound(GapReason.NOT_COLLECTED, f"pam_passwdqc reads {path}")
    for argument in checker.arguments:
        key, _, value = argument.partition("=")
        values[key] = value
    return values


def _remember(stack: Stack, configuration: PamConfiguration) -> int:
    """How many old passwords the stack refuses: pam_pwhistory(8) keeps 10 unless told otherwise, pam_unix none.

    A module counts where a password that it refuses is not set.
    """
    kept = [0]
    for module in modules(stack):
        if module.name not in ("pam_pwhistory", "pam_unix") or not enforced(stack, module):
            continue
        default = "0"
        if module.name == "pam_pwhistory":
            path = module.argument("conf") or "/etc/security/pwhistory.conf"
            if module.argument("conf") and path not in configuration.settings:
                raise GapFound(GapReason.NOT_COLLECTED, f"pam_pwhistory reads {path}")
            default = settings_of(configuration, path).get("remember", "10")
        kept.append(number(module.argument("remember") or default, "remember"))
    return max(kept)


def _hash_algorithm(there: tuple[Module, ...]) -> str:
    """The algorithm pam_unix is told to use; "login.defs" where it is told none (pam_unix(8))."""
    known = ("yescrypt", "gost_yescrypt", "sm3", "sha512", "sha256", "blowfish", "md5", "bigcrypt")
    for module in there:
        for name in known:
            if module.name == "pam_unix" and name in module.arguments:
                return name
    return "login.defs"


def build_password_policy(evidence: Evidence) -> PasswordPolicy:
    """The rule for new passwords.

    Where the module's file is absent or sets nothing, the defaults of its man page hold.
    """
    if changes_passwords(evidence):
        return _BUSYBOX
    return password_policy(read_pam(evidence))


PASSWORD_POLICY = Fact(
    "password_policy",
    Text("口令复杂度策略", "Password policy"),
    PasswordPolicy,
    build_password_policy,
    ASKED,
    uses=("os",),
)
