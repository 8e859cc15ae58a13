"""What a new password must look like when a person changes it, as the PAM stack really runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam, settings_of
from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS, Module, Stack, modules, stack_of, walk
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

QUALITY_MODULES = ("pam_pwquality", "pam_cracklib", "pam_passwdqc")
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
CREDITS = ("dcredit", "ucredit", "lcredit", "ocredit")


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The rule for new passwords; it says nothing about passwords set before.

    ``module`` checks them: ``pam_pwquality``, ``pam_cracklib``, ``pam_passwdqc``, or ``pam_unix`` (no complexity).
    ``enforced``: a password that the module refuses is not taken. ``min_length`` is the shortest that can
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


def password_policy(configuration: PamConfiguration) -> PasswordPolicy:
    """The policy of the stack that passwd(1) runs; raises GapFound when there is none."""
    stack = _stack(configuration)
    there = modules(stack)
    checkers = [module for module in there if module.name in QUALITY_MODULES]
    if not checkers:
        return _without_checker(stack, there, configuration)
    checker = checkers[0]
    values = _values(checker, configuration)
    length, classes = _demand(checker.name, values)
    return PasswordPolicy(
        module=checker.name,
        enforced=_enforced(stack, checker) and values.get("enforcing", "1") != "0",
        min_length=length,
        min_classes=classes,
        enforced_for_root=_binds_root(checker.name, values),
        dictionary=checker.name != "pam_pwquality" or values.get("dictcheck", "1") != "0",
        user_name=_refuses_user_name(checker.name, values),
        max_repeat=number(values.get("maxrepeat", "0"), "maxrepeat"),
        max_sequence=number(values.get("maxsequence", "0"), "maxsequence"),
        remember=_remember(stack, configuration),
        hash_algorithm=_hash_algorithm(there),
    )


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
        if module.name not in _NO_CHECKERS and _enforced(stack, module):
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


def _enforced(stack: Stack, checker: Module) -> bool:
    """Whether the stack fails when the checker refuses, all others being content."""

    def answer(module: Module) -> str:
        return AUTH_ERR if module == checker or module.name == "pam_deny" else SUCCESS

    return not walk(stack, answer).passed


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


def _demand(module: str, values: Mapping[str, str]) -> tuple[int, int]:
    """Shortest password, classes needed.

    pwquality.conf(5): minlen 8 (never below 6), credits 0; pam_cracklib(8): minlen 9, credits 1. A credit above 0
    makes a password with that class shorter, one below 0 demands the class.
    """
    if module == "pam_passwdqc":
        return _passwdqc(values.get("min", "disabled,24,11,8,7"))
    default_length, default_credit = ("8", "0") if module == "pam_pwquality" else ("9", "1")
    allowances = [number(values.get(name, default_credit), name) for name in CREDITS]
    length = number(values.get("minlen", default_length), "minlen") - sum(
        credit for credit in allowances if credit > 0
    )
    classes = max(number(values.get("minclass", "0"), "minclass"), sum(credit < 0 for credit in allowances))
    demanded = sum(-credit for credit in allowances if credit < 0)
    return max(length, demanded, 6 if module == "pam_pwquality" else 1), classes


def _passwdqc(text: str) -> tuple[int, int]:
    """``disabled,24,11,8,7`` → (7, 2): lengths for one class, two, a passphrase, three, four (pam_passwdqc(8))."""
    lengths = text.split(",")
    if len(lengths) != 5:
        raise GapFound(GapReason.UNPARSABLE, f"pam_passwdqc min={text[:40]}")
    allowed = [
        (number(lengths[place], "min"), classes)
        for place, classes in ((0, 1), (1, 2), (3, 3), (4, 4))
        if lengths[place] != "disabled"
    ]
    if not allowed:
        raise GapFound(GapReason.UNPARSABLE, "pam_passwdqc allows no password")
    return min(length for length, _ in allowed), min(classes for _, classes in allowed)


def _binds_root(module: str, values: Mapping[str, str]) -> bool:
    if module == "pam_passwdqc":
        return values.get("enforce", "everyone") == "everyone"
    return "enforce_for_root" in values


def _refuses_user_name(module: str, values: Mapping[str, str]) -> bool:
    """pwquality.conf(5): usercheck is on; pam_cracklib(8): only with reject_username; pam_passwdqc always."""
    if module == "pam_pwquality":
        return values.get("usercheck", "1") != "0"
    return module == "pam_passwdqc" or "reject_username" in values


def _remember(stack: Stack, configuration: PamConfiguration) -> int:
    """How many old passwords the stack refuses: pam_pwhistory(8) keeps 10 unless told otherwise, pam_unix none.

    A module counts where its refusal makes the stack fail: not where it is optional, or stands behind the one that
    has already changed the password.
    """
    kept = [0]
    for module in modules(stack):
        if module.name not in ("pam_pwhistory", "pam_unix") or not _enforced(stack, module):
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
    return password_policy(read_pam(evidence))


PASSWORD_POLICY = Fact(
    "password_policy",
    Text("口令复杂度策略", "Password policy"),
    PasswordPolicy,
    build_password_policy,
    (PAM_FILES,),
)
